package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Availability;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulMember;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NetworkView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikService;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficBucket;
import dev.clusterlab.provisioning.observe.ContainerState;
import dev.clusterlab.provisioning.observe.LocalNodeState;
import dev.clusterlab.provisioning.observe.MemberStatus;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.provisioning.observe.Reachability;
import dev.clusterlab.provisioning.observe.ServerStatus;
import dev.clusterlab.provisioning.observe.TaskState;
import dev.clusterlab.ui.model.Topology.Band;
import dev.clusterlab.ui.model.Topology.Box;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.ChipKind;
import dev.clusterlab.ui.model.Topology.Condition;
import dev.clusterlab.ui.model.Topology.Headline;
import dev.clusterlab.ui.model.Topology.Link;
import dev.clusterlab.ui.model.Topology.LinkKind;
import dev.clusterlab.ui.model.Topology.Role;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.Topology.View;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Turns snapshots into pictures. Keeps what must stay the same between them: places, colours and signs. */
public final class TopologyBuilder {
    /** How long a task that failed stays in the picture, of engine time. */
    private static final Duration FAILURE_SHOWN = Duration.ofSeconds(8);
    /** Requests of the last so many seconds make the rate. */
    private static final int RATE_SECONDS = 5;

    private static final Set<TaskState> WANTED =
            EnumSet.of(TaskState.RUNNING, TaskState.READY, TaskState.ACCEPTED, TaskState.ASSIGNED);
    private static final Set<TaskState> BROKEN = EnumSet.of(TaskState.FAILED, TaskState.REJECTED, TaskState.ORPHANED);

    private final SlotBook slots = new SlotBook();
    /** The grid only grows: a machine that comes or goes must not move the others. */
    private int columns = 3;

    private int rows = 2;
    private final ServicePalette palette;

    public TopologyBuilder(ServicePalette palette) {
        this.palette = palette;
    }

    /**
     * The picture of a snapshot, with words in the language of {@code texts}.
     *
     * @param asked machine that clients ask, where that is known; otherwise it is taken to be the first with a Traefik
     * @param making machines that are being made, none of which is in the snapshot
     */
    public Topology build(
            ClusterSnapshot snapshot, View view, Texts texts, Optional<String> asked, List<EngineProgress> making) {
        snapshot.swarm().ifPresent(s -> s.services().forEach(service -> palette.mark(service.name())));
        List<String> made = making.stream().map(EngineProgress::subject).toList();
        List<String> names = Stream.concat(
                        snapshot.machines().stream().map(m -> m.machine().name()), made.stream())
                .toList();
        slots.settle(names, made);
        Map<String, String> sides = sides(snapshot.faults());
        // Networks are the subject of one view only; in the others they would be one more line among lines.
        List<Band> bands = view == View.SWARM ? bands(snapshot) : List.of();
        List<Box> boxes = new ArrayList<>();
        for (MachineView machine : snapshot.machines()) {
            String name = machine.machine().name();
            SlotBook.Cell cell = cell(name, names);
            List<Chip> chips = switch (view) {
                case SWARM -> tasks(snapshot, machine, texts);
                case CONSUL -> consul(snapshot, machine, texts);
                case TRAFFIC -> traffic(snapshot, machine, texts);
            };
            boxes.add(new Box(
                    name,
                    machine.machine().ip(),
                    LinkRouter.x(cell.column()),
                    LinkRouter.y(cell.row()),
                    condition(machine, snapshot.swarm()),
                    role(machine, snapshot.swarm()),
                    plugged(machine, bands),
                    sides.getOrDefault(name, ""),
                    withoutDoubles(chips),
                    ""));
        }
        for (EngineProgress each : making) {
            boxes.add(unmade(each, cell(each.subject(), names), texts));
        }
        LinkRouter router = new LinkRouter(rows);
        Map<String, SlotBook.Cell> cells = new LinkedHashMap<>();
        names.forEach(name -> cells.put(name, SlotBook.cell(slots.slot(name, names))));
        List<Link> links = switch (view) {
            case SWARM -> List.of();
            case CONSUL -> raftLinks(snapshot, cells, router);
            case TRAFFIC -> trafficLinks(snapshot, cells, router, asked);
        };
        double width = 2 * Topology.MARGIN + columns * (Topology.BOX_WIDTH + Topology.GAP_X) - Topology.GAP_X;
        double height = LinkRouter.y(rows) - Topology.GAP_Y + Topology.MARGIN;
        return new Topology(view, headline(snapshot, view, texts), boxes, bands, links, width, height);
    }

