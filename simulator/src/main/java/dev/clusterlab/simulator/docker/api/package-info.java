/**
 * The Docker Engine API, typed: the records that its JSON is made of, {@link DockerDaemon} as the port through which
 * everything is asked, {@link ApiResult} and {@link ApiException} as its outcomes, and what its texts mean (filters,
 * references, subnets). It knows no other room of the simulator: neither what answers the calls nor what carries them.
 */
@NullMarked
package dev.clusterlab.simulator.docker.api;

import org.jspecify.annotations.NullMarked;
