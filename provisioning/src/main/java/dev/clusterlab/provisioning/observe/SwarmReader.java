package dev.clusterlab.provisioning.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NetworkView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads every machine's own daemon, and puts the swarm together from the best informed manager. Where no manager knows a
 * leader, the swarm is what was seen last, marked as such.
 */
final class SwarmReader {
    /** Engine time: a manager that looks for a leader may hold a request for 20 s, and nobody should wait for that. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static final String CONTAINERS = "/containers/json?all=true";
    private static final String NETWORKS = "/networks";
    private static final String INFO = "/info";
    private static final String NODES = "/nodes";
    private static final String SERVICES = "/services?status=true";
    private static final String TASKS = "/tasks";

    private final DockerClients docker;

    SwarmReader(DockerClients docker) {
        this.docker = docker;
    }

    /** What one sweep over the daemons brought. {@code published}: TCP ports that plain containers publish. */
    record Seen(List<MachineView> machines, Optional<SwarmView> swarm, List<Published> published) {}

    /** A container's TCP port {@code target} answers on {@code machine} at {@code port}. */
    record Published(String machine, int port, int target, String image) {}

    private record Daemon(
            MachineView view, @Nullable JsonNode nodes, boolean mayLead, String swarmId, List<Published> published) {}

    Seen read(List<Machine> machines, ClusterSnapshot before, PollPlan look) {
        look.answers().ahead(likely(machines, before, look));
        List<Daemon> daemons = machines.stream()
                .map(machine -> readDaemon(machine, before, look))
                .toList();
        var published = new ArrayList<Published>();
        daemons.forEach(d -> published.addAll(d.published()));
        return new Seen(
                daemons.stream().map(Daemon::view).toList(), readSwarm(daemons, before.swarm(), look), published);
    }

    /** What will be asked, unless somebody has become a manager or another manager is to be asked for the swarm. */
    private List<Query<JsonNode>> likely(List<Machine> machines, ClusterSnapshot before, PollPlan look) {
        var questions = new ArrayList<Query<JsonNode>>();
        String source = before.swarm().map(SwarmView::source).orElse("");
        for (Machine machine : machines) {
            if (!reachable(machine)) {
                continue;
            }
            questions.add(ask(machine, CONTAINERS, look.daemons()));
            questions.add(ask(machine, NETWORKS, look.daemons()));
            Optional<MachineView> seen = before.machine(machine.name());
            questions.add(ask(machine, INFO, look.identity(networks(seen))));
            if (seen.map(MachineView::manager).orElse(false)) {
                questions.add(ask(machine, NODES, look.swarm()));
            }
            if (machine.name().equals(source)) {
                questions.add(ask(machine, SERVICES, look.swarm()));
                questions.add(ask(machine, TASKS, look.swarm()));
            }
        }
        return questions;
    }

    private static List<NetworkView> networks(Optional<MachineView> seen) {
        return seen.map(MachineView::networks).orElse(List.of());
    }

    private Query<JsonNode> ask(Machine machine, String path, Query.Freshness freshness) {
        return new Query<>(
                "The Docker daemon of " + machine.name(),
                machine.dockerEndpoint().map(Object::toString).orElse(machine.name()),
                path,
                freshness,
                () -> docker.of(machine).getJson(path, TIMEOUT));
    }

    private static boolean reachable(Machine machine) {
        return machine.state() == Machine.State.RUNNING
                && machine.dockerEndpoint().isPresent();
    }

