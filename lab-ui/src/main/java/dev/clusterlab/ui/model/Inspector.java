package dev.clusterlab.ui.model;

import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.lab.words.Troubles;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Aftermath;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulMember;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikRouter;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikService;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import dev.clusterlab.provisioning.observe.ContainerState;
import dev.clusterlab.provisioning.observe.LocalNodeState;
import dev.clusterlab.provisioning.observe.MemberStatus;
import dev.clusterlab.provisioning.observe.TaskState;
import dev.clusterlab.provisioning.observe.UpdateState;
import dev.clusterlab.ui.model.Inspection.Action;
import dev.clusterlab.ui.model.Inspection.Deed;
import dev.clusterlab.ui.model.Inspection.Fact;
import dev.clusterlab.ui.model.Inspection.LogTarget;
import dev.clusterlab.ui.model.Inspection.Section;
import dev.clusterlab.ui.model.Inspection.Symbol;
import dev.clusterlab.ui.model.Topology.Tone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says everything about what is selected, and what can be done to it. */
public final class Inspector {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** How long a container is frozen from the window; it thaws by itself. */
    public static final Duration CONTAINER_PAUSE_LEASE = Duration.ofSeconds(30);

    private final Texts texts;
    private final Map<FaultKind, String> unsupported;
    private final List<Fact> host;
    private final Sentences sentences;
    /** Why nothing can be done by hand; empty where something can. */
    private final Optional<Fact> watching;

    public Inspector(Texts texts, Map<FaultKind, String> unsupported) {
        this(texts, unsupported, List.of());
    }

    /**
     * @param unsupported kinds of fault that this engine cannot do, with the reason
     * @param host what there is to say of the engine and its computer
     */
    public Inspector(Texts texts, Map<FaultKind, String> unsupported, List<Fact> host) {
        this(texts, unsupported, host, Optional.empty());
    }

    private Inspector(Texts texts, Map<FaultKind, String> unsupported, List<Fact> host, Optional<Fact> watching) {
        this.watching = watching;
        this.texts = texts;
        this.sentences = texts.sentences();
        this.unsupported = new EnumMap<>(FaultKind.class);
        this.unsupported.putAll(unsupported);
        this.host = List.copyOf(host);
    }

    /**
     * Of a Swarm that exists: nothing can be done to it by hand, and logs are not read.
     *
     * @param why nothing can be: a title, and a sentence
     */
    public static Inspector watching(Texts texts, List<Fact> host, Fact why) {
        return new Inspector(texts, Map.of(), host, Optional.of(why));
    }

    /** What there is to say; the cluster as a whole if the selection does not exist (any more). */
    public Inspection inspect(ClusterSnapshot snapshot, Selection selection) {
        Inspection seen = seen(snapshot, selection);
        return watching.map(why -> seen.onlySeen(why.label(), why.value())).orElse(seen);
    }

    private Inspection seen(ClusterSnapshot snapshot, Selection selection) {
        Optional<Inspection> found = switch (selection) {
            case Selection.Nothing nothing -> Optional.empty();
            case Selection.OfMachine of -> snapshot.machine(of.machine()).map(m -> machine(snapshot, m));
            case Selection.OfTask of -> task(snapshot, of.taskId()).map(t -> task(snapshot, t));
            case Selection.OfContainer of -> container(snapshot, of);
            case Selection.OfService of ->
                snapshot.swarm().flatMap(s -> s.service(of.service())).map(s -> service(snapshot, s));
            case Selection.OfMember of -> member(snapshot, of.member());
            case Selection.OfProxy of ->
                snapshot.traefik().stream()
                        .filter(t -> t.machine().equals(of.machine()))
                        .findFirst()
                        .map(t -> proxy(snapshot, t));
        };
        return found.orElseGet(() -> cluster(snapshot));
    }

