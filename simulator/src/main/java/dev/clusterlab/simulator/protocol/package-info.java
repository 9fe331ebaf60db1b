/** Raft and SWIM as message-exchanging state machines, shared by the Swarm and the Consul models. */
@NullMarked
package dev.clusterlab.simulator.protocol;

import org.jspecify.annotations.NullMarked;
