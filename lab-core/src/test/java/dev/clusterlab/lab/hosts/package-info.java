@NullMarked
package dev.clusterlab.lab.hosts;

import org.jspecify.annotations.NullMarked;
