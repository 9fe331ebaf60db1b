/** What menus offer, and why not. */
@NullMarked
package dev.clusterlab.ui.model.menu;

import org.jspecify.annotations.NullMarked;
