package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikService;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficBucket;
import dev.clusterlab.provisioning.observe.ServerStatus;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.Headline;
import dev.clusterlab.ui.model.Topology.Link;
import dev.clusterlab.ui.model.Topology.LinkKind;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.Topology.Trait;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The way of requests: from the client to a Traefik, and from there to the machines whose servers it knows. */
final class TrafficPicture implements Picture {
    /** Requests of the last so many seconds make the rate. */
    private static final int RATE_SECONDS = 5;

    private final ClusterSnapshot snapshot;
    private final Texts texts;
    private final TaskChips tasks;
    private final Optional<String> asked;
    /** Task of each Traefik that can be asked: task identifier → its view. */
    private final Map<String, TraefikView> proxies;
    /** Addresses that a Traefik sends requests to. */
    private final Set<String> routed;
    /** Requests per second of each instance's address, from what clients were answered by. */
    private final Map<String, Double> rates;

    /** @param asked machine that clients ask, where that is known; otherwise it is taken to be the first with a Traefik */
    TrafficPicture(ClusterSnapshot snapshot, Texts texts, TaskChips tasks, Optional<String> asked) {
        this.snapshot = snapshot;
        this.texts = texts;
        this.tasks = tasks;
        this.asked = asked;
        this.proxies = proxies(snapshot);
        this.routed = routed(snapshot);
        this.rates = ratesByAddress(snapshot);
    }

    // ---- what stands on machines

    @Override
    public List<Chip> chips(MachineView machine) {
        List<Chip> first = new ArrayList<>();
        List<Chip> rest = new ArrayList<>();
        for (TaskView task : tasks.of(machine)) {
            Chip chip = tasks.chip(task, machine);
            if (proxies.containsKey(task.id())) {
                first.add(chip.asProxy(new Selection.OfProxy(machine.machine().name())));
                continue;
            }
            Optional<String> server =
                    task.addresses().values().stream().filter(routed::contains).findFirst();
            double rate = server.map(rates::get).orElse(0.0);
            Chip shown = server.isPresent() ? chip : chip.with(Trait.FADED);
            rest.add(
                    rate > 0 && chip.tone() == Tone.GOOD
                            ? shown.withNote(texts.get("chip.rate", rounded(rate)))
                            : shown);
        }
        rest.sort((a, b) -> Boolean.compare(a.faded(), b.faded()));
        first.addAll(rest);
        return tasks.withOrphans(first, machine);
    }

    private static Map<String, TraefikView> proxies(ClusterSnapshot snapshot) {
        Map<String, TraefikView> proxies = new LinkedHashMap<>();
        snapshot.swarm().ifPresent(swarm -> {
            for (TraefikView traefik : snapshot.traefik()) {
                swarm.tasks().stream()
                        .filter(t -> t.nodeHostname().equals(traefik.machine()) && t.live())
                        .filter(t -> swarm.service(t.serviceName())
                                .map(s -> s.image().contains("traefik"))
                                .orElse(false))
                        .findFirst()
                        .ifPresent(t -> proxies.put(t.id(), traefik));
            }
        });
        return proxies;
    }

    private static Set<String> routed(ClusterSnapshot snapshot) {
        Set<String> hosts = new TreeSet<>();
        for (TraefikView traefik : snapshot.traefik()) {
            for (TraefikService service : traefik.services()) {
                service.servers().keySet().forEach(url -> hosts.add(host(url)));
            }
        }
        hosts.remove("");
        return hosts;
    }

