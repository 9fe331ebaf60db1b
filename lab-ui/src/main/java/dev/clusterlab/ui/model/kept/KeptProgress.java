package dev.clusterlab.ui.model.kept;

import dev.clusterlab.lab.way.Destination;
import java.time.Instant;
import java.util.Set;

/**
 * How far a person came in a lab: enough to be brought there again.
 *
 * @param reached the first step that is not done, and how many of its blocks have run
 * @param done identifiers of the steps that are done
 * @param when wall-clock time at which that was so
 */
public record KeptProgress(Destination reached, Set<String> done, Instant when) {
    public KeptProgress {
        done = Set.copyOf(done);
    }
}
