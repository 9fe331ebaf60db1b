/** Consul agents as programs in containers. */
@NullMarked
package dev.clusterlab.simulator.consul;

import org.jspecify.annotations.NullMarked;