    /**
     * As {@link #inspect}; where no fault is in force any more and yet not all works, the overview says what does not, why, and
     * leads back.
     *
     * @param last the fault that began last; empty if there was none
     */
    public Inspection inspect(ClusterSnapshot snapshot, Selection selection, Optional<ActiveFault> last) {
        Inspection seen = inspect(snapshot, selection);
        List<Aftermath.Trouble> troubles =
                last.isPresent() && snapshot.faults().isEmpty() && selection instanceof Selection.Nothing
                        ? Aftermath.of(snapshot)
                        : List.of();
        if (troubles.isEmpty()) {
            return seen;
        }
        Troubles words = Troubles.of(texts.locale());
        List<Section> sections = new ArrayList<>();
        sections.add(new Section(
                texts.get("inspect.aftermath"),
                troubles.stream()
                        .map(words::of)
                        .map(said -> new Fact(said.what(), said.wayBack()))
                        .toList()));
        sections.addAll(seen.sections());
        List<Action> actions = new ArrayList<>(seen.actions());
        actions.add(goBack(last.get()));
        return new Inspection(
                seen.kind(), seen.title(), texts.get("inspect.notyet"), Tone.WAITING, sections, actions, seen.logs());
    }

    private Inspection cluster(ClusterSnapshot snapshot) {
        List<Section> sections = new ArrayList<>();
        List<Fact> facts = new ArrayList<>();
        long running = snapshot.machines().stream()
                .filter(m -> m.machine().state() == Machine.State.RUNNING)
                .count();
        facts.add(fact(
                "machines",
                texts.get("inspect.ofrunning", running, snapshot.machines().size())));
        snapshot.swarm().ifPresent(swarm -> {
            facts.add(fact("leader", swarm.hasLeader() ? swarm.leader() : texts.get("inspect.nobody")));
            facts.add(fact("services", String.valueOf(swarm.services().size())));
            facts.add(fact(
                    "tasks",
                    String.valueOf(swarm.tasks().stream().filter(TaskView::live).count())));
        });
        snapshot.consul()
                .ifPresent(consul -> facts.add(fact(
                        "consulleader", consul.leader().isEmpty() ? texts.get("inspect.nobody") : consul.leader())));
        sections.add(new Section(texts.get("inspect.overview"), facts));
        List<Action> actions = new ArrayList<>();
        if (!snapshot.faults().isEmpty()) {
            List<Fact> faults = new ArrayList<>();
            for (ActiveFault fault : snapshot.faults()) {
                faults.add(new Fact(texts.fault(fault), sentences.target(fault.target())));
                actions.add(heal(fault));
                if (fault.until().isPresent() && !fault.ending()) {
                    actions.add(extend(fault));
                }
            }
            actions.add(goBack(snapshot.faults().getFirst()));
            sections.add(new Section(texts.get("inspect.faults"), faults));
        }
        if (!unsupported.isEmpty()) {
            sections.add(new Section(
                    texts.get("inspect.cannot"),
                    unsupported.entrySet().stream()
                            .map(e ->
                                    new Fact(texts.getOr("fault." + e.getKey().name(), e.getKey()::code), e.getValue()))
                            .toList()));
        }
        if (!host.isEmpty()) {
            sections.add(new Section(texts.get("inspect.engine"), host));
        }
        return new Inspection(
                texts.get("inspect.cluster"),
                texts.get("inspect.cluster.title"),
                "",
                Tone.NEUTRAL,
                sections,
                actions,
                Optional.empty());
    }

