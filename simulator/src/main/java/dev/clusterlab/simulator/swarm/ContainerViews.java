package dev.clusterlab.simulator.swarm;

import dev.clusterlab.shell.text.HumanDuration;
import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.swarm.kept.ImageStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Shows containers as the engine's API does. */
final class ContainerViews {
    private static final List<String> FILTERS = List.of(
            "ancestor",
            "before",
            "exited",
            "expose",
            "health",
            "id",
            "is-task",
            "isolation",
            "label",
            "name",
            "network",
            "publish",
            "since",
            "status",
            "volume");

    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?(?:/(tcp|udp|sctp))?");
    private static final List<String> STATES =
            List.of("created", "running", "paused", "restarting", "removing", "exited", "dead");
    private static final List<String> HEALTHS = List.of("none", "starting", "healthy", "unhealthy");

    private final Dockerd daemon;

    /** Ports such as {@code 80}, {@code 80/udp} or {@code 8000-8010}. */
    private record PortRange(int first, int last, String protocol) {
        static @Nullable PortRange parse(String text) {
            Matcher parts = PORTS.matcher(text);
            if (!parts.matches()) {
                return null;
            }
            int first = Integer.parseInt(parts.group(1));
            int last = parts.group(2) == null ? first : Integer.parseInt(parts.group(2));
            return last > 65_535 || last < first
                    ? null
                    : new PortRange(first, last, parts.group(3) == null ? "tcp" : parts.group(3));
        }

        boolean contains(int port, String ofProtocol) {
            return first <= port && port <= last && protocol.equals(ofProtocol);
        }
    }

    ContainerViews(Dockerd daemon) {
        this.daemon = daemon;
    }

    private Instant now() {
        return daemon.machine().now();
    }

    List<Container.Summary> list(boolean all, int limit, Filters filters) {
        filters.accept(FILTERS);
        checkValues(filters);
        List<DockerContainer> containers = daemon.runtime().all();
        DockerContainer before = filters.has("before")
                ? daemon.runtime().require(filters.get("before").get(0))
                : null;
        DockerContainer since = filters.has("since")
                ? daemon.runtime().require(filters.get("since").get(0))
                : null;
        boolean everyState = all || limit > 0 || filters.has("status") || filters.has("exited");
        var shown = new ArrayList<Container.Summary>();
        for (int i = containers.size() - 1; i >= 0; i--) {
            DockerContainer container = containers.get(i);
            if (container == since) {
                break;
            }
            if (before != null) {
                before = container == before ? null : before;
                continue;
            }
            if ((everyState || container.running()) && matches(container, filters)) {
                shown.add(summary(container));
            }
            if (limit > 0 && shown.size() == limit) {
                break;
            }
        }
        return shown;
    }

    /** Values that no container can have are refused (moby daemon/list.go). */
    private static void checkValues(Filters filters) {
        for (String status : filters.get("status")) {
            if (!STATES.contains(status)) {
                throw ApiException.badRequest("invalid filter 'status=" + status + "': invalid value for state ("
                        + status + "): must be one of " + String.join(", ", STATES));
            }
        }
        for (String health : filters.get("health")) {
            if (!HEALTHS.contains(health)) {
                throw ApiException.badRequest("invalid filter 'health=" + health
                        + "': invalid value for health status (" + health + "): must be one of "
                        + String.join(", ", HEALTHS));
            }
        }
        for (String code : filters.get("exited")) {
            if (!code.matches("[+-]?\\d{1,9}")) {
                throw ApiException.badRequest(
                        "invalid filter 'exited=" + code + "': strconv.Atoi: parsing \"" + code + "\": invalid syntax");
            }
        }
        for (String key : List.of("publish", "expose")) {
            for (String port : filters.get(key)) {
                if (port.contains(":")) {
                    throw new ApiException(500, "filter for '" + key + "' should not contain ':': " + port);
                }
                if (PortRange.parse(port) == null) {
                    throw new ApiException(
                            500, "error while looking up for " + key + " " + port + ": invalid port '" + port + "'");
                }
            }
        }
        filters.flag("is-task", false);
    }

    private static boolean inRange(String wanted, int port) {
        PortRange range = PortRange.parse(wanted);
        return range != null && range.contains(port, "tcp");
    }

