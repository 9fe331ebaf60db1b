package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node of the swarm.
 *
 * @param certificateRole role of the certificate that the node was last given: what it really is, while the spec says
 *     what it shall be
 */
public record Node(
        @JsonProperty("ID") String id,
        @JsonUnwrapped Meta meta,
        Spec spec,
        Description description,
        Status status,
        @Nullable ManagerStatus managerStatus,
        @JsonIgnore @Nullable String certificateRole)
        implements ApiObject, StoreObject {
    public static final String MANAGER = "manager";
    public static final String WORKER = "worker";
    public static final String ACTIVE = "active";
    public static final String PAUSE = "pause";
    public static final String DRAIN = "drain";
    public static final String UNKNOWN = "unknown";
    public static final String READY = "ready";
    public static final String DOWN = "down";
    static final String DISCONNECTED = "disconnected";

    /** What the operator wants. Role {@code manager} or {@code worker}; availability active, pause or drain. */
    public record Spec(
            @Nullable String name,
            @JsonSetter(contentNulls = Nulls.AS_EMPTY) Map<String, String> labels,
            String role,
            String availability)
            implements ApiObject {
        public Spec {
            labels = labels == null ? Map.of() : labels;
            role = role == null ? "" : role;
            availability = availability == null ? "" : availability;
        }
    }

    /** What the node says of itself. */
    public record Description(
            String hostname,
            Platform platform,
            Resources resources,
            EngineDescription engine,
            @JsonProperty("TLSInfo") TlsInfo tlsInfo)
            implements ApiObject {}

    /** Architecture such as {@code x86_64} and system such as {@code linux}. */
    public record Platform(
            @Nullable String architecture,
            @JsonProperty("OS") @Nullable String os) implements ApiObject {}

    /** Amounts in billionths of a processor and bytes. */
    public record Resources(
            @JsonProperty("NanoCPUs") @Nullable Long nanoCpus,
            @Nullable Long memoryBytes,
            @Nullable List<Object> genericResources)
            implements ApiObject {}

    /** The engine on the node. */
    public record EngineDescription(
            String engineVersion, @Nullable Map<String, String> labels, List<Plugin> plugins) implements ApiObject {}

    public record Plugin(String type, String name) implements ApiObject {}

    /** Certificates in PEM and base 64. */
    public record TlsInfo(String trustRoot, String certIssuerSubject, String certIssuerPublicKey)
            implements ApiObject {}

    /** State is {@code unknown}, {@code ready}, {@code down} or {@code disconnected}. */
    public record Status(String state, @Nullable String message, String addr) implements ApiObject {}

    /** Present on members of the Raft group. Reachability is {@code reachable} or {@code unreachable}. */
    public record ManagerStatus(@Nullable Boolean leader, String reachability, String addr) implements ApiObject {}

    public Node withSpec(Spec changed) {
        return new Node(id, meta, changed, description, status, managerStatus, certificateRole);
    }

    public Node withDescription(Description changed) {
        return new Node(id, meta, spec, changed, status, managerStatus, certificateRole);
    }

    public Node withStatus(Status changed) {
        return new Node(id, meta, spec, description, changed, managerStatus, certificateRole);
    }

    public Node withManagerStatus(@Nullable ManagerStatus changed) {
        return new Node(id, meta, spec, description, status, changed, certificateRole);
    }

    public Node withCertificateRole(String changed) {
        return new Node(id, meta, spec, description, status, managerStatus, changed);
    }

    public boolean state(String wanted) {
        return status.state().equals(wanted);
    }

    public boolean availability(String wanted) {
        return spec.availability().equals(wanted);
    }

    @JsonIgnore
    public boolean isManager() {
        return MANAGER.equals(certificateRole);
    }

    public String hostname() {
        return description.hostname();
    }

    /** Nothing runs or can be placed there: its tasks must go elsewhere. */
    public boolean invalid() {
        return state(DOWN) || availability(DRAIN);
    }

    public boolean named(String reference) {
        return reference.equals(spec.name()) || Objects.equals(reference, hostname());
    }

    @Override
    public ObjectVersion version() {
        return meta.version();
    }

    @Override
    public String objectName() {
        return hostname();
    }

    @Override
    public StoreObject versioned(ObjectVersion changed, String at) {
        return new Node(id, meta.written(changed, at), spec, description, status, managerStatus, certificateRole);
    }
}
