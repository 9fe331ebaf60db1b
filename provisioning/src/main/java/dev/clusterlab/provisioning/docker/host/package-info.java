/**
 * The user's own Docker engine: where it is found, how it is spoken to, what its errors mean. It knows nothing of labs.
 */
@NullMarked
package dev.clusterlab.provisioning.docker.host;

import org.jspecify.annotations.NullMarked;
