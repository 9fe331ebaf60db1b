/**
 * What one engine keeps: images and volumes on its disk, the lines that containers wrote, and the events that it remembers. None of it
 * knows the daemon that keeps it.
 */
@NullMarked
package dev.clusterlab.simulator.swarm.kept;

import org.jspecify.annotations.NullMarked;
