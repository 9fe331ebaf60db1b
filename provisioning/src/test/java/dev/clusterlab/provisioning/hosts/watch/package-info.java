@NullMarked
package dev.clusterlab.provisioning.hosts.watch;

import org.jspecify.annotations.NullMarked;
