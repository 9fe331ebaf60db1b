package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.ApiJson.BadRequest;
import dev.clusterlab.simulator.consul.ConsulServer.Peer;
import dev.clusterlab.simulator.consul.Rpc.Answered;
import dev.clusterlab.simulator.consul.Rpc.Failed;
import dev.clusterlab.simulator.consul.Rpc.Read;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code /v1/status} and {@code /v1/operator}: the servers as a Raft group. */
final class OperatorApi implements RouteTable.Group {
    private final ConsulAgent agent;

    OperatorApi(ConsulAgent agent) {
        this.agent = agent;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/v1/status/leader[/*]", call -> call.query(new Queries.Leader(), leader -> leader));
        routes.add("GET", "/v1/status/peers[/*]", call -> call.query(new Queries.Peers(), peers -> peers));
        routes.add(
                "GET",
                "/v1/operator/raft/configuration",
                call -> call.query(new Queries.RaftConfiguration(), OperatorApi::raftConfiguration));
        routes.add("DELETE", "/v1/operator/raft/peer", this::removePeer);
        routes.add("POST", "/v1/operator/raft/transfer-leader", OperatorApi::transferLeader);
        routes.add("PUT", "/v1/operator/raft/transfer-leader", OperatorApi::transferLeader);
        routes.add(
                "GET",
                "/v1/operator/autopilot/health",
                call -> call.read(new Queries.AutopilotHealth(), OperatorApi::autopilotHealth));
        routes.add(
                "GET",
                "/v1/operator/autopilot/state",
                call -> call.read(new Queries.AutopilotHealth(), OperatorApi::autopilotState));
        routes.add("GET", "/v1/operator/autopilot/configuration", call -> call.json(autopilotConfiguration()));
    }

    private void removePeer(ConsulCall call) throws BadRequest {
        String id = call.parameter("id", "");
        String address = call.parameter("address", "");
        if (id.isEmpty() == address.isEmpty()) {
            throw new BadRequest(
                    id.isEmpty()
                            ? "Must specify either ?id with the server's ID or ?address with IP:port of peer to remove"
                            : "Must specify only one of ?id or ?address");
        }
        var query = new Queries.RaftConfiguration();
        agent.call(Read.of(query), result -> {
            if (!(result instanceof Answered answered)) {
                call.respond(Response.text(500, result instanceof Failed failed ? failed.message() : ""));
                return;
            }
            for (Peer peer : Objects.requireNonNullElse(answered.valueOf(query), List.<Peer>of())) {
                if (peer.id().equals(id) || peer.address().equals(address)) {
                    call.order(new Rpc.RemovePeer(peer.id()), done -> Response.empty(200));
                    return;
                }
            }
            call.respond(Response.text(
                    500,
                    address.isEmpty()
                            ? "id \"" + id + "\" was not found in the Raft configuration"
                            : "address \"" + address + "\" was not found in the Raft configuration"));
        });
    }

    private static void transferLeader(ConsulCall call) {
        String id = call.parameter("id", "");
        call.order(
                new Rpc.TransferLeadership(id.isEmpty() ? null : id),
                done -> Response.json(200, Map.of("Success", true)));
    }

    private static Object raftConfiguration(List<Peer> peers) {
        var servers = new ArrayList<Object>();
        for (Peer peer : peers) {
            servers.add(ApiJson.object(
                    "ID", peer.id(),
                    "Node", peer.node(),
                    "Address", peer.address(),
                    "Leader", peer.leader(),
                    "ProtocolVersion", "3",
                    "Voter", peer.voter(),
                    "LastIndex", peer.lastIndex()));
        }
        return ApiJson.object("Servers", servers, "Index", 0);
    }

    private static Response autopilotHealth(Autopilot.@Nullable Health health) {
        if (health == null) {
            return Response.text(404, "");
        }
        var servers = new ArrayList<Object>();
        for (Autopilot.ServerHealth server : health.servers()) {
            servers.add(ApiJson.object(
                    "ID", server.id(),
                    "Name", server.name(),
                    "Address", server.address(),
                    "SerfStatus", server.serfStatus(),
                    "Version", server.version(),
                    "Leader", server.leader(),
                    "LastContact", server.lastContactMillis() + "ms",
                    "LastTerm", server.lastTerm(),
                    "LastIndex", server.lastIndex(),
                    "Healthy", server.healthy(),
                    "Voter", server.voter(),
                    "StableSince", server.stableSince().toString()));
        }
        return Response.json(
                health.healthy() ? 200 : 429,
                ApiJson.object(
                        "Healthy", health.healthy(),
                        "FailureTolerance", health.failureTolerance(),
                        "Servers", servers));
    }

    /** Without redundancy zones, which only the enterprise program has, both tolerances are the same. */
    private static Response autopilotState(Autopilot.@Nullable Health health) {
        if (health == null) {
            return Response.text(404, "");
        }
        String leader = "";
        var voters = new ArrayList<String>();
        var servers = new TreeMap<String, Object>();
        for (Autopilot.ServerHealth server : health.servers()) {
            if (server.leader()) {
                leader = server.id();
            }
            if (server.voter()) {
                voters.add(server.id());
            }
            servers.put(
                    server.id(),
                    ApiJson.object(
                            "ID", server.id(),
                            "Name", server.name(),
                            "Address", server.address(),
                            "NodeStatus", server.serfStatus(),
                            "Version", server.version(),
                            "LastContact", server.lastContactMillis() + "ms",
                            "LastTerm", server.lastTerm(),
                            "LastIndex", server.lastIndex(),
                            "Healthy", server.healthy(),
                            "StableSince", server.stableSince().toString(),
                            "Status", server.leader() ? "leader" : server.voter() ? "voter" : "non-voter",
                            "Meta", Map.of(),
                            "NodeType", "voter"));
        }
        return Response.json(
                200,
                ApiJson.object(
                        "Healthy",
                        health.healthy(),
                        "FailureTolerance",
                        health.failureTolerance(),
                        "OptimisticFailureTolerance",
                        health.failureTolerance(),
                        "Servers",
                        servers,
                        "Leader",
                        leader,
                        "Voters",
                        voters));
    }

    private Object autopilotConfiguration() {
        return ApiJson.object(
                "CleanupDeadServers",
                agent.settings().cleanupDeadServers(),
                "LastContactThreshold",
                "200ms",
                "MaxTrailingLogs",
                250,
                "MinQuorum",
                0,
                "ServerStabilizationTime",
                "10s",
                "RedundancyZoneTag",
                "",
                "DisableUpgradeMigration",
                false,
                "UpgradeVersionTag",
                "",
                "CreateIndex",
                1,
                "ModifyIndex",
                1);
    }
}
