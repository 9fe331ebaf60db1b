/**
 * What must hold of a swarm after every event, a class for each invariant; {@link SwarmWatch} holds them against every swarm
 * of a world. They judge {@link dev.clusterlab.simulator.swarm.SwarmFacts} and know nothing of how an engine works.
 */
@NullMarked
package dev.clusterlab.simulator.swarm.invariant;

import org.jspecify.annotations.NullMarked;
