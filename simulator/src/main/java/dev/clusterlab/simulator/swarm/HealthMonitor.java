package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.programs.Program;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a container's health check (moby daemon/health.go). */
final class HealthMonitor {
    private static final long SECOND = 1_000_000_000L;

    private final Dockerd daemon;
    private final DockerContainer container;
    private final ContainerProcess process;
    private final TaskSpec.HealthConfig config;
    private final List<String> command;

    private HealthMonitor(
            Dockerd daemon,
            DockerContainer container,
            ContainerProcess process,
            TaskSpec.HealthConfig config,
            List<String> command) {
        this.daemon = daemon;
        this.container = container;
        this.process = process;
        this.config = config;
        this.command = command;
    }

    /** Whether the container has a check. */
    static boolean wanted(DockerContainer container) {
        return command(container.config.healthcheck()) != null;
    }

    private static @Nullable List<String> command(TaskSpec.@Nullable HealthConfig config) {
        if (config == null || config.test() == null || config.test().size() < 2) {
            return null;
        }
        List<String> rest = config.test().subList(1, config.test().size());
        return switch (config.test().get(0)) {
            case "CMD" -> rest;
            case "CMD-SHELL" -> List.of("/bin/sh", "-c", rest.get(0));
            default -> null;
        };
    }

    static void start(Dockerd daemon, DockerContainer container, ContainerProcess process) {
        TaskSpec.HealthConfig config = container.config.healthcheck();
        List<String> command = command(config);
        if (config == null || command == null) {
            return;
        }
        container.healthBegins();
        new HealthMonitor(daemon, container, process, config, command).next();
    }

    private static Duration or(@Nullable Long nanos, long standard) {
        return Duration.ofNanos(nanos == null || nanos == 0 ? standard : nanos);
    }

    private void next() {
        boolean inStartPeriod = container.health() == DockerContainer.Health.STARTING
                && config.startPeriod() != null
                && config.startPeriod() > 0;
        Duration pause = inStartPeriod ? or(config.startInterval(), 5 * SECOND) : or(config.interval(), 30 * SECOND);
        process.scope().schedule(pause, this::probe);
    }

    private void probe() {
        Instant begun = daemon.machine().now();
        var answered = new boolean[1];
        Timer limit = process.scope().schedule(or(config.timeout(), 30 * SECOND), () -> {
            if (!answered[0]) {
                answered[0] = true;
                result(begun, new Program.ExecResult(-1, "", "Health check exceeded timeout"));
            }
        });
        process.program().exec(command, outcome -> {
            if (!answered[0]) {
                answered[0] = true;
                limit.cancel();
                result(begun, outcome);
            }
        });
    }

    private void result(Instant begun, Program.ExecResult outcome) {
        Instant now = daemon.machine().now();
        var probe = new Container.HealthProbe(
                DockerJson.time(begun), DockerJson.time(now), outcome.exitCode(), outcome.stdout() + outcome.stderr());
        DockerContainer.Health before = container.health();
        if (outcome.exitCode() == 0) {
            container.probed(probe, DockerContainer.Health.HEALTHY, 0);
        } else {
            int streak = container.failingStreak() + 1;
            int retries = config.retries() == null || config.retries() == 0 ? 3 : config.retries();
            Instant graceEnd = container.startedAt() == null
                    ? now
                    : container.startedAt().plusNanos(config.startPeriod() == null ? 0 : config.startPeriod());
            boolean grace = before == DockerContainer.Health.STARTING && now.isBefore(graceEnd);
            container.probed(
                    probe, !grace && streak >= retries ? DockerContainer.Health.UNHEALTHY : before, grace ? 0 : streak);
        }
        if (before != container.health()) {
            String status = container.health() == DockerContainer.Health.HEALTHY ? "healthy" : "unhealthy";
            daemon.events()
                    .emit("container", "health_status: " + status, container.id, "local", container.attributes());
            daemon.runtime().healthChanged(container);
        }
        if (!process.scope().closed()) {
            next();
        }
    }

    /** For display. */
    static Container.@Nullable Health shown(DockerContainer container) {
        return switch (container.health()) {
            case NONE -> null;
            case STARTING, HEALTHY, UNHEALTHY ->
                new Container.Health(
                        container.health().name().toLowerCase(java.util.Locale.ROOT),
                        container.failingStreak(),
                        container.probes());
        };
    }

    static Map<DockerContainer.Health, String> suffixes() {
        return Ordered.map(
                DockerContainer.Health.NONE, "",
                DockerContainer.Health.STARTING, " (health: starting)",
                DockerContainer.Health.HEALTHY, " (healthy)",
                DockerContainer.Health.UNHEALTHY, " (unhealthy)");
    }
}
