/** Traefik's configuration as typed records, its rules, and a typed client of its API. */
@NullMarked
package dev.clusterlab.traefik;

import org.jspecify.annotations.NullMarked;
