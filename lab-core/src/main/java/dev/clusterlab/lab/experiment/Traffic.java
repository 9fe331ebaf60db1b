package dev.clusterlab.lab.experiment;

import java.time.Duration;
import java.util.Optional;

/**
 * A client that asks at a fixed rate, from before the method until the cluster has recovered.
 *
 * @param perSecond requests a second of engine time
 * @param to the machine it asks; empty: the first that publishes port 80 when traffic begins
 * @param host the {@code Host} header, by which Traefik chooses
 * @param path begins with a slash
 * @param timeout engine time after which a request counts as without an answer; whole seconds
 */
public record Traffic(int perSecond, Optional<String> to, String host, String path, Duration timeout) {}
