/**
 * What became of a fault: when each part of the cluster noticed and made up for it, what it cost clients, and why each request
 * failed. Pure functions of typed events and of requests, the same for every engine; {@code docs/anatomy.md} says what ends each stage.
 */
@NullMarked
package dev.clusterlab.provisioning.anatomy;

import org.jspecify.annotations.NullMarked;
