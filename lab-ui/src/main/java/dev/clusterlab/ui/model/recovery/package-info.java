/** How a cluster recovered from a fault, as the window shows it: cards, and two of them compared. No controls, scenes or stages. */
@NullMarked
package dev.clusterlab.ui.model.recovery;

import org.jspecify.annotations.NullMarked;
