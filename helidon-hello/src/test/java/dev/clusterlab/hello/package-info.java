@NullMarked
package dev.clusterlab.hello;

import org.jspecify.annotations.NullMarked;
