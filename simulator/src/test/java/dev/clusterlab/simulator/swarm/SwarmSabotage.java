package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.leader.LeaderContext;
import java.time.Duration;

/** Breaks rules of Swarm on purpose. */
public final class SwarmSabotage {
    private SwarmSabotage() {}

    /** As soon as somebody leads, a slot gets a second task, beside the one that it has. */
    public static void takeASlotTwice(World world) {
        SimMachine machine = new SwarmConvergence(world).leader().orElse(null);
        Manager manager = machine == null ? null : machine.managerOrNull();
        if (manager == null || manager.leadership() == null) {
            world.simulation().schedule(Duration.ofSeconds(1), () -> takeASlotTwice(world));
            return;
        }
        LeaderContext context = manager.leadership().context();
        context.transactions()
                .run(transaction -> context.store().tasks().stream()
                        .filter(task -> task.slot() != null && task.desiredState() == TaskState.RUNNING)
                        .findFirst()
                        .ifPresent(task -> transaction.put(new Task(
                                "sabotage",
                                task.meta(),
                                "sabotage",
                                task.labels(),
                                task.spec(),
                                task.serviceId(),
                                task.slot(),
                                null,
                                new Task.Status(
                                        task.status().timestamp(),
                                        TaskState.NEW,
                                        null,
                                        null,
                                        null,
                                        Task.PortStatus.NONE,
                                        0),
                                TaskState.RUNNING,
                                null,
                                task.origin()))));
    }
}
