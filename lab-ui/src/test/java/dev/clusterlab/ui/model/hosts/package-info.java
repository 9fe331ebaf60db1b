@NullMarked
package dev.clusterlab.ui.model.hosts;

import org.jspecify.annotations.NullMarked;
