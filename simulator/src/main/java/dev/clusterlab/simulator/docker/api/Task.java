package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a service's container in a slot (replicated) or on a node (global).
 *
 * @param name {@code service.slot.id} or {@code service.node.id}; also the container's name
 * @param desiredState what the managers want it to come to
 * @param specVersion the service's spec version that it was made from
 * @param serviceName the service's name when it was made
 * @param ports the service's published ports when it was made, for the host-mode ones
 * @param virtualIps the service's virtual addresses when it was made
 * @param createdNanos virtual time of its creation
 */
public record Task(
        @JsonProperty("ID") String id,
        ObjectVersion version,
        String createdAt,
        String updatedAt,
        @Nullable String name,
        Map<String, String> labels,
        TaskSpec spec,
        @JsonProperty("ServiceID") String serviceId,
        @Nullable Long slot,
        @JsonProperty("NodeID") @Nullable String nodeId,
        Status status,
        TaskState desiredState,
        @Nullable List<Attachment> networksAttachments,
        @JsonIgnore long specVersion,
        @JsonIgnore String serviceName,
        @JsonIgnore List<ServiceSpec.Port> ports,
        @JsonIgnore List<Service.VirtualIp> virtualIps,
        @JsonIgnore long createdNanos)
        implements ApiObject, StoreObject {

    /** What was last heard of it. */
    public record Status(
            String timestamp,
            TaskState state,
            @Nullable String message,
            @Nullable String err,
            @Nullable ContainerStatus containerStatus,
            PortStatus portStatus,
            @JsonIgnore long atNanos)
            implements ApiObject {}

    public record ContainerStatus(
            @JsonProperty("ContainerID") @Nullable String containerId,
            @JsonProperty("PID") @Nullable Integer pid,
            @Nullable Integer exitCode)
            implements ApiObject {}

    /** Ports that are published on the task's own node. */
    public record PortStatus(@Nullable List<ServiceSpec.Port> ports) implements ApiObject {
        public static final PortStatus NONE = new PortStatus(null);
    }

    /** An attachment to a network, with addresses such as {@code 10.0.1.3/24}. */
    public record Attachment(
            AttachedNetwork network,
            List<String> addresses,
            @JsonIgnore List<String> aliases) implements ApiObject {
        /** The address without its prefix length. */
        public String address() {
            String address = addresses.get(0);
            return address.substring(0, address.indexOf('/'));
        }

        int prefixLength() {
            String address = addresses.get(0);
            return Integer.parseInt(address.substring(address.indexOf('/') + 1));
        }
    }

    /** A network as tasks show it. */
    public record AttachedNetwork(
            @JsonProperty("ID") String id,
            ObjectVersion version,
            String createdAt,
            String updatedAt,
            AttachedNetworkSpec spec,
            @JsonProperty("IPAMOptions") Map<String, Object> ipamOptions)
            implements ApiObject {}

    public record AttachedNetworkSpec(
            String name,
            Map<String, String> labels,
            Map<String, Object> driverConfiguration,
            @Nullable Boolean attachable,
            @Nullable Boolean ingress,
            String scope)
            implements ApiObject {}

    public List<Attachment> attachments() {
        return networksAttachments == null ? List.of() : networksAttachments;
    }

    public TaskState state() {
        return status.state();
    }

    public long slotNumber() {
        return slot == null ? 0 : slot;
    }

    /** What its replacements have in common with it: slot or, for global services, node. */
    public String place() {
        return slot == null ? "node " + nodeId : "slot " + slot;
    }

    public boolean on(String node) {
        return node.equals(nodeId);
    }

    /** Whether it still runs or may come to run. */
    boolean alive() {
        return desiredState.atMost(TaskState.RUNNING) && state().atMost(TaskState.RUNNING);
    }

    public Task withStatus(Status changed) {
        return new Task(
                id,
                version,
                createdAt,
                updatedAt,
                name,
                labels,
                spec,
                serviceId,
                slot,
                nodeId,
                changed,
                desiredState,
                networksAttachments,
                specVersion,
                serviceName,
                ports,
                virtualIps,
                createdNanos);
    }

    public Task withDesired(TaskState changed) {
        return new Task(
                id,
                version,
                createdAt,
                updatedAt,
                name,
                labels,
                spec,
                serviceId,
                slot,
                nodeId,
                status,
                changed,
                networksAttachments,
                specVersion,
                serviceName,
                ports,
                virtualIps,
                createdNanos);
    }

    public Task withNode(String changed) {
        return new Task(
                id,
                version,
                createdAt,
                updatedAt,
                name,
                labels,
                spec,
                serviceId,
                slot,
                changed,
                status,
                desiredState,
                networksAttachments,
                specVersion,
                serviceName,
                ports,
                virtualIps,
                createdNanos);
    }

    Task withAttachments(List<Attachment> changed) {
        return new Task(
                id,
                version,
                createdAt,
                updatedAt,
                name,
                labels,
                spec,
                serviceId,
                slot,
                nodeId,
                status,
                desiredState,
                changed,
                specVersion,
                serviceName,
                ports,
                virtualIps,
                createdNanos);
    }

    Task withSpec(TaskSpec changed, long changedVersion) {
        return new Task(
                id,
                version,
                createdAt,
                updatedAt,
                name,
                labels,
                changed,
                serviceId,
                slot,
                nodeId,
                status,
                desiredState,
                networksAttachments,
                changedVersion,
                serviceName,
                ports,
                virtualIps,
                createdNanos);
    }

    @Override
    public String objectName() {
        return name == null ? id : name;
    }

    @Override
    public StoreObject versioned(ObjectVersion changed, String at) {
        return new Task(
                id,
                changed,
                createdAt,
                at,
                name,
                labels,
                spec,
                serviceId,
                slot,
                nodeId,
                status,
                desiredState,
                networksAttachments,
                specVersion,
                serviceName,
                ports,
                virtualIps,
                createdNanos);
    }
}
