/**
 * The embedded engine: machines simulated inside this program. The only room that may know the simulator.
 */
@NullMarked
package dev.clusterlab.provisioning.embedded;

import org.jspecify.annotations.NullMarked;