    /**
     * A manager that looks for a leader tells of its containers at once, and holds back whatever has to do with the swarm,
     * its list of networks too. Then what it said before stands in.
     */
    private Daemon readDaemon(Machine machine, ClusterSnapshot before, PollPlan look) {
        if (!reachable(machine)) {
            return silent(machine, before, "");
        }
        try {
            JsonNode containers = look.answers().get(ask(machine, CONTAINERS, look.daemons()));
            Optional<MachineView> seen = before.machine(machine.name());
            var timeout = new DaemonTimeouts(look);
            List<NetworkView> networks =
                    timeout.get(ask(machine, NETWORKS, look.daemons()), SwarmReader::networks, () -> networks(seen));
            DaemonIdentity identity = timeout.get(
                    ask(machine, INFO, look.identity(networks)),
                    DaemonIdentity::of,
                    () -> DaemonIdentity.of(seen, before));
            @Nullable JsonNode nodes = null;
            if (identity.manager() && !timeout.ended()) {
                try {
                    nodes = look.answers().get(ask(machine, NODES, look.swarm()));
                } catch (LabException e) {
                    timeout.note(e);
                }
            }
            var view = new MachineView(
                    machine,
                    true,
                    identity.version(),
                    identity.nodeId(),
                    identity.localNodeState(),
                    identity.manager(),
                    nodes == null ? "" : leader(nodes),
                    nodes == null ? List.of() : ready(nodes),
                    identity.error().isEmpty() ? timeout.error() : identity.error(),
                    containers(containers),
                    networks);
            return new Daemon(
                    view, nodes, identity.manager(), identity.swarmId(), published(machine.name(), containers));
        } catch (LabException e) {
            return silent(machine, before, String.valueOf(e.getMessage()));
        }
    }

    /** Its containers are those last seen where the machine only sleeps; a machine without power has none running. */
    private static Daemon silent(Machine machine, ClusterSnapshot before, String error) {
        Optional<MachineView> last = before.machine(machine.name());
        boolean answersLate = machine.state() == Machine.State.RUNNING && last.isPresent();
        boolean frozen = machine.state() == Machine.State.PAUSED;
        var view = new MachineView(
                machine,
                false,
                last.map(MachineView::engineVersion).orElse(""),
                last.map(MachineView::nodeId).orElse(""),
                answersLate ? last.get().localNodeState() : LocalNodeState.UNKNOWN,
                answersLate && last.get().manager(),
                "",
                List.of(),
                error,
                answersLate || frozen ? last.map(MachineView::containers).orElse(List.of()) : List.of(),
                last.map(MachineView::networks).orElse(List.of()));
        return new Daemon(view, null, answersLate && last.get().manager(), "", List.of());
    }

    private static String leader(JsonNode nodes) {
        for (JsonNode node : nodes) {
            if (node.path("ManagerStatus").path("Leader").asBoolean()) {
                return hostname(node);
            }
        }
        return "";
    }

    private static List<String> ready(JsonNode nodes) {
        var ready = new ArrayList<String>();
        for (JsonNode node : nodes) {
            if (node.path("Status").path("State").asText().equals("ready")) {
                ready.add(hostname(node));
            }
        }
        ready.sort(Comparator.naturalOrder());
        return ready;
    }

    private static String hostname(JsonNode node) {
        return node.path("Description").path("Hostname").asText("");
    }

    private static List<ContainerView> containers(JsonNode containers) {
        var views = new ArrayList<ContainerView>();
        for (JsonNode container : containers) {
            var addresses = new TreeMap<String, String>();
            container.path("NetworkSettings").path("Networks").properties().forEach(network -> {
                String address = network.getValue().path("IPAddress").asText("");
                if (!address.isEmpty()) {
                    addresses.put(network.getKey(), address);
                }
            });
            String name = container.path("Names").path(0).asText("");
            JsonNode labels = container.path("Labels");
            var unknown = new UnknownWords();
            views.add(new ContainerView(
                    container.path("Id").asText(),
                    name.startsWith("/") ? name.substring(1) : name,
                    container.path("Image").asText(""),
                    unknown.read("state", container.path("State").asText(""), ContainerState::of),
                    container.path("Status").asText(""),
                    labels.path("com.docker.swarm.service.name").asText(""),
                    labels.path("com.docker.swarm.task.id").asText(""),
                    addresses,
                    unknown.words()));
        }
        views.sort(Comparator.comparing(ContainerView::name).thenComparing(ContainerView::id));
        return views;
    }

