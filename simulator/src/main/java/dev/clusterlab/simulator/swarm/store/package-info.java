/**
 * The managers' replicated store: every manager applies the same commands in the order of their Raft log, and only the
 * leader's {@link Transactions} propose new ones. It knows the objects it keeps (the Docker API's records) and Raft, but
 * nothing of the loops that read and write it, nor of engines and networks.
 */
@NullMarked
package dev.clusterlab.simulator.swarm.store;

import org.jspecify.annotations.NullMarked;
