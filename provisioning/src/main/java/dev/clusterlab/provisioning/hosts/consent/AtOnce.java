package dev.clusterlab.provisioning.hosts.consent;

import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.hosts.consent.OwnerConsent.ServiceOf;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** How much is broken at once, and how much may be. Thread-safe. */
final class AtOnce {
    /** So long a container that was killed counts: until something runs in its place, as a rule. */
    private static final Duration GONE = Duration.ofSeconds(30);

    private final OptionalInt most;
    private final LongSupplier nanos;
    /** Guarded by this, as what follows. */
    private final Map<FaultHandle, SortedSet<String>> nodes = new HashMap<>();

    private final Map<FaultHandle, OnContainer> containers = new HashMap<>();
    private final Map<OnContainer, Long> gone = new HashMap<>();

    private record OnContainer(String service, String container) {}

    /**
     * @param most of nodes, and of the tasks of each service; empty: a third, one at least
     * @param nanos as {@link System#nanoTime()}
     */
    AtOnce(OptionalInt most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    private int limit(int of) {
        return most.orElse(Math.max(1, of / 3));
    }

    /**
     * @param of nodes that there are
     * @throws LabException REFUSED if that would be too many, with those that are broken now
     */
    synchronized void requireNodes(Collection<String> more, int of) {
        var all = new TreeSet<>(more);
        nodes.values().forEach(all::addAll);
        if (all.size() > limit(of)) {
            throw tooMany(all.size() + " nodes (" + String.join(", ", all) + ")", limit(of));
        }
    }

    synchronized void began(FaultHandle fault, Collection<String> hit) {
        nodes.put(fault, new TreeSet<>(hit));
    }

    /** @throws LabException REFUSED if that would be too many of the service's tasks */
    synchronized void requireContainer(ServiceOf service, String container) {
        long now = nanos.getAsLong();
        gone.values().removeIf(since -> now - since > GONE.toNanos());
        var all = new TreeSet<String>();
        all.add(container);
        containers.values().stream()
                .filter(on -> on.service().equals(service.id()))
                .forEach(on -> all.add(on.container()));
        gone.keySet().stream().filter(on -> on.service().equals(service.id())).forEach(on -> all.add(on.container()));
        if (all.size() > limit(service.tasks())) {
            throw tooMany(all.size() + " tasks of " + service.name(), limit(service.tasks()));
        }
    }

    synchronized void began(FaultHandle fault, ServiceOf service, String container) {
        containers.put(fault, new OnContainer(service.id(), container));
    }

    /** It is being killed or stopped. */
    synchronized void gone(ServiceOf service, String container) {
        gone.put(new OnContainer(service.id(), container), nanos.getAsLong());
    }

    synchronized void ended(FaultHandle fault) {
        nodes.remove(fault);
        containers.remove(fault);
    }

    /** Nodes that are broken now. */
    synchronized SortedSet<String> brokenNodes() {
        var all = new TreeSet<String>();
        nodes.values().forEach(all::addAll);
        return all;
    }

    /** The identifiers of services of which a container is broken now, and goes on being so. */
    synchronized SortedSet<String> brokenServices() {
        var all = new TreeSet<String>();
        containers.values().forEach(on -> all.add(on.service()));
        return all;
    }

    private static LabException tooMany(String broken, int limit) {
        return new LabException(
                        Kind.REFUSED,
                        "That would break " + broken + " at once, and at most " + limit + " may be.",
                        "--at-most N allows more; by default it is a third, one at least.")
                .named("consent.many", broken, String.valueOf(limit));
    }
}