    private SlotBook.Cell cell(String machine, List<String> present) {
        SlotBook.Cell cell = SlotBook.cell(slots.slot(machine, present));
        columns = Math.max(columns, cell.column() + 1);
        rows = Math.max(rows, cell.row() + 1);
        return cell;
    }

    // ---- machines

    /** One that has its place, and little else. */
    private static Box unmade(EngineProgress progress, SlotBook.Cell cell, Texts texts) {
        return new Box(
                progress.subject(),
                "",
                LinkRouter.x(cell.column()),
                LinkRouter.y(cell.row()),
                Condition.MAKING,
                Role.NONE,
                List.of(),
                "",
                List.of(),
                texts.get("progress." + progress.stage().name().toLowerCase(Locale.ROOT)));
    }

    static Condition condition(MachineView machine, Optional<SwarmView> swarm) {
        switch (machine.machine().state()) {
            case KILLED -> {
                return Condition.KILLED;
            }
            case STOPPED -> {
                return Condition.STOPPED;
            }
            case PAUSED -> {
                return Condition.PAUSED;
            }
            case RUNNING -> {
                if (!machine.answering()) {
                    return Condition.SILENT;
                }
            }
        }
        if (machine.localNodeState() != LocalNodeState.ACTIVE) {
            return Condition.ALONE;
        }
        Optional<NodeView> node = node(machine, swarm);
        if (node.isEmpty()) {
            return Condition.NODE_UNKNOWN;
        }
        return switch (node.get().state()) {
            case READY -> node.get().availability() == Availability.DRAIN ? Condition.DRAINED : Condition.READY;
            case DOWN -> Condition.NODE_DOWN;
            case DISCONNECTED, UNKNOWN -> Condition.NODE_UNKNOWN;
        };
    }

    private static Optional<NodeView> node(MachineView machine, Optional<SwarmView> swarm) {
        return swarm.flatMap(s -> s.nodes().stream()
                .filter(n -> machine.nodeId().isEmpty()
                        ? n.hostname().equals(machine.machine().name())
                        : n.id().equals(machine.nodeId()))
                .findFirst());
    }

    static Role role(MachineView machine, Optional<SwarmView> swarm) {
        return node(machine, swarm)
                .map(n -> {
                    if (n.role() != NodeRole.MANAGER) {
                        return Role.WORKER;
                    }
                    boolean leads =
                            n.leader() && swarm.map(SwarmView::hasLeader).orElse(false);
                    return leads ? Role.LEADER : Role.MANAGER;
                })
                .orElse(Role.NONE);
    }

    /** Machines on each side of the cuts in force: machine → letter. */
    static Map<String, String> sides(List<ActiveFault> faults) {
        Map<String, String> sides = new LinkedHashMap<>();
        char letter = 'A';
        for (ActiveFault fault : faults) {
            if (fault.target() instanceof Target.OfGroups of) {
                for (List<String> group : of.groups()) {
                    for (String machine : group) {
                        sides.put(machine, String.valueOf(letter));
                    }
                    letter++;
                }
            }
        }
        return sides;
    }

