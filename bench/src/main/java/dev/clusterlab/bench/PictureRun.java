package dev.clusterlab.bench;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How late the observer of the embedded engine shows what happens to one machine of many, where time goes by the wall clock: from the
 * moment at which a machine is stopped to the snapshot in which it is, and the work of the simulation's and the observer's threads for it.
 *
 * <p>Arguments: machines (default 100), tasks (default ten a machine), rounds (default 15).
 */
public final class PictureRun {
    private final LabEnvironment environment;

    private PictureRun(LabEnvironment environment) {
        this.environment = environment;
    }

    public static void main(String[] arguments) throws Exception {
        int machines = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        int tasks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10 * machines;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 15;
        var options = new LabEnvironment.Options("embedded", 1, true, 1);
        try (LabEnvironment environment = LabEnvironment.standard(options, new CheckLanguage())) {
            var run = new PictureRun(environment);
            run.say(LargeSwarm.machines(machines));
            run.say(LargeSwarm.swarm(machines));
            run.say("docker service create -d --name web --replicas " + tasks + " nginx\n"
                    + LargeSwarm.untilRunning(tasks) + "sleep 120");
            run.measure(machines, tasks, rounds);
        }
    }

    private void say(String script) {
        Quietly.run(environment, "a command", script);
    }

    private void measure(int machines, int tasks, int rounds) throws Exception {
        environment.engine().clock().setPace(new EngineClock.Pace.Times(1));
        environment.observer().follow();
        List<Double> late = new ArrayList<>();
        List<Double> inside = new ArrayList<>();
        List<Double> observing = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            String name = "n" + (machines - round);
            // What the change before has moved comes to rest.
            Thread.sleep(1_500);
            var seen = new CountDownLatch(1);
            long simulationBegan = nanos("simulation");
            long observerBegan = nanos("observer");
            try (AutoCloseable listening = environment.observer().onSnapshot((snapshot, events) -> {
                if (!running(snapshot, name)) {
                    seen.countDown();
                }
            })) {
                long began = System.nanoTime();
                environment.engine().killMachine(name);
                if (!seen.await(20, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(name + " was killed and is shown running 20 s later");
                }
                late.add((System.nanoTime() - began) / 1e6);
            }
            inside.add((nanos("simulation") - simulationBegan) / 1e6);
            observing.add((nanos("observer") - observerBegan) / 1e6);
        }
        System.out.printf(
                Locale.ROOT,
                "%d machines, %d tasks, %d killed one by one: change to snapshot %.0f ms (%.0f to %.0f);"
                        + " until then %.1f ms of processor inside, %.1f ms of the observer's (medians)%n",
                machines,
                tasks,
                rounds,
                median(late),
                Collections.min(late),
                Collections.max(late),
                median(inside),
                median(observing));
    }

    private static boolean running(ClusterSnapshot snapshot, String name) {
        return snapshot.machines().stream()
                .anyMatch(view ->
                        view.machine().name().equals(name) && view.machine().state() == Machine.State.RUNNING);
    }

    private static double median(List<Double> figures) {
        return figures.stream().sorted().toList().get(figures.size() / 2);
    }

    private static long nanos(String thread) {
        return ThreadTime.nanos(thread).orElse(0);
    }
}
