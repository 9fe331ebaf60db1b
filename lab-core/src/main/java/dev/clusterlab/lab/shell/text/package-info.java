/**
 * Commands that turn text into text ({@code grep}, {@code sed}, {@code awk}, {@code jq}, …), and Go's templates. They know
 * their input, not the cluster.
 */
@NullMarked
package dev.clusterlab.lab.shell.text;

import org.jspecify.annotations.NullMarked;
