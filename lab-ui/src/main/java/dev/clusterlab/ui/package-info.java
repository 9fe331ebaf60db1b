/** The JavaFX desktop: views built in code. What they show and do stands in {@code model}, which knows no controls. */
@NullMarked
package dev.clusterlab.ui;

import org.jspecify.annotations.NullMarked;
