package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.observe.Availability;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NetworkView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ContainerState;
import dev.clusterlab.provisioning.observe.DaemonAnswers.Containers;
import dev.clusterlab.provisioning.observe.DaemonAnswers.Published;
import dev.clusterlab.provisioning.observe.DaemonAnswers.ServiceAnswer;
import dev.clusterlab.provisioning.observe.DaemonAnswers.TaskAnswer;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.Reachability;
import dev.clusterlab.provisioning.observe.TaskState;
import dev.clusterlab.provisioning.observe.UpdateState;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The simulated daemons' records as the observer's: what its reader over the protocol makes of their JSON. */
final class SwarmRecords {
    private SwarmRecords() {}

    static Containers containers(String machine, List<Container.Summary> containers) {
        var views = new ArrayList<ContainerView>();
        var published = new ArrayList<Published>();
        for (Container.Summary container : containers) {
            var addresses = new TreeMap<String, String>();
            container.networkSettings().networks().forEach((network, end) -> {
                if (!end.ipAddress().isEmpty()) {
                    addresses.put(network, end.ipAddress());
                }
            });
            String name = container.names().isEmpty() ? "" : container.names().getFirst();
            views.add(new ContainerView(
                    container.id(),
                    name.startsWith("/") ? name.substring(1) : name,
                    container.image(),
                    ContainerState.of(container.state()),
                    container.status(),
                    container.labels().getOrDefault("com.docker.swarm.service.name", ""),
                    container.labels().getOrDefault("com.docker.swarm.task.id", ""),
                    addresses,
                    Map.of()));
            for (Container.PortSummary port : container.ports()) {
                Integer open = port.publicPort();
                if (open != null && open > 0 && port.type().equals("tcp")) {
                    published.add(new Published(machine, open, port.privatePort(), container.image()));
                }
            }
        }
        views.sort(Comparator.comparing(ContainerView::name).thenComparing(ContainerView::id));
        published.sort(Comparator.comparingInt(Published::port).thenComparingInt(Published::target));
        return new Containers(views, published);
    }

    static List<NetworkView> networks(List<Network> networks) {
        return networks.stream()
                .map(network -> new NetworkView(
                        network.id(),
                        network.name(),
                        network.driver(),
                        network.scope(),
                        network.subnet(),
                        gateway(network)))
                .sorted(Comparator.comparing(NetworkView::name).thenComparing(NetworkView::id))
                .toList();
    }

    private static String gateway(Network network) {
        List<Network.IpamConfig> configurations = network.ipam().config();
        return configurations == null || configurations.isEmpty()
                ? ""
                : text(configurations.getFirst().gateway());
    }

    static NodeView node(Node node, Node.@Nullable ManagerStatus manager) {
        return new NodeView(
                node.id(),
                node.hostname(),
                node.status().addr(),
                NodeRole.of(node.spec().role()),
                NodeState.of(node.status().state()),
                Availability.of(node.spec().availability()),
                manager != null && Boolean.TRUE.equals(manager.leader()),
                manager == null ? Reachability.NONE : Reachability.of(manager.reachability()),
                text(node.status().message()),
                node.spec().labels(),
                Map.of());
    }

    static ServiceAnswer service(Service service) {
        ServiceSpec spec = service.spec();
        TaskSpec template = spec.taskTemplate();
        var ports = new TreeMap<Integer, Integer>();
        for (ServiceSpec.Port port : service.ports().isEmpty() ? spec.ports() : service.ports()) {
            if (port.protocolOrTcp().equals("tcp") && port.published() > 0) {
                ports.put(port.published(), port.target());
            }
        }
        TaskSpec.Placement placement = template.placement();
        List<String> constraints =
                placement == null || placement.constraints() == null ? List.of() : placement.constraints();
        Service.ServiceStatus numbers = service.serviceStatus();
        OptionalInt replicas = !spec.isGlobal()
                ? OptionalInt.of((int) spec.replicas())
                : numbers == null ? OptionalInt.empty() : OptionalInt.of((int) numbers.desiredTasks());
        Service.UpdateStatus update = service.updateStatus();
        return new ServiceAnswer(
                service.id(),
                spec.name(),
                template.containerSpec() == null ? "" : template.containerSpec().image(),
                spec.isGlobal(),
                replicas,
                ports,
                spec.attachments().stream()
                        .map(TaskSpec.NetworkAttachment::target)
                        .toList(),
                constraints,
                spec.labels(),
                update == null || update.state().isEmpty() ? UpdateState.NONE : UpdateState.of(update.state()),
                update == null ? "" : update.message(),
                Map.of());
    }

    static TaskAnswer task(Task task) {
        Task.Status status = task.status();
        var addresses = new TreeMap<String, String>();
        for (Task.Attachment attachment : task.attachments()) {
            if (!attachment.addresses().isEmpty()) {
                addresses.put(attachment.network().spec().name(), attachment.address());
            }
        }
        return new TaskAnswer(
                task.id(),
                task.serviceId(),
                (int) task.slotNumber(),
                text(task.nodeId()),
                TaskState.of(status.state().text()),
                TaskState.of(task.desiredState().text()),
                text(status.message()),
                text(status.err()),
                status.containerStatus() == null
                        ? ""
                        : text(status.containerStatus().containerId()),
                instant(status.timestamp()),
                instant(task.meta().createdAt()),
                Map.copyOf(addresses),
                Map.of());
    }

    private static Instant instant(@Nullable String text) {
        return text == null || text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