    private Inspection machine(ClusterSnapshot snapshot, MachineView view) {
        Machine machine = view.machine();
        var nodes = new Nodes(snapshot.swarm());
        Topology.Condition condition = TopologyBuilder.condition(view, nodes);
        List<Section> sections = new ArrayList<>();
        List<Fact> facts = new ArrayList<>();
        if (condition == Topology.Condition.CUT_OFF) {
            facts.add(fact("power", texts.get("inspect.cutoff")));
        }
        facts.add(fact("address", machine.ip()));
        Topology.Role role = TopologyBuilder.role(view, nodes);
        facts.add(fact("role", texts.get("role." + role.name())));
        if (!view.engineVersion().isEmpty()) {
            facts.add(fact("docker", view.engineVersion()));
        }
        node(snapshot, view).ifPresent(node -> {
            facts.add(fact(
                    "availability",
                    sentences.word(node.availability(), node.unknownWords().getOrDefault("availability", ""))));
            if (!node.labels().isEmpty()) {
                facts.add(fact("labels", joined(node.labels())));
            }
        });
        machine.dockerEndpoint().ifPresent(uri -> facts.add(fact("endpoint", uri.toString())));
        sections.add(new Section(texts.get("inspect.facts"), facts));
        if (!machine.ports().isEmpty()) {
            sections.add(new Section(
                    texts.get("fact.ports"),
                    new TreeMap<>(machine.ports())
                            .entrySet().stream()
                                    .map(e -> new Fact(
                                            String.valueOf(e.getKey()), e.getValue(), "http://" + e.getValue() + "/"))
                                    .toList()));
        }
        sections.add(belief(view));
        List<Fact> containers = view.containers().stream()
                .map(c -> new Fact(name(snapshot, c), c.status().isEmpty() ? state(c) : c.status()))
                .toList();
        if (!containers.isEmpty()) {
            sections.add(new Section(texts.get("inspect.containers"), containers));
        }
        return new Inspection(
                texts.get("inspect.machine"),
                machine.name(),
                texts.get("condition." + condition.name()),
                condition.tone(),
                sections,
                machineActions(snapshot, machine),
                Optional.empty());
    }

    /** A task's short name where the container is one of a task; Docker's own name is full of identifiers. */
    private static String name(ClusterSnapshot snapshot, ContainerView container) {
        String own = container.name().replaceFirst("^/", "");
        return container.taskId().isEmpty()
                ? own
                : task(snapshot, container.taskId()).map(TaskView::name).orElse(own);
    }

    private Section belief(MachineView view) {
        List<Fact> beliefs = new ArrayList<>();
        if (!view.answering()) {
            beliefs.add(fact("daemon", texts.get("inspect.silent")));
        } else {
            beliefs.add(fact(
                    "swarmstate",
                    view.localNodeState() == LocalNodeState.UNKNOWN ? "–" : sentences.word(view.localNodeState())));
            if (view.manager()) {
                beliefs.add(fact(
                        "believedleader",
                        view.believedLeader().isEmpty() ? texts.get("inspect.nobody") : view.believedLeader()));
                beliefs.add(fact("believedready", String.join(", ", view.believedReady())));
            }
        }
        if (!view.error().isEmpty()) {
            beliefs.add(fact("error", view.error()));
        }
        return new Section(texts.get("inspect.belief"), beliefs);
    }

    private static Optional<NodeView> node(ClusterSnapshot snapshot, MachineView view) {
        return snapshot.swarm()
                .flatMap(s -> s.nodes().stream()
                        .filter(n -> n.id().equals(view.nodeId()))
                        .findFirst());
    }

