package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a service shall be.
 *
 * @param networks the place of network attachments before API 1.25; the task template's win
 */
public record ServiceSpec(
        String name,
        @JsonSetter(contentNulls = Nulls.AS_EMPTY) Map<String, String> labels,
        TaskSpec taskTemplate,
        @Nullable Mode mode,
        @Nullable UpdateConfig updateConfig,
        @Nullable UpdateConfig rollbackConfig,
        @Nullable List<TaskSpec.NetworkAttachment> networks,
        @Nullable EndpointSpec endpointSpec)
        implements ApiObject {
    public ServiceSpec {
        name = name == null ? "" : name;
        labels = labels == null ? Map.of() : labels;
        taskTemplate = taskTemplate == null ? TaskSpec.EMPTY : taskTemplate;
    }

    /** One of them is present; none means one replica. */
    public record Mode(
            @Nullable Replicated replicated,
            @Nullable Global global,
            @JsonProperty("ReplicatedJob") @Nullable Map<String, Object> replicatedJob,
            @JsonProperty("GlobalJob") @Nullable Map<String, Object> globalJob)
            implements ApiObject {
        public static Mode replicas(long count) {
            return new Mode(new Replicated(count), null, null, null);
        }

        public static Mode globally() {
            return new Mode(null, new Global(), null, null);
        }

        /** As the managers keep it: without a word, one replica. */
        public static Mode stored(@Nullable Mode given) {
            if (given == null) {
                return replicas(1);
            }
            boolean silent = given.replicated() == null
                    ? given.global() == null && given.replicatedJob() == null && given.globalJob() == null
                    : given.replicated().replicas() == null;
            return silent ? replicas(1) : given;
        }
    }

    /** Absent means one. */
    public record Replicated(@Nullable Long replicas) implements ApiObject {}

    /** One task on each node that fits. */
    public record Global() implements ApiObject {}

    /**
     * How an update goes.
     *
     * @param parallelism tasks at once; 0 means all
     * @param delay nanoseconds between groups
     * @param failureAction {@code pause}, {@code continue} or {@code rollback}
     * @param monitor nanoseconds to watch each task after its start
     * @param maxFailureRatio failures to tolerate, 0 to 1
     * @param order {@code stop-first} or {@code start-first}
     */
    public record UpdateConfig(
            @Nullable Long parallelism,
            @Nullable Long delay,
            @Nullable String failureAction,
            @Nullable Long monitor,
            @Nullable Double maxFailureRatio,
            @Nullable String order)
            implements ApiObject {}

    /** How clients reach the service. Mode {@code vip} or {@code dnsrr}. */
    public record EndpointSpec(
            @Nullable String mode, @Nullable List<Port> ports) implements ApiObject {}

    /** A published port. Publish mode {@code ingress} or {@code host}; protocol {@code tcp}, {@code udp}, {@code sctp}. */
    public record Port(
            @Nullable String name,
            @Nullable String protocol,
            @Nullable Integer targetPort,
            @Nullable Integer publishedPort,
            @Nullable String publishMode)
            implements ApiObject {
        public String protocolOrTcp() {
            return protocol == null || protocol.isEmpty() ? "tcp" : protocol;
        }

        public int target() {
            return targetPort == null ? 0 : targetPort;
        }

        public int published() {
            return publishedPort == null ? 0 : publishedPort;
        }

        public boolean host() {
            return "host".equals(publishMode);
        }

        public Port withPublished(int port) {
            return new Port(name, protocolOrTcp(), target(), port, host() ? "host" : "ingress");
        }
    }

    @JsonIgnore
    public boolean isGlobal() {
        return mode != null && mode.global() != null;
    }

    @JsonIgnore
    public boolean isJob() {
        return mode != null && (mode.replicatedJob() != null || mode.globalJob() != null);
    }

    public long replicas() {
        return mode == null || mode.replicated() == null || mode.replicated().replicas() == null
                ? 1
                : mode.replicated().replicas();
    }

    public List<Port> ports() {
        return endpointSpec == null || endpointSpec.ports() == null ? List.of() : endpointSpec.ports();
    }

    public boolean roundRobinDns() {
        return endpointSpec != null && "dnsrr".equals(endpointSpec.mode());
    }

    public boolean publishesIngressPorts() {
        return ports().stream().anyMatch(port -> !port.host());
    }

    /** The attachments wherever they are said. */
    public List<TaskSpec.NetworkAttachment> attachments() {
        if (taskTemplate.networks() != null && !taskTemplate.networks().isEmpty()) {
            return taskTemplate.networks();
        }
        return networks == null ? List.of() : networks;
    }

    public ServiceSpec withReplicas(long count) {
        return new ServiceSpec(
                name, labels, taskTemplate, Mode.replicas(count), updateConfig, rollbackConfig, networks, endpointSpec);
    }
}