    private static List<Published> published(String machine, JsonNode containers) {
        var ports = new ArrayList<Published>();
        for (JsonNode container : containers) {
            for (JsonNode port : container.path("Ports")) {
                int publicPort = port.path("PublicPort").asInt(0);
                if (publicPort > 0 && port.path("Type").asText("tcp").equals("tcp")) {
                    ports.add(new Published(
                            machine,
                            publicPort,
                            port.path("PrivatePort").asInt(0),
                            container.path("Image").asText("")));
                }
            }
        }
        ports.sort(Comparator.comparingInt(Published::port).thenComparingInt(Published::target));
        return ports;
    }

    private static List<NetworkView> networks(JsonNode networks) {
        var views = new ArrayList<NetworkView>();
        for (JsonNode network : networks) {
            JsonNode subnet = network.path("IPAM").path("Config").path(0);
            views.add(new NetworkView(
                    network.path("Id").asText(),
                    network.path("Name").asText(),
                    network.path("Driver").asText(),
                    network.path("Scope").asText(),
                    subnet.path("Subnet").asText(""),
                    subnet.path("Gateway").asText("")));
        }
        views.sort(Comparator.comparing(NetworkView::name).thenComparing(NetworkView::id));
        return views;
    }

    private Optional<SwarmView> readSwarm(List<Daemon> daemons, Optional<SwarmView> last, PollPlan look) {
        // The manager that leads knows best; then any that knows a leader, in the order of the machines.
        // What it said of a leader whose machine has just ended is of before; it will find out itself.
        List<Daemon> informed = daemons.stream()
                .filter(d -> d.nodes() != null && !d.view().believedLeader().isEmpty())
                .filter(d -> runs(d.view().believedLeader(), daemons))
                .sorted(Comparator.comparing(d ->
                        !d.view().believedLeader().equals(d.view().machine().name())))
                .toList();
        for (Daemon daemon : informed) {
            Optional<SwarmView> told = ask(daemon, daemons, look);
            if (told.isPresent()) {
                return told;
            }
        }
        boolean anyMember = daemons.stream()
                .anyMatch(d -> !d.view().answering() || d.view().localNodeState() != LocalNodeState.INACTIVE);
        if (last.isEmpty() || !anyMember || daemons.isEmpty()) {
            return Optional.empty();
        }
        SwarmView seen = last.get();
        return Optional.of(new SwarmView(
                seen.id(), seen.source(), false, "", seen.nodes(), seen.services(), seen.tasks(), seen.networks()));
    }

    /** A manager may also be no machine of this lab. */
    private static boolean runs(String hostname, List<Daemon> daemons) {
        return daemons.stream()
                .map(daemon -> daemon.view().machine())
                .filter(machine -> machine.name().equals(hostname))
                .allMatch(machine -> machine.state() == Machine.State.RUNNING);
    }

    private Optional<SwarmView> ask(Daemon daemon, List<Daemon> daemons, PollPlan look) {
        JsonNode nodes = daemon.nodes();
        if (nodes == null) {
            return Optional.empty();
        }
        try {
            Machine machine = daemon.view().machine();
            var services = ask(machine, SERVICES, look.swarm());
            var tasks = ask(machine, TASKS, look.swarm());
            look.answers().ahead(List.of(services, tasks));
            return Optional.of(assemble(
                    daemon,
                    daemons,
                    nodes,
                    look.answers().get(services),
                    look.answers().get(tasks)));
        } catch (LabException e) {
            return Optional.empty();
        }
    }

    static SwarmView assemble(MachineView source, String id, JsonNode nodes, JsonNode services, JsonNode tasks) {
        return assemble(new Daemon(source, nodes, true, id, List.of()), List.of(), nodes, services, tasks);
    }

