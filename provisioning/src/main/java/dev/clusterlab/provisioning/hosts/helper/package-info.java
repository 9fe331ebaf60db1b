/**
 * Scripts on hosts: a container without an image's content runs the host's own programs. Knows how a daemon is asked, not which engine
 * asks.
 */
@NullMarked
package dev.clusterlab.provisioning.hosts.helper;

import org.jspecify.annotations.NullMarked;
