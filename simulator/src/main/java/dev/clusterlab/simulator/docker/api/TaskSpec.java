package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What each task of a service shall run. */
public record TaskSpec(
        @Nullable ContainerSpec containerSpec,
        @Nullable ResourceRequirements resources,
        @Nullable RestartPolicy restartPolicy,
        @Nullable Placement placement,
        @Nullable List<NetworkAttachment> networks,
        @Nullable Map<String, Object> logDriver,
        @Nullable Long forceUpdate,
        @Nullable String runtime)
        implements ApiObject {
    static final TaskSpec EMPTY = new TaskSpec(null, null, null, null, null, null, null, null);

    /**
     * The container. What the simulation does not act upon is kept in {@code other}, so that it is given back.
     *
     * @param command replaces the image's entry point
     * @param stopGracePeriod nanoseconds
     */
    public record ContainerSpec(
            String image,

            @JsonSetter(contentNulls = Nulls.AS_EMPTY) @Nullable
            Map<String, String> labels,

            @Nullable List<String> command,
            @Nullable List<String> args,
            @Nullable String hostname,
            @Nullable List<String> env,
            @Nullable String dir,
            @Nullable String user,
            @JsonProperty("TTY") @Nullable Boolean tty,
            @Nullable List<Mount> mounts,
            @Nullable String stopSignal,
            @Nullable Long stopGracePeriod,
            @Nullable HealthConfig healthcheck,
            @Nullable List<String> hosts,
            @Nullable List<Reference> secrets,
            @Nullable List<Reference> configs,
            @JsonAnySetter @JsonAnyGetter Map<String, Object> other)
            implements ApiObject {
        public ContainerSpec {
            image = image == null ? "" : image;
            other = other == null ? Map.of() : new LinkedHashMap<>(other);
        }

        public List<Mount> mountList() {
            return mounts == null ? List.of() : mounts;
        }
    }

    /** A secret or config that the container shall have, as a file or for the runtime's use. */
    public record Reference(
            @JsonAlias("ConfigID") @JsonProperty("SecretID") @Nullable
            String secretId,

            @JsonAlias("ConfigName") @Nullable String secretName,
            @Nullable FileTarget file,
            @Nullable Map<String, Object> runtime)
            implements ApiObject {
        public String identifier() {
            return secretId == null ? "" : secretId;
        }

        public String name() {
            return secretName == null ? "" : secretName;
        }
    }

    public record FileTarget(@Nullable String name) implements ApiObject {}

    /** A mount; type {@code bind}, {@code volume} or {@code tmpfs}. */
    public record Mount(
            @Nullable String type,
            @Nullable String source,
            @Nullable String target,
            @Nullable Boolean readOnly,
            @Nullable Map<String, Object> bindOptions,
            @Nullable Map<String, Object> volumeOptions,
            @Nullable Map<String, Object> tmpfsOptions)
            implements ApiObject {}

    /** Times in nanoseconds. */
    public record HealthConfig(
            @Nullable List<String> test,
            @Nullable Long interval,
            @Nullable Long timeout,
            @Nullable Integer retries,
            @Nullable Long startPeriod,
            @Nullable Long startInterval)
            implements ApiObject {}

    /** Only reservations matter to the scheduler. */
    public record ResourceRequirements(@Nullable Limits limits, Node.@Nullable Resources reservations)
            implements ApiObject {}

    public record Limits(
            @JsonProperty("NanoCPUs") @Nullable Long nanoCpus,
            @Nullable Long memoryBytes,
            @Nullable Long pids) implements ApiObject {}

    /**
     * What happens when a task ends.
     *
     * @param condition {@code none}, {@code on-failure} or {@code any}
     * @param delay nanoseconds
     * @param maxAttempts 0 means without limit
     * @param window nanoseconds in which attempts count; 0 means always
     */
    public record RestartPolicy(
            @Nullable String condition,
            @Nullable Long delay,
            @Nullable Long maxAttempts,
            @Nullable Long window) implements ApiObject {}

    /** Where tasks may go. */
    public record Placement(
            @Nullable List<String> constraints,
            @Nullable List<Preference> preferences,
            @Nullable Long maxReplicas,
            @Nullable List<Node.Platform> platforms)
            implements ApiObject {}

    public record Preference(
            @JsonProperty("Spread") @Nullable Spread spread) implements ApiObject {}

    /** Descriptor such as {@code node.labels.datacenter}. */
    public record Spread(String spreadDescriptor) implements ApiObject {}

    /** Target is a network's name or identifier. */
    public record NetworkAttachment(
            String target,
            @Nullable List<String> aliases,
            @Nullable Map<String, String> driverOpts) implements ApiObject {
        public NetworkAttachment {
            // As in Go, what a request leaves out is empty.
            target = Objects.requireNonNullElse(target, "");
        }

        public List<String> aliasList() {
            return aliases == null ? List.of() : aliases;
        }
    }

    public ContainerSpec container() {
        if (containerSpec == null) {
            throw new IllegalStateException("a task without a container");
        }
        return containerSpec;
    }

    public List<String> constraints() {
        return placement == null || placement.constraints() == null ? List.of() : placement.constraints();
    }

    public TaskSpec withNetworks(@Nullable List<NetworkAttachment> changed) {
        return new TaskSpec(
                containerSpec, resources, restartPolicy, placement, changed, logDriver, forceUpdate, runtime);
    }

    public TaskSpec withoutPlacement() {
        return new TaskSpec(containerSpec, resources, restartPolicy, null, networks, logDriver, forceUpdate, runtime);
    }
}
