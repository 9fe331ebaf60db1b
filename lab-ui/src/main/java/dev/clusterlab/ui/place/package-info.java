/** What a window stands on: an engine with a lab on it, opened and closed, and how the person likes the window. No toolkit. */
@NullMarked
package dev.clusterlab.ui.place;

import org.jspecify.annotations.NullMarked;