    private static List<Band> bands(ClusterSnapshot snapshot) {
        Map<String, NetworkView> overlays = new LinkedHashMap<>();
        snapshot.swarm()
                .ifPresent(s -> s.networks().stream()
                        .filter(n -> n.driver().equals("overlay") && !n.name().equals("ingress"))
                        .forEach(n -> overlays.put(n.name(), n)));
        List<Band> bands = new ArrayList<>();
        for (NetworkView overlay : overlays.values()) {
            if (bands.size() < 2) {
                bands.add(new Band(overlay.name(), overlay.subnet(), bands.size()));
            }
        }
        return bands;
    }

    private static List<String> plugged(MachineView machine, List<Band> bands) {
        return bands.stream()
                .map(Band::name)
                .filter(name ->
                        machine.networks().stream().anyMatch(n -> n.name().equals(name)))
                .toList();
    }

    // ---- chips

    /** An instance can stand in the catalog of several agents for a while: it is one chip, as its worst entry says. */
    private static List<Chip> withoutDoubles(List<Chip> chips) {
        Map<String, Chip> byId = new LinkedHashMap<>();
        for (Chip chip : chips) {
            byId.merge(chip.id(), chip, (first, second) -> second.tone() == Tone.BAD ? second : first);
        }
        return List.copyOf(byId.values());
    }

    private List<Chip> tasks(ClusterSnapshot snapshot, MachineView machine, Texts texts) {
        List<Chip> chips = new ArrayList<>();
        snapshot.swarm().ifPresent(swarm -> {
            for (TaskView task : swarm.tasks()) {
                if (task.nodeHostname().equals(machine.machine().name()) && shown(task, machine, snapshot)) {
                    chips.add(taskChip(task, machine, texts, false));
                }
            }
        });
        chips.addAll(looseContainers(machine, texts));
        return chips;
    }

    private static boolean shown(TaskView task, MachineView machine, ClusterSnapshot snapshot) {
        if (WANTED.contains(task.desiredState())) {
            return true;
        }
        if (task.state() == TaskState.RUNNING && machine.machine().state() != Machine.State.RUNNING) {
            return true;
        }
        boolean recent = task.since().isAfter(snapshot.time().minus(FAILURE_SHOWN));
        return recent && BROKEN.contains(task.state());
    }

    private Chip taskChip(TaskView task, MachineView machine, Texts texts, boolean faded) {
        ServicePalette.Mark mark = palette.mark(task.serviceName());
        Tone tone = taskTone(task, machine);
        String note = tone == Tone.GOOD ? "" : taskNote(task, machine, texts);
        String label = task.slot() > 0 ? task.serviceName() + "." + task.slot() : task.serviceName();
        return new Chip(
                task.id(),
                ChipKind.TASK,
                label,
                task.slot() > 0 ? String.valueOf(task.slot()) : "",
                note,
                tone,
                mark,
                false,
                false,
                faded,
                new Selection.OfTask(task.id()));
    }

    static Tone taskTone(TaskView task, MachineView machine) {
        if (BROKEN.contains(task.state()) || machine.machine().state() == Machine.State.KILLED) {
            return Tone.BAD;
        }
        if (machine.machine().state() != Machine.State.RUNNING) {
            return Tone.WAITING;
        }
        if (containerState(task, machine) == ContainerState.PAUSED) {
            return Tone.WAITING;
        }
        return task.state() == TaskState.RUNNING ? Tone.GOOD : Tone.WAITING;
    }

    private static String taskNote(TaskView task, MachineView machine, Texts texts) {
        if (machine.machine().state() != Machine.State.RUNNING && task.state() == TaskState.RUNNING) {
            return texts.get("task.lost");
        }
        if (containerState(task, machine) == ContainerState.PAUSED) {
            return texts.get("task.paused");
        }
        String key = "task." + task.state().word();
        return texts.has(key) ? texts.get(key) : texts.sentences().word(task.state());
    }