    /** What can be done to a machine in its state. */
    public List<Action> machineActions(ClusterSnapshot snapshot, Machine machine) {
        String name = machine.name();
        List<Action> actions = new ArrayList<>();
        switch (machine.state()) {
            case RUNNING -> {
                actions.add(new Action(Symbol.SHELL, texts.get("action.shell"), new Deed.Login(name), "", ""));
                actions.add(inject(Symbol.KILL, "action.kill", new Fault.MachineKill(name), ""));
                actions.add(inject(Symbol.STOP, "action.stop", new Fault.MachineStop(name), ""));
                actions.add(inject(Symbol.PAUSE, "action.pause", new Fault.MachinePause(name, Optional.empty()), ""));
                Set<String> others = snapshot.machines().stream()
                        .map(m -> m.machine().name())
                        .filter(n -> !n.equals(name))
                        .collect(Collectors.toSet());
                if (!others.isEmpty()
                        && !TopologyBuilder.sides(snapshot.faults()).containsKey(name)) {
                    actions.add(inject(
                            Symbol.CUT,
                            "action.cut",
                            new Fault.NetworkPartition(List.of(Set.of(name), others), Optional.empty()),
                            ""));
                }
            }
            case PAUSED -> actions.add(inject(Symbol.RESUME, "action.unpause", new Fault.MachineUnpause(name), ""));
            case STOPPED, KILLED -> actions.add(inject(Symbol.START, "action.start", new Fault.MachineStart(name), ""));
        }
        if (TopologyBuilder.sides(snapshot.faults()).containsKey(name)) {
            snapshot.faults().stream()
                    .filter(fault -> fault.target() instanceof Target.OfGroups of && of.hits(name))
                    .forEach(fault -> actions.add(heal(fault)));
        }
        actions.add(inject(
                Symbol.REMOVE, "action.remove", new Fault.MachineRemove(name), texts.get("confirm.remove", name)));
        return actions;
    }

    private static Optional<TaskView> task(ClusterSnapshot snapshot, String taskId) {
        return snapshot.swarm()
                .flatMap(s ->
                        s.tasks().stream().filter(t -> t.id().equals(taskId)).findFirst());
    }

    private Inspection task(ClusterSnapshot snapshot, TaskView task) {
        List<Section> sections = new ArrayList<>();
        List<Fact> facts = new ArrayList<>();
        facts.add(fact("service", task.serviceName()));
        facts.add(fact("machine", task.nodeHostname().isEmpty() ? "–" : task.nodeHostname()));
        facts.add(fact(
                "state",
                state(task) + " ("
                        + texts.get(
                                "inspect.desired",
                                sentences.word(
                                        task.desiredState(), task.unknownWords().getOrDefault("desiredState", "")))
                        + ")"));
        Duration age = Duration.between(task.since(), snapshot.time());
        facts.add(fact("since", Texts.clock(age.isNegative() ? Duration.ZERO : age)));
        new TreeMap<>(task.addresses()).forEach((network, address) -> facts.add(new Fact(network, address)));
        if (!task.error().isEmpty()) {
            facts.add(fact("error", task.error()));
        } else if (!task.message().isEmpty()) {
            facts.add(fact("message", task.message()));
        }
        sections.add(new Section(texts.get("inspect.facts"), facts));
        instance(snapshot, task)
                .ifPresent(i -> sections.add(new Section(
                        texts.get("inspect.catalog"),
                        List.of(
                                fact("instance", i.id()),
                                fact(
                                        "health",
                                        sentences.word(
                                                i.status(), i.unknownWords().getOrDefault("status", ""))),
                                fact("node", i.node())))));
        snapshot.swarm()
                .flatMap(s -> s.service(task.serviceName()))
                .ifPresent(s -> sections.add(new Section(
                        texts.get("inspect.service"), List.of(fact("image", s.image()), fact("replicas", wanted(s))))));
        Tone tone = snapshot.machine(task.nodeHostname())
                .map(m -> TaskChips.tone(task, m))
                .orElse(Tone.WAITING);
        return new Inspection(
                texts.get("inspect.task"),
                task.name(),
                texts.getOr("task." + task.state().word(), () -> state(task)),
                tone,
                sections,
                containerActions(snapshot, task.nodeHostname(), task.containerId()),
                logs(task.nodeHostname(), task.containerId()));
    }

    private static Optional<ConsulInstance> instance(ClusterSnapshot snapshot, TaskView task) {
        return snapshot.consul()
                .flatMap(c -> c.services().values().stream()
                        .flatMap(List::stream)
                        .filter(i -> task.addresses().containsValue(i.address())
                                && !i.service().equals("consul"))
                        .findFirst());
    }

