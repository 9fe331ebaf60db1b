package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterEvent.Severity;
import dev.clusterlab.provisioning.observe.Group;
import dev.clusterlab.provisioning.observe.NodeState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes stories of events: those of one cause become one, and a newer one about the same subject takes the place of the older.
 * Depends on nothing but what it is given, in that order. Not thread-safe.
 */
final class Stories {
    /** Within so much engine time what belongs together is one story. */
    private static final Duration TOGETHER = Duration.ofSeconds(10);

    private static final int REMEMBERED_MAX = 5_000;

    /** Consul registers itself under this name; that it does is no news. */
    private static final String CONSUL_ITSELF = "consul";

    /** What a story is about: at a time only one of each is worth telling. */
    record Topic(About about, String name) {}

    enum About {
        MACHINES,
        MACHINE,
        CUT,
        CONTAINER,
        SWARM,
        CONSUL,
        MANAGERS,
        JOINED,
        ROLES,
        NODES_LOST,
        NODES_BACK,
        UNHEARD,
        NODE,
        LABELS,
        NETWORK,
        SERVICE,
        SERVICES_REMOVED,
        MOVED,
        FAILED,
        WAITING,
        AGENTS,
        AGENTS_LOST,
        AGENTS_FORGOTTEN,
        INSTANCES,
        ROUTES,
        ROUTES_GONE,
        SERVERS,
        TRAEFIK,
        RUN
    }

    /**
     * A story as far as it goes.
     *
     * @param explained numbers of the events that its reasons tell
     * @param number grows with each story, and with each event that a story grows by
     */
    record Draft(Topic topic, Story story, Reasons.Found reasons, List<Long> events, Duration at, long number) {
        Draft {
            events = List.copyOf(events);
        }

        Telling telling() {
            return new Telling(story, reasons.chain(), events, at);
        }

        /** Whether another one tells all of this one, in its sentence or as its reason. */
        boolean toldBy(Draft other) {
            return events.stream()
                    .allMatch(n -> other.events.contains(n)
                            || other.reasons.explained().contains(n));
        }
    }

    private final Reasons reasons = new Reasons();
    private final Deque<ClusterEvent> remembered = new ArrayDeque<>();
    private final Map<Topic, Draft> newest = new LinkedHashMap<>();
    private final Map<Group, ClusterEvent> whyLeaderless = new EnumMap<>(Group.class);
    private final Map<Group, String> lastLeader = new EnumMap<>(Group.class);
    private final Map<String, Integer> tasksOn = new HashMap<>();
    private final Set<String> nodesLost = new HashSet<>();
    private final Set<String> begun = new HashSet<>();
    private final Map<String, String> startedOn = new HashMap<>();
    private final Map<String, Integer> goodInstances = new HashMap<>();
    private final Map<String, Integer> goodServers = new HashMap<>();
    private final List<Draft> changed = new ArrayList<>();
    private final Set<Topic> over = new LinkedHashSet<>();
    private Scene before = Scene.NOTHING;
    private Scene scene = Scene.NOTHING;
    private long number;

    /**
     * Takes what happened until a moment.
     *
     * @param events oldest first
     * @param now how things stand after them
     */
    Heard hear(List<ClusterEvent> events, Scene now) {
        changed.clear();
        over.clear();
        before = scene;
        scene = now;
        events.forEach(this::remember);
        // How many tasks of a service run is part of why they do: what happened to them is told first.
        events.stream()
                .sorted(Comparator.comparing(ClusterEvent.ServiceRunning.class::isInstance))
                .forEach(this::hear);
        tasksOn.clear();
        now.machines().forEach(machine -> tasksOn.put(machine.name(), machine.tasks()));
        return new Heard(List.copyOf(index(changed).values()), Set.copyOf(over));
    }

    /**
     * What came of events.
     *
     * @param drafts stories that are new or have grown, in the order in which they did
     * @param over topics of stories that are not true any more
     */
    record Heard(List<Draft> drafts, Set<Topic> over) {}

