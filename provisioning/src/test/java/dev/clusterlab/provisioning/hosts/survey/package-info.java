@NullMarked
package dev.clusterlab.provisioning.hosts.survey;

import org.jspecify.annotations.NullMarked;
