package dev.clusterlab.provisioning.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NetworkView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.DaemonAnswers.Published;
import dev.clusterlab.provisioning.observe.DaemonAnswers.ServiceAnswer;
import dev.clusterlab.provisioning.observe.DaemonAnswers.TaskAnswer;
import dev.clusterlab.provisioning.observe.SwarmMerge.Daemon;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Asks every machine's own daemon, and the best informed manager for what managers keep. */
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
    private final SwarmMerge merge = new SwarmMerge();
    private final Orphans orphans = new Orphans();

    SwarmReader(DockerClients docker) {
        this.docker = docker;
    }

    /** {@code now}: engine time since the engine began. */
    SwarmMerge.Seen read(List<Machine> machines, ClusterReader.Parts before, PollPlan plan, Duration now) {
        var seen = new TreeMap<String, MachineView>();
        before.machines().forEach(view -> seen.put(view.machine().name(), view));
        plan.answers().ahead(likely(machines, before, seen, plan));
        String swarmId = before.swarm().map(SwarmView::id).orElse("");
        List<Daemon> daemons = machines.stream()
                .map(machine -> SwarmMerge.daemon(
                        machine,
                        reachable(machine),
                        Optional.ofNullable(seen.get(machine.name())),
                        swarmId,
                        new Asked(machine, plan),
                        plan.inTurn(),
                        now))
                .toList();
        var published = new ArrayList<Published>();
        daemons.forEach(d -> published.addAll(d.published()));
        Optional<SwarmView> swarm = merge.swarm(
                daemons, before.swarm(), daemon -> new Asked(daemon.view().machine(), plan).kept());
        return new SwarmMerge.Seen(
                orphans.marked(daemons.stream().map(Daemon::view).toList(), swarm), swarm, published);
    }

    /** The daemon of one machine, asked over its API. */
    private final class Asked implements DaemonAnswers {
        private final Machine machine;
        private final PollPlan plan;

        Asked(Machine machine, PollPlan plan) {
            this.machine = machine;
            this.plan = plan;
        }

        private JsonNode get(String path, Query.Freshness freshness) {
            return plan.answers().get(ask(machine, path, freshness));
        }

        @Override
        public Containers containers() {
            JsonNode containers = get(CONTAINERS, plan.daemons());
            return new Containers(SwarmReader.containers(containers), published(machine.name(), containers));
        }

        @Override
        public List<NetworkView> networks() {
            return SwarmReader.networks(get(NETWORKS, plan.daemons()));
        }

        @Override
        public DaemonIdentity identity(List<NetworkView> networks) {
            return DaemonIdentity.of(get(INFO, plan.identity(networks)));
        }

        @Override
        public List<NodeView> nodes() {
            return SwarmReader.nodes(get(NODES, plan.swarm()));
        }

        @Override
        public Kept kept() {
            var services = ask(machine, SERVICES, plan.swarm());
            var tasks = ask(machine, TASKS, plan.swarm());
            plan.answers().ahead(List.of(services, tasks));
            return new Kept(
                    services(plan.answers().get(services)), tasks(plan.answers().get(tasks)));
        }
    }

    /** What will be asked, unless somebody has become a manager or another manager is to be asked for the swarm. */
    private List<Query<JsonNode>> likely(
            List<Machine> machines, ClusterReader.Parts before, Map<String, MachineView> known, PollPlan plan) {
        var questions = new ArrayList<Query<JsonNode>>();
        String source = before.swarm().map(SwarmView::source).orElse("");
        for (Machine machine : machines) {
            if (!reachable(machine)) {
                continue;
            }
            questions.add(ask(machine, CONTAINERS, plan.daemons()));
            questions.add(ask(machine, NETWORKS, plan.daemons()));
            Optional<MachineView> seen = Optional.ofNullable(known.get(machine.name()));
            questions.add(ask(machine, INFO, plan.identity(networks(seen))));
            if (seen.map(MachineView::manager).orElse(false)) {
                questions.add(ask(machine, NODES, plan.swarm()));
            }
            if (machine.name().equals(source)) {
                questions.add(ask(machine, SERVICES, plan.swarm()));
                questions.add(ask(machine, TASKS, plan.swarm()));
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

    private static String hostname(JsonNode node) {
        return node.path("Description").path("Hostname").asText("");
    }

    private static List<ContainerView> containers(JsonNode containers) {
        var views = new ArrayList<ContainerView>();
        for (JsonNode container : containers) {
            var unknown = new UnknownWords();
            var addresses = new TreeMap<String, String>();
            container.path("NetworkSettings").path("Networks").properties().forEach(network -> {
                String address = network.getValue().path("IPAddress").asText("");
                if (!address.isEmpty()) {
                    addresses.put(network.getKey(), address);
                }
            });
            String name = container.path("Names").path(0).asText("");
            JsonNode labels = container.path("Labels");
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

    private static List<ServiceAnswer> services(JsonNode services) {
        var answers = new ArrayList<ServiceAnswer>();
        services.forEach(service -> answers.add(service(service)));
        return answers;
    }

    private static ServiceAnswer service(JsonNode service) {
        JsonNode spec = service.path("Spec");
        JsonNode template = spec.path("TaskTemplate");
        boolean global = spec.path("Mode").has("Global");
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
        targets.forEach(network -> attached.add(network.path("Target").asText()));
        var constraints = new ArrayList<String>();
        template.path("Placement").path("Constraints").forEach(c -> constraints.add(c.asText()));
        JsonNode desired = service.path("ServiceStatus").path("DesiredTasks");
        OptionalInt replicas = !global
                ? OptionalInt.of(
                        spec.path("Mode").path("Replicated").path("Replicas").asInt(1))
                : desired.isNumber() ? OptionalInt.of(desired.asInt()) : OptionalInt.empty();
        var unknown = new UnknownWords();
        return new ServiceAnswer(
                service.path("ID").asText(),
                spec.path("Name").asText(),
                template.path("ContainerSpec").path("Image").asText(""),
                global,
                replicas,
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

    private static List<TaskAnswer> tasks(JsonNode tasks) {
        var answers = new ArrayList<TaskAnswer>();
        for (JsonNode task : tasks) {
            JsonNode status = task.path("Status");
            var unknown = new UnknownWords();
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
            answers.add(new TaskAnswer(
                    task.path("ID").asText(),
                    task.path("ServiceID").asText(""),
                    task.path("Slot").asInt(0),
                    task.path("NodeID").asText(""),
                    unknown.read("state", status.path("State").asText(""), TaskState::of),
                    unknown.read("desiredState", task.path("DesiredState").asText(""), TaskState::of),
                    status.path("Message").asText(""),
                    status.path("Err").asText(""),
                    status.path("ContainerStatus").path("ContainerID").asText(""),
                    instant(status.path("Timestamp").asText("")),
                    instant(task.path("CreatedAt").asText("")),
                    addresses,
                    unknown.words()));
        }
        return answers;
    }

    private static Instant instant(String text) {
        try {
            return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
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