    private static Map<Topic, Draft> index(List<Draft> drafts) {
        Map<Topic, Draft> last = new LinkedHashMap<>();
        for (Draft draft : drafts) {
            last.remove(draft.topic());
            last.put(draft.topic(), draft);
        }
        return last;
    }

    Scene scene() {
        return scene;
    }

    private void remember(ClusterEvent event) {
        reasons.add(event);
        remembered.add(event);
        if (remembered.size() > REMEMBERED_MAX) {
            reasons.remove(remembered.remove());
        }
    }

    // --- one event

    private void hear(ClusterEvent event) {
        switch (event) {
            case ClusterEvent.FaultBegan e -> began(e);
            // The row of faults says how long it is.
            case ClusterEvent.FaultExtended e -> {}
            case ClusterEvent.FaultEnded e -> ended(e);
            case ClusterEvent.RepeatabilityLost e -> say(About.RUN, "", new Story.RepeatabilityLost(), e);
            case ClusterEvent.MachineCreated e ->
                grow(
                        About.MACHINES,
                        "",
                        new Story.MachinesMade(List.of(e.machine())),
                        e,
                        (was, is) -> new Story.MachinesMade(union(was.machines(), is.machines())));
            case ClusterEvent.MachineStateChanged e -> machine(e);
            case ClusterEvent.MachineRemoved e ->
                say(About.MACHINE, e.machine(), new Story.MachineGone(e.machine(), false), e);
            case ClusterEvent.SwarmFormed e -> {
                lastLeader.put(Group.SWARM, e.leader());
                say(About.SWARM, "", new Story.SwarmBegan(e.leader()), e);
            }
            case ClusterEvent.GroupSilent e -> say(about(e.group()), "", new Story.GroupSilent(e.group()), e);
            case ClusterEvent.LeaderChanged e -> leader(e);
            case ClusterEvent.QuorumLost e -> {
                whyLeaderless.put(Group.SWARM, e);
                Reasons.Found down =
                        reasons.ofMachines(scene.managerNames(), e.stamp().at());
                say(
                        About.SWARM,
                        "",
                        new Story.QuorumLost(e.answering(), e.managers(), e.needed()),
                        e,
                        down.chain().isEmpty() ? reasons.of(e) : down);
            }
            case ClusterEvent.QuorumRegained e -> say(About.SWARM, "", new Story.QuorumBack(), e);
            case ClusterEvent.NodeJoined e -> joined(e);
            case ClusterEvent.NodeStateChanged e -> node(e);
            case ClusterEvent.NodeRoleChanged e -> role(e);
            case ClusterEvent.NodeAvailabilityChanged e ->
                say(
                        About.NODE,
                        e.node().name(),
                        new Story.AvailabilityChanged(e.node().name(), e.after()),
                        e);
            case ClusterEvent.ManagerUnreachable e -> unreachable(e);
            case ClusterEvent.NodeLabelsChanged e ->
                grow(
                        About.LABELS,
                        e.labels().toString(),
                        new Story.NodesLabelled(List.of(e.node().name()), e.labels()),
                        e,
                        (was, is) -> new Story.NodesLabelled(union(was.nodes(), is.nodes()), is.labels()));
            case ClusterEvent.NodeLeft e -> left(e);
            case ClusterEvent.NetworkCreated e -> {
                // The one that every swarm begins with is no news.
                if (!e.network().name().equals("ingress")) {
                    say(
                            About.NETWORK,
                            e.network().name(),
                            new Story.NetworkMade(e.network().name(), e.subnet()),
                            e);
                }
            }
            case ClusterEvent.NetworkRemoved e ->
                say(
                        About.NETWORK,
                        e.network().name(),
                        new Story.NetworkRemoved(e.network().name()),
                        e);
            case ClusterEvent.OfService e -> service(e);
            case ClusterEvent.OfTask e -> task(e);
            case ClusterEvent.OfMember e -> member(e);
            case ClusterEvent.OfInstance e -> instance(e);
            case ClusterEvent.TraefikSilent e -> say(About.TRAEFIK, "", new Story.TraefikSilent(), e);
            // One Traefik of several is told of by what it sends where.
            case ClusterEvent.OfTraefik e -> {}
            case ClusterEvent.OfRouter e -> router(e);
            case ClusterEvent.OfServer e -> server(e);
        }
    }

