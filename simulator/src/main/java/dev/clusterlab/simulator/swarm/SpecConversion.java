package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a daemon does with a service's spec before the managers see it (moby daemon/cluster/convert): words that are none of
 * the API's are refused, and what was left out gets its value, so that it is shown when the service is inspected. Calls
 * throw an {@link ApiException} with status 400.
 */
final class SpecConversion {
    private static final Set<String> MOUNT_TYPES = Ordered.set("bind", "volume", "tmpfs", "npipe", "cluster");
    private static final Set<String> PROPAGATIONS =
            Ordered.set("private", "rprivate", "shared", "rshared", "slave", "rslave");
    private static final Set<String> CONDITIONS = Ordered.set("none", "on-failure", "any");
    private static final Set<String> FAILURE_ACTIONS = Ordered.set("pause", "continue", "rollback");
    private static final Set<String> ORDERS = Ordered.set("stop-first", "start-first");

    private SpecConversion() {}

    /** {@code name} gives one to a service that has none. */
    static ServiceSpec converted(ServiceSpec given, Supplier<String> name) {
        TaskSpec task = task(given.taskTemplate());
        ServiceSpec.UpdateConfig update = update(given.updateConfig());
        ServiceSpec.UpdateConfig rollback = update(given.rollbackConfig());
        ServiceSpec.EndpointSpec endpoint = endpoint(given.endpointSpec());
        return new ServiceSpec(
                given.name().isEmpty() ? name.get() : given.name(),
                given.labels(),
                task,
                mode(given.mode()),
                update,
                rollback,
                given.networks(),
                endpoint);
    }

    private static ApiException refused(String text) {
        return ApiException.badRequest(text);
    }

    private static boolean empty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    /** What Go cannot read into a number without a sign. */
    private static void unsigned(String path, @Nullable Long value) {
        if (value != null && value < 0) {
            throw refused("invalid JSON: json: cannot unmarshal number " + value + " into Go struct field ServiceSpec."
                    + path + " of type uint64");
        }
    }

    private static TaskSpec task(TaskSpec task) {
        String runtime = empty(task.runtime()) ? "container" : String.valueOf(task.runtime());
        if (runtime.equals("plugin")) {
            throw new ApiException(501, "services of plugins are not modelled by the embedded engine");
        }
        if (!runtime.equals("container")) {
            throw refused("unsupported runtime");
        }
        TaskSpec.ContainerSpec container = task.containerSpec();
        if (container == null) {
            throw refused("mismatched Runtime and *Spec fields");
        }
        unsigned("TaskTemplate.ForceUpdate", task.forceUpdate());
        if (task.placement() != null) {
            unsigned("TaskTemplate.Placement.MaxReplicas", task.placement().maxReplicas());
        }
        Node.Resources reserved =
                task.resources() == null ? null : task.resources().reservations();
        if (reserved != null
                && reserved.genericResources() != null
                && !reserved.genericResources().isEmpty()) {
            throw new ApiException(501, "generic resources are not modelled by the embedded engine");
        }
        return new TaskSpec(
                container(container),
                task.resources(),
                restart(task.restartPolicy()),
                task.placement(),
                orNull(task.networks()),
                task.logDriver(),
                task.forceUpdate() == null ? 0 : task.forceUpdate(),
                runtime);
    }

    private static TaskSpec.ContainerSpec container(TaskSpec.ContainerSpec container) {
        if (container.configs() != null) {
            for (TaskSpec.Reference config : container.configs()) {
                if (config.runtime() == null && config.file() == null) {
                    throw refused("invalid Config: either File or Runtime should be set");
                }
                if (config.runtime() != null && config.file() != null) {
                    throw refused("invalid Config: cannot specify both File and Runtime");
                }
            }
        }
        List<TaskSpec.Mount> mounts =
                container.mountList().stream().map(SpecConversion::mount).toList();
        var other = new LinkedHashMap<>(container.other());
        other.putIfAbsent("Isolation", "default");
        return new TaskSpec.ContainerSpec(
                container.image(),
                container.labels() == null || container.labels().isEmpty() ? null : container.labels(),
                orNull(container.command()),
                orNull(container.args()),
                orNull(container.hostname()),
                orNull(container.env()),
                orNull(container.dir()),
                orNull(container.user()),
                Boolean.TRUE.equals(container.tty()) ? true : null,
                orNull(mounts),
                orNull(container.stopSignal()),
                container.stopGracePeriod(),
                container.healthcheck(),
                orNull(container.hosts()),
                orNull(container.secrets()),
                orNull(container.configs()),
                other);
    }

    private static @Nullable String orNull(@Nullable String text) {
        return empty(text) ? null : text;
    }

