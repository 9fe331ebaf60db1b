package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterEvent.Severity;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what to say: one thing at a time, the gravest first, each long enough to be read. Of equals the newest are said, in
 * their order; what was not said while it was news is not said at all. When nothing happens it says how things stand.
 *
 * <p>Time given to it is wall-clock time since any fixed moment and never goes back; what it says depends on that, the events
 * and the snapshots alone. Not thread-safe.
 */
public final class Narrator {
    /** How long a sentence stays at least, of wall-clock time. */
    public static final Duration HELD = Duration.ofMillis(2500);
    /** How long after it was heard something is still news, of wall-clock time. */
    private static final Duration NEWS = Duration.ofSeconds(8);
    /** How long the last sentence stays before the quiet one, of wall-clock time. */
    private static final Duration QUIET_AFTER = Duration.ofSeconds(12);

    /** Of equally grave ones, so many of the newest wait their turn. */
    private static final int WAITING_MAX = 3;

    private static final int SAID_MAX = 200;

    /** A story that was not told yet. */
    private record Pending(Stories.Draft draft, Duration heard) {
        Story story() {
            return draft.story();
        }
    }

    private final Stories stories = new Stories();
    private final List<Pending> pending = new ArrayList<>();
    private final List<Telling> said = new ArrayList<>();
    private final Map<Stories.Topic, Story> lastOf = new HashMap<>();
    private Optional<Telling> shown = Optional.empty();
    private Stories.@Nullable Draft last;
    private Duration since = Duration.ZERO;

    /**
     * Takes what happened.
     *
     * @param events oldest first
     * @param snapshot how things stand after them
     */
    public void hear(List<ClusterEvent> events, ClusterSnapshot snapshot, Duration now) {
        hear(events, Scene.of(snapshot), now);
    }

    void hear(List<ClusterEvent> events, Scene scene, Duration now) {
        Stories.Heard heard = stories.hear(events, scene);
        pending.removeIf(waiting -> heard.over().contains(waiting.draft().topic()));
        for (Stories.Draft draft : heard.drafts()) {
            pending.removeIf(waiting -> waiting.draft().topic().equals(draft.topic()));
            if (!told(draft)) {
                pending.add(new Pending(draft, now));
            }
        }
        for (Story.Rank rank : Story.Rank.values()) {
            List<Pending> waiting =
                    pending.stream().filter(p -> p.story().rank() == rank).toList();
            pending.removeAll(waiting.subList(0, Math.max(0, waiting.size() - WAITING_MAX)));
        }
    }

    private boolean told(Stories.Draft draft) {
        boolean figures = draft.story().rank() == Story.Rank.CATALOG;
        return (last != null && draft.toldBy(last)) || (figures && draft.story().equals(lastOf.get(draft.topic())));
    }

    /** What is said now; empty as long as there is nothing to speak of. */
    public Optional<Telling> tell(Duration now) {
        pending.removeIf(waiting -> waiting.heard().plus(NEWS).compareTo(now) < 0);
        Duration shownFor = now.minus(since);
        if (shown.isPresent() && shownFor.compareTo(HELD) < 0) {
            return shown;
        }
        Optional<Pending> next = pending.stream()
                .max(Comparator.comparing((Pending waiting) -> waiting.story().rank())
                        .thenComparing(waiting -> -waiting.draft().number()));
        if (next.isPresent()) {
            say(next.get().draft(), now);
        } else if (shown.filter(telling -> !telling.quiet()).isEmpty() || shownFor.compareTo(QUIET_AFTER) >= 0) {
            quiet(now);
        }
        return shown;
    }

    private void say(Stories.Draft draft, Duration now) {
        boolean loss = draft.story().severity() == Severity.BAD;
        pending.removeIf(waiting -> waiting.draft().toldBy(draft) || (loss && outdated(waiting, draft)));
        Telling telling = draft.telling();
        // The same story, further on, takes the place of what was said of it.
        if (last != null && last.topic().equals(draft.topic()) && continues(last.story(), draft.story())) {
            said.removeLast();
        }
        said.add(telling);
        if (said.size() > SAID_MAX) {
            said.removeFirst();
        }
        last = draft;
        lastOf.put(draft.topic(), draft.story());
        shown = Optional.of(telling);
        since = now;
    }

    /** Good news of instances and servers from before a loss is no news after it. */
    private static boolean outdated(Pending waiting, Stories.Draft loss) {
        Severity severity = waiting.story().severity();
        return waiting.draft().number() < loss.number()
                && waiting.story().rank().compareTo(Story.Rank.CATALOG) <= 0
                && (severity == Severity.GOOD || severity == Severity.INFO);
    }

    private static boolean continues(Story before, Story after) {
        return before.getClass() == after.getClass();
    }

    private void quiet(Duration now) {
        Scene scene = stories.scene();
        var calm = Story.Quiet.of(scene);
        if (scene.machines().isEmpty()) {
            shown = Optional.empty();
        } else if (shown.map(Telling::story).filter(calm::equals).isEmpty()) {
            shown = Optional.of(new Telling(calm, List.of(), List.of(), scene.elapsed()));
            since = now;
        }
    }

    /** What was said, oldest first, without how things stood when nothing happened. */
    public List<Telling> said() {
        return List.copyOf(said);
    }
}
