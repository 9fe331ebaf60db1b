/** Experiments as the window shows them: those that there are, one that runs, what came of it, and its odds. Knows no view. */
@NullMarked
package dev.clusterlab.ui.model.experiment;

import org.jspecify.annotations.NullMarked;
