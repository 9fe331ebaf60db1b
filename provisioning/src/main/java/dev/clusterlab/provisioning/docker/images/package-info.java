/**
 * Images of the docker engine's machines: which there are, how they are pulled, built, saved, loaded and handed on.
 */
@NullMarked
package dev.clusterlab.provisioning.docker.images;

import org.jspecify.annotations.NullMarked;
