package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The states of a cluster that the window must show well. */
public final class Scenes {
    private static final Duration NOW = Duration.ofMinutes(12).plusSeconds(34);

    private Scenes() {}

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
        ClusterBuilder cluster = new ClusterBuilder(NOW)
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

    private static void services(ClusterBuilder cluster) {
        cluster.service("consul-leader", "hashicorp/consul", 1, Map.of(8501, 8500))
                .service("consul-nodes", "hashicorp/consul", 5, Map.of(8500, 8500))
                .service("traefik", "traefik:v3", 2, Map.of(80, 80, 8080, 8080))
                .service("visualizer", "dockersamples/visualizer", 1, Map.of(5050, 8080))
                .service("web", "clusterlab/hello", 10, Map.of());
    }

    /** worker3 lost its power; its tasks are not elsewhere yet; some requests fail. */
    public static ClusterSnapshot workerKilled() {
        ClusterBuilder cluster = platform();
        for (int ago = 0; ago < 6; ago++) {
            cluster.traffic(ago, Map.of(200, 3, 502, 1, 0, 1));
        }
        return cluster.state("worker3", Machine.State.KILLED)
                .down("worker3")
                .fault("fault-1", new Fault.MachineKill("worker3"), new Target.OfMachine("worker3"))
                .build();
    }

    /** Every fault is healed, and yet a node is down and Consul has no leader. */
    public static ClusterSnapshot healedButNotWell() {
        return platform()
                .down("worker3")
                .consulLeader("")
                .traffic(0, Map.of(200, 2, 502, 3))
                .build();
    }

    /** leader1 alone on one side. */
    public static ClusterSnapshot partitioned() {
        return platform()
                .cut("fault-2", List.of("leader1"), List.of("leader2", "worker1", "worker2", "worker3"))
                .build();
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
