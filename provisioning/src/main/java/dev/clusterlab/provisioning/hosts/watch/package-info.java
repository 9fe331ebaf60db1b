/**
 * Swarms that exist, watched from outside: an engine whose machines are hosts, and which refuses every change. Nothing but
 * reading requests can leave by it, because its ways to the hosts let nothing else through.
 */
@NullMarked
package dev.clusterlab.provisioning.hosts.watch;

import org.jspecify.annotations.NullMarked;