    private static boolean matches(DockerContainer container, Filters filters) {
        return filters.matches("id", container.id)
                && filters.any(
                        "name",
                        name -> Filters.found(name, container.name()) || Filters.found(name, "/" + container.name()))
                && filters.labels("label", container.labels())
                && filters.any("status", container.state().text()::equals)
                && filters.any(
                        "exited",
                        code -> container.state() == DockerContainer.State.EXITED
                                && code.equals(String.valueOf(container.exitCode())))
                && filters.any(
                        "ancestor",
                        image -> ImageStore.normalized(image).equals(ImageStore.normalized(container.config.image()))
                                || container.imageId.contains(image))
                && filters.any(
                        "health",
                        health -> health.equalsIgnoreCase(container.health().name()))
                && (!filters.has("is-task") || filters.flag("is-task", false) == (container.task != null))
                && filters.any(
                        "network",
                        network -> container.ends.stream()
                                .anyMatch(end -> end.networkName().equals(network)
                                        || end.networkId().startsWith(network)))
                && filters.any(
                        "publish",
                        wanted -> container.published.values().stream().anyMatch(port -> inRange(wanted, port)))
                && filters.any(
                        "expose",
                        wanted -> exposed(container).keySet().stream().anyMatch(port -> {
                            PortRange range = PortRange.parse(wanted);
                            int slash = port.indexOf('/');
                            return range != null
                                    && range.contains(
                                            Integer.parseInt(slash < 0 ? port : port.substring(0, slash)),
                                            slash < 0 ? "tcp" : port.substring(slash + 1));
                        }))
                && filters.any(
                        "volume",
                        volume -> container.mounts.stream()
                                .anyMatch(mount -> volume.equals(mount.name()) || volume.equals(mount.destination())));
    }

    private Container.Summary summary(DockerContainer container) {
        return new Container.Summary(
                container.id,
                List.of("/" + container.name()),
                container.config.image(),
                container.imageId,
                String.join(" ", container.fullCommand()),
                container.created.getEpochSecond(),
                ports(container),
                null,
                null,
                container.labels(),
                container.state().text(),
                status(container),
                Map.of("NetworkMode", networkMode(container)),
                new Container.SummaryNetworks(endpoints(container)),
                container.mounts);
    }

    private static String networkMode(DockerContainer container) {
        String mode = container.config.host().networkMode();
        return mode == null || mode.isEmpty() || mode.equals("default") ? LocalNetworks.BRIDGE : mode;
    }

    private static List<Container.PortSummary> ports(DockerContainer container) {
        var ports = new ArrayList<Container.PortSummary>();
        container.published.forEach(
                (host, inside) -> ports.add(new Container.PortSummary("0.0.0.0", inside, host, "tcp")));
        container.image.exposedPorts().stream()
                .sorted()
                .filter(port -> !container.published.containsValue(port))
                .forEach(port -> ports.add(new Container.PortSummary(null, port, null, "tcp")));
        return ports;
    }

    private String status(DockerContainer container) {
        return switch (container.state()) {
            case CREATED -> "Created";
            case RESTARTING -> "Restarting (" + container.exitCode() + ") " + since(container.finishedAt()) + " ago";
            case EXITED -> "Exited (" + container.exitCode() + ") " + since(container.finishedAt()) + " ago";
            case PAUSED -> "Up " + since(container.startedAt()) + " (Paused)";
            case RUNNING ->
                "Up " + since(container.startedAt()) + HealthMonitor.suffixes().getOrDefault(container.health(), "");
        };
    }

    private String since(@Nullable Instant time) {
        return time == null ? "0 seconds" : HumanDuration.format(Duration.between(time, now()));
    }

    private static Map<String, Container.EndpointSettings> endpoints(DockerContainer container) {
        var endpoints = new LinkedHashMap<String, Container.EndpointSettings>();
        for (NetworkEndpoint end : container.ends) {
            endpoints.put(end.networkName(), endpoint(container, end));
        }
        if (container.ends.isEmpty()) {
            for (DockerContainer.NetworkPlan plan : container.networks) {
                endpoints.put(
                        plan.networkName(),
                        new Container.EndpointSettings(
                                null, null, plan.aliases(), plan.networkId(), "", "", "", 0, "", "", 0, "", null));
            }
        }
        return endpoints;
    }

    private static Container.EndpointSettings endpoint(DockerContainer container, NetworkEndpoint end) {
        var names = new ArrayList<String>();
        names.add(container.name());
        names.addAll(end.aliases());
        names.add(container.shortId());
        return new Container.EndpointSettings(
                null,
                null,
                end.aliases(),
                end.networkId(),
                end.endpointId(),
                end.gateway(),
                end.address(),
                end.prefixLength(),
                "",
                "",
                0,
                end.address().isEmpty() ? "" : end.macAddress(),
                names);
    }

