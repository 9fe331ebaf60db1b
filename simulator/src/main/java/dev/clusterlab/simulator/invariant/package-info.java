/**
 * What must hold of a simulation at every instant, whatever fails: {@link Invariant} has a name and remembers what it saw,
 * {@link Violation} says which one is broken, when, and how. The invariants of Swarm and Consul stand in rooms of their own
 * beside what they watch, and the engines know none of them.
 */
@NullMarked
package dev.clusterlab.simulator.invariant;

import org.jspecify.annotations.NullMarked;
