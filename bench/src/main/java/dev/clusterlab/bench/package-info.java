/** Benchmarks: run with {@code bench/run}. */
@NullMarked
package dev.clusterlab.bench;

import org.jspecify.annotations.NullMarked;