    Container.Details details(DockerContainer container) {
        List<String> command = container.fullCommand();
        var state = new Container.State(
                container.state().text(),
                container.running() || container.state() == DockerContainer.State.RESTARTING,
                container.state() == DockerContainer.State.PAUSED,
                container.state() == DockerContainer.State.RESTARTING,
                false,
                false,
                container.pid(),
                container.exitCode(),
                container.error(),
                container.startedAt() == null ? DockerJson.NEVER : DockerJson.time(container.startedAt()),
                container.finishedAt() == null ? DockerJson.NEVER : DockerJson.time(container.finishedAt()),
                HealthMonitor.shown(container));
        var ports = new LinkedHashMap<String, @Nullable List<ContainerConfig.PortBinding>>();
        if (container.running()) {
            exposed(container).keySet().forEach(port -> ports.put(port, null));
        }
        container.published.forEach((host, inside) ->
                ports.put(inside + "/tcp", List.of(new ContainerConfig.PortBinding("0.0.0.0", String.valueOf(host)))));
        NetworkEndpoint bridge = null;
        for (NetworkEndpoint end : container.ends) {
            if (end.networkName().equals(LocalNetworks.BRIDGE)) {
                bridge = end;
            }
        }
        var network = new Container.NetworkSettings(
                "",
                container.running() ? container.id : "",
                container.running() ? "/var/run/docker/netns/" + container.shortId() : "",
                ports,
                bridge == null ? "" : bridge.gateway(),
                bridge == null ? "" : bridge.address(),
                bridge == null ? 0 : bridge.prefixLength(),
                bridge == null ? "" : bridge.macAddress(),
                endpoints(container));
        String directory = "/var/lib/docker/containers/" + container.id + "/";
        return new Container.Details(
                container.id,
                DockerJson.time(container.created),
                command.isEmpty() ? "" : command.get(0),
                command.isEmpty() ? List.of() : command.subList(1, command.size()),
                state,
                container.imageId,
                directory + "resolv.conf",
                directory + "hostname",
                directory + "hosts",
                directory + container.id + "-json.log",
                "/" + container.name(),
                container.restartCount(),
                "overlay2",
                "linux",
                "",
                "",
                "docker-default",
                null,
                container.config.host().shown(),
                container.mounts,
                shownConfig(container),
                network);
    }

    private static ContainerConfig shownConfig(DockerContainer container) {
        ContainerConfig config = container.config;
        return new ContainerConfig(
                container.hostname(),
                config.domainname() == null ? "" : config.domainname(),
                config.user() == null ? "" : config.user(),
                Boolean.TRUE.equals(config.tty()),
                Boolean.TRUE.equals(config.openStdin()),
                config.env() == null ? List.of() : config.env(),
                container.arguments.isEmpty() ? null : container.arguments,
                entryPoint(container),
                config.image(),
                config.volumes(),
                config.workingDir() == null ? "" : config.workingDir(),
                container.labels(),
                exposed(container),
                config.stopSignal(),
                config.stopTimeout(),
                config.healthcheck(),
                null,
                null);
    }

    private static @Nullable List<String> entryPoint(DockerContainer container) {
        List<String> words = container.entryPoint == null ? container.image.entryPoint() : container.entryPoint;
        return words.isEmpty() ? null : words;
    }

    private static Map<String, Object> exposed(DockerContainer container) {
        var ports = new LinkedHashMap<String, Object>();
        container.image.exposedPorts().stream().sorted().forEach(port -> ports.put(port + "/tcp", Map.of()));
        if (container.config.exposedPorts() != null) {
            container.config.exposedPorts().keySet().forEach(port -> ports.putIfAbsent(port, Map.of()));
        }
        return ports;
    }

    Container.Processes processes(DockerContainer container) {
        if (!container.running()) {
            throw ApiException.conflict("container " + container.id + " is not running");
        }
        Instant started = Objects.requireNonNullElse(container.startedAt(), now());
        return new Container.Processes(
                List.of("UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"),
                List.of(List.of(
                        "root",
                        String.valueOf(container.pid()),
                        String.valueOf(container.pid() - 20),
                        "0",
                        DockerJson.time(started).substring(11, 16),
                        "?",
                        "00:00:00",
                        String.join(" ", container.fullCommand()))));
    }

    Map<String, Object> stats(DockerContainer container) {
        String time = DockerJson.time(now());
        long uptime = container.startedAt() == null || !container.running()
                ? 0
                : Duration.between(container.startedAt(), now()).toNanos();
        var cpu = new LinkedHashMap<String, Object>();
        cpu.put("cpu_usage", Ordered.map("total_usage", uptime / 200, "usage_in_kernelmode", uptime / 1000));
        cpu.put("system_cpu_usage", now().getEpochSecond() * 1_000_000_000L * Dockerd.PROCESSORS);
        cpu.put("online_cpus", Dockerd.PROCESSORS);
        var before = new LinkedHashMap<String, Object>();
        before.put("cpu_usage", Map.of("total_usage", Math.max(0, uptime - 1_000_000_000L) / 200));
        before.put("system_cpu_usage", (now().getEpochSecond() - 1) * 1_000_000_000L * Dockerd.PROCESSORS);
        before.put("online_cpus", Dockerd.PROCESSORS);
        var stats = new LinkedHashMap<String, Object>();
        stats.put("read", time);
        stats.put("preread", DockerJson.time(now().minusSeconds(1)));
        stats.put("name", "/" + container.name());
        stats.put("id", container.id);
        stats.put("cpu_stats", cpu);
        stats.put("precpu_stats", before);
        stats.put(
                "memory_stats",
                Ordered.map("usage", container.running() ? 32L << 20 : 0L, "limit", Dockerd.MEMORY_BYTES));
        stats.put("pids_stats", Map.of("current", container.running() ? 1 : 0));
        stats.put("blkio_stats", Map.of());
        stats.put("networks", Map.of());
        return stats;
    }
}
