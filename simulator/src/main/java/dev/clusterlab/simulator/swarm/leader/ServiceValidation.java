package dev.clusterlab.simulator.swarm.leader;

import com.google.re2j.Pattern;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the leader refuses of a service's spec alone, in the order and words of swarmkit (manager/controlapi/service.go).
 * Each check throws an {@link ApiException}.
 */
final class ServiceValidation {
    /** Searched in linear time: a name and an image are whatever a request says. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*");

    private static final Pattern IMAGE =
            Pattern.compile("(?:[a-zA-Z0-9][a-zA-Z0-9.-]*(?::[0-9]+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*"
                    + "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?");
    private static final long NANO_CPUS_MIN = 1_000_000;
    private static final long MEMORY_MIN = 4L << 20;
    /** Health checks come no faster than once a millisecond. */
    private static final long HEALTH_NANOS_MIN = 1_000_000;
    /** Ours: each replica is an object in the memory of one computer, where the real one has the memory of a swarm. */
    static final long REPLICAS_MAX = 20_000;

    private ServiceValidation() {}

    static ApiException invalid(String text) {
        return ApiException.rpc(ApiException.RpcCode.INVALID_ARGUMENT, text);
    }

    static void check(ServiceSpec spec) {
        name(spec.name());
        task(spec.taskTemplate());
        mode(spec);
        update(spec.updateConfig());
        endpoint(spec);
    }

    private static void name(String name) {
        if (name.isEmpty()) {
            throw invalid("meta: name must be provided");
        }
        if (!NAME.matcher(name).matches()) {
            throw invalid("name must be valid as a DNS name component");
        }
        if (name.length() > 63) {
            throw invalid("name must be 63 characters or fewer");
        }
    }

    private static void task(TaskSpec task) {
        if (task.resources() != null) {
            TaskSpec.Limits limits = task.resources().limits();
            Node.Resources reserved = task.resources().reservations();
            if (limits != null) {
                resources(limits.nanoCpus(), limits.memoryBytes());
            }
            if (reserved != null) {
                resources(reserved.nanoCpus(), reserved.memoryBytes());
            }
        }
        restart(task.restartPolicy());
        task.constraints().forEach(Constraints::parse);
        if (task.containerSpec() == null) {
            throw invalid("TaskSpec: missing runtime");
        }
        references("secret", task.containerSpec().secrets());
        references("config", task.containerSpec().configs());
        container(task.containerSpec());
    }

    private static void resources(@Nullable Long nanoCpus, @Nullable Long memoryBytes) {
        if (nanoCpus != null && nanoCpus != 0 && nanoCpus < NANO_CPUS_MIN) {
            throw invalid(
                    "invalid cpu value " + processors(nanoCpus) + ": Must be at least " + processors(NANO_CPUS_MIN));
        }
        if (memoryBytes != null && memoryBytes != 0 && memoryBytes < MEMORY_MIN) {
            throw invalid("invalid memory value " + memoryBytes + ": Must be at least 4MiB");
        }
    }

    /** As Go's {@code %g}: small ones with an exponent. */
    private static String processors(long nanoCpus) {
        BigDecimal value = BigDecimal.valueOf(nanoCpus, 9).stripTrailingZeros();
        int exponent = value.precision() - value.scale() - 1;
        if (exponent >= -4) {
            return value.toPlainString();
        }
        return value.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString()
                + String.format(Locale.ROOT, "e-%02d", -exponent);
    }

    private static boolean negative(@Nullable Long value) {
        return value != null && value < 0;
    }

    private static void restart(TaskSpec.@Nullable RestartPolicy policy) {
        if (policy == null) {
            return;
        }
        if (negative(policy.delay())) {
            throw invalid("TaskSpec: restart-delay cannot be negative");
        }
        if (negative(policy.window())) {
            throw invalid("TaskSpec: restart-window cannot be negative");
        }
    }

    /** References to secrets or configs: complete, and each to a file of its own. */
    private static void references(String kind, @Nullable List<TaskSpec.Reference> references) {
        if (references == null) {
            return;
        }
        var targets = new LinkedHashMap<String, String>();
        for (TaskSpec.Reference reference : references) {
            if (reference.identifier().isEmpty() || reference.name().isEmpty()) {
                throw invalid("malformed " + kind + " reference");
            }
            if (reference.file() == null && reference.runtime() == null) {
                throw invalid("malformed " + kind + " reference, no target provided");
            }
            if (reference.file() == null) {
                continue;
            }
            String file =
                    reference.file().name() == null ? "" : reference.file().name();
            if (file.isEmpty()) {
                throw invalid("malformed file " + kind + " reference, invalid target file name provided");
            }
            String before = targets.put(file, reference.name());
            if (before != null) {
                throw invalid(kind + " references '" + before + "' and '" + reference.name()
                        + "' have a conflicting target: '" + file + "'");
            }
        }
    }

