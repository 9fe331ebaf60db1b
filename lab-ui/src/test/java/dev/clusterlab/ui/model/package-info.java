@NullMarked
package dev.clusterlab.ui.model;

import org.jspecify.annotations.NullMarked;
