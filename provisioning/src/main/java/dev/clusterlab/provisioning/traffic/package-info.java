/**
 * Requests that the lab itself makes, as a client of the platform would.
 */
@NullMarked
package dev.clusterlab.provisioning.traffic;

import org.jspecify.annotations.NullMarked;