    private static Optional<LogTarget> logs(String machine, String containerId) {
        return machine.isEmpty() || containerId.isEmpty()
                ? Optional.empty()
                : Optional.of(new LogTarget(machine, containerId));
    }

    /** What can be done to a container. */
    public List<Action> containerActions(ClusterSnapshot snapshot, String machine, String containerId) {
        ContainerState state = snapshot.machine(machine)
                .filter(m -> m.machine().state() == Machine.State.RUNNING)
                .flatMap(m -> m.containers().stream()
                        .filter(c -> !containerId.isEmpty() && c.id().equals(containerId))
                        .findFirst())
                .map(ContainerView::state)
                .orElse(ContainerState.UNKNOWN);
        if (state == ContainerState.RUNNING) {
            return List.of(
                    inject(Symbol.KILL, "action.container.kill", new Fault.ContainerKill(machine, containerId), ""),
                    inject(
                            Symbol.PAUSE,
                            "action.container.pause",
                            new Fault.ContainerPause(machine, containerId, CONTAINER_PAUSE_LEASE),
                            ""));
        }
        if (state == ContainerState.PAUSED) {
            return snapshot.faults().stream()
                    .filter(f -> f.fault() instanceof Fault.ContainerPause
                            && f.target() instanceof Target.OfContainer of
                            && of.machine().equals(machine)
                            && of.id().equals(containerId))
                    .map(this::heal)
                    .toList();
        }
        return List.of();
    }

    private Optional<Inspection> container(ClusterSnapshot snapshot, Selection.OfContainer of) {
        return snapshot.machine(of.machine())
                .flatMap(m -> m.containers().stream()
                        .filter(c -> c.id().equals(of.containerId()))
                        .findFirst())
                .map(c -> {
                    List<Fact> facts = new ArrayList<>();
                    facts.add(fact("machine", of.machine()));
                    facts.add(fact("image", c.image()));
                    facts.add(fact("state", c.status().isEmpty() ? state(c) : c.status()));
                    c.addresses().forEach((network, address) -> facts.add(new Fact(network, address)));
                    return new Inspection(
                            texts.get("inspect.container"),
                            c.name().replaceFirst("^/", ""),
                            state(c),
                            c.state() == ContainerState.RUNNING ? Tone.GOOD : Tone.NEUTRAL,
                            List.of(new Section(texts.get("inspect.facts"), facts)),
                            containerActions(snapshot, of.machine(), of.containerId()),
                            logs(of.machine(), of.containerId()));
                });
    }

    private static String wanted(ServiceView service) {
        return service.running() + " / " + service.replicas();
    }

    private Inspection service(ClusterSnapshot snapshot, ServiceView service) {
        List<Section> sections = new ArrayList<>();
        List<Fact> facts = new ArrayList<>();
        facts.add(fact("image", service.image()));
        facts.add(fact("mode", texts.get(service.global() ? "inspect.global" : "inspect.replicated")));
        facts.add(fact("replicas", wanted(service)));
        if (!service.ports().isEmpty()) {
            facts.add(fact(
                    "ports",
                    new TreeMap<>(service.ports())
                            .entrySet().stream()
                                    .map(e -> e.getKey() + " → " + e.getValue())
                                    .collect(Collectors.joining(", "))));
        }
        if (!service.networks().isEmpty()) {
            facts.add(fact("networks", String.join(", ", service.networks())));
        }
        if (!service.constraints().isEmpty()) {
            facts.add(fact("constraints", String.join("\n", service.constraints())));
        }
        if (!service.labels().isEmpty()) {
            facts.add(fact("labels", joined(service.labels())));
        }
        if (service.updateState() != UpdateState.NONE) {
            facts.add(fact(
                    "update",
                    sentences.word(service.updateState(), service.unknownWords().getOrDefault("updateState", "")) + " "
                            + service.updateMessage()));
        }
        sections.add(new Section(texts.get("inspect.facts"), facts));
        List<Fact> tasks = snapshot.swarm().stream()
                .flatMap(s -> s.tasksOf(service.name()).stream())
                .filter(t -> t.desiredState() == TaskState.RUNNING || t.desiredState() == TaskState.READY)
                .map(t -> new Fact(t.name(), state(t) + " · " + t.nodeHostname()))
                .toList();
        if (!tasks.isEmpty()) {
            sections.add(new Section(texts.get("inspect.tasks"), tasks));
        }
        boolean complete = service.running() >= service.replicas();
        return new Inspection(
                texts.get("inspect.service"),
                service.name(),
                texts.get("inspect.running", service.running(), service.replicas()),
                complete ? Tone.GOOD : service.running() == 0 ? Tone.BAD : Tone.WAITING,
                sections,
                serviceActions(snapshot, service),
                Optional.empty());
    }