    private void began(ClusterEvent.FaultBegan event) {
        ActiveFault fault = event.fault();
        switch (fault.target()) {
            case Target.OfGroups of ->
                say(About.CUT, fault.id(), new Story.NetworkCut(of.groups(), of.oneWay()), event);
            case Target.OfContainer of ->
                say(About.CONTAINER, of.id(), new Story.ContainerHit(of, fault.kind()), event);
            case Target.OfLinks _, Target.OfRing _ ->
                say(About.CUT, fault.id(), new Story.NetworkTroubled(fault), event);
            // The machine's own change, and the end of the cut, say it.
            case Target.OfMachine of -> {}
            case Target.OfNetwork of -> {}
        }
    }

    private void ended(ClusterEvent.FaultEnded event) {
        ActiveFault fault = event.fault();
        switch (fault.target()) {
            case Target.OfWays _ -> say(About.CUT, fault.id(), new Story.NetworkMended(scene.cuts() == 0), event);
            case Target.OfContainer of -> {
                if (fault.kind() == FaultKind.CONTAINER_PAUSE) {
                    say(About.CONTAINER, of.id(), new Story.ContainerFreed(of), event);
                }
            }
            case Target.OfMachine of -> {}
            case Target.OfNetwork of -> {}
        }
    }

    private void machine(ClusterEvent.MachineStateChanged event) {
        int tasks = event.after() == Machine.State.RUNNING ? 0 : tasksOn.getOrDefault(event.machine(), 0);
        say(
                About.MACHINE,
                event.machine(),
                new Story.MachineChanged(event.machine(), event.before(), event.after(), tasks, event.cutOff()),
                event);
    }

    private static About about(Group group) {
        return switch (group) {
            case SWARM -> About.SWARM;
            case CONSUL -> About.CONSUL;
        };
    }

    private void leader(ClusterEvent.LeaderChanged event) {
        Group group = event.group();
        if (event.after().isEmpty()) {
            whyLeaderless.put(group, event);
            lastLeader.put(group, event.before());
            say(about(group), "", new Story.LeaderLost(group, event.before()), event);
            return;
        }
        String last = event.before().isEmpty() ? lastLeader.getOrDefault(group, "") : event.before();
        lastLeader.put(group, event.after());
        ClusterEvent lost = whyLeaderless.remove(group);
        Reasons.Found why =
                reasons.of(lost == null ? event : lost, event.stamp().at());
        if (group == Group.CONSUL) {
            say(About.CONSUL, "", new Story.ConsulLed(last, event.after()), event, why);
            return;
        }
        Optional<Scene.Side> behind =
                scene.undecided(last).filter(side -> !side.machines().contains(event.after()));
        say(
                About.SWARM,
                "",
                new Story.SwarmLed(
                        last,
                        event.after(),
                        event.quorumWasLost(),
                        scene.electors(event.after()),
                        scene.managers().size(),
                        behind),
                event,
                behind.map(side -> why.after(hears(last, side))).orElse(why));
    }

    private Reason hears(String machine, Scene.Side side) {
        return new Reason.Hears(machine, side.managers(), scene.managers().size(), scene.needed());
    }

    private void joined(ClusterEvent.NodeJoined event) {
        if (scene.leader().equals(event.node().name()) && scene.managers().size() <= 1) {
            // Who began the swarm is told with it.
            return;
        }
        grow(
                About.JOINED,
                event.role().name(),
                new Story.NodesJoined(List.of(event.node().name()), event.role()),
                event,
                (was, is) -> new Story.NodesJoined(union(was.nodes(), is.nodes()), is.role()));
    }

