@org.jspecify.annotations.NullMarked
package dev.clusterlab.ui.place;
