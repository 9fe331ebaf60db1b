package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.swarm.leader.SpecTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a task into the configuration of its container (moby daemon/cluster/executor/container). */
final class TaskContainers {
    private TaskContainers() {}

    static ContainerConfig config(Task task, SwarmNode node) {
        TaskSpec.ContainerSpec spec = task.spec().container();
        var labels = new LinkedHashMap<String, String>();
        if (spec.labels() != null) {
            labels.putAll(spec.labels());
        }
        labels.put("com.docker.swarm.node.id", node.nodeId());
        labels.put("com.docker.swarm.service.id", task.serviceId());
        labels.put("com.docker.swarm.service.name", task.serviceName());
        labels.put("com.docker.swarm.task", "");
        labels.put("com.docker.swarm.task.id", task.id());
        labels.put("com.docker.swarm.task.name", String.valueOf(task.name()));
        var bindings = new LinkedHashMap<String, @Nullable List<ContainerConfig.PortBinding>>();
        for (ServiceSpec.Port port : task.ports()) {
            if (port.host()) {
                bindings.put(
                        port.target() + "/" + port.protocolOrTcp(),
                        List.of(new ContainerConfig.PortBinding(
                                "", port.published() == 0 ? "" : String.valueOf(port.published()))));
            }
        }
        var host = new ContainerConfig.HostConfig(
                null,
                "default",
                bindings.isEmpty() ? null : bindings,
                null,
                null,
                null,
                mounts(spec, task, node),
                hosts(spec),
                task.spec().resources() == null || task.spec().resources().limits() == null
                        ? null
                        : task.spec().resources().limits().memoryBytes(),
                task.spec().resources() == null || task.spec().resources().limits() == null
                        ? null
                        : task.spec().resources().limits().nanoCpus(),
                null,
                null,
                Map.of());
        List<String> env = spec.env() == null
                ? null
                : spec.env().stream()
                        .map(entry -> expandedEntry(entry, task, node))
                        .toList();
        List<String> command = spec.command() == null || spec.command().isEmpty() ? null : spec.command();
        return new ContainerConfig(
                spec.hostname() == null ? null : expand(spec.hostname(), task, node),
                null,
                spec.user(),
                spec.tty(),
                null,
                env,
                spec.args(),
                command,
                spec.image(),
                null,
                spec.dir(),
                labels,
                null,
                spec.stopSignal(),
                null,
                spec.healthcheck(),
                host,
                null);
    }

    private static @Nullable List<TaskSpec.Mount> mounts(TaskSpec.ContainerSpec spec, Task task, SwarmNode node) {
        if (spec.mounts() == null) {
            return null;
        }
        return spec.mounts().stream()
                .map(mount -> new TaskSpec.Mount(
                        mount.type(),
                        mount.source() == null ? null : expand(mount.source(), task, node),
                        mount.target() == null ? null : expand(mount.target(), task, node),
                        mount.readOnly(),
                        mount.bindOptions(),
                        mount.volumeOptions(),
                        mount.tmpfsOptions()))
                .toList();
    }

    /** Services say {@code ADDRESS NAME…}, containers {@code NAME:ADDRESS}. */
    private static @Nullable List<String> hosts(TaskSpec.ContainerSpec spec) {
        if (spec.hosts() == null) {
            return null;
        }
        var hosts = new ArrayList<String>();
        for (String entry : spec.hosts()) {
            List<String> words = List.of(entry.trim().split("\\s+"));
            for (String name : words.subList(1, words.size())) {
                hosts.add(name + ":" + words.get(0));
            }
        }
        return hosts;
    }

    /** Replaces {@code {{.Node.Hostname}}} and the like. Throws an {@link ApiException} on what the task does not have. */
    private static String expand(String text, Task task, SwarmNode node) {
        return SpecTemplate.expand(
                text,
                new SpecTemplate.Values(
                        task.serviceId(),
                        task.serviceName(),
                        task.origin().serviceLabels(),
                        node.nodeId(),
                        node.machine().name(),
                        SwarmNode.ARCHITECTURE,
                        "linux",
                        task.id(),
                        String.valueOf(task.name()),
                        task.slot() == null ? node.nodeId() : String.valueOf(task.slot())));
    }

    /** Templates count in the value of a variable alone. */
    private static String expandedEntry(String entry, Task task, SwarmNode node) {
        int equals = entry.indexOf('=');
        return equals < 0 ? entry : entry.substring(0, equals + 1) + expand(entry.substring(equals + 1), task, node);
    }

    static List<DockerContainer.NetworkPlan> networks(Task task, Dockerd daemon) {
        var plans = new ArrayList<DockerContainer.NetworkPlan>();
        for (Task.Attachment attachment : task.attachments()) {
            String networkId = attachment.network().id();
            String virtualIp = null;
            for (Service.VirtualIp address : task.virtualIps()) {
                if (address.networkId().equals(networkId)) {
                    virtualIp = address.addr().substring(0, address.addr().indexOf('/'));
                }
            }
            boolean ingress = Boolean.TRUE.equals(attachment.network().spec().ingress());
            var names = new ArrayList<String>();
            names.add(task.serviceName());
            names.addAll(attachment.aliases());
            List<ServiceSpec.Port> ports = ingress
                    ? task.ports().stream()
                            .filter(port -> !port.host() && port.protocolOrTcp().equals("tcp"))
                            .toList()
                    : List.of();
            plans.add(new DockerContainer.NetworkPlan(
                    networkId,
                    attachment.network().spec().name(),
                    attachment.aliases(),
                    attachment.addresses().get(0),
                    new OverlayEndpoint.Binding(task.serviceId(), names, virtualIp, ports)));
        }
        if (plans.isEmpty()) {
            Network bridge = daemon.disk().networks.named(LocalNetworks.BRIDGE);
            if (bridge != null) {
                plans.add(new DockerContainer.NetworkPlan(bridge.id(), bridge.name(), List.of(), null, null));
            }
        }
        return plans;
    }
}
