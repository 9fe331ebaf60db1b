/**
 * The ways to hosts: ssh, TLS, sockets; doors on this computer behind which a host answers; what lets only reading requests
 * through. It knows nothing of what is asked, or why.
 */
@NullMarked
package dev.clusterlab.provisioning.hosts.link;

import org.jspecify.annotations.NullMarked;