    private static ContainerState containerState(TaskView task, MachineView machine) {
        return machine.containers().stream()
                .filter(c -> !task.containerId().isEmpty() && c.id().equals(task.containerId()))
                .map(ContainerView::state)
                .findFirst()
                .orElse(ContainerState.UNKNOWN);
    }

    private List<Chip> looseContainers(MachineView machine, Texts texts) {
        List<Chip> chips = new ArrayList<>();
        for (ContainerView container : machine.containers()) {
            if (!container.taskId().isEmpty() || !container.serviceName().isEmpty()) {
                continue;
            }
            boolean runs = container.state() == ContainerState.RUNNING;
            String key = "task." + container.state().word();
            String name = container.name().replaceFirst("^/", "");
            chips.add(new Chip(
                    machine.machine().name() + "/" + container.id(),
                    ChipKind.CONTAINER,
                    name,
                    name,
                    runs
                            ? ""
                            : texts.has(key)
                                    ? texts.get(key)
                                    : texts.sentences().word(container.state()),
                    runs ? Tone.GOOD : Tone.NEUTRAL,
                    palette.mark(container.image()),
                    false,
                    false,
                    false,
                    new Selection.OfContainer(machine.machine().name(), container.id())));
        }
        return chips;
    }

    private List<Chip> consul(ClusterSnapshot snapshot, MachineView machine, Texts texts) {
        List<Chip> chips = new ArrayList<>();
        snapshot.consul().ifPresent(consul -> {
            for (ConsulMember member : consul.members()) {
                if (!member.machine().equals(machine.machine().name()) || member.status() == MemberStatus.LEFT) {
                    continue;
                }
                Tone tone = switch (member.status()) {
                    case ALIVE -> machine.machine().state() == Machine.State.RUNNING ? Tone.GOOD : Tone.WAITING;
                    case FAILED -> Tone.BAD;
                    case LEAVING, LEFT, UNKNOWN -> Tone.WAITING;
                };
                String role = member.leader()
                        ? texts.get("consul.leader")
                        : member.server() ? texts.get("consul.server") : texts.get("consul.client");
                chips.add(new Chip(
                        memberId(member),
                        ChipKind.MEMBER,
                        member.name(),
                        member.name(),
                        tone == Tone.GOOD
                                ? role
                                : role + " · "
                                        + texts.get("consul." + member.status().word()),
                        tone,
                        new ServicePalette.Mark(1, member.server() ? "S" : "C"),
                        member.leader(),
                        member.server(),
                        false,
                        new Selection.OfMember(member.name())));
            }
            Map<String, TaskView> byAddress = liveByAddress(snapshot);
            for (List<ConsulInstance> instances : consul.services().values()) {
                for (ConsulInstance instance : instances) {
                    TaskView task = byAddress.get(instance.address());
                    if (task == null
                            || !task.nodeHostname().equals(machine.machine().name())
                            || instance.service().equals("consul")) {
                        continue;
                    }
                    chips.add(instanceChip(instance, task, texts));
                }
            }
        });
        return chips;
    }

    private Chip instanceChip(ConsulInstance instance, TaskView task, Texts texts) {
        Tone tone = switch (instance.status()) {
            case PASSING -> Tone.GOOD;
            case WARNING -> Tone.WAITING;
            case CRITICAL, UNKNOWN -> Tone.BAD;
        };
        return new Chip(
                "instance:" + instance.id(),
                ChipKind.TASK,
                task.name(),
                task.slot() > 0 ? String.valueOf(task.slot()) : "",
                tone == Tone.GOOD ? "" : texts.get("consul." + instance.status().word()),
                tone,
                palette.mark(task.serviceName()),
                false,
                false,
                false,
                new Selection.OfTask(task.id()));
    }

