package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.docker.DockerCommand.Names;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code docker swarm …}. */
final class DockerSwarmCommands {
    private static final int DATA_PATH_PORT = 4789;

    private DockerSwarmCommands() {}

    static List<DockerCommand> all() {
        return List.of(
                DockerCommand.of(
                        "swarm init",
                        "[OPTIONS]",
                        "Initialize a swarm",
                        Flags.of(
                                "--advertise-addr string Advertised address (format: <ip|interface>[:port])",
                                "--listen-addr string Listen address (default 0.0.0.0:2377)",
                                "--data-path-addr string Address for data traffic",
                                "--data-path-port uint Port for data traffic (default 4789)",
                                "--default-addr-pool list Address pools of overlay networks, in CIDR",
                                "--default-addr-pool-mask-length uint Length of the subnets of these pools (default 24)",
                                "--force-new-cluster bool Make a new cluster of one manager from the current state",
                                "--autolock bool Lock managers when they restart",
                                "--availability string Availability of the node: active, pause, drain",
                                "--task-history-limit int Tasks kept in history (default 5)",
                                "--dispatcher-heartbeat duration Heartbeat period (default 5s)",
                                "--snapshot-interval uint Log entries between Raft snapshots (default 10000)"),
                        0,
                        0,
                        Names.NONE,
                        DockerSwarmCommands::init),
                DockerCommand.of(
                        "swarm join",
                        "[OPTIONS] HOST:PORT",
                        "Join a swarm as a node and/or manager",
                        Flags.of(
                                "--token string Token for entry into the swarm",
                                "--advertise-addr string Advertised address (format: <ip|interface>[:port])",
                                "--listen-addr string Listen address (default 0.0.0.0:2377)",
                                "--data-path-addr string Address for data traffic",
                                "--availability string Availability of the node: active, pause, drain"),
                        1,
                        1,
                        Names.NONE,
                        DockerSwarmCommands::join),
                DockerCommand.of(
                        "swarm join-token",
                        "[OPTIONS] (worker|manager)",
                        "Manage join tokens",
                        Flags.of("-q, --quiet bool Only display token", "--rotate bool Rotate join token"),
                        1,
                        1,
                        Names.NONE,
                        DockerSwarmCommands::joinToken),
                DockerCommand.of(
                        "swarm leave",
                        "[OPTIONS]",
                        "Leave the swarm",
                        Flags.of("-f, --force bool Leave although it is a manager, ignoring warnings"),
                        0,
                        0,
                        Names.NONE,
                        call -> {
                            call.api().post("/swarm/leave" + (call.given().is("force") ? "?force=1" : ""), null);
                            call.line("Node left the swarm.");
                            return 0;
                        }),
                DockerCommand.of(
                        "swarm update",
                        "[OPTIONS]",
                        "Update the swarm",
                        Flags.of(
                                "--autolock bool Lock managers when they restart",
                                "--task-history-limit int Tasks kept in history",
                                "--dispatcher-heartbeat duration Heartbeat period",
                                "--cert-expiry duration Validity of node certificates",
                                "--snapshot-interval uint Log entries between Raft snapshots"),
                        0,
                        0,
                        Names.NONE,
                        DockerSwarmCommands::update));
    }

    private static int init(DockerCall call) throws InterruptedException {
        ObjectNode request = addresses(call);
        request.put("DataPathPort", call.given().number("data-path-port", 0));
        request.put("ForceNewCluster", call.given().is("force-new-cluster"));
        request.put("AutoLockManagers", call.given().is("autolock"));
        if (call.given().has("default-addr-pool")) {
            call.given().list("default-addr-pool").forEach(request.putArray("DefaultAddrPool")::add);
            request.put("SubnetSize", call.given().number("default-addr-pool-mask-length", 24));
        }
        ObjectNode spec = request.putObject("Spec");
        spec.putObject("Labels");
        settings(call, spec);
        JsonNode id = call.api().post("/swarm/init", request);
        call.line("Swarm initialized: current node (" + id.asText() + ") is now a manager.\n");
        printJoin(call, id.asText(), false);
        call.line(
                "To add a manager to this swarm, run 'docker swarm join-token manager' and follow the instructions.\n");
        return 0;
    }