    private void node(ClusterEvent.NodeStateChanged event) {
        String name = event.node().name();
        switch (event.after()) {
            case READY -> {
                if (nodesLost.remove(name)) {
                    over.add(new Topic(About.NODES_LOST, ""));
                    grow(
                            About.NODES_BACK,
                            "",
                            new Story.NodesBack(List.of(name)),
                            event,
                            (was, is) -> new Story.NodesBack(union(was.nodes(), is.nodes())));
                }
            }
            case DOWN, DISCONNECTED -> {
                nodesLost.add(name);
                Reasons.Found found = reasons.of(event);
                boolean alive = scene.runs(name);
                Optional<Scene.Side> side = scene.undecided(name);
                grow(
                        About.NODES_LOST,
                        "",
                        new Story.NodesGivenUp(List.of(name), 0, alive),
                        event,
                        side.filter(s -> s.managers() > 0 && s.machines().contains(name) && manager(name))
                                .map(s -> found.after(hears(name, s)))
                                .orElse(found),
                        (was, is) -> new Story.NodesGivenUp(
                                union(was.nodes(), is.nodes()), was.tasks(), was.alive() && is.alive()));
            }
            case UNKNOWN -> {
                if (event.before() == NodeState.READY && scene.runs(name) && !name.equals(scene.leader())) {
                    grow(
                            About.UNHEARD,
                            "",
                            new Story.NodesUnheard(List.of(name)),
                            event,
                            (was, is) -> new Story.NodesUnheard(union(was.nodes(), is.nodes())));
                }
            }
        }
    }

    private boolean manager(String name) {
        return scene.managerNames().contains(name);
    }

    private void role(ClusterEvent.NodeRoleChanged event) {
        int managers = scene.managers().size();
        grow(
                About.ROLES,
                event.after().name(),
                new Story.RolesChanged(
                        List.of(event.node().name()), event.after(), managers, managers - scene.needed()),
                event,
                (was, is) ->
                        new Story.RolesChanged(union(was.nodes(), is.nodes()), is.role(), is.managers(), is.spare()));
    }

    private void unreachable(ClusterEvent.ManagerUnreachable event) {
        String name = event.node().name();
        if (nodesLost.contains(name)) {
            return;
        }
        grow(
                About.MANAGERS,
                "",
                new Story.ManagersSilent(
                        List.of(name),
                        scene.source(),
                        scene.reached(),
                        scene.managers().size(),
                        scene.needed()),
                event,
                (was, is) -> was.by().equals(is.by())
                        ? new Story.ManagersSilent(
                                union(was.silent(), is.silent()), is.by(), is.reached(), is.managers(), is.needed())
                        : is);
    }

    private void left(ClusterEvent.NodeLeft event) {
        String name = event.node().name();
        nodesLost.remove(name);
        Draft gone = newest.get(new Topic(About.MACHINE, name));
        if (gone != null && gone.story() instanceof Story.MachineGone && together(gone, event)) {
            put(gone.topic(), new Story.MachineGone(name, true), event, gone.reasons(), gone.events());
        } else {
            say(About.NODE, name, new Story.NodeLeft(name), event);
        }
    }

    // --- services and tasks

    private void service(ClusterEvent.OfService event) {
        String name = event.service().name();
        Optional<Scene.ServiceScene> now = scene.service(name);
        switch (event) {
            case ClusterEvent.ServiceCreated e -> {
                begun.add(name);
                int tasks = now.map(Scene.ServiceScene::wanted).orElse(e.replicas());
                say(About.SERVICE, name, new Story.ServiceAsked(name, e.global(), tasks), e);
            }
            case ClusterEvent.ServiceScaled e -> {
                begun.add(name);
                say(About.SERVICE, name, new Story.ServiceScaled(name, e.before(), e.after()), e);
            }
            case ClusterEvent.ServiceImageChanged e ->
                say(About.SERVICE, name, new Story.ImageChanged(name, e.after()), e);
            case ClusterEvent.ServiceUpdateChanged e -> {
                begun.add(name);
                say(About.SERVICE, name, new Story.UpdateChanged(name, e.after()), e);
            }
            case ClusterEvent.ServiceRunning e -> running(e, name);
            case ClusterEvent.ServiceRemoved e ->
                grow(
                        About.SERVICES_REMOVED,
                        "",
                        new Story.ServicesRemoved(List.of(name)),
                        e,
                        (was, is) -> new Story.ServicesRemoved(union(was.services(), is.services())));
        }
    }