    private static <T> @Nullable List<T> orNull(@Nullable List<T> list) {
        return list == null || list.isEmpty() ? null : list;
    }

    /** A mount without a type is a bind: that is the managers' first value. */
    private static TaskSpec.Mount mount(TaskSpec.Mount mount) {
        String type =
                empty(mount.type()) ? "bind" : String.valueOf(mount.type()).toLowerCase(Locale.ROOT);
        if (!MOUNT_TYPES.contains(type)) {
            throw refused("invalid MountType: \"" + mount.type() + "\"");
        }
        if (mount.bindOptions() != null) {
            mount.bindOptions().forEach((key, value) -> {
                if (key.equalsIgnoreCase("Propagation")
                        && value instanceof String word
                        && !word.isEmpty()
                        && !PROPAGATIONS.contains(word.toLowerCase(Locale.ROOT))) {
                    throw refused("invalid MountPropagation: \"" + word + "\"");
                }
            });
        }
        return new TaskSpec.Mount(
                type,
                orNull(mount.source()),
                orNull(mount.target()),
                Boolean.TRUE.equals(mount.readOnly()) ? true : null,
                mount.bindOptions(),
                mount.volumeOptions(),
                mount.tmpfsOptions());
    }

    private static TaskSpec.@Nullable RestartPolicy restart(TaskSpec.@Nullable RestartPolicy policy) {
        if (policy == null) {
            return null;
        }
        unsigned("TaskTemplate.RestartPolicy.MaxAttempts", policy.maxAttempts());
        String condition = empty(policy.condition()) ? "any" : String.valueOf(policy.condition());
        if (!CONDITIONS.contains(condition)) {
            throw refused("invalid RestartCondition: \"" + condition + "\"");
        }
        return new TaskSpec.RestartPolicy(
                condition, policy.delay(), policy.maxAttempts() == null ? 0 : policy.maxAttempts(), policy.window());
    }

    private static ServiceSpec.@Nullable UpdateConfig update(ServiceSpec.@Nullable UpdateConfig update) {
        if (update == null) {
            return null;
        }
        unsigned("UpdateConfig.Parallelism", update.parallelism());
        String action = empty(update.failureAction()) ? "pause" : String.valueOf(update.failureAction());
        if (!FAILURE_ACTIONS.contains(action)) {
            throw refused("unrecognized update failure action " + action);
        }
        String order = empty(update.order()) ? "stop-first" : String.valueOf(update.order());
        if (!ORDERS.contains(order)) {
            throw refused("unrecognized update order " + order);
        }
        return new ServiceSpec.UpdateConfig(
                update.parallelism() == null ? 0 : update.parallelism(),
                update.delay() == null || update.delay() == 0 ? null : update.delay(),
                action,
                update.monitor() == null || update.monitor() == 0 ? null : update.monitor(),
                update.maxFailureRatio() == null ? 0 : update.maxFailureRatio(),
                order);
    }

    private static ServiceSpec.@Nullable EndpointSpec endpoint(ServiceSpec.@Nullable EndpointSpec endpoint) {
        if (endpoint == null) {
            return null;
        }
        String mode = empty(endpoint.mode()) ? "vip" : String.valueOf(endpoint.mode());
        if (!mode.equals("vip") && !mode.equals("dnsrr")) {
            throw refused("invalid resolution mode: \"" + mode + "\"");
        }
        List<ServiceSpec.Port> ports =
                endpoint.ports() == null || endpoint.ports().isEmpty()
                        ? null
                        : endpoint.ports().stream().map(SpecConversion::port).toList();
        return new ServiceSpec.EndpointSpec(mode, ports);
    }

    /** A protocol or publish mode that the engine does not know counts as the usual one. */
    private static ServiceSpec.Port port(ServiceSpec.Port port) {
        String protocol = port.protocol() == null ? "" : port.protocol().toLowerCase(Locale.ROOT);
        String publish = port.publishMode() == null ? "" : port.publishMode().toLowerCase(Locale.ROOT);
        return new ServiceSpec.Port(
                empty(port.name()) ? null : port.name(),
                protocol.equals("udp") || protocol.equals("sctp") ? protocol : "tcp",
                port.target() == 0 ? null : port.target(),
                port.published() == 0 ? null : port.published(),
                publish.equals("host") ? "host" : "ingress");
    }

    private static ServiceSpec.Mode mode(ServiceSpec.@Nullable Mode mode) {
        if (mode != null) {
            int modes = 0;
            for (Object one :
                    new @Nullable Object[] {mode.replicated(), mode.global(), mode.replicatedJob(), mode.globalJob()}) {
                modes += one == null ? 0 : 1;
            }
            if (modes > 1) {
                throw refused("must specify only one service mode");
            }
        }
        return ServiceSpec.Mode.stored(mode);
    }
}
