/**
 * Requests that the lab itself makes, as a client of the platform would: what is asked for at a fixed rate, and what came of it by
 * number. How they are made is the engine's.
 */
@NullMarked
package dev.clusterlab.provisioning.traffic;

import org.jspecify.annotations.NullMarked;
