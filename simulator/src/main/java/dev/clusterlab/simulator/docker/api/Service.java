package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service of the swarm.
 *
 * @param specVersion store index at which the spec last changed
 * @param previousSpecVersion the same before
 */
public record Service(
        @JsonProperty("ID") String id,
        @JsonUnwrapped Meta meta,
        ServiceSpec spec,
        @Nullable ServiceSpec previousSpec,
        @Nullable Endpoint endpoint,
        @Nullable UpdateStatus updateStatus,
        @Nullable ServiceStatus serviceStatus,
        @JsonIgnore long specVersion,
        @JsonIgnore long previousSpecVersion)
        implements ApiObject, StoreObject {

    /** What was allocated. */
    public record Endpoint(
            ServiceSpec.@Nullable EndpointSpec spec,
            @Nullable List<ServiceSpec.Port> ports,
            @JsonProperty("VirtualIPs") @Nullable List<VirtualIp> virtualIps)
            implements ApiObject {
        static final Endpoint EMPTY = new Endpoint(null, null, null);
    }

    /** Address with its prefix length, such as {@code 10.0.1.2/24}. */
    public record VirtualIp(@JsonProperty("NetworkID") String networkId, String addr) implements ApiObject {}

    /** State of the last update, such as {@code updating} or {@code completed}. */
    public record UpdateStatus(
            String state,
            @Nullable String startedAt,
            @Nullable String completedAt,
            String message) implements ApiObject {}

    /** Counts, in lists that ask for them. */
    public record ServiceStatus(long runningTasks, long desiredTasks, long completedTasks) implements ApiObject {}

    public String name() {
        return spec.name();
    }

    public List<VirtualIp> virtualIps() {
        return endpoint == null || endpoint.virtualIps() == null ? List.of() : endpoint.virtualIps();
    }

    public List<ServiceSpec.Port> ports() {
        return endpoint == null || endpoint.ports() == null ? List.of() : endpoint.ports();
    }

    public Service withSpec(
            ServiceSpec changed, @Nullable ServiceSpec previous, @Nullable UpdateStatus status, long changedAtVersion) {
        return new Service(id, meta, changed, previous, endpoint, status, null, changedAtVersion, specVersion);
    }

    public Service withEndpoint(Endpoint changed) {
        return new Service(id, meta, spec, previousSpec, changed, updateStatus, null, specVersion, previousSpecVersion);
    }

    public Service withUpdateStatus(@Nullable UpdateStatus changed) {
        return new Service(id, meta, spec, previousSpec, endpoint, changed, null, specVersion, previousSpecVersion);
    }

    public Service withServiceStatus(ServiceStatus changed) {
        return new Service(
                id, meta, spec, previousSpec, endpoint, updateStatus, changed, specVersion, previousSpecVersion);
    }

    @Override
    public ObjectVersion version() {
        return meta.version();
    }

    @Override
    public String objectName() {
        return spec.name();
    }

    @Override
    public StoreObject versioned(ObjectVersion changed, String at) {
        return new Service(
                id,
                meta.written(changed, at),
                spec,
                previousSpec,
                endpoint,
                updateStatus,
                null,
                specVersion < 0 ? changed.index() : specVersion,
                previousSpecVersion);
    }
}
