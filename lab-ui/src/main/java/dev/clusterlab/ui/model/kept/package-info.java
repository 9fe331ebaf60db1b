/** What outlives a run of the window: small files, and what is read from them. No toolkit. */
@NullMarked
package dev.clusterlab.ui.model.kept;

import org.jspecify.annotations.NullMarked;
