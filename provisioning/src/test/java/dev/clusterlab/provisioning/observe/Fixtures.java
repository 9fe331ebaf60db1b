package dev.clusterlab.provisioning.observe;

/** Queries of daemons, as short as the reader allows. */
final class Fixtures {
    static final String NO_LEADER =
            "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are "
                    + "online. Make sure more than half of the managers are online.";

    private Fixtures() {}

    static String manager(String id) {
        return """
            {"ServerVersion":"29.0.0","Swarm":{"NodeID":"%s","LocalNodeState":"active","ControlAvailable":true,
             "Cluster":{"ID":"swarm1"}}}""".formatted(id);
    }

    static String worker(String id) {
        return """
            {"ServerVersion":"29.0.0","Swarm":{"NodeID":"%s","LocalNodeState":"active","ControlAvailable":false}}""".formatted(id);
    }

    static String node(String id, String hostname, boolean manager, boolean leader, String state) {
        String status = manager ? ",\"ManagerStatus\":{\"Leader\":" + leader + ",\"Reachability\":\"reachable\"}" : "";
        return """
            {"ID":"%s","Spec":{"Role":"%s","Availability":"active","Labels":{}},"Description":{"Hostname":"%s"},
             "Status":{"State":"%s","Message":"%s","Addr":"192.168.99.100"}%s}""".formatted(
                        id,
                        manager ? "manager" : "worker",
                        hostname,
                        state,
                        state.equals("down") ? "heartbeat failure" : "",
                        status);
    }

    static String service(String id, String name, int replicas, int published, int target) {
        return """
            {"ID":"%s","Spec":{"Name":"%s","Labels":{},"TaskTemplate":{"ContainerSpec":{"Image":"hello:1@sha256:ab"},
             "Networks":[{"Target":"net1"}],"Placement":{"Constraints":["node.role==worker"]}},
             "Mode":{"Replicated":{"Replicas":%d}}},
             "Endpoint":{"Ports":[{"Protocol":"tcp","PublishedPort":%d,"TargetPort":%d}]},
             "ServiceStatus":{"RunningTasks":1,"DesiredTasks":%d}}""".formatted(id, name, replicas, published, target, replicas);
    }

    static String task(
            String id, String serviceId, int slot, String nodeId, String state, String desired, String address) {
        return """
            {"ID":"%s","CreatedAt":"2026-01-01T09:00:%02dZ","ServiceID":"%s","Slot":%d,"NodeID":"%s",
             "DesiredState":"%s","Status":{"Timestamp":"2026-01-01T09:00:01Z","State":"%s","Message":"started",
             "ContainerStatus":{"ContainerID":"c-%s"}},
             "NetworksAttachments":[{"Network":{"Spec":{"Name":"multi-host-net"}},"Addresses":["%s/24"]}]}""".formatted(id, slot, serviceId, slot, nodeId, desired, state, id, address);
    }

    static final String NETWORKS = """
            [{"Id":"net1","Name":"multi-host-net","Driver":"overlay","Scope":"swarm",
              "IPAM":{"Config":[{"Subnet":"10.1.9.0/24","Gateway":"10.1.9.1"}]}}]""";
}