    private void running(ClusterEvent.ServiceRunning event, String name) {
        boolean complete = event.running() >= event.wanted();
        boolean updated = changed.stream()
                .anyMatch(draft -> draft.story() instanceof Story.UpdateChanged update
                        && update.service().equals(name));
        if (complete && updated) {
            begun.remove(name);
        } else if (complete && begun.remove(name)) {
            say(
                    About.SERVICE,
                    name,
                    new Story.ServiceRuns(name, event.running(), event.wanted(), onlyNode(name)),
                    event);
        } else if (complete) {
            over.add(new Topic(About.SERVICE, name));
        } else if (changed.stream().noneMatch(draft -> tells(draft.story(), name))) {
            say(About.SERVICE, name, new Story.ServiceShrinks(name, event.running(), event.wanted()), event);
        }
    }

    /** Whether a story says already why tasks of a service do not run. */
    private static boolean tells(Story story, String service) {
        return story instanceof Story.NodesGivenUp
                || (story instanceof Story.TasksFailed failed && failed.tasks().containsKey(service))
                || (story instanceof Story.ServiceScaled scaled
                        && scaled.service().equals(service))
                || (story instanceof Story.ImageChanged image && image.service().equals(service))
                || (story instanceof Story.UpdateChanged update
                        && update.service().equals(service));
    }

    private String onlyNode(String service) {
        boolean one = scene.service(service).filter(s -> s.wanted() == 1).isPresent();
        return one ? startedOn.getOrDefault(service, "") : "";
    }

    private void task(ClusterEvent.OfTask event) {
        String service = serviceOf(event.task().name());
        if (service.isEmpty()) {
            // Of a service that is removed: its end is told with it.
            return;
        }
        Map<String, List<String>> tasks = Map.of(service, List.of(event.task().name()));
        switch (event) {
            case ClusterEvent.TaskStarted e -> {
                startedOn.put(service, e.node());
                if (e.replaces().isEmpty() || begun.contains(service)) {
                    begun.add(service);
                    progress(service, e);
                } else {
                    grow(
                            About.MOVED,
                            "",
                            new Story.TasksMoved(tasks, List.of(e.node()), lacking()),
                            e,
                            (was, is) -> new Story.TasksMoved(
                                    union(was.tasks(), is.tasks()), union(was.to(), is.to()), is.more()));
                }
            }
            case ClusterEvent.TaskFailed e ->
                grow(
                        About.FAILED,
                        "",
                        new Story.TasksFailed(tasks, List.of(e.node()), e.error()),
                        e,
                        (was, is) -> new Story.TasksFailed(
                                union(was.tasks(), is.tasks()),
                                union(was.nodes(), is.nodes()),
                                was.error().equals(is.error()) ? is.error() : ""));
            case ClusterEvent.TaskGivenUp e -> givenUp(e);
            case ClusterEvent.TaskWaiting e ->
                grow(
                        About.WAITING,
                        e.reason(),
                        new Story.TasksWait(tasks),
                        e,
                        new Reasons.Found(List.of(new Reason.InDockersWords(e.reason())), Set.of()),
                        (was, is) -> new Story.TasksWait(union(was.tasks(), is.tasks())));
            case ClusterEvent.TaskAssigned e -> {}
            case ClusterEvent.TaskUnwanted e -> {}
            case ClusterEvent.TaskEnded e -> {}
            case ClusterEvent.TaskForgotten e -> {}
        }
    }

    private void progress(String service, ClusterEvent event) {
        scene.service(service)
                .filter(s -> s.running() < s.wanted())
                .ifPresent(s -> say(
                        About.SERVICE, service, new Story.ServiceRuns(service, s.running(), s.wanted(), ""), event));
    }

    private boolean lacking() {
        return scene.services().stream().anyMatch(service -> service.running() < service.wanted());
    }

    private void givenUp(ClusterEvent.TaskGivenUp event) {
        Draft lost = newest.get(new Topic(About.NODES_LOST, ""));
        if (lost != null
                && lost.story() instanceof Story.NodesGivenUp(List<String> nodes, int tasks, boolean alive)
                && nodes.contains(event.node())
                && together(lost, event)) {
            put(lost.topic(), new Story.NodesGivenUp(nodes, tasks + 1, alive), event, lost.reasons(), lost.events());
        }
    }

