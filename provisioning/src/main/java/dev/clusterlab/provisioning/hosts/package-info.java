/**
 * Docker hosts beyond this computer: what they are called, where they are, where lists of them are found. It opens no
 * connection.
 */
@NullMarked
package dev.clusterlab.provisioning.hosts;

import org.jspecify.annotations.NullMarked;