    private static void settings(DockerCall call, ObjectNode spec) {
        if (call.given().has("task-history-limit")) {
            spec.withObject("/Orchestration")
                    .put("TaskHistoryRetentionLimit", call.given().number("task-history-limit", 5));
        }
        if (call.given().has("dispatcher-heartbeat")) {
            spec.withObject("/Dispatcher").put("HeartbeatPeriod", call.given().nanoseconds("dispatcher-heartbeat", 0));
        }
        if (call.given().has("snapshot-interval")) {
            spec.withObject("/Raft").put("SnapshotInterval", call.given().number("snapshot-interval", 10000));
        }
        if (call.given().has("cert-expiry")) {
            spec.withObject("/CAConfig").put("NodeCertExpiry", call.given().nanoseconds("cert-expiry", 0));
        }
        if (call.given().has("autolock")) {
            spec.withObject("/EncryptionConfig")
                    .put("AutoLockManagers", call.given().is("autolock"));
        }
    }

    private static ObjectNode addresses(DockerCall call) {
        ObjectNode request = DockerCall.object();
        request.put("ListenAddr", call.given().text("listen-addr", "0.0.0.0:2377"));
        request.put("AdvertiseAddr", call.given().text("advertise-addr", ""));
        request.put("DataPathAddr", call.given().text("data-path-addr", ""));
        call.given().last("availability").ifPresent(value -> request.put("Availability", value));
        return request;
    }

    private static int join(DockerCall call) throws InterruptedException {
        ObjectNode request = addresses(call);
        request.putArray("RemoteAddrs").add(call.argument(0));
        request.put("JoinToken", call.given().text("token", ""));
        call.api().post("/swarm/join", request);
        JsonNode info = call.api().get("/info");
        boolean manager = info.at("/Swarm/ControlAvailable").asBoolean();
        call.line("This node joined a swarm as a " + (manager ? "manager." : "worker."));
        return 0;
    }

    private static int joinToken(DockerCall call) throws InterruptedException {
        String role = call.argument(0);
        if (!role.equals("worker") && !role.equals("manager")) {
            call.error("unknown role " + role);
            return 1;
        }
        boolean manager = role.equals("manager");
        if (call.given().is("rotate")) {
            JsonNode swarm = call.api().get("/swarm");
            Map<String, String> query = new TreeMap<>();
            query.put("version", swarm.at("/Version/Index").asText());
            query.put(manager ? "rotateManagerToken" : "rotateWorkerToken", "true");
            call.api().post("/swarm/update" + DockerApi.query(query), swarm.get("Spec"));
            if (!call.given().is("quiet")) {
                call.line("Successfully rotated " + role + " join token.\n");
            }
        }
        if (call.given().is("quiet")) {
            JsonNode swarm = call.api().get("/swarm");
            call.line(
                    swarm.at("/JoinTokens/" + (manager ? "Manager" : "Worker")).asText());
            return 0;
        }
        JsonNode info = call.api().get("/info");
        printJoin(call, info.at("/Swarm/NodeID").asText(), manager);
        return 0;
    }

    private static void printJoin(DockerCall call, String nodeId, boolean manager) throws InterruptedException {
        JsonNode node = call.api().get("/nodes/" + DockerCall.id(nodeId));
        JsonNode swarm = call.api().get("/swarm");
        String address = node.at("/ManagerStatus/Addr").asText();
        if (address.isEmpty()) {
            return;
        }
        String role = manager ? "manager" : "worker";
        call.line("To add a " + role + " to this swarm, run the following command:\n\n    docker swarm join --token "
                + swarm.at("/JoinTokens/" + (manager ? "Manager" : "Worker")).asText() + " " + address + "\n");
    }

    private static int update(DockerCall call) throws InterruptedException {
        JsonNode swarm = call.api().get("/swarm");
        ObjectNode spec = swarm.get("Spec").deepCopy();
        settings(call, spec);
        call.api().post("/swarm/update?version=" + swarm.at("/Version/Index").asText(), spec);
        call.line("Swarm updated.");
        return 0;
    }

    /** For {@code docker info}. */
    static int dataPathPort(JsonNode cluster) {
        int port = cluster.path("DataPathPort").asInt();
        return port == 0 ? DATA_PATH_PORT : port;
    }
}
