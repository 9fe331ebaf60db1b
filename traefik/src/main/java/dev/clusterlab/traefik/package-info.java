/** Traefik's configuration as typed records, and its rules. */
@NullMarked
package dev.clusterlab.traefik;

import org.jspecify.annotations.NullMarked;
