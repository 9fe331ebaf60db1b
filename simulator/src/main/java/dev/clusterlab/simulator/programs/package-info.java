/** What runs in a simulated container: the program contract and the small utilities. */
@NullMarked
package dev.clusterlab.simulator.programs;

import org.jspecify.annotations.NullMarked;