    private static String host(String url) {
        try {
            String host = URI.create(url).getHost();
            return host == null ? "" : host;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    // ---- lines

    @Override
    public List<Link> links(Canvas.Places places) {
        String entry = asked.filter(name ->
                        proxies.values().stream().anyMatch(p -> p.machine().equals(name)))
                .or(() -> proxies.values().stream().map(TraefikView::machine).findFirst())
                .orElse("");
        List<Link> links = new ArrayList<>();
        Map<String, TaskView> byAddress = tasks.byAddress();
        int lane = 0;
        for (TraefikView proxy : proxies.values()) {
            Optional<SlotBook.Cell> at = places.of(proxy.machine());
            if (at.isEmpty()) {
                continue;
            }
            boolean isAsked = proxy.machine().equals(entry);
            links.add(requests(proxy, isAsked, places.router().fromClient(at.get(), lane)));
            Map<String, Flow> flows = flows(proxy, places, byAddress, isAsked ? rates : Map.of());
            for (Map.Entry<String, Flow> flow : flows.entrySet()) {
                links.add(new Link(
                        proxy.machine(),
                        flow.getKey(),
                        LinkKind.ROUTE,
                        flow.getValue().tone(),
                        rounded(flow.getValue().requestsPerSecond()),
                        places.router().between(at.get(), places.require(flow.getKey()), lane)));
            }
            lane = lane <= 0 ? 1 - lane : -lane;
        }
        // Trouble first, so that what it shares with sound links is drawn sound.
        links.sort((a, b) -> Boolean.compare(b.tone() == Tone.BAD, a.tone() == Tone.BAD));
        return links;
    }

    private Link requests(TraefikView proxy, boolean isAsked, List<Topology.Point> path) {
        double failing = failingShare();
        Tone answers = failing > 0.5 ? Tone.BAD : failing > 0 ? Tone.WAITING : Tone.GOOD;
        return new Link(
                Topology.CLIENT,
                proxy.machine(),
                LinkKind.REQUESTS,
                isAsked ? answers : Tone.NEUTRAL,
                isAsked ? rounded(requestsPerSecond()) : 0,
                path);
    }

    /** By machine; what stays on the proxy's own machine is no line. */
    private static Map<String, Flow> flows(
            TraefikView proxy, Canvas.Places places, Map<String, TaskView> byAddress, Map<String, Double> rates) {
        Map<String, Flow> flows = new LinkedHashMap<>();
        for (TraefikService service : proxy.services()) {
            service.servers().forEach((url, status) -> {
                TaskView task = byAddress.get(host(url));
                if (task != null && places.of(task.nodeHostname()).isPresent()) {
                    boolean up = status != ServerStatus.DOWN && task.live();
                    double rate = rates.getOrDefault(host(url), 0.0);
                    flows.merge(task.nodeHostname(), new Flow(up ? 1 : 0, up ? 0 : 1, rate), Flow::plus);
                }
            });
        }
        flows.remove(proxy.machine());
        return flows;
    }

    /** What one Traefik sends to one machine: how many servers are up there, how many down, and how much they get. */
    private record Flow(int up, int down, double requestsPerSecond) {
        Flow plus(Flow other) {
            return new Flow(up + other.up, down + other.down, requestsPerSecond + other.requestsPerSecond);
        }

        Tone tone() {
            return down == 0 ? Tone.GOOD : up == 0 ? Tone.BAD : Tone.WAITING;
        }
    }

    private static Map<String, Double> ratesByAddress(ClusterSnapshot snapshot) {
        Map<String, Double> rates = new HashMap<>();
        snapshot.consul()
                .ifPresent(consul -> consul.services()
                        .values()
                        .forEach(instances -> instances.forEach(i -> {
                            Map<String, Integer> answered = snapshot.traffic().instances();
                            // the catalog's identifier is service:instance, what an answer says is the instance
                            Integer answers = answered.getOrDefault(
                                    i.id(), answered.get(i.id().substring(i.id().lastIndexOf(':') + 1)));
                            if (answers != null) {
                                rates.merge(i.address(), answers / 10.0, Double::sum);
                            }
                        })));
        return rates;
    }

    // ---- how much

    private double requestsPerSecond() {
        int requests = 0;
        for (TrafficBucket bucket : recent()) {
            for (int count : bucket.byStatus().values()) {
                requests += count;
            }
        }
        return requests / (double) RATE_SECONDS;
    }

    private double failingShare() {
        int requests = 0;
        int failed = 0;
        for (TrafficBucket bucket : recent()) {
            for (Map.Entry<Integer, Integer> entry : bucket.byStatus().entrySet()) {
                requests += entry.getValue();
                if (entry.getKey() == 0 || entry.getKey() >= 400) {
                    failed += entry.getValue();
                }
            }
        }
        return requests == 0 ? 0 : failed / (double) requests;
    }

    private List<TrafficBucket> recent() {
        long now = snapshot.elapsed().toSeconds();
        return snapshot.traffic().buckets().stream()
                // the second that has just begun is not whole yet
                .filter(b -> b.second() >= now - RATE_SECONDS && b.second() < now)
                .toList();
    }

    /** To a tenth, so that noise does not make pictures unequal. */
    private static double rounded(double rate) {
        return Math.round(rate * 10) / 10.0;
    }

    @Override
    public Headline headline() {
        double perSecond = requestsPerSecond();
        double failing = failingShare();
        Tone tone = perSecond == 0 ? Tone.NEUTRAL : failing == 0 ? Tone.GOOD : failing > 0.5 ? Tone.BAD : Tone.WAITING;
        String detail = perSecond == 0
                ? texts.get("client.quiet")
                : texts.get("client.rate", rounded(perSecond), Math.round(failing * 100));
        return new Headline(tone, texts.get("client.title"), detail);
    }
}