    private static SwarmView assemble(
            Daemon daemon, List<Daemon> daemons, JsonNode nodes, JsonNode services, JsonNode tasks) {
        List<NodeView> nodeViews = nodes(nodes);
        var hostnames = new HashMap<String, NodeView>();
        nodeViews.forEach(n -> hostnames.put(n.id(), n));
        var networks = new LinkedHashMap<String, NetworkView>();
        List<NetworkView> own = daemon.view().networks();
        own.stream().filter(n -> n.scope().equals("swarm")).forEach(n -> networks.put(n.id(), n));
        // A worker lists an overlay network only once it uses it, so the managers' lists are the whole.
        daemons.stream()
                .filter(Daemon::mayLead)
                .flatMap(d -> d.view().networks().stream())
                .filter(n -> n.scope().equals("swarm"))
                .forEach(n -> networks.putIfAbsent(n.id(), n));

        var serviceNames = new HashMap<String, String>();
        for (JsonNode service : services) {
            serviceNames.put(
                    service.path("ID").asText(),
                    service.path("Spec").path("Name").asText());
        }
        List<TaskView> taskViews = tasks(tasks, hostnames, serviceNames);
        var running = new HashMap<String, Integer>();
        var wanted = new HashMap<String, Integer>();
        for (TaskView task : taskViews) {
            if (task.live()) {
                running.merge(task.serviceId(), 1, Integer::sum);
            }
            if (task.desiredState() == TaskState.RUNNING) {
                wanted.merge(task.serviceId(), 1, Integer::sum);
            }
        }
        var serviceViews = new ArrayList<ServiceView>();
        for (JsonNode service : services) {
            serviceViews.add(service(service, networks, running, wanted));
        }
        serviceViews.sort(Comparator.comparing(ServiceView::name).thenComparing(ServiceView::id));
        return new SwarmView(
                daemon.swarmId(),
                daemon.view().machine().name(),
                true,
                leader(nodes),
                nodeViews,
                serviceViews,
                taskViews,
                networks.values().stream()
                        .sorted(Comparator.comparing(NetworkView::name))
                        .toList());
    }

    private static List<NodeView> nodes(JsonNode nodes) {
        var views = new ArrayList<NodeView>();
        for (JsonNode node : nodes) {
            JsonNode status = node.path("Status");
            JsonNode manager = node.path("ManagerStatus");
            var unknown = new UnknownWords();
            views.add(new NodeView(
                    node.path("ID").asText(),
                    hostname(node),
                    status.path("Addr").asText(""),
                    unknown.read("role", node.path("Spec").path("Role").asText("worker"), NodeRole::of),
                    unknown.read("state", status.path("State").asText(""), NodeState::of),
                    unknown.read(
                            "availability",
                            node.path("Spec").path("Availability").asText("active"),
                            Availability::of),
                    manager.path("Leader").asBoolean(),
                    unknown.read("reachability", manager.path("Reachability").asText(""), SwarmReader::reachability),
                    status.path("Message").asText(""),
                    texts(node.path("Spec").path("Labels")),
                    unknown.words()));
        }
        views.sort(Comparator.comparing(NodeView::hostname).thenComparing(NodeView::id));
        return views;
    }

    private static ServiceView service(
            JsonNode service,
            Map<String, NetworkView> networks,
            Map<String, Integer> running,
            Map<String, Integer> wantedByTasks) {
        JsonNode spec = service.path("Spec");
        JsonNode template = spec.path("TaskTemplate");
        boolean global = spec.path("Mode").has("Global");
        String id = service.path("ID").asText();
        var ports = new TreeMap<Integer, Integer>();
        JsonNode known = service.path("Endpoint").path("Ports");
        for (JsonNode port : known.isArray() && !known.isEmpty()
                ? known
                : spec.path("EndpointSpec").path("Ports")) {
            if (port.path("Protocol").asText("tcp").equals("tcp")
                    && port.path("PublishedPort").asInt(0) > 0) {
                ports.put(
                        port.path("PublishedPort").asInt(),
                        port.path("TargetPort").asInt());
            }
        }
        var attached = new ArrayList<String>();
        JsonNode targets = template.path("Networks").isEmpty() ? spec.path("Networks") : template.path("Networks");
        for (JsonNode network : targets) {
            String target = network.path("Target").asText();
            NetworkView view = networks.get(target);
            attached.add(view == null ? target : view.name());
        }
        var constraints = new ArrayList<String>();
        template.path("Placement").path("Constraints").forEach(c -> constraints.add(c.asText()));
        int replicas = global
                ? service.path("ServiceStatus").path("DesiredTasks").asInt(wantedByTasks.getOrDefault(id, 0))
                : spec.path("Mode").path("Replicated").path("Replicas").asInt(1);
        var unknown = new UnknownWords();
        return new ServiceView(
                id,
                spec.path("Name").asText(),
                withoutDigest(template.path("ContainerSpec").path("Image").asText("")),
                global,
                replicas,
                running.getOrDefault(id, 0),
                ports,
                attached,
                constraints,
                texts(spec.path("Labels")),
                unknown.read(
                        "updateState",
                        service.path("UpdateStatus").path("State").asText(""),
                        SwarmReader::updateState),
                service.path("UpdateStatus").path("Message").asText(""),
                unknown.words());
    }

