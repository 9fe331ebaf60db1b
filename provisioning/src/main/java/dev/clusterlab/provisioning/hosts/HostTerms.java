package dev.clusterlab.provisioning.hosts;

import java.util.Optional;

/**
 * What the owner of a host says for labs that have it. Commands are run on this computer by {@code sh -c}.
 *
 * @param address by which the other hosts reach it, where that cannot be found out
 * @param stop switches it off in order
 * @param start switches it on
 * @param kill cuts its power
 */
public record HostTerms(
        Optional<String> address, Optional<String> stop, Optional<String> start, Optional<String> kill) {
    /** Nothing is said. */
    public static final HostTerms NONE =
            new HostTerms(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether it can be switched off and on again. */
    public boolean power() {
        return stop.isPresent() && start.isPresent();
    }
}