    /** What can be done to a service: by the commands that a person would type, and to one of its tasks. */
    private List<Action> serviceActions(ClusterSnapshot snapshot, ServiceView service) {
        List<Action> actions = new ArrayList<>();
        if (!service.global()) {
            actions.add(type(Symbol.MORE, "action.more", scale(service, service.replicas() + 1)));
            if (service.replicas() > 0) {
                actions.add(type(Symbol.FEWER, "action.fewer", scale(service, service.replicas() - 1)));
            }
        }
        actions.add(type(Symbol.RESTART, "action.restart", "docker service update --force " + service.name()));
        snapshot.swarm().stream()
                .flatMap(swarm -> swarm.tasksOf(service.name()).stream())
                .filter(task -> task.live() && !task.containerId().isEmpty())
                .findFirst()
                .ifPresent(task -> actions.add(inject(
                        Symbol.KILL,
                        "action.task.kill",
                        new Fault.ContainerKill(task.nodeHostname(), task.containerId()),
                        "")));
        return actions;
    }

    private static String scale(ServiceView service, int replicas) {
        return "docker service scale " + service.name() + "=" + replicas;
    }

    private Action type(Symbol symbol, String labelKey, String command) {
        return new Action(symbol, texts.get(labelKey), new Deed.Type(command), "", "");
    }

    private Optional<Inspection> member(ClusterSnapshot snapshot, String name) {
        return snapshot.consul()
                .flatMap(c ->
                        c.members().stream().filter(m -> m.name().equals(name)).findFirst())
                .map(m -> {
                    List<Section> sections = new ArrayList<>();
                    List<Fact> facts = new ArrayList<>();
                    facts.add(fact("address", m.address()));
                    facts.add(fact("machine", m.machine().isEmpty() ? "–" : m.machine()));
                    facts.add(fact("role", texts.get(role(m))));
                    sections.add(new Section(texts.get("inspect.facts"), facts));
                    List<Fact> peers = snapshot.consul().stream()
                            .flatMap(c -> c.peers().stream())
                            .map(p -> new Fact(
                                    p.node(), p.leader() ? texts.get("consul.leader") : texts.get("inspect.follower")))
                            .toList();
                    if (!peers.isEmpty()) {
                        sections.add(new Section(texts.get("inspect.raft"), peers));
                    }
                    Optional<TaskView> task = memberTask(snapshot, m);
                    return new Inspection(
                            texts.get("inspect.member"),
                            m.name(),
                            ConsulPicture.status(m, texts),
                            m.status() == MemberStatus.ALIVE ? Tone.GOOD : Tone.BAD,
                            sections,
                            task.map(t -> containerActions(snapshot, t.nodeHostname(), t.containerId()))
                                    .orElse(List.of()),
                            task.flatMap(t -> logs(t.nodeHostname(), t.containerId())));
                });
    }

