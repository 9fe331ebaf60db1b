package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What work grows with: counted, not timed, in a swarm of 50 machines and in one of 200, each with ten tasks a machine
 * behind one published port.
 */
class ScaleTest {
    private static final int TASKS_PER_MACHINE = 10;
    /** With networks of as many addresses as the tasks need. */
    private static final Cluster.InitRequest INIT =
            new Cluster.InitRequest(null, null, null, null, List.of("10.0.0.0/8"), 16, null, null, null, null);

    private static final Map<Integer, Counts> COUNTS = new LinkedHashMap<>();

    /** For each machine, but where it says otherwise. */
    private record Counts(
            double messagesAtRest,
            double eventsAtRest,
            double portVisitsOfService,
            double changesOfService,
            int portVisitsOfOneTask,
            int machinesChangedByOneTask) {}

    @BeforeAll
    static void count() {
        COUNTS.put(50, new Large(50).counts());
        COUNTS.put(200, new Large(200).counts());
    }

    private static Counts small() {
        return COUNTS.get(50);
    }

    private static Counts large() {
        return COUNTS.get(200);
    }

    @Test
    void aMachineAtRestCostsTheSameInALargeSwarm() {
        assertThat(large().messagesAtRest())
                .isBetween(0.95 * small().messagesAtRest(), 1.05 * small().messagesAtRest());
        assertThat(large().eventsAtRest()).isBetween(0.95 * small().eventsAtRest(), 1.05 * small().eventsAtRest());
    }

    @Test
    void aServiceOfTasksEverywhereHasEachMachinesPortsVisitedEquallyOften() {
        assertThat(small().portVisitsOfService()).isGreaterThanOrEqualTo(1);
        assertThat(large().portVisitsOfService()).isLessThanOrEqualTo(1.2 * small().portVisitsOfService());
        assertThat(large().changesOfService()).isLessThanOrEqualTo(1.2 * small().changesOfService());
    }

    @Test
    void oneTaskMoreOrLessConcernsAFewMachinesOnly() {
        // Its own, and where the managers are.
        assertThat(large().machinesChangedByOneTask())
                .isEqualTo(small().machinesChangedByOneTask())
                .isLessThanOrEqualTo(5);
        assertThat(large().portVisitsOfOneTask()).isLessThanOrEqualTo(small().portVisitsOfOneTask() + 2);
    }

    /** A swarm without the invariants' eyes, which look at everything. */
    private static final class Large {
        private static final Duration LIMIT = Duration.ofMinutes(5);

        private final int machines;
        private final Simulation simulation = new Simulation(1, SwarmLab.EPOCH);
        private final World world = new World(simulation, TestPrograms.catalog());
        private final WorldChanges changed = world.watch();
        private int portVisits;

        Large(int machines) {
            this.machines = machines;
            for (int i = 1; i <= machines; i++) {
                SimMachine machine = world.createMachine("n" + i);
                machine.loadImage("test/web");
                until(machine::daemonReady);
            }
            this.<String>call("n1", (daemon, done) -> daemon.swarmInit(INIT, done));
            Cluster.JoinTokens tokens =
                    this.<Cluster>call("n1", DockerDaemon::swarmInspect).joinTokens();
            for (int i = 2; i <= machines; i++) {
                String token = i <= 3 ? tokens.manager() : tokens.worker();
                var request = new Cluster.JoinRequest(
                        null, null, null, List.of(get("n1").address() + ":2377"), token, null);
                this.<Nothing>call("n" + i, (daemon, done) -> daemon.swarmJoin(request, done));
            }
            // Until the gossip of all that has ceased.
            run(Duration.ofMinutes(3));
        }

        Counts counts() {
            long messages = world.underlay().sentMessages();
            long events = simulation.executedEvents();
            run(Duration.ofMinutes(1));
            double messagesAtRest = (double) (world.underlay().sentMessages() - messages) / machines;
            double eventsAtRest = (double) (simulation.executedEvents() - events) / machines;

            portVisits = 0;
            long changes = world.changeCount();
            int tasks = TASKS_PER_MACHINE * machines;
            this.<String>call(
                    "n1",
                    (daemon, done) -> daemon.serviceCreate(
                            Spec.service("web")
                                    .replicas(tasks)
                                    .publish(8080, 80)
                                    .build(),
                            done));
            until(() -> running() == tasks);
            run(Duration.ofSeconds(5));
            assertThat(world.machines())
                    .allSatisfy(machine -> assertThat(machine.publishedPorts()).containsExactly(8080));
            double portVisitsOfService = (double) portVisits / machines;
            double changesOfService = (double) (world.changeCount() - changes) / machines;

            portVisits = 0;
            changed.take();
            SimMachine last = get("n" + machines);
            Dockerd daemon = last.dockerdOrNull();
            assertThat(daemon).isNotNull();
            DockerContainer victim = daemon.runtime().all().getFirst();
            this.<Nothing>call(last.name(), (any, done) -> any.containerKill(victim.id, null, done));
            run(Duration.ofSeconds(10));
            return new Counts(
                    messagesAtRest,
                    eventsAtRest,
                    portVisitsOfService,
                    changesOfService,
                    portVisits,
                    changed.take().machines().size());
        }

        private long running() {
            Manager manager = get("n1").managerOrNull();
            assertThat(manager).isNotNull();
            long running = 0;
            for (Task task : manager.store().tasks()) {
                if (task.state() == TaskState.RUNNING) {
                    running++;
                }
            }
            return running;
        }

        private SimMachine get(String name) {
            return world.machine(name).orElseThrow();
        }

        private <T> T call(String machine, BiConsumer<DockerDaemon, Consumer<ApiResult<T>>> call) {
            var answer = new ArrayList<ApiResult<T>>();
            call.accept(get(machine).daemon(), answer::add);
            until(() -> !answer.isEmpty());
            return answer.getFirst().orThrow();
        }

        private void until(BooleanSupplier condition) {
            long deadline = simulation.nowNanos() + LIMIT.toNanos();
            while (!condition.getAsBoolean()) {
                assertThat(simulation.nowNanos()).isLessThan(deadline);
                run(Duration.ofMillis(10));
            }
        }

        /** Visits the machines whose ports may have changed, after each event, as who opens real ports does. */
        private void run(Duration duration) {
            long end = simulation.nowNanos() + duration.toNanos();
            while (simulation.nextEventNanos() <= end) {
                simulation.step();
                if (!world.portsChanged().isEmpty()) {
                    for (SimMachine machine : world.portsChanged().take()) {
                        portVisits++;
                        machine.publishedPorts();
                    }
                }
            }
            simulation.runUntilNanos(end);
        }
    }
}
