package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.protocol.Raft;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the leader does for the engines' API (swarmkit manager/controlapi) and for machines that come in. */
public final class ControlApi {
    /** One hour. */
    private static final long CERTIFICATE_NANOS_MIN = 3600 * LeaderContext.SECOND;

    private final LeaderContext context;
    private final LeadingManager manager;
    private final NodeControl nodes;
    private final ServiceControl services;
    private final NetworkControl networks;

    ControlApi(LeaderContext context, LeadingManager manager) {
        this.context = context;
        this.manager = manager;
        this.nodes = new NodeControl(context, manager);
        this.services = new ServiceControl(context);
        this.networks = new NetworkControl(context);
    }

    public NodeControl nodes() {
        return nodes;
    }

    public ServiceControl services() {
        return services;
    }

    public NetworkControl networks() {
        return networks;
    }

    public Cluster cluster() {
        return context.store().requireCluster();
    }

    /** Numbers of nodes and managers, as {@code docker info} shows them. */
    public record Census(Cluster cluster, int nodes, int managers, List<String> warnings) {}

    public Census census() {
        int managers = manager.raft().status().members().size();
        List<String> warnings = managers == 2
                ? List.of("WARNING: Running Swarm in a two-manager configuration. This configuration provides\n"
                        + "         no fault tolerance, and poses a high risk to lose control over the cluster.\n"
                        + "         Refer to https://docs.docker.com/engine/swarm/admin_guide/ to configure the\n"
                        + "         Swarm for fault-tolerance.")
                : List.of();
        return new Census(cluster().withTokens(null), context.store().nodes().size(), managers, warnings);
    }

    /**
     * Throws an {@link ApiException} if a swarm cannot be so (swarmkit manager/controlapi/cluster.go). A name or a value
     * that is left out stays what it is.
     */
    public static void checkSpec(Cluster.@Nullable SwarmSpec spec) {
        if (spec == null) {
            return;
        }
        Long expiry = spec.caConfig() == null ? null : spec.caConfig().nodeCertExpiry();
        if (expiry != null && expiry != 0 && expiry < CERTIFICATE_NANOS_MIN) {
            throw ServiceValidation.invalid("minimum certificate expiry time is: 1h0m0s");
        }
        Long heartbeat = spec.dispatcher() == null ? null : spec.dispatcher().heartbeatPeriod();
        if (heartbeat != null && heartbeat < 0) {
            throw ServiceValidation.invalid("heartbeat time period cannot be a negative duration");
        }
        if (spec.name() != null && !spec.name().isEmpty() && !spec.name().equals("default")) {
            throw ServiceValidation.invalid("modification of cluster name is not allowed");
        }
    }

    public void updateCluster(
            long version,
            Cluster.SwarmSpec spec,
            boolean rotateWorker,
            boolean rotateManager,
            Consumer<ApiResult<Nothing>> done) {
        spec.refuseLocking();
        checkSpec(spec);
        context.transactions()
                .run(
                        transaction -> {
                            Cluster cluster = cluster();
                            if (cluster.version().index() != version) {
                                throw outOfSequence();
                            }
                            Cluster.JoinTokens tokens = cluster.joinTokens();
                            if (tokens != null && (rotateWorker || rotateManager)) {
                                String digest = JoinToken.parse(tokens.worker()).digest();
                                tokens = new Cluster.JoinTokens(
                                        rotateWorker ? newToken(digest) : tokens.worker(),
                                        rotateManager ? newToken(digest) : tokens.manager());
                            }
                            transaction.put(cluster.withSpec(spec.completed()).withTokens(tokens));
                        },
                        error -> done.accept(error == null ? Nothing.ok() : ApiResult.error(error)));
    }

    private String newToken(String digest) {
        return new JoinToken(digest, context.random().base36(25)).toString();
    }

    static ApiException outOfSequence() {
        return ApiException.rpc(ApiException.RpcCode.UNKNOWN, "update out of sequence");
    }

    /** What a machine says of itself when it asks to be let in. */
    public record Applicant(
            String hostname, String address, String availability, Node.Platform platform, Node.Resources resources) {}

    /** What a manager gives to a machine that it lets in. */
    public record Grant(String clusterId, String nodeId, String role, String managerId) {}

    /** Lets a machine in, if its token is right. */
    public void admit(JoinToken token, Applicant applicant, Consumer<ApiResult<Grant>> done) {
        Cluster cluster = cluster();
        Cluster.JoinTokens tokens = cluster.joinTokens();
        if (tokens == null) {
            throw ApiException.rpc(ApiException.RpcCode.NOT_FOUND, "cluster has no join tokens");
        }
        if (!JoinToken.parse(tokens.worker()).digest().equals(token.digest())) {
            throw new ApiException(500, "remote CA does not match fingerprint. Expected: " + token.digestHex());
        }
        String text = token.toString();
        String role = text.equals(tokens.manager()) ? Node.MANAGER : text.equals(tokens.worker()) ? Node.WORKER : "";
        if (role.isEmpty()) {
            throw ApiException.rpc(
                    ApiException.RpcCode.INVALID_ARGUMENT, "A valid join token is necessary to join this cluster");
        }
        String id = context.random().base36(25);
        var description = new Node.Description(
                applicant.hostname(),
                applicant.platform(),
                applicant.resources(),
                new Node.EngineDescription(DockerDaemon.VERSION, Map.of(), List.of()),
                JoinToken.tlsInfo(cluster.id()));
        context.transactions()
                .run(
                        transaction -> transaction.put(NewSwarm.node(
                                id, description, applicant.address(), role, applicant.availability(), context.now())),
                        error -> done.accept(
                                error == null
                                        ? ApiResult.ok(new Grant(
                                                cluster.id(),
                                                id,
                                                role,
                                                manager.raft().id()))
                                        : ApiResult.error(error)));
    }

    /** Takes a new manager into the Raft group. */
    public void addManager(String nodeId, Consumer<ApiResult<Nothing>> done) {
        manager.raft()
                .addMember(
                        nodeId,
                        true,
                        outcome -> done.accept(
                                switch (outcome) {
                                    case Raft.Outcome.Applied _ -> Nothing.ok();
                                    case Raft.Outcome.Rejected _ ->
                                        ApiResult.error(ApiException.rpc(
                                                ApiException.RpcCode.UNAVAILABLE,
                                                "raft: failed to process the request: node lost leader status"));
                                }));
    }
}
