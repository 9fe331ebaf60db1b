package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service in the words of {@code docker service create}; what is not said is left to the engine. */
final class Spec {
    private final String name;
    private final Map<String, String> labels = new LinkedHashMap<>();
    private String image = "test/web";
    private ServiceSpec.@Nullable Mode mode = ServiceSpec.Mode.replicas(1);
    private final List<String> command = new ArrayList<>();
    private final List<String> args = new ArrayList<>();
    private final List<String> env = new ArrayList<>();
    private final List<String> constraints = new ArrayList<>();
    private final List<TaskSpec.Preference> preferences = new ArrayList<>();
    private final List<TaskSpec.NetworkAttachment> networks = new ArrayList<>();
    private final List<TaskSpec.Mount> mounts = new ArrayList<>();
    private final List<ServiceSpec.Port> ports = new ArrayList<>();
    private @Nullable String endpointMode;
    private @Nullable Long maxReplicas;
    private TaskSpec.@Nullable RestartPolicy restart;
    private TaskSpec.@Nullable HealthConfig health;
    private Node.@Nullable Resources reservations;
    private ServiceSpec.@Nullable UpdateConfig update;
    private ServiceSpec.@Nullable UpdateConfig rollback;
    private @Nullable Long graceNanos;
    private @Nullable Long force;
    private @Nullable String hostname;

    private Spec(String name) {
        this.name = name;
    }

    /** One replica of the test web server. */
    static Spec service(String name) {
        return new Spec(name);
    }

    Spec replicas(long count) {
        mode = ServiceSpec.Mode.replicas(count);
        return this;
    }

    Spec global() {
        mode = ServiceSpec.Mode.globally();
        return this;
    }

    Spec image(String reference) {
        image = reference;
        return this;
    }

    Spec label(String key, String value) {
        labels.put(key, value);
        return this;
    }

    Spec args(String... words) {
        args.addAll(List.of(words));
        return this;
    }

    Spec command(String... words) {
        command.addAll(List.of(words));
        return this;
    }

    Spec env(String entry) {
        env.add(entry);
        return this;
    }

    Spec hostname(String template) {
        hostname = template;
        return this;
    }

    Spec constraint(String expression) {
        constraints.add(expression);
        return this;
    }

    Spec spread(String descriptor) {
        preferences.add(new TaskSpec.Preference(new TaskSpec.Spread(descriptor)));
        return this;
    }

    Spec replicasMaxPerNode(long count) {
        maxReplicas = count;
        return this;
    }

    Spec network(String target, String... aliases) {
        networks.add(new TaskSpec.NetworkAttachment(target, List.of(aliases), null));
        return this;
    }

    Spec volume(String source, String target) {
        mounts.add(new TaskSpec.Mount("volume", source, target, null, null, null, null));
        return this;
    }

    Spec mount(String type, String source, String target) {
        mounts.add(new TaskSpec.Mount(type, source, target, null, null, null, null));
        return this;
    }

    Spec publish(int published, int target) {
        ports.add(new ServiceSpec.Port(null, "tcp", target, published, "ingress"));
        return this;
    }

    Spec publishOnHost(int published, int target) {
        ports.add(new ServiceSpec.Port(null, "tcp", target, published, "host"));
        return this;
    }

    Spec endpointMode(String wanted) {
        endpointMode = wanted;
        return this;
    }

    /** Condition, delay between ends and new starts, most attempts (0: no limit), window in which they count. */
    Spec restart(String condition, @Nullable Duration delay, long attempts, @Nullable Duration window) {
        restart = new TaskSpec.RestartPolicy(condition, nanos(delay), attempts, nanos(window));
        return this;
    }

    Spec reserve(@Nullable Long nanoCpus, @Nullable Long memoryBytes) {
        reservations = new Node.Resources(nanoCpus, memoryBytes, null);
        return this;
    }

    Spec stopGrace(Duration grace) {
        graceNanos = grace.toNanos();
        return this;
    }

    /** Runs {@code command} in the container every {@code interval}; unhealthy after {@code retries} failures. */
    Spec health(Duration interval, int retries, String... command) {
        var test = new ArrayList<>(List.of("CMD"));
        test.addAll(List.of(command));
        health = new TaskSpec.HealthConfig(test, interval.toNanos(), null, retries, null, null);
        return this;
    }

    Spec update(long parallelism, Duration delay, String failureAction, Duration monitor, String order) {
        update = new ServiceSpec.UpdateConfig(
                parallelism, delay.toNanos(), failureAction, monitor.toNanos(), null, order);
        return this;
    }

    Spec rollback(long parallelism, Duration monitor) {
        rollback = new ServiceSpec.UpdateConfig(parallelism, null, "pause", monitor.toNanos(), null, "stop-first");
        return this;
    }

    Spec force(long counter) {
        force = counter;
        return this;
    }

    private static @Nullable Long nanos(@Nullable Duration duration) {
        return duration == null ? null : duration.toNanos();
    }

    private static <T> @Nullable List<T> orNull(List<T> list) {
        return list.isEmpty() ? null : List.copyOf(list);
    }

    ServiceSpec build() {
        var container = new TaskSpec.ContainerSpec(
                image,
                null,
                orNull(command),
                orNull(args),
                hostname,
                orNull(env),
                null,
                null,
                null,
                orNull(mounts),
                null,
                graceNanos,
                health,
                null,
                null,
                null,
                Map.of());
        TaskSpec.@Nullable Placement placement = constraints.isEmpty() && preferences.isEmpty() && maxReplicas == null
                ? null
                : new TaskSpec.Placement(orNull(constraints), orNull(preferences), maxReplicas, null);
        var template = new TaskSpec(
                container,
                reservations == null ? null : new TaskSpec.ResourceRequirements(null, reservations),
                restart,
                placement,
                orNull(networks),
                null,
                force,
                null);
        ServiceSpec.@Nullable EndpointSpec endpoint = endpointMode == null && ports.isEmpty()
                ? null
                : new ServiceSpec.EndpointSpec(endpointMode, orNull(ports));
        return new ServiceSpec(name, Map.copyOf(labels), template, mode, update, rollback, null, endpoint);
    }
}
