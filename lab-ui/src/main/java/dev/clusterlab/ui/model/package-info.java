/** View models: state and behaviour of the desktop, tested without a stage. No controls, scenes or stages in here. */
@NullMarked
package dev.clusterlab.ui.model;

import org.jspecify.annotations.NullMarked;
