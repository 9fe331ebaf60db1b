/**
 * What must hold of a group of Consul servers after every event in which one of them changed, a class for each invariant.
 * They judge {@link dev.clusterlab.simulator.consul.ServerState}, and Consul knows none of them.
 */
@NullMarked
package dev.clusterlab.simulator.consul.invariant;

import org.jspecify.annotations.NullMarked;
