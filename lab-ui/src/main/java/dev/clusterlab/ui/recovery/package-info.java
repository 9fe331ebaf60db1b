/** The card of how a cluster recovered from a fault. Knows no other view. */
@NullMarked
package dev.clusterlab.ui.recovery;

import org.jspecify.annotations.NullMarked;
