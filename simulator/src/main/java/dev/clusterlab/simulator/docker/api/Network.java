package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A network: of this machine (scope {@code local}) or of the swarm (scope {@code swarm}). */
public record Network(
        String name,
        String id,
        String created,
        String scope,
        String driver,
        @JsonProperty("EnableIPv4") boolean enableIpv4,
        @JsonProperty("EnableIPv6") boolean enableIpv6,
        @JsonProperty("IPAM") Ipam ipam,
        boolean internal,
        boolean attachable,
        boolean ingress,
        Map<String, String> configFrom,
        boolean configOnly,
        @Nullable Map<String, EndpointResource> containers,
        Map<String, String> options,
        Map<String, String> labels,
        @Nullable List<Peer> peers,
        @Nullable Map<String, Object> services,
        @JsonIgnore ObjectVersion version)
        implements ApiObject, StoreObject {
    public static final String SWARM = "swarm";
    public static final String LOCAL = "local";

    /** How addresses are given. */
    public record Ipam(
            @Nullable String driver,
            @Nullable Map<String, String> options,
            @Nullable List<IpamConfig> config) implements ApiObject {}

    public record IpamConfig(
            @Nullable String subnet,
            @JsonProperty("IPRange") @Nullable String ipRange,
            @Nullable String gateway) implements ApiObject {}

    /** A container's end of the network. */
    public record EndpointResource(
            String name,
            @JsonProperty("EndpointID") String endpointId,
            String macAddress,
            @JsonProperty("IPv4Address") String ipv4Address,
            @JsonProperty("IPv6Address") String ipv6Address)
            implements ApiObject {}

    public record Peer(String name, @JsonProperty("IP") String ip) implements ApiObject {}

    /** {@code POST /networks/create}. */
    public record CreateRequest(
            String name,
            @Nullable String driver,
            @Nullable String scope,
            @JsonProperty("IPAM") @Nullable Ipam ipam,
            @Nullable Boolean internal,
            @Nullable Boolean attachable,
            @Nullable Boolean ingress,
            @JsonProperty("EnableIPv6") @Nullable Boolean enableIpv6,

            @JsonSetter(contentNulls = Nulls.AS_EMPTY) @Nullable
            Map<String, String> options,

            @JsonSetter(contentNulls = Nulls.AS_EMPTY) @Nullable
            Map<String, String> labels,

            @Nullable Boolean checkDuplicate)
            implements ApiObject {}

    public record CreateResponse(String id, String warning) implements ApiObject {}

    /** {@code POST /networks/{id}/connect} and {@code /disconnect}. */
    public record ConnectRequest(
            @Nullable String container,
            @Nullable Boolean force,
            ContainerConfig.@Nullable EndpointConfig endpointConfig)
            implements ApiObject {}

    public boolean swarmScope() {
        return scope.equals(SWARM);
    }

    public String subnet() {
        String subnet = ipam.config() == null || ipam.config().isEmpty()
                ? null
                : ipam.config().get(0).subnet();
        return subnet == null ? "" : subnet;
    }

    /** With what only inspection shows. */
    public Network shown(@Nullable Map<String, EndpointResource> shownContainers, @Nullable List<Peer> shownPeers) {
        return new Network(
                name,
                id,
                created,
                scope,
                driver,
                enableIpv4,
                enableIpv6,
                ipam,
                internal,
                attachable,
                ingress,
                configFrom,
                configOnly,
                shownContainers,
                options,
                labels,
                shownPeers,
                services,
                version);
    }

    @Override
    public String objectName() {
        return name;
    }

    @Override
    public StoreObject versioned(ObjectVersion changed, String at) {
        return new Network(
                name,
                id,
                created,
                scope,
                driver,
                enableIpv4,
                enableIpv6,
                ipam,
                internal,
                attachable,
                ingress,
                configFrom,
                configOnly,
                containers,
                options,
                labels,
                peers,
                services,
                changed);
    }
}