    private static List<TaskView> tasks(JsonNode tasks, Map<String, NodeView> nodes, Map<String, String> serviceNames) {
        record Created(TaskView view, String at) {}
        var found = new ArrayList<Created>();
        for (JsonNode task : tasks) {
            JsonNode status = task.path("Status");
            String nodeId = task.path("NodeID").asText("");
            NodeView node = nodes.get(nodeId);
            var unknown = new UnknownWords();
            TaskState state = unknown.read("state", status.path("State").asText(""), TaskState::of);
            TaskState desired =
                    unknown.read("desiredState", task.path("DesiredState").asText(""), TaskState::of);
            var addresses = new TreeMap<String, String>();
            for (JsonNode attachment : task.path("NetworksAttachments")) {
                String address = attachment.path("Addresses").path(0).asText("");
                if (!address.isEmpty()) {
                    int slash = address.indexOf('/');
                    addresses.put(
                            attachment.path("Network").path("Spec").path("Name").asText(""),
                            slash < 0 ? address : address.substring(0, slash));
                }
            }
            String serviceId = task.path("ServiceID").asText("");
            boolean live = state == TaskState.RUNNING
                    && desired == TaskState.RUNNING
                    && node != null
                    && node.state() != NodeState.DOWN;
            var view = new TaskView(
                    task.path("ID").asText(),
                    serviceId,
                    serviceNames.getOrDefault(serviceId, serviceId),
                    task.path("Slot").asInt(0),
                    nodeId,
                    node == null ? "" : node.hostname(),
                    state,
                    desired,
                    status.path("Message").asText(""),
                    status.path("Err").asText(""),
                    status.path("ContainerStatus").path("ContainerID").asText(""),
                    instant(status.path("Timestamp").asText("")),
                    addresses,
                    live,
                    unknown.words());
            found.add(new Created(view, task.path("CreatedAt").asText("")));
        }
        found.sort(Comparator.comparing((Created c) -> c.view().serviceName())
                .thenComparing(c -> c.view().slot())
                .thenComparing(c -> c.view().slot() > 0 ? "" : c.view().nodeHostname())
                .thenComparing(c -> instant(c.at()))
                .thenComparing(c -> c.view().id()));
        return found.stream().map(Created::view).toList();
    }

    private static Instant instant(String text) {
        try {
            return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /** {@code traefik:v3@sha256:…} → {@code traefik:v3}. */
    private static String withoutDigest(String image) {
        int digest = image.indexOf('@');
        return digest < 0 ? image : image.substring(0, digest);
    }

    private static Map<String, String> texts(JsonNode object) {
        var map = new TreeMap<String, String>();
        object.properties().forEach(e -> map.put(e.getKey(), e.getValue().asText()));
        return map;
    }

    private static Reachability reachability(String word) {
        return word.isEmpty() ? Reachability.NONE : Reachability.of(word);
    }

    private static UpdateState updateState(String word) {
        return word.isEmpty() ? UpdateState.NONE : UpdateState.of(word);
    }
}
