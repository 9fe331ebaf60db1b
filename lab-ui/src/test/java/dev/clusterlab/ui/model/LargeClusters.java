package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Clusters of many machines and tasks, for tests and measurements of what the picture costs. */
public record LargeClusters(int machines, int tasks) {
    private static final List<String> SERVICES = List.of("web", "shop", "cart", "mail", "search");
    private static final int MANAGERS = 3;

    /** All is well, so long after the beginning. */
    public ClusterSnapshot calm(Duration elapsed) {
        return builder(elapsed, Set.of()).build();
    }

    /** The last task of one machine has failed; the first machine has number 0. */
    public ClusterSnapshot taskFailed(Duration elapsed, int machine) {
        return builder(elapsed, Set.of(machine + machines * ((tasks - 1 - machine) / machines)))
                .build();
    }

    /** One task of every machine has failed. */
    public ClusterSnapshot tasksFailed(Duration elapsed) {
        Set<Integer> last = new java.util.HashSet<>();
        for (int task = tasks - machines; task < tasks; task++) {
            last.add(task);
        }
        return builder(elapsed, last).build();
    }

    /** One machine has no power. */
    public ClusterSnapshot machineKilled(Duration elapsed, int machine) {
        return builder(elapsed, Set.of())
                .state(names().get(machine), Machine.State.KILLED)
                .build();
    }

    /**
     * All is well, with Consul on every machine, its servers on the managers, two of which have a Traefik: a fifth of the tasks is
     * behind it, and clients are answered by these.
     */
    public ClusterSnapshot serving(Duration elapsed) {
        return serving(elapsed, -1).build();
    }

    /** Consul has lost the agent of one machine. */
    public ClusterSnapshot agentLost(Duration elapsed, int machine) {
        return serving(elapsed, machine).build();
    }

    private ClusterBuilder serving(Duration elapsed, int lost) {
        ClusterBuilder builder = builder(elapsed, Set.of());
        List<String> names = names();
        builder.consulLeader(names.getFirst());
        for (int i = 0; i < machines; i++) {
            builder.member(names.get(i), i < MANAGERS, i == lost ? "failed" : "alive");
        }
        builder.service("traefik", "traefik:v3", 2, Map.of(80, 80))
                .task("traefik", 1, names.get(0), "running")
                .task("traefik", 2, names.get(1), "running")
                .registered(SERVICES.getFirst(), "democonsul", "passing")
                .proxy(names.get(0), names.get(1));
        for (int ago = 0; ago < 10; ago++) {
            builder.traffic(ago, Map.of(200, tasks / SERVICES.size()));
        }
        return builder;
    }

    /** Names of the machines, managers first. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < machines; i++) {
            names.add(i < MANAGERS ? "leader" + (i + 1) : "worker" + (i - MANAGERS + 1));
        }
        return names;
    }

    /** The machine on which a task runs. */
    public String machineOf(int task) {
        return names().get(task % machines);
    }

    private ClusterBuilder builder(Duration elapsed, Set<Integer> failed) {
        List<String> names = names();
        ClusterBuilder builder = new ClusterBuilder(elapsed).machines(names.toArray(String[]::new));
        builder.manager(names.subList(0, MANAGERS).toArray(String[]::new))
                .leader(names.getFirst())
                .worker(names.subList(MANAGERS, machines).toArray(String[]::new))
                .overlay();
        int each = tasks / SERVICES.size();
        for (String service : SERVICES) {
            builder.service(service, service + ":1", each, Map.of());
        }
        int[] slots = new int[SERVICES.size()];
        for (int task = 0; task < tasks; task++) {
            int service = (task + task / machines) % SERVICES.size();
            builder.task(
                    SERVICES.get(service),
                    ++slots[service],
                    names.get(task % machines),
                    failed.contains(task) ? "failed" : "running");
        }
        return builder;
    }
}
