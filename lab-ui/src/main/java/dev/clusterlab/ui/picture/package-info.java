/** The parts of the cluster's picture, each drawn from a value of {@code ui.model}: boxes, chips, links, islands, what moves, what cuts. */
@NullMarked
package dev.clusterlab.ui.picture;

import org.jspecify.annotations.NullMarked;
