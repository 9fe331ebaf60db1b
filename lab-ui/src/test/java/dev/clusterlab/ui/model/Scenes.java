package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The states of a cluster that the window must show well. */
public final class Scenes {
    private static final Duration NOW = Duration.ofMinutes(12).plusSeconds(34);

    private Scenes() {}

    /** Every one of them by its name, and none at all. */
    public static Map<String, ClusterSnapshot> all() {
        Map<String, ClusterSnapshot> all = new LinkedHashMap<>();
        all.put("empty", ClusterSnapshot.empty(Instant.EPOCH));
        all.put("threeMachines", threeMachines());
        all.put("swarm", swarm());
        all.put("platform", platform().build());
        all.put("busy", busy());
        all.put("workerKilled", workerKilled());
        all.put("healedButNotWell", healedButNotWell(Duration.ofMinutes(1)));
        all.put("twoFaults", twoFaults());
        all.put("partitioned", partitioned());
        all.put("longPartitioned", longPartitioned());
        all.put("threeIslands", threeIslands());
        all.put("lostWays", lostWays());
        all.put("crowded", crowded());
        all.put("manyTroubles", manyTroubles());
        all.put("quorumLost", quorumLost());
        all.put("twelveMachines", twelveMachines());
        return all;
    }

    public static ClusterSnapshot threeMachines() {
        return new ClusterBuilder(Duration.ofSeconds(42))
                .machines("leader1", "worker1", "worker2")
                .build();
    }

    public static ClusterSnapshot swarm() {
        return swarmOfThree(Duration.ofSeconds(95)).build();
    }

    private static ClusterBuilder swarmOfThree(Duration at) {
        return new ClusterBuilder(at)
                .machines("leader1", "worker1", "worker2")
                .leader("leader1")
                .worker("worker1", "worker2");
    }

    /** Five machines, ten instances, two routers, traffic. */
    public static ClusterBuilder platform() {
        return platformAt(NOW);
    }

    private static ClusterBuilder platformAt(Duration at) {
        ClusterBuilder cluster = new ClusterBuilder(at)
                .machines("leader1", "worker1", "worker2", "leader2", "worker3")
                .leader("leader1")
                .manager("leader2")
                .worker("worker1", "worker2", "worker3")
                .overlay();
        services(cluster);
        String[] all = {"leader1", "worker1", "worker2", "leader2", "worker3"};
        cluster.task("consul-leader", 1, "leader1", "running");
        for (String machine : all) {
            cluster.task("consul-nodes", 0, machine, "running");
        }
        cluster.task("traefik", 0, "leader1", "running").task("traefik", 0, "leader2", "running");
        cluster.task("visualizer", 1, "leader1", "running");
        for (int slot = 1; slot <= 10; slot++) {
            cluster.task("web", slot, all[(slot - 1) % all.length], "running");
        }
        cluster.consulLeader("worker1");
        for (String machine : all) {
            cluster.member(machine, true, "alive");
        }
        cluster.registered("web", "democonsul", "passing").proxy("leader1", "leader2");
        for (int ago = 0; ago < 40; ago++) {
            cluster.traffic(ago, Map.of(200, 5));
        }
        return cluster;
    }

    /** The same with forty instances more than a box can write out. */
    public static ClusterSnapshot busy() {
        ClusterBuilder cluster = platform();
        String[] all = {"leader1", "worker1", "worker2", "leader2", "worker3"};
        for (int slot = 11; slot <= 50; slot++) {
            cluster.task("web", slot, all[(slot - 1) % all.length], "running");
        }
        return cluster.build();
    }

    private static void services(ClusterBuilder cluster) {
        cluster.service("consul-leader", "hashicorp/consul", 1, Map.of(8501, 8500))
                .service("consul-nodes", "hashicorp/consul", 5, Map.of(8500, 8500))
                .service("traefik", "traefik:v3", 2, Map.of(80, 80, 8080, 8080))
                .service("visualizer", "dockersamples/visualizer", 1, Map.of(5050, 8080))
                .service("web", "clusterlab/hello", 10, Map.of());
    }

    /** worker3 lost its power; its tasks are not elsewhere yet; some requests fail. */
    public static ClusterSnapshot workerKilled() {
        return worker3Lost(platform().state("worker3", Machine.State.KILLED));
    }

    /** The same on hosts, where nobody has given a command that switches it off. */
    public static ClusterSnapshot workerCutOff() {
        return worker3Lost(platform().cutOff("worker3"));
    }

    private static ClusterSnapshot worker3Lost(ClusterBuilder cluster) {
        for (int ago = 0; ago < 6; ago++) {
            cluster.traffic(ago, Map.of(200, 3, 502, 1, 0, 1));
        }
        return cluster.down("worker3")
                .fault("fault-1", new Fault.MachineKill("worker3"), new Target.OfMachine("worker3"))
                .build();
    }

    /** Every fault was healed that long ago, and yet a node is down and Consul has no leader. */
    public static ClusterSnapshot healedButNotWell(Duration since) {
        return platformAt(NOW.plus(since))
                .down("worker3")
                .consulLeader("")
                .traffic(0, Map.of(200, 2, 502, 3))
                .build();
    }

    /** worker3 without power, and worker1 frozen for two minutes. */
    public static ClusterSnapshot twoFaults() {
        return platform()
                .state("worker3", Machine.State.KILLED)
                .down("worker3")
                .fault("fault-1", new Fault.MachineKill("worker3"), new Target.OfMachine("worker3"))
                .leased(
                        "fault-4",
                        new Fault.MachinePause("worker1", Optional.of(Duration.ofMinutes(2))),
                        new Target.OfMachine("worker1"),
                        Duration.ofMinutes(2))
                .state("worker1", Machine.State.PAUSED)
                .build();
    }

