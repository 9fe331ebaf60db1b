/**
 * Chooses an engine by name: the only place that knows all of them.
 */
@NullMarked
package dev.clusterlab.provisioning.engines;

import org.jspecify.annotations.NullMarked;
