/**
 * Labs: their pages, their steps and checks, a person's way through one, the journal of a run and the report made of it.
 * Knows {@link dev.clusterlab.lab.Shell} as a port only: neither the built-in shell, nor an engine by name, nor a front
 * end.
 */
@NullMarked
package dev.clusterlab.lab;

import org.jspecify.annotations.NullMarked;