    private static String role(ConsulMember member) {
        return member.leader() ? "consul.leader" : member.server() ? "consul.server" : "consul.client";
    }

    private static Optional<TaskView> memberTask(ClusterSnapshot snapshot, ConsulMember member) {
        String host = member.address().replaceFirst(":\\d+$", "");
        return snapshot.swarm()
                .flatMap(s -> s.tasks().stream()
                        .filter(t -> t.live() && t.addresses().containsValue(host))
                        .findFirst());
    }

    private Inspection proxy(ClusterSnapshot snapshot, TraefikView traefik) {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section(
                texts.get("inspect.facts"),
                List.of(fact("machine", traefik.machine()), fact("version", traefik.version()))));
        List<Fact> routers = new ArrayList<>();
        for (TraefikRouter router : traefik.routers()) {
            routers.add(new Fact(router.name(), router.rule() + "\n" + String.join(", ", router.entryPoints())));
        }
        if (!routers.isEmpty()) {
            sections.add(new Section(texts.get("inspect.routers"), routers));
        }
        for (TraefikService service : traefik.services()) {
            if (!service.servers().isEmpty()) {
                sections.add(new Section(
                        texts.get("inspect.servers", service.name()),
                        service.servers().entrySet().stream()
                                .map(e -> new Fact(
                                        e.getKey(),
                                        sentences.word(
                                                e.getValue(),
                                                service.unknownWords().getOrDefault(e.getKey(), ""))))
                                .toList()));
            }
        }
        Optional<TaskView> task = snapshot.swarm()
                .flatMap(s -> s.tasks().stream()
                        .filter(t -> t.live()
                                && t.nodeHostname().equals(traefik.machine())
                                && s.service(t.serviceName())
                                        .map(v -> v.image().contains("traefik"))
                                        .orElse(false))
                        .findFirst());
        return new Inspection(
                texts.get("inspect.proxy"),
                "traefik · " + traefik.machine(),
                texts.get("inspect.routes", traefik.routers().size()),
                Tone.GOOD,
                sections,
                task.map(t -> containerActions(snapshot, t.nodeHostname(), t.containerId()))
                        .orElse(List.of()),
                task.flatMap(t -> logs(t.nodeHostname(), t.containerId())));
    }

    private Action inject(Symbol symbol, String labelKey, Fault fault, String question) {
        return new Action(
                symbol,
                texts.get(labelKey),
                new Deed.Inject(fault),
                question,
                unsupported.getOrDefault(fault.kind(), ""));
    }

    /** The action that cuts the network in some way. */
    public Action cut(Fault fault) {
        return inject(Symbol.CUT, "action.cut", fault, "");
    }

    /** The action that lifts a fault. */
    public Action heal(ActiveFault fault) {
        return new Action(Symbol.HEAL, sentences.undo(fault), new Deed.Heal(fault.id()), "", "");
    }

    /** The action that lets a fault that ends by itself last a minute longer. */
    public Action extend(ActiveFault fault) {
        return new Action(
                Symbol.EXTEND,
                texts.get("action.extend", sentences.title(fault)),
                new Deed.Extend(fault.id(), MINUTE),
                "",
                "");
    }

    /** The action that leads to the cluster as it was before a fault. */
    public Action goBack(ActiveFault fault) {
        return new Action(
                Symbol.GO_BACK, texts.get("action.back", sentences.title(fault)), new Deed.GoBack(fault), "", "");
    }

    private String state(TaskView task) {
        return sentences.word(task.state(), task.unknownWords().getOrDefault("state", ""));
    }

    private String state(ContainerView container) {
        return sentences.word(container.state(), container.unknownWords().getOrDefault("state", ""));
    }

    private Fact fact(String key, String value) {
        return new Fact(texts.get("fact." + key), value);
    }

    private static String joined(Map<String, String> labels) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(e -> e.getValue().isEmpty() ? e.getKey() : e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining("\n"));
    }
}
