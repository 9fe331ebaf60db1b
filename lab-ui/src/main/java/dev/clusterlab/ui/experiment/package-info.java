/** The page of experiments. Draws what its model has, and knows no window around it. */
@NullMarked
package dev.clusterlab.ui.experiment;

import org.jspecify.annotations.NullMarked;