    private List<Chip> traffic(ClusterSnapshot snapshot, MachineView machine, Texts texts) {
        if (snapshot.swarm().isEmpty()) {
            return List.of();
        }
        Set<String> proxies = proxyTasks(snapshot).keySet();
        Map<String, Tone> servers = servers(snapshot);
        Map<String, Double> rates = ratesByAddress(snapshot);
        List<Chip> first = new ArrayList<>();
        List<Chip> rest = new ArrayList<>();
        for (TaskView task : snapshot.swarm().get().tasks()) {
            if (!task.nodeHostname().equals(machine.machine().name()) || !shown(task, machine, snapshot)) {
                continue;
            }
            if (proxies.contains(task.id())) {
                Chip chip = taskChip(task, machine, texts, false);
                first.add(new Chip(
                        chip.id(),
                        ChipKind.PROXY,
                        chip.label(),
                        chip.brief(),
                        chip.note(),
                        chip.tone(),
                        chip.mark(),
                        false,
                        false,
                        false,
                        new Selection.OfProxy(machine.machine().name())));
            } else {
                Optional<String> routed = task.addresses().values().stream()
                        .filter(servers::containsKey)
                        .findFirst();
                Chip chip = taskChip(task, machine, texts, routed.isEmpty());
                double rate = routed.map(rates::get).orElse(0.0);
                rest.add(rate > 0 && chip.tone() == Tone.GOOD ? chip.withNote(rate(rate, texts)) : chip);
            }
        }
        rest.sort((a, b) -> Boolean.compare(a.faded(), b.faded()));
        first.addAll(rest);
        return first;
    }

    private static String rate(double perSecond, Texts texts) {
        return texts.get("chip.rate", rounded(perSecond));
    }

    // ---- links

