package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a service's container in a slot (replicated) or on a node (global).
 *
 * @param name {@code service.slot.id} or {@code service.node.id}; also the container's name
 * @param desiredState what the managers want it to come to
 */
public record Task(
        @JsonProperty("ID") String id,
        @JsonUnwrapped Meta meta,
        @Nullable String name,
        Map<String, String> labels,
        TaskSpec spec,
        @JsonProperty("ServiceID") String serviceId,
        @Nullable Long slot,
        @JsonProperty("NodeID") @Nullable String nodeId,
        Status status,
        TaskState desiredState,
        @Nullable List<Attachment> networksAttachments,
        @JsonIgnore Origin origin)
        implements ApiObject, StoreObject {

    /**
     * What its service was when it was made. Not shown.
     *
     * @param specVersion the service's spec version
     * @param ports the published ones, for those in host mode
     * @param createdNanos virtual time of its creation
     */
    public record Origin(
            long specVersion,
            String serviceName,
            Map<String, String> serviceLabels,
            List<ServiceSpec.Port> ports,
            List<Service.VirtualIp> virtualIps,
            long createdNanos) {
        public static Origin of(Service service, long createdNanos) {
            return new Origin(
                    service.specVersion(),
                    service.name(),
                    service.spec().labels(),
                    service.ports(),
                    service.virtualIps(),
                    createdNanos);
        }
    }

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
    }

    /** A network as tasks show it. */
    public record AttachedNetwork(
            @JsonProperty("ID") String id,
            @JsonUnwrapped Meta meta,
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

    public long specVersion() {
        return origin.specVersion();
    }

    public String serviceName() {
        return origin.serviceName();
    }

    public List<ServiceSpec.Port> ports() {
        return origin.ports();
    }

    public List<Service.VirtualIp> virtualIps() {
        return origin.virtualIps();
    }

    public long createdNanos() {
        return origin.createdNanos();
    }

    public Task withStatus(Status changed) {
        return with(meta, nodeId, changed, desiredState);
    }

    public Task withDesired(TaskState changed) {
        return with(meta, nodeId, status, changed);
    }

    public Task withNode(String changed) {
        return with(meta, changed, status, desiredState);
    }

    /** The same with the addresses that it waited for, and its service as it is now. */
    public Task allocated(List<Attachment> given, Origin now, Status changed) {
        return new Task(
                id,
                meta,
                name,
                labels,
                spec,
                serviceId,
                slot,
                nodeId,
                changed,
                desiredState,
                given.isEmpty() ? null : given,
                new Origin(
                        origin.specVersion(),
                        now.serviceName(),
                        now.serviceLabels(),
                        now.ports(),
                        now.virtualIps(),
                        origin.createdNanos()));
    }

    /** The same with what may change. */
    private Task with(Meta newMeta, @Nullable String newNode, Status newStatus, TaskState newDesired) {
        return new Task(
                id,
                newMeta,
                name,
                labels,
                spec,
                serviceId,
                slot,
                newNode,
                newStatus,
                newDesired,
                networksAttachments,
                origin);
    }

    @Override
    public ObjectVersion version() {
        return meta.version();
    }

    @Override
    public String objectName() {
        return name == null ? id : name;
    }

    @Override
    public StoreObject versioned(ObjectVersion changed, String at) {
        return with(meta.written(changed, at), nodeId, status, desiredState);
    }
}
