/** The HTTP edge on loopback, and the driver that moves virtual time: the only place where threads and wall-clock time exist. */
@NullMarked
package dev.clusterlab.simulator.endpoints;

import org.jspecify.annotations.NullMarked;