    /** Task of each Traefik that can be asked: task identifier → its view. */
    private static Map<String, TraefikView> proxyTasks(ClusterSnapshot snapshot) {
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

    /** Addresses that a Traefik sends requests to, with the worst that one of them says of it. */
    private static Map<String, Tone> servers(ClusterSnapshot snapshot) {
        Map<String, Tone> servers = new TreeMap<>();
        for (TraefikView traefik : snapshot.traefik()) {
            for (TraefikService service : traefik.services()) {
                service.servers().forEach((url, status) -> {
                    String host = host(url);
                    if (!host.isEmpty()) {
                        servers.merge(
                                host,
                                status == ServerStatus.DOWN ? Tone.BAD : Tone.GOOD,
                                (a, b) -> a == Tone.BAD ? a : b);
                    }
                });
            }
        }
        return servers;
    }

    private static String host(String url) {
        try {
            String host = URI.create(url).getHost();
            return host == null ? "" : host;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static Map<String, TaskView> liveByAddress(ClusterSnapshot snapshot) {
        Map<String, TaskView> byAddress = new HashMap<>();
        snapshot.swarm().ifPresent(swarm -> {
            for (TaskView task : swarm.tasks()) {
                for (String address : task.addresses().values()) {
                    byAddress.merge(address, task, (a, b) -> b.live() || !a.live() ? b : a);
                }
            }
        });
        return byAddress;
    }

    private static List<Link> trafficLinks(
            ClusterSnapshot snapshot, Map<String, SlotBook.Cell> cells, LinkRouter router, Optional<String> asked) {
        Map<String, TraefikView> proxies = proxyTasks(snapshot);
        String entry = asked.filter(name ->
                        proxies.values().stream().anyMatch(p -> p.machine().equals(name)))
                .or(() -> proxies.values().stream().map(TraefikView::machine).findFirst())
                .orElse("");
        List<Link> links = new ArrayList<>();
        double perSecond = requestsPerSecond(snapshot);
        Map<String, TaskView> byAddress = liveByAddress(snapshot);
        Map<String, Double> rates = ratesByAddress(snapshot);
        double failing = failingShare(snapshot);
        int lane = 0;
        for (TraefikView proxy : proxies.values()) {
            SlotBook.Cell at = cells.get(proxy.machine());
            if (at == null) {
                continue;
            }
            boolean isAsked = proxy.machine().equals(entry);
            Tone answers = failing > 0.5 ? Tone.BAD : failing > 0 ? Tone.WAITING : Tone.GOOD;
            links.add(new Link(
                    Topology.CLIENT,
                    proxy.machine(),
                    LinkKind.REQUESTS,
                    isAsked ? answers : Tone.NEUTRAL,
                    isAsked ? rounded(perSecond) : 0,
                    router.fromClient(at, lane)));
            Map<String, Flow> flows = new LinkedHashMap<>();
            for (TraefikService service : proxy.services()) {
                service.servers().forEach((url, status) -> {
                    TaskView task = byAddress.get(host(url));
                    if (task != null && cells.containsKey(task.nodeHostname())) {
                        boolean up = status != ServerStatus.DOWN && task.live();
                        double rate = isAsked ? rates.getOrDefault(host(url), 0.0) : 0;
                        flows.merge(task.nodeHostname(), new Flow(up ? 1 : 0, up ? 0 : 1, rate), Flow::plus);
                    }
                });
            }
            flows.remove(proxy.machine());
            for (Map.Entry<String, Flow> flow : flows.entrySet()) {
                links.add(new Link(
                        proxy.machine(),
                        flow.getKey(),
                        LinkKind.ROUTE,
                        flow.getValue().tone(),
                        rounded(flow.getValue().requestsPerSecond()),
                        router.between(at, java.util.Objects.requireNonNull(cells.get(flow.getKey())), lane)));
            }
            lane = lane <= 0 ? 1 - lane : -lane;
        }
        // Trouble first, so that what it shares with sound links is drawn sound.
        links.sort((a, b) -> Boolean.compare(b.tone() == Tone.BAD, a.tone() == Tone.BAD));
        return links;
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

    /** Requests per second of each instance's address, from what clients were answered by. */
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

    static double requestsPerSecond(ClusterSnapshot snapshot) {
        int requests = 0;
        for (TrafficBucket bucket : recent(snapshot)) {
            for (int count : bucket.byStatus().values()) {
                requests += count;
            }
        }
        return requests / (double) RATE_SECONDS;
    }

    private static double failingShare(ClusterSnapshot snapshot) {
        int requests = 0;
        int failed = 0;
        for (TrafficBucket bucket : recent(snapshot)) {
            for (Map.Entry<Integer, Integer> entry : bucket.byStatus().entrySet()) {
                requests += entry.getValue();
                if (entry.getKey() == 0 || entry.getKey() >= 400) {
                    failed += entry.getValue();
                }
            }
        }
        return requests == 0 ? 0 : failed / (double) requests;
    }

    private static List<TrafficBucket> recent(ClusterSnapshot snapshot) {
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

    private static List<Link> raftLinks(ClusterSnapshot snapshot, Map<String, SlotBook.Cell> cells, LinkRouter router) {
        List<Link> links = new ArrayList<>();
        snapshot.consul()
                .ifPresent(consul -> consul.members().stream()
                        .filter(ConsulMember::leader)
                        .findFirst()
                        .ifPresent(leader -> {
                            SlotBook.Cell at = cells.get(leader.machine());
                            Set<String> drawn = new java.util.HashSet<>();
                            for (ConsulMember member : consul.members()) {
                                SlotBook.Cell to = cells.get(member.machine());
                                boolean gone = member.status() == MemberStatus.LEFT;
                                if (at == null || to == null || to.equals(at) || gone || !drawn.add(member.machine())) {
                                    continue;
                                }
                                Tone tone = member.status() == MemberStatus.ALIVE ? Tone.GOOD : Tone.BAD;
                                links.add(
                                        member.server()
                                                ? new Link(
                                                        leader.machine(),
                                                        member.machine(),
                                                        LinkKind.RAFT,
                                                        tone,
                                                        0,
                                                        router.between(at, to, 0))
                                                : new Link(
                                                        member.machine(),
                                                        leader.machine(),
                                                        LinkKind.RPC,
                                                        tone,
                                                        0,
                                                        router.between(to, at, 1)));
                            }
                        }));
        return links;
    }

    private static String memberId(ConsulMember member) {
        return "member:" + member.name();
    }

    // ---- headline

    private static Headline headline(ClusterSnapshot snapshot, View view, Texts texts) {
        return switch (view) {
            case SWARM -> swarmHeadline(snapshot, texts);
            case CONSUL -> consulHeadline(snapshot, texts);
            case TRAFFIC -> trafficHeadline(snapshot, texts);
        };
    }

    private static Headline swarmHeadline(ClusterSnapshot snapshot, Texts texts) {
        if (snapshot.swarm().isEmpty()) {
            return new Headline(Tone.NEUTRAL, texts.get("swarm.none"), texts.get("swarm.none.detail"));
        }
        SwarmView swarm = snapshot.swarm().get();
        List<NodeView> managers =
                swarm.nodes().stream().filter(n -> n.role() == NodeRole.MANAGER).toList();
        long reachable = managers.stream()
                .filter(n -> n.reachability() == Reachability.REACHABLE)
                .count();
        int needed = managers.size() / 2 + 1;
        if (!swarm.hasLeader()) {
            long up = managers.stream().filter(n -> answers(n, snapshot)).count();
            return up < needed
                    ? new Headline(
                            Tone.BAD,
                            texts.get("swarm.lost"),
                            texts.get("swarm.lost.detail", up, managers.size(), needed))
                    : new Headline(
                            Tone.BAD,
                            texts.get("swarm.noleader"),
                            texts.get("swarm.noleader.detail", managers.size(), needed));
        }
        boolean tight = reachable == needed && managers.size() > 1;
        return new Headline(
                reachable < needed ? Tone.BAD : tight ? Tone.WAITING : Tone.GOOD,
                texts.get("swarm.led", swarm.leader()),
                texts.get(
                        managers.size() == 1 ? "swarm.led.only" : tight ? "swarm.led.tight" : "swarm.led.detail",
                        reachable,
                        managers.size(),
                        needed));
    }

    /** As the machine itself shows: nobody who could say it of a manager is left when the leader is gone. */
    private static boolean answers(NodeView node, ClusterSnapshot snapshot) {
        return snapshot.machine(node.hostname())
                .filter(m -> m.machine().state() == Machine.State.RUNNING && m.answering())
                .isPresent();
    }

    private static Headline consulHeadline(ClusterSnapshot snapshot, Texts texts) {
        if (snapshot.consul().isEmpty()) {
            return new Headline(Tone.NEUTRAL, texts.get("consul.none"), texts.get("consul.none.detail"));
        }
        var consul = snapshot.consul().get();
        long servers = consul.members().stream()
                .filter(m -> m.server() && m.status() == MemberStatus.ALIVE)
                .count();
        long clients = consul.members().stream()
                .filter(m -> !m.server() && m.status() == MemberStatus.ALIVE)
                .count();
        String detail = texts.get("consul.detail", servers, clients);
        return consul.leader().isEmpty()
                ? new Headline(Tone.BAD, texts.get("consul.noleader"), detail)
                : new Headline(Tone.GOOD, texts.get("consul.led", consul.leader()), detail);
    }

    private static Headline trafficHeadline(ClusterSnapshot snapshot, Texts texts) {
        double perSecond = requestsPerSecond(snapshot);
        double failing = failingShare(snapshot);
        Tone tone = perSecond == 0 ? Tone.NEUTRAL : failing == 0 ? Tone.GOOD : failing > 0.5 ? Tone.BAD : Tone.WAITING;
        String detail = perSecond == 0
                ? texts.get("client.quiet")
                : texts.get("client.rate", rounded(perSecond), Math.round(failing * 100));
        return new Headline(tone, texts.get("client.title"), detail);
    }
}
