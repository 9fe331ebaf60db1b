/**
 * Faults in a Swarm that exists, with the consent of its owner: an engine whose machines are watched hosts, on which only what carries the
 * owner's label is ever hit, within limits, and so that it ends by itself. Knows how a Swarm is watched and how scripts run on hosts.
 */
@NullMarked
package dev.clusterlab.provisioning.hosts.consent;

import org.jspecify.annotations.NullMarked;
