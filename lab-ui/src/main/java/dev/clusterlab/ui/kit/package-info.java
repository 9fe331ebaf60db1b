/** What every view is made of: faces of type, small controls, the toolkit's thread and its beat. Knows no view. */
@NullMarked
package dev.clusterlab.ui.kit;

import org.jspecify.annotations.NullMarked;