    /** The service of a task by the name that it begins with; empty text if there is none now. */
    private String serviceOf(String task) {
        return scene.services().stream()
                .map(Scene.ServiceScene::name)
                .filter(name -> task.startsWith(name + "."))
                .max(Comparator.comparingInt(String::length))
                .orElse("");
    }

    // --- Consul and Traefik

    private void member(ClusterEvent.OfMember event) {
        String name = event.member().name();
        switch (event) {
            case ClusterEvent.MemberJoined e -> agentJoined(name, e);
            case ClusterEvent.MemberStatusChanged e -> {
                switch (e.after()) {
                    case FAILED ->
                        grow(
                                About.AGENTS_LOST,
                                "",
                                new Story.AgentsLost(List.of(name)),
                                e,
                                (was, is) -> new Story.AgentsLost(union(was.agents(), is.agents())));
                    case ALIVE -> agentJoined(name, e);
                    case LEAVING, LEFT, UNKNOWN -> {}
                }
            }
            case ClusterEvent.MemberForgotten e ->
                grow(
                        About.AGENTS_FORGOTTEN,
                        "",
                        new Story.AgentsForgotten(List.of(name)),
                        e,
                        (was, is) -> new Story.AgentsForgotten(union(was.agents(), is.agents())));
        }
    }

    private void agentJoined(String name, ClusterEvent event) {
        Draft consul = newest.get(new Topic(About.CONSUL, ""));
        if (consul != null && consul.story() instanceof Story.GroupSilent) {
            over.add(consul.topic());
        }
        over.add(new Topic(About.AGENTS_LOST, ""));
        over.add(new Topic(About.AGENTS_FORGOTTEN, ""));
        grow(
                About.AGENTS,
                "",
                new Story.AgentsJoined(List.of(name)),
                event,
                (was, is) -> new Story.AgentsJoined(union(was.agents(), is.agents())));
    }

    /** Health comes and goes; told are the first loss, each further one, and when all is as it was. */
    private void instance(ClusterEvent.OfInstance event) {
        String service = event.instance().name();
        if (service.equals(CONSUL_ITSELF)) {
            return;
        }
        Scene.InstanceScene now = scene.instances().getOrDefault(service, Scene.InstanceScene.NONE);
        int healthyBefore = before.instances()
                .getOrDefault(service, Scene.InstanceScene.NONE)
                .healthy();
        boolean fell = now.healthy() < healthyBefore;
        if (fell) {
            goodInstances.putIfAbsent(service, healthyBefore);
        }
        Integer good = goodInstances.get(service);
        boolean again = good != null && now.healthy() >= good;
        if (again) {
            goodInstances.remove(service);
        }
        boolean all = good == null && now.healthy() == now.known() && now.healthy() > healthyBefore;
        if (fell || again || all) {
            grow(
                    About.INSTANCES,
                    service,
                    new Story.InstancesChanged(
                            service,
                            now.healthy(),
                            fell ? Math.max(good == null ? 0 : good, healthyBefore) : now.healthy(),
                            fell),
                    event,
                    (was, is) -> is);
        }
    }

    private void router(ClusterEvent.OfRouter event) {
        String name = withoutProvider(event.router().name());
        if (name.equals(CONSUL_ITSELF)) {
            return;
        }
        switch (event) {
            case ClusterEvent.RouterAdded e -> {
                over.add(new Topic(About.ROUTES_GONE, ""));
                grow(
                        About.ROUTES,
                        "",
                        new Story.RoutesMade(List.of(name)),
                        e,
                        (was, is) -> new Story.RoutesMade(union(was.routers(), is.routers())));
            }
            case ClusterEvent.RouterRemoved e -> {
                over.add(new Topic(About.ROUTES, ""));
                grow(
                        About.ROUTES_GONE,
                        "",
                        new Story.RoutesGone(List.of(name)),
                        e,
                        noneHealthy(name),
                        (was, is) -> new Story.RoutesGone(union(was.routers(), is.routers())));
            }
        }
    }

