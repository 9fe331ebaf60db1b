@NullMarked
package dev.clusterlab.provisioning.hosts;

import org.jspecify.annotations.NullMarked;
