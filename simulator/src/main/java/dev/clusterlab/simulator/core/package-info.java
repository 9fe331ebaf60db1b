/** The deterministic core: virtual time, seeded randomness, execution scopes and the simulated network. No threads, no wall clock, no I/O. */
@NullMarked
package dev.clusterlab.simulator.core;

import org.jspecify.annotations.NullMarked;
