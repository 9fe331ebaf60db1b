package dev.clusterlab.provisioning.observe;

import java.time.Duration;
import java.util.List;

/**
 * What every event has.
 *
 * @param number unique in its run, growing from 1
 * @param at engine time since the engine began, when it happened; where nobody reports it, when it was seen
 * @param seen engine time since the engine began, when it was seen
 * @param causes the nearest ones that are known; each of these may have causes of its own
 * @param unknownWord the tool's own word where the event leads to a state that is UNKNOWN here; empty text otherwise
 * @param uncertainty how much earlier than {@code at} it may have happened: the time since it was last seen not to be so; zero
 *     where somebody reports when it happened
 */
public record Stamp(
        long number, Duration at, Duration seen, List<Cause> causes, String unknownWord, Duration uncertainty) {
    public Stamp {
        causes = List.copyOf(causes);
    }

    /** Of an event whose instant is known. */
    public Stamp(long number, Duration at, Duration seen, List<Cause> causes, String unknownWord) {
        this(number, at, seen, causes, unknownWord, Duration.ZERO);
    }

    /** Of an event that leads to no state, or to a known one. */
    public Stamp(long number, Duration at, Duration seen, List<Cause> causes) {
        this(number, at, seen, causes, "");
    }
}
