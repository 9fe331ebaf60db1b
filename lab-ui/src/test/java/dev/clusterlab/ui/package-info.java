@NullMarked
package dev.clusterlab.ui;

import org.jspecify.annotations.NullMarked;
