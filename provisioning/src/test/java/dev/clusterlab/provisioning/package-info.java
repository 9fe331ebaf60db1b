@NullMarked
package dev.clusterlab.provisioning;

import org.jspecify.annotations.NullMarked;
