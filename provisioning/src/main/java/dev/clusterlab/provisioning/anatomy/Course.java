package dev.clusterlab.provisioning.anatomy;

import dev.clusterlab.provisioning.observe.ClusterEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What happened after a fault, in order: which task took whose place, and what every Traefik's table was at each instant. Made once of
 * the events; then only read.
 */
final class Course {
    private final List<ClusterEvent> events;
    /** The task that was hit, by each that is or was in its place after it, itself included. */
    private final Map<String, String> inPlaceOf = new HashMap<>();

    private final List<Tables> tables = new ArrayList<>();
    private final Map<String, List<Owned>> owners = new HashMap<>();
    private final List<Duration> wholeSince = new ArrayList<>();
    private final List<Optional<Duration>> wholeUntil = new ArrayList<>();
    private final Known before;
    private final Known now;

    private record Tables(Duration from, Map<String, Map<String, Set<String>>> tables) {}

    private record Owned(Duration from, Known.Instance instance) {}

    /** A time at which something happened. */
    record Moment(Duration at, Duration uncertainty, long event) {
        static final Comparator<Moment> EARLIEST_FIRST = Comparator.comparing(Moment::at);

        static Moment of(ClusterEvent event) {
            return new Moment(event.stamp().at(), event.stamp().uncertainty(), event.number());
        }
    }

    /** @param before what was known before the first of these events */
    Course(Known before, List<ClusterEvent> events, Hit hit) {
        this.before = before;
        this.events = List.copyOf(events);
        this.now = before.copy();
        hit.tasks().forEach(task -> inPlaceOf.put(task.id(), task.id()));
        tables.add(new Tables(Duration.ZERO, before.tables()));
        whole(before.whole(), Duration.ZERO);
        for (ClusterEvent event : this.events) {
            boolean wasWhole = now.whole();
            now.apply(event);
            follow(event);
            if (now.whole() != wasWhole) {
                whole(now.whole(), event.stamp().at());
            }
        }
    }

    private void follow(ClusterEvent event) {
        Duration at = event.stamp().at();
        if (event instanceof ClusterEvent.TaskAssigned assigned) {
            assigned.replaces()
                    .map(old -> inPlaceOf.get(old.id()))
                    .ifPresent(first -> inPlaceOf.put(assigned.task().id(), first));
        }
        if (event instanceof ClusterEvent.InstanceRegistered registered) {
            String authority = Known.authority(registered);
            now.owner(authority)
                    .ifPresent(instance -> owners.computeIfAbsent(authority, a -> new ArrayList<>())
                            .add(new Owned(at, instance)));
        }
        if (tables.getLast().tables() != now.tables()) {
            tables.add(new Tables(at, now.tables()));
        }
    }

    private void whole(boolean whole, Duration at) {
        if (whole) {
            wholeSince.add(at);
            wholeUntil.add(Optional.empty());
        } else if (!wholeUntil.isEmpty()) {
            wholeUntil.set(wholeUntil.size() - 1, Optional.of(at));
        }
    }

    /** What was known before. */
    Known before() {
        return before;
    }

    /** What is known after all of them. */
    Known now() {
        return now;
    }

    /** Whether a task took the place of one that was hit, directly or after others. */
    boolean follows(String taskId, String hit) {
        return !taskId.equals(hit) && hit.equals(inPlaceOf.get(taskId));
    }

    /** The first event that fits. */
    Optional<Moment> first(Predicate<ClusterEvent> fits) {
        return events.stream().filter(fits).findFirst().map(Moment::of);
    }

    /** Instances that registered and are in the place of a task that was hit. */
    List<ClusterEvent.InstanceRegistered> registered(String hit) {
        List<ClusterEvent.InstanceRegistered> found = new ArrayList<>();
        for (ClusterEvent event : events) {
            if (event instanceof ClusterEvent.InstanceRegistered registered
                    && registered.task().filter(task -> follows(task.id(), hit)).isPresent()) {
                found.add(registered);
            }
        }
        return found;
    }

    /** What a Traefik sent to at an instant, by service; empty if it did not answer then. */
    Optional<Map<String, Set<String>>> table(String traefik, Duration at) {
        Map<String, Map<String, Set<String>>> then = tables.getFirst().tables();
        for (Tables each : tables) {
            if (each.from().compareTo(at) <= 0) {
                then = each.tables();
            }
        }
        return Optional.ofNullable(then.get(traefik));
    }

    /** The instance that had an address at an instant. */
    Optional<Known.Instance> owner(String authority, Duration at) {
        return owners.getOrDefault(authority, List.of()).stream()
                .filter(owned -> owned.from().compareTo(at) <= 0)
                .reduce((earlier, later) -> later)
                .map(Owned::instance)
                .or(() -> before.owner(authority));
    }

    /** When a Traefik dropped the last of these servers after an instant; empty if it has not dropped all. */
    Optional<Duration> dropped(String traefik, List<String> urls, Duration after) {
        Map<String, Duration> dropped = new TreeMap<>();
        for (ClusterEvent event : events) {
            if (event instanceof ClusterEvent.ServerRemoved removed
                    && removed.traefik().equals(traefik)
                    && urls.contains(removed.server().url())
                    && removed.stamp().at().compareTo(after) >= 0) {
                dropped.putIfAbsent(removed.server().url(), removed.stamp().at());
            }
        }
        return dropped.keySet().containsAll(urls)
                ? dropped.values().stream().max(Comparator.naturalOrder())
                : Optional.empty();
    }

    /** The earliest instant, not before the given one, that lies in a time in which every service runs what is wanted. */
    Optional<Duration> wholeAt(Duration notBefore) {
        for (int i = 0; i < wholeSince.size(); i++) {
            Duration from = wholeSince.get(i).compareTo(notBefore) < 0 ? notBefore : wholeSince.get(i);
            if (wholeUntil.get(i).filter(until -> until.compareTo(from) <= 0).isEmpty()) {
                return Optional.of(from);
            }
        }
        return Optional.empty();
    }
}