    private Reasons.Found noneHealthy(String service) {
        boolean none = scene.instances()
                        .getOrDefault(service, Scene.InstanceScene.NONE)
                        .healthy()
                == 0;
        return none ? new Reasons.Found(List.of(new Reason.NoneHealthy(service)), Set.of()) : Reasons.Found.NOTHING;
    }

    /** As with instances: while there are fewer than before, only fewer still is news. */
    private void server(ClusterEvent.OfServer event) {
        String service = event.server().name();
        String name = withoutProvider(service);
        if (name.equals(CONSUL_ITSELF)) {
            return;
        }
        Scene.ServersScene now = scene.servers().getOrDefault(service, Scene.ServersScene.NONE);
        int then =
                before.servers().getOrDefault(service, Scene.ServersScene.NONE).all();
        if (event instanceof ClusterEvent.ServerStatusChanged) {
            grow(About.SERVERS, name, new Story.ServersFail(name, now.down(), now.all()), event, (was, is) -> is);
            return;
        }
        boolean fell = now.all() < then;
        if (fell) {
            goodServers.putIfAbsent(service, then);
        }
        Integer good = goodServers.get(service);
        boolean again = good != null && now.all() >= good;
        if (again) {
            goodServers.remove(service);
        }
        if (fell || again || (good == null && now.all() > then)) {
            grow(About.SERVERS, name, new Story.ServersChanged(name, now.all(), fell), event, (was, is) -> is);
        }
    }

    /** Traefik writes names as {@code name@provider}. */
    private static String withoutProvider(String name) {
        int at = name.indexOf('@');
        return at < 0 ? name : name.substring(0, at);
    }

    // --- drafts

    private void say(About about, String name, Story story, ClusterEvent event) {
        say(about, name, story, event, reasons.of(event));
    }

    private void say(About about, String name, Story story, ClusterEvent event, Reasons.Found why) {
        put(new Topic(about, name), story, event, why, List.of());
    }

    private <S extends Story> void grow(About about, String name, S story, ClusterEvent event, BinaryOperator<S> join) {
        grow(about, name, story, event, reasons.of(event), join);
    }

    /** Adds to the story of this topic if that is of the same kind and not long over; begins one otherwise. */
    private <S extends Story> void grow(
            About about, String name, S story, ClusterEvent event, Reasons.Found why, BinaryOperator<S> join) {
        var topic = new Topic(about, name);
        @Nullable Draft last = newest.get(topic);
        if (last == null || last.story().getClass() != story.getClass() || !together(last, event)) {
            put(topic, story, event, why, List.of());
            return;
        }
        @SuppressWarnings("unchecked")
        S was = (S) last.story();
        List<Reason> chain = why.chain().isEmpty() ? last.reasons().chain() : why.chain();
        var explained = new LinkedHashSet<>(last.reasons().explained());
        explained.addAll(why.explained());
        put(topic, join.apply(was, story), event, new Reasons.Found(chain, explained), last.events());
    }

    private static boolean together(Draft last, ClusterEvent event) {
        return event.stamp().seen().minus(TOGETHER).compareTo(last.at()) <= 0;
    }

    private void put(Topic topic, Story story, ClusterEvent event, Reasons.Found why, List<Long> before) {
        List<Long> events = new ArrayList<>(before);
        events.add(event.number());
        number++;
        // Good news is its own reason, and what was bad before it is long told.
        boolean explained = story.severity() != Severity.GOOD || story.rank().compareTo(Story.Rank.WORK) >= 0;
        var draft = new Draft(
                topic,
                story,
                explained ? why : Reasons.Found.NOTHING,
                events,
                event.stamp().seen(),
                number);
        newest.put(topic, draft);
        changed.add(draft);
    }

    private static List<String> union(List<String> some, List<String> others) {
        var all = new LinkedHashSet<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    private static Map<String, List<String>> union(Map<String, List<String>> some, Map<String, List<String>> others) {
        Map<String, List<String>> all = new LinkedHashMap<>(some);
        others.forEach((service, tasks) -> all.merge(service, tasks, Stories::union));
        return java.util.Collections.unmodifiableMap(all);
    }
}
