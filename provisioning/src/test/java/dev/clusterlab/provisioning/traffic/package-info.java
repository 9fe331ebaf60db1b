@NullMarked
package dev.clusterlab.provisioning.traffic;

import org.jspecify.annotations.NullMarked;
