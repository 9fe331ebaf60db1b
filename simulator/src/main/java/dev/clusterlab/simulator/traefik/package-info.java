/** Traefik and the visualizer as programs in containers. */
@NullMarked
package dev.clusterlab.simulator.traefik;

import org.jspecify.annotations.NullMarked;
