/** The Docker daemon of a simulated machine and SwarmKit: managers, agents, orchestrators, scheduler, networks. */
@NullMarked
package dev.clusterlab.simulator.swarm;

import org.jspecify.annotations.NullMarked;
