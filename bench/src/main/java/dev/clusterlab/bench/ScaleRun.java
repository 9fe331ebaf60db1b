package dev.clusterlab.bench;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;

/**
 * A swarm of many machines and tasks on the embedded engine, driven as a person would drive it, by the built-in shell:
 * bring-up, a service of many tasks, the loss of a tenth of the machines. Prints wall time and engine time of each stage.
 *
 * <p>Arguments: machines (default 100), tasks (default 1000), machines to lose (default 10).
 */
public final class ScaleRun {
    private static final int MANAGERS = 3;

    private final LabEnvironment environment;
    private final PrintStream out;

    private ScaleRun(LabEnvironment environment, PrintStream out) {
        this.environment = environment;
        this.out = out;
    }

    public static void main(String[] arguments) {
        int machines = argument(arguments, 0, 100);
        int tasks = argument(arguments, 1, 1000);
        int lost = argument(arguments, 2, 10);
        var options = new LabEnvironment.Options("embedded", 1, true, 1);
        try (LabEnvironment environment = LabEnvironment.standard(options, new CheckLanguage())) {
            var run = new ScaleRun(environment, System.out);
            run.out.printf("%-44s %10s %12s %9s%n", "stage", "wall s", "engine s", "ratio");
            run.stage(machines + " machines", machines(machines));
            run.stage("swarm of " + MANAGERS + " managers, all joined", swarm(machines));
            run.stage(
                    "service of " + tasks + " tasks, all running",
                    "docker service create -d --name web --replicas " + tasks + " nginx\n" + untilRunning(tasks));
            run.stage("one minute of rest", "sleep 60");
            run.stage(
                    lost + " machines lost, all tasks running again",
                    "for i in $(seq " + (machines - lost + 1) + " " + machines + "); do docker-machine kill n$i; done\n"
                            + "until [ \"$(docker node ls | grep -c Down)\" = " + lost + " ]; do sleep 1; done\n"
                            + untilAlive(tasks));
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            run.out.printf(Locale.ROOT, "heap in use at the end: %d MB%n", heap / 1_000_000);
        }
    }

    private static int argument(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private static String machines(int machines) {
        return "for i in $(seq 1 " + machines + "); do docker-machine create n$i; done";
    }

    private static String swarm(int machines) {
        return """
                eval "$(docker-machine env n1)"
                docker swarm init --advertise-addr $(docker-machine ip n1)
                worker=$(docker swarm join-token -q worker)
                manager=$(docker swarm join-token -q manager)
                remote=$(docker-machine ip n1):2377
                for i in $(seq 2 MANAGERS); do
                  docker -H tcp://$(docker-machine ip n$i):2375 swarm join --token $manager $remote
                done
                for i in $(seq FIRST LAST); do
                  docker -H tcp://$(docker-machine ip n$i):2375 swarm join --token $worker $remote
                done
                until [ "$(docker node ls | grep -c Ready)" = LAST ]; do sleep 1; done
                """.replace("MANAGERS", String.valueOf(MANAGERS))
                .replace("FIRST", String.valueOf(MANAGERS + 1))
                .replace("LAST", String.valueOf(machines));
    }

    private static String untilRunning(int tasks) {
        return "until [ \"$(docker service ls --format '{{.Replicas}}')\" = " + tasks + "/" + tasks
                + " ]; do sleep 1; done\n";
    }

    /** The managers believe the tasks of a lost node running until it comes back: count those that are meant to run. */
    private static String untilAlive(int tasks) {
        return "until [ \"$(docker service ps --filter desired-state=running web --format '{{.CurrentState}}'"
                + " | grep -c Running)\" = " + tasks + " ]; do sleep 1; done\n";
    }

    private void stage(String title, String script) {
        Duration engineBegan = environment.engine().clock().elapsed();
        long wallBegan = System.nanoTime();
        var said = new StringBuilder();
        int status = environment.shell().run(script, true, new Shell.Output() {
            @Override
            public void stdout(String text) {
                // Of no interest here.
            }

            @Override
            public void stderr(String text) {
                said.append(text);
            }
        });
        if (status != 0) {
            throw new IllegalStateException(title + " ended with status " + status + ": " + said);
        }
        double wall = (System.nanoTime() - wallBegan) / 1e9;
        double engine =
                environment.engine().clock().elapsed().minus(engineBegan).toMillis() / 1000.0;
        out.printf(Locale.ROOT, "%-44s %10.2f %12.1f %9.1f%n", title, wall, engine, engine / wall);
    }
}
