package dev.clusterlab.provisioning.observe;

import java.time.Duration;
import java.util.List;

/**
 * What every event has.
 *
 * @param number unique in its run, growing from 1
 * @param at engine time since the engine began, when it happened; where nobody tells, when it was seen
 * @param seen engine time since the engine began, when it was seen
 * @param causes the nearest ones that are known; each of these may have causes of its own
 */
public record Stamp(long number, Duration at, Duration seen, List<Cause> causes) {
    public Stamp {
        causes = List.copyOf(causes);
    }
}