    private static void container(TaskSpec.ContainerSpec container) {
        templates(container);
        String image = container.image();
        if (image.isEmpty()) {
            throw invalid("ContainerSpec: image reference must be provided");
        }
        if (!IMAGE.matcher(image).matches()) {
            throw invalid("ContainerSpec: \"" + image + "\" is not a valid repository/tag");
        }
        var targets = new LinkedHashSet<String>();
        for (TaskSpec.Mount mount : container.mountList()) {
            String target = mount.target() == null ? "" : mount.target();
            if (!targets.add(target)) {
                throw invalid("ContainerSpec: duplicate mount point: " + target);
            }
        }
        health(container.healthcheck());
    }

    private static void templates(TaskSpec.ContainerSpec container) {
        if (container.env() != null) {
            for (String entry : container.env()) {
                int equals = entry.indexOf('=');
                if (equals >= 0) {
                    template(entry.substring(equals + 1), "expanding env failed: expanding env " + quoted(entry));
                }
            }
        }
        for (TaskSpec.Mount mount : container.mountList()) {
            String source = mount.source() == null ? "" : mount.source();
            String target = mount.target() == null ? "" : mount.target();
            template(source, "expanding mounts failed: expanding mount source " + quoted(source));
            template(target, "expanding mounts failed: expanding mount target " + quoted(target));
        }
        if (container.hostname() != null) {
            template(container.hostname(), "expanding hostname failed");
        }
    }

    private static void template(String text, String where) {
        try {
            SpecTemplate.check(text);
        } catch (ApiException e) {
            throw invalid(where + ": " + e.text());
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static void health(TaskSpec.@Nullable HealthConfig health) {
        if (health == null) {
            return;
        }
        atLeastAMillisecond("Interval", health.interval());
        atLeastAMillisecond("Timeout", health.timeout());
        atLeastAMillisecond("StartPeriod", health.startPeriod());
        atLeastAMillisecond("StartInterval", health.startInterval());
        if (health.retries() != null && health.retries() < 0) {
            throw invalid("ContainerSpec: Retries in HealthConfig cannot be negative");
        }
    }

    private static void atLeastAMillisecond(String field, @Nullable Long nanos) {
        if (nanos != null && nanos != 0 && nanos < HEALTH_NANOS_MIN) {
            throw invalid("ContainerSpec: " + field + " in HealthConfig cannot be less than 1ms");
        }
    }

    private static void mode(ServiceSpec spec) {
        if (!spec.isGlobal() && spec.replicas() < 0) {
            throw invalid("Number of replicas must be non-negative");
        }
        if (!spec.isGlobal() && spec.replicas() > REPLICAS_MAX) {
            throw invalid("Number of replicas must be at most " + REPLICAS_MAX + ": more are not simulated");
        }
    }

    /** The way back is not checked by swarmkit either. */
    private static void update(ServiceSpec.@Nullable UpdateConfig update) {
        if (update == null) {
            return;
        }
        if (negative(update.delay())) {
            throw invalid("TaskSpec: update-delay cannot be negative");
        }
        if (negative(update.monitor())) {
            throw invalid("TaskSpec: update-monitor cannot be negative");
        }
        Double ratio = update.maxFailureRatio();
        if (ratio != null && !(ratio >= 0 && ratio <= 1)) {
            throw invalid("TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1");
        }
    }

    private static void endpoint(ServiceSpec spec) {
        Map<String, ServiceSpec.Port> published = new LinkedHashMap<>();
        for (ServiceSpec.Port port : spec.ports()) {
            if (spec.roundRobinDns() && !port.host()) {
                throw invalid("EndpointSpec: port published with ingress mode can't be used with dnsrr mode");
            }
            if (port.published() != 0 && published.put(port.published() + "/" + port.protocolOrTcp(), port) != null) {
                throw invalid("EndpointSpec: duplicate published ports provided");
            }
        }
    }
}
