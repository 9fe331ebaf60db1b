package dev.clusterlab.lab.experiment;

import java.time.Duration;
import java.util.List;

/**
 * A client that asks at a fixed rate, from before the method until the cluster has recovered.
 *
 * @param perSecond requests a second of engine time
 * @param to whom it asks
 * @param host the {@code Host} header, by which Traefik chooses
 * @param path begins with a slash
 * @param timeout engine time after which a request counts as without an answer; whole seconds
 */
public record Traffic(int perSecond, To to, String host, String path, Duration timeout) {
    /** So many requests of a run are kept for its figures: a thousand a second for 83 minutes. */
    public static final int REQUESTS_MAX = 5_000_000;

    /** Whom a client asks, on port 80; which machines these are is found out when traffic begins. */
    public sealed interface To {
        /** The first machine that publishes the port. */
        record First() implements To {}

        /** These machines, in turn. */
        record Named(List<String> machines) implements To {
            public Named {
                machines = List.copyOf(machines);
            }
        }

        /** Every machine that publishes the port, in turn. */
        record All() implements To {}
    }
}
