package dev.clusterlab.simulator.swarm.kept;

import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.docker.api.EngineEvent;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Subscription;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The event stream of one engine. */
public final class EventLog {
    /** As many as the engine remembers (moby daemon/events). */
    private static final int EVENTS_MAX = 256;
    /** What a filter names by identifier or name, or the beginning of either. */
    private static final List<String> NAMED =
            List.of("daemon", "container", "plugin", "volume", "network", "node", "service", "secret", "config");

    private final Simulation simulation;
    private final ArrayDeque<EngineEvent> recent = new ArrayDeque<>();
    private final List<Consumer<EngineEvent>> listeners = new ArrayList<>();

    public EventLog(Simulation simulation) {
        this.simulation = simulation;
    }

    public int listeners() {
        return listeners.size();
    }

    public void emit(String type, String action, String id, String scope, Map<String, String> attributes) {
        Instant now = simulation.now();
        boolean old = type.equals("container") || type.equals("image");
        var event = new EngineEvent(
                old ? action : null,
                old ? id : null,
                type.equals("container") ? attributes.get("image") : null,
                type,
                action,
                new EngineEvent.Actor(id, new LinkedHashMap<>(attributes)),
                scope,
                now.getEpochSecond(),
                now.getEpochSecond() * 1_000_000_000L + now.getNano());
        recent.addLast(event);
        if (recent.size() > EVENTS_MAX) {
            recent.removeFirst();
        }
        for (Consumer<EngineEvent> listener : List.copyOf(listeners)) {
            listener.accept(event);
        }
    }

    public Subscription subscribe(Filters filters, long sinceNanos, Consumer<EngineEvent> consumer) {
        if (sinceNanos > 0) {
            for (EngineEvent event : List.copyOf(recent)) {
                if (event.timeNano() >= sinceNanos && matches(filters, event)) {
                    consumer.accept(event);
                }
            }
        }
        Consumer<EngineEvent> listener = event -> {
            if (matches(filters, event)) {
                consumer.accept(event);
            }
        };
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** As moby's daemon/events/filter.go, which looks at names whatever the event is about. */
    private static boolean matches(Filters filters, EngineEvent event) {
        Map<String, String> attributes = event.actor().attributes();
        String id = event.actor().id();
        String name = attributes.getOrDefault("name", "");
        String image = event.type().equals("image") ? name : attributes.getOrDefault("image", "");
        return filters.any("type", event.type()::equals)
                && filters.any(
                        "event",
                        wanted ->
                                event.action().equals(wanted) || event.action().startsWith(wanted + ":"))
                && filters.any("scope", event.scope()::equals)
                && filters.labels("label", attributes)
                && NAMED.stream()
                        .allMatch(type -> filters.any(type, wanted -> id.startsWith(wanted) || name.startsWith(wanted)))
                && filters.any(
                        "image",
                        wanted -> wanted.equals(id)
                                || wanted.equals(image)
                                || wanted.equals(ProgramCatalog.repository(image)));
    }
}
