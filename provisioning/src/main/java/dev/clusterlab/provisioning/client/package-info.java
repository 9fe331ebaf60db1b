/**
 * Clients of the real protocols: the Docker Engine API, the Consul HTTP API, plain HTTP to what the machines publish. They
 * know the contract of engines and nothing of who asks; each error is a {@code LabException} that says what to do.
 */
@NullMarked
package dev.clusterlab.provisioning.client;

import org.jspecify.annotations.NullMarked;