    /** A moment ago leader1 and worker3 were cut off: nobody has noticed. */
    public static ClusterSnapshot partitioned() {
        return platform()
                .cut("fault-2", List.of("leader1", "worker3"), List.of("leader2", "worker1", "worker2"))
                .build();
    }

    /**
     * leader1 and worker3 were cut off a minute ago: the others have another leader, have given up what runs on these two and
     * run it themselves. In Consul it is the other way round for lack of a server.
     */
    public static ClusterSnapshot longPartitioned() {
        ClusterBuilder cluster = new ClusterBuilder(NOW)
                .machines("leader1", "worker1", "worker2", "leader2", "worker3", "leader3")
                .manager("leader1", "leader3")
                .leader("leader2")
                .worker("worker1", "worker2", "worker3")
                .overlay();
        services(cluster);
        for (String machine : List.of("leader1", "worker3")) {
            cluster.task("consul-nodes", 0, machine, "running");
        }
        cluster.task("traefik", 0, "leader1", "running")
                .task("visualizer", 1, "leader1", "running")
                .task("web", 1, "leader1", "running")
                .task("web", 5, "worker3", "running")
                .task("web", 10, "worker3", "running")
                .givenUp("leader1")
                .givenUp("worker3");
        for (String machine : List.of("worker1", "worker2", "leader2", "leader3")) {
            cluster.task("consul-nodes", 0, machine, "running");
        }
        cluster.task("traefik", 0, "leader2", "running").task("visualizer", 1, "worker1", "running");
        String[] side = {"worker1", "worker2", "leader2", "leader3"};
        for (int slot = 1; slot <= 10; slot++) {
            cluster.task("web", slot, side[slot % side.length], "running");
        }
        cluster.consulLeader("worker1")
                .member("leader1", true, "failed")
                .member("worker1", true, "alive")
                .member("leader2", true, "alive")
                .member("worker2", false, "alive")
                .member("worker3", false, "failed")
                .member("leader3", false, "alive");
        for (String machine : side) {
            cluster.agent(machine, "worker1", "leader2", "leader3", "worker1", "worker2");
        }
        return cluster.agent("leader1", "", "leader1", "worker3")
                .agent("worker3", "", "leader1", "worker3")
                .believes("leader1", "")
                .cut("fault-2", List.of("leader1", "worker3"), List.of("leader2", "leader3", "worker1", "worker2"))
                .build();
    }

    /** Three managers, none of which hears another. */
    public static ClusterSnapshot threeIslands() {
        return new ClusterBuilder(NOW)
                .machines("leader1", "leader2", "leader3", "worker1", "worker2")
                .leader("leader1")
                .manager("leader2", "leader3")
                .worker("worker1", "worker2")
                .withoutLeader()
                .overlay()
                .service("web", "clusterlab/hello", 4, Map.of(80, 8080))
                .task("web", 1, "leader1", "running")
                .task("web", 2, "worker1", "running")
                .task("web", 3, "worker2", "running")
                .task("web", 4, "leader2", "running")
                .cut("fault-2", List.of("leader1", "worker1"), List.of("leader2"), List.of("leader3", "worker2"))
                .build();
    }

    /** What goes from worker1 to the leader is lost, and two workers do not hear each other. */
    public static ClusterSnapshot lostWays() {
        return platform()
                .lost("worker1", "leader1")
                .lost("worker2", "worker3")
                .lost("worker3", "worker2")
                .build();
    }

    /** So many tasks that not even short chips have room. */
    public static ClusterSnapshot crowded() {
        ClusterBuilder cluster = platform().service("batch", "clusterlab/batch", 160, Map.of());
        String[] all = {"leader1", "worker1", "worker2", "leader2", "worker3"};
        for (int slot = 1; slot <= 160; slot++) {
            cluster.task("batch", slot, all[slot % all.length], slot > 150 ? "preparing" : "running");
        }
        return cluster.build();
    }

    /** Frozen, drained, silent and failed things at once. */
    public static ClusterSnapshot manyTroubles() {
        return platform()
                .state("worker1", Machine.State.PAUSED)
                .state("leader2", Machine.State.STOPPED)
                .drained("worker2")
                .silent("worker3")
                .task("web", 11, "leader1", "failed")
                .task("web", 12, "leader1", "preparing")
                .fault("fault-3", new Fault.MachinePause("worker1", Optional.empty()), new Target.OfMachine("worker1"))
                .build();
    }

    /** One of two managers is gone, so nobody may decide. */
    public static ClusterSnapshot quorumLost() {
        return platform()
                .state("leader2", Machine.State.KILLED)
                .withoutLeader()
                .fault("fault-1", new Fault.MachineKill("leader2"), new Target.OfMachine("leader2"))
                .build();
    }

    /** As many machines as a class could want. */
    public static ClusterSnapshot twelveMachines() {
        String[] names = new String[12];
        for (int i = 0; i < names.length; i++) {
            names[i] = i < 3 ? "manager" + (i + 1) : "worker" + (i - 2);
        }
        ClusterBuilder cluster = new ClusterBuilder(NOW).machines(names).leader("manager1");
        for (int i = 1; i < names.length; i++) {
            if (i < 3) {
                cluster.manager(names[i]);
            } else {
                cluster.worker(names[i]);
            }
        }
        cluster.overlay().service("web", "clusterlab/hello", 60, Map.of(80, 8080));
        for (int slot = 1; slot <= 60; slot++) {
            cluster.task("web", slot, names[slot % names.length], "running");
        }
        return cluster.build();
    }
}
