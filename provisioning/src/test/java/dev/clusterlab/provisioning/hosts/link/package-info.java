@NullMarked
package dev.clusterlab.provisioning.hosts.link;

import org.jspecify.annotations.NullMarked;
