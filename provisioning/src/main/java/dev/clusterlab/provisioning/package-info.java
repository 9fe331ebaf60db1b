/**
 * Engines and machines, the clients of the real protocols, faults, and observation. Above this package nobody knows which
 * engine is at work.
 */
@NullMarked
package dev.clusterlab.provisioning;

import org.jspecify.annotations.NullMarked;
