package dev.clusterlab.ui.model.hosts;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.LocalNodeState;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import javafx.beans.value.ObservableValue;
import javafx.util.Subscription;

/**
 * What a Swarm that is watched is seen by: its hosts, what each believes, and how old each part of the picture is. Used on the toolkit's
 * thread.
 */
public final class WatchedModel implements AutoCloseable {
    /** Younger than this is now: snapshots in which nothing is new come once a second. */
    private static final Duration NOW = Duration.ofSeconds(5);

    private static final String SWARM = "swarm";
    private static final String CONSUL = "consul";
    private static final String TRAEFIK = "traefik ";
    private static final String HOST = "host ";

    private final Watched watched;
    private final ObservableValue<ClusterSnapshot> snapshots;
    private final InstantSource time;
    private final Map<String, Instant> seen = new LinkedHashMap<>();
    private final Subscription subscription;

    /**
     * One part of what is seen.
     *
     * @param where its address; empty text where it has none
     * @param says what it says, or why it says nothing
     * @param advice what to do where it says nothing
     * @param age how old what it said is
     */
    public record Part(String name, String where, Tone tone, String says, String advice, String age) {}

    /**
     * All of it.
     *
     * @param hosts that were given
     * @param others what is read through them: the Swarm, Consul, Traefik
     * @param unseen what is not seen, in sentences
     */
    public record Parts(String title, List<Part> hosts, List<Part> others, List<String> unseen) {
        public Parts {
            hosts = List.copyOf(hosts);
            others = List.copyOf(others);
            unseen = List.copyOf(unseen);
        }
    }

    /** @param time of this computer, as snapshots have it */
    public WatchedModel(Watched watched, ObservableValue<ClusterSnapshot> snapshots, InstantSource time) {
        this.watched = watched;
        this.snapshots = snapshots;
        this.time = time;
        this.subscription = snapshots.subscribe(this::remember);
    }

    private void remember(ClusterSnapshot snapshot) {
        snapshot.machines().stream()
                .filter(MachineView::answering)
                .forEach(view -> seen.put(HOST + view.machine().name(), snapshot.time()));
        snapshot.swarm().ifPresent(swarm -> seen.put(SWARM, snapshot.time()));
        snapshot.consul().ifPresent(consul -> seen.put(CONSUL, snapshot.time()));
        snapshot.traefik().forEach(traefik -> seen.put(TRAEFIK + traefik.machine(), snapshot.time()));
    }

    /** As things stand now. */
    public Parts parts(Texts texts) {
        ClusterSnapshot snapshot = snapshots.getValue();
        SortedMap<String, String> addresses = watched.addresses().get();
        SortedMap<String, LabException> troubles = watched.troubles().get();
        List<Part> hosts = snapshot.machines().stream()
                .map(view -> host(
                        view,
                        addresses.getOrDefault(view.machine().name(), ""),
                        troubles.get(view.machine().name()),
                        texts))
                .toList();
        String title = snapshot.swarm()
                .map(swarm -> texts.get("watch.title", brief(swarm.id())))
                .orElseGet(() -> texts.get("watch.title.none"));
        return new Parts(title, hosts, others(snapshot, texts), unseen(snapshot, texts));
    }

    private static String brief(String id) {
        return id.substring(0, Math.min(id.length(), 8));
    }

    private Part host(
            MachineView view, String where, @org.jspecify.annotations.Nullable LabException trouble, Texts texts) {
        String name = view.machine().name();
        if (!view.answering()) {
            String what = trouble == null
                    ? view.error().isEmpty() ? texts.get("inspect.silent") : view.error()
                    : texts.errors().what(trouble);
            String advice = trouble == null ? "" : texts.errors().advice(trouble);
            return new Part(name, where, Tone.BAD, what, advice, age(HOST + name, texts));
        }
        String belief;
        if (view.localNodeState() == LocalNodeState.INACTIVE) {
            belief = texts.get("watch.outside");
        } else if (!view.manager()) {
            belief = texts.get("watch.worker");
        } else if (view.believedLeader().isEmpty()) {
            belief = texts.get("watch.manager.leaderless");
        } else {
            belief = texts.get("watch.manager", view.believedLeader());
        }
        Tone tone = view.manager() && view.believedLeader().isEmpty() ? Tone.WAITING : Tone.GOOD;
        return new Part(
                name,
                where,
                tone,
                texts.get(
                        "watch.host",
                        belief,
                        view.engineVersion(),
                        view.containers().size()),
                "",
                age(HOST + name, texts));
    }

    private List<Part> others(ClusterSnapshot snapshot, Texts texts) {
        List<Part> others = new ArrayList<>();
        others.add(snapshot.swarm()
                .map(swarm -> part("Swarm", texts.get("watch.swarm", swarm.source()), SWARM, texts))
                .orElseGet(() -> missing("Swarm", SWARM, texts.get("watch.swarm.none"), texts)));
        others.add(snapshot.consul()
                .map(consul ->
                        part("Consul", texts.get("watch.through", String.join(", ", consul.sources())), CONSUL, texts))
                .orElseGet(() -> missing("Consul", CONSUL, texts.get("watch.consul.none"), texts)));
        List<String> proxies = snapshot.traefik().stream()
                .map(ClusterSnapshot.TraefikView::machine)
                .toList();
        proxies.forEach(
                machine -> others.add(part("Traefik", texts.get("watch.through", machine), TRAEFIK + machine, texts)));
        if (proxies.isEmpty()) {
            String known = seen.keySet().stream()
                    .filter(key -> key.startsWith(TRAEFIK))
                    .findFirst()
                    .orElse(TRAEFIK);
            others.add(missing("Traefik", known, texts.get("watch.traefik.none"), texts));
        }
        return others;
    }

    private Part part(String name, String says, String key, Texts texts) {
        return new Part(name, "", Tone.GOOD, says, "", age(key, texts));
    }

    /** What was there once and is not now is told from what has never been there. */
    private Part missing(String name, String key, String why, Texts texts) {
        Tone tone = seen.containsKey(key) ? Tone.BAD : Tone.NEUTRAL;
        return new Part(name, "", tone, why, "", seen.containsKey(key) ? age(key, texts) : "");
    }

    private static List<String> unseen(ClusterSnapshot snapshot, Texts texts) {
        Set<String> asked =
                snapshot.machines().stream().map(MachineView::nodeId).collect(Collectors.toSet());
        List<String> silent = snapshot.swarm().stream()
                .flatMap(swarm -> swarm.nodes().stream())
                .filter(node -> !asked.contains(node.id()))
                .map(NodeView::hostname)
                .toList();
        List<String> unseen = new ArrayList<>();
        if (!silent.isEmpty()) {
            unseen.add(texts.get("watch.unasked", silent.size(), String.join(", ", silent)));
        }
        unseen.add(texts.get("watch.unread"));
        return unseen;
    }

    private String age(String key, Texts texts) {
        Instant last = seen.get(key);
        if (last == null) {
            return texts.get("watch.never");
        }
        Duration age = Duration.between(last, time.instant());
        return age.compareTo(NOW) < 0 ? texts.get("watch.now") : texts.get("watch.age", Texts.clock(age));
    }

    @Override
    public void close() {
        subscription.unsubscribe();
    }
}
