@NullMarked
package dev.clusterlab.ui.code;

import org.jspecify.annotations.NullMarked;
