/**
 * The contract of engines: machines, time, progress, errors. Nobody above an engine knows which one is at work, and this
 * package knows none of those that stand on it.
 *
 * <p>{@code .embedded} and {@code .docker} are engines, {@code .engines} chooses one; {@code .client} speaks the real
 * protocols, {@code .fault} breaks things, {@code .observe} sees what happens, {@code .traffic} asks as a client would.
 */
@NullMarked
package dev.clusterlab.provisioning;

import org.jspecify.annotations.NullMarked;
