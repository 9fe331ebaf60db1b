package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.observe.ClusterEvent.Severity;
import java.time.Duration;
import java.util.List;

/**
 * What the narrator says at a time.
 *
 * @param story what happened
 * @param because the nearest reason first, then its own; empty if none is known
 * @param events numbers of those that it tells, oldest first; empty where nothing happened
 * @param at engine time since the engine began, of the newest of these
 */
public record Telling(Story story, List<Reason> because, List<Long> events, Duration at) {
    public Telling {
        because = List.copyOf(because);
        events = List.copyOf(events);
    }

    public Severity severity() {
        return story.severity();
    }

    /** Whether it says how things stand because nothing happens. */
    public boolean quiet() {
        return story instanceof Story.Quiet;
    }
}
