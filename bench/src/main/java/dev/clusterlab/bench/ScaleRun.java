package dev.clusterlab.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.embedded.EmbeddedEngine;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;

/**
 * A swarm of many machines and tasks on the embedded engine, driven as a person would drive it, by the built-in shell:
 * bring-up, a service of many tasks, the loss of a tenth of the machines. Prints for each stage
 * wall time, processor time of all and of the simulation's thread alone ("inside"), engine time, how many messages the
 * machines sent each other, the statements of gossip in them, the time inside for each message, and the same less the share
 * that statements take, with that share ({@link GossipShare}). Statements are SWIM's own traffic: a full exchange has one for
 * each member, what is told of a loss up to fifteen in each message.
 *
 * <p>Arguments: machines (default 100), tasks (default 1000), machines to lose (default 10).
 */
public final class ScaleRun {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    /** The cost of a message is not worked out from fewer. */
    private static final long MESSAGES_MIN = 1_000;
    /** A share is not worked out from fewer. */
    private static final long SAMPLES_MIN = 30;

    private final LabEnvironment environment;
    private final GossipShare gossip;
    private final PrintStream out;

    private ScaleRun(LabEnvironment environment, GossipShare gossip, PrintStream out) {
        this.gossip = gossip;
        this.environment = environment;
        this.out = out;
    }

    public static void main(String[] arguments) throws InterruptedException {
        int machines = argument(arguments, 0, 100);
        int tasks = argument(arguments, 1, 1000);
        int lost = argument(arguments, 2, 10);
        var options = new LabEnvironment.Options("embedded", 1, true, 1);
        try (LabEnvironment environment = LabEnvironment.standard(options, new CheckLanguage());
                var gossip = new GossipShare()) {
            var run = new ScaleRun(environment, gossip, System.out);
            run.out.printf(
                    "%-52s %8s %8s %8s %9s %10s %11s %13s %20s%n",
                    "stage",
                    "wall s",
                    "CPU s",
                    "inside s",
                    "engine s",
                    "messages",
                    "statements",
                    "µs a message",
                    "without statements");
            run.stage(machines + " machines", LargeSwarm.machines(machines));
            run.stage("swarm of " + LargeSwarm.MANAGERS + " managers, all joined", LargeSwarm.swarm(machines));
            run.stage("two minutes until the gossip of joining has spread", "sleep 120");
            run.stage(
                    "service of " + tasks + " tasks, all running",
                    "docker service create -d --name web --replicas " + tasks + " nginx\n"
                            + LargeSwarm.untilRunning(tasks));
            run.stage("one minute of rest", "sleep 60");
            run.stage("half an hour more of rest", "sleep 1800");
            run.stage(
                    lost + " machines killed",
                    "for i in $(seq " + (machines - lost + 1) + " " + machines + "); do docker-machine kill n$i; done");
            run.stage("40 s: nodes down, tasks started again elsewhere", "sleep 40");
            run.stage(
                    "listings that say so",
                    "until [ \"$(docker node ls | grep -c Down)\" = " + lost + " ]; do sleep 1; done\n"
                            + untilAlive(tasks));
            // Collected twice: what is only reachable from finalised objects goes with the second.
            System.gc();
            System.gc();
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            run.out.printf(
                    Locale.ROOT,
                    "heap in use at the end: %d MB, %d kB a machine%n",
                    heap / 1_000_000,
                    heap / 1_000 / machines);
        }
    }

    private static int argument(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    /** The managers believe the tasks of a lost node running until it comes back: count those that are meant to run. */
    private static String untilAlive(int tasks) {
        return "until [ \"$(docker service ps --filter desired-state=running web --format '{{.CurrentState}}'"
                + " | grep -c Running)\" = " + tasks + " ]; do sleep 1; done\n";
    }

    /** Processor time of the simulation's thread so far. */
    private static long insideNanos() {
        return ThreadTime.nanos("simulation")
                .orElseThrow(() -> new IllegalStateException("there is no thread of a simulation"));
    }

    private static String each(double seconds, long count) {
        return count < MESSAGES_MIN ? "" : String.format(Locale.ROOT, "%.2f", seconds * 1e6 / count);
    }

    private void stage(String title, String script) throws InterruptedException {
        EmbeddedEngine engine = (EmbeddedEngine) environment.engine();
        Duration engineBegan = engine.clock().elapsed();
        GossipShare.Count sampledBegan = gossip.count();
        long messagesBegan = engine.sentMessages();
        long statementsBegan = engine.heardStatements();
        long cpuBegan = PROCESS.getProcessCpuTime();
        long insideBegan = insideNanos();
        long wallBegan = System.nanoTime();
        Quietly.run(environment, title, script);
        double wall = (System.nanoTime() - wallBegan) / 1e9;
        double cpu = (PROCESS.getProcessCpuTime() - cpuBegan) / 1e9;
        double inside = (insideNanos() - insideBegan) / 1e9;
        double engineSeconds = engine.clock().elapsed().minus(engineBegan).toMillis() / 1000.0;
        long messages = engine.sentMessages() - messagesBegan;
        long statements = engine.heardStatements() - statementsBegan;
        GossipShare.Count sampled = gossip.count().since(sampledBegan);
        out.printf(
                Locale.ROOT,
                "%-52s %8.2f %8.2f %8.2f %9.1f %10d %11d %13s %20s%n",
                title,
                wall,
                cpu,
                inside,
                engineSeconds,
                messages,
                statements,
                each(inside, messages),
                messages < MESSAGES_MIN || sampled.all() < SAMPLES_MIN
                        ? ""
                        : each(inside * (1 - sampled.share()), messages)
                                + String.format(Locale.ROOT, " (%.0f %% are)", 100 * sampled.share()));
    }
}
