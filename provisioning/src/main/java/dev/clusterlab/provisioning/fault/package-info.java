/**
 * Faults: what can be broken, what is in force, and how it is undone. It speaks to engines by their contract and to
 * containers by their machine's Docker daemon. It does not know who observes.
 */
@NullMarked
package dev.clusterlab.provisioning.fault;

import org.jspecify.annotations.NullMarked;
