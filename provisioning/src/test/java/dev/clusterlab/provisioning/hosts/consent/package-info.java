@NullMarked
package dev.clusterlab.provisioning.hosts.consent;

import org.jspecify.annotations.NullMarked;
