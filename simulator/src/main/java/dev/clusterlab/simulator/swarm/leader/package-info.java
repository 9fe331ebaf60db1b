/**
 * What only the leader of a swarm's managers does, for as long as it leads: {@link Leadership} puts together the
 * orchestrators, the scheduler, the allocator, the dispatcher and the control API, which all read the store and write to
 * it by transactions (swarmkit manager/). It knows the store and the Docker API's records; machines, engines and agents
 * are behind {@link LeadingManager}, {@link AgentLine} and {@link AddressReservations}, and it must not know more of them.
 */
@NullMarked
package dev.clusterlab.simulator.swarm.leader;

import org.jspecify.annotations.NullMarked;
