@NullMarked
package dev.clusterlab.traefik;

import org.jspecify.annotations.NullMarked;
