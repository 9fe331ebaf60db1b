package dev.clusterlab.bench;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.LabRunner;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The whole lab's platform under random faults, as paced time runs 64 times as fast as the wall clock: what the program holds must not
 * grow, and nothing is logged above information. Ends with status 1 if it does.
 *
 * <p>Arguments: minutes of wall time (default 10), seed (default 1).
 */
public final class SoakRun {
    private static final double SPEED = 64;
    /** Of wall time; a fault stands some minutes of engine time. */
    private static final Duration BETWEEN_FAULTS = Duration.ofMillis(700);

    private static final int FAULTS_MAX = 3;
    /** Threads and descriptors that come and go with what is under way: a leak adds some for each fault. */
    private static final long SWING = 60;

    /** Managers keep up to 10,000 entries of their log between two snapshots, as real ones do; a leak more than doubles the heap. */
    private static final double HEAP_GROWTH_MAX = 1.5;

    private final LabEnvironment environment;
    private final SplittableRandom random;
    private final List<String> logged = new ArrayList<>();
    private int injected;
    private int refused;

    private record Held(int threads, long descriptors, long heap) {}

    private SoakRun(LabEnvironment environment, long seed) {
        this.environment = environment;
        this.random = new SplittableRandom(seed);
    }

    public static void main(String[] arguments) throws Exception {
        int minutes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        var language = new CheckLanguage();
        var options = new LabEnvironment.Options("embedded", seed, true, SPEED);
        boolean steady;
        try (LabEnvironment environment = LabEnvironment.standard(options, language)) {
            var run = new SoakRun(environment, seed);
            run.listen();
            run.build(language);
            steady = run.soak(minutes);
        }
        System.exit(steady ? 0 : 1);
    }

    private void listen() {
        Logger.getLogger("").addHandler(new Handler() {
            @Override
            public void publish(LogRecord told) {
                if (told.getLevel().intValue() > Level.INFO.intValue()) {
                    synchronized (logged) {
                        logged.add(told.getLoggerName() + ": " + told.getMessage());
                    }
                }
            }

            @Override
            public void flush() {
                // Nothing is kept back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        });
    }

    private void build(CheckLanguage language) throws Exception {
        var lab = LabLibrary.standard(List.of(), language).read("resilient-swarm", Locale.ENGLISH);
        try (Journal journal = Journal.inMemory();
                var session = new GuidedSession(lab, language, environment.observer(), environment.shell())) {
            var runner = new LabRunner(
                    environment.engine().clock(),
                    environment.observer(),
                    session,
                    journal,
                    Duration.ofMinutes(3),
                    InstantSource.system());
            LabRunner.Result result = runner.run(false, told -> {});
            if (!result.passed()) {
                throw LabRunner.failure(result);
            }
        }
    }

    private boolean soak(int minutes) throws Exception {
        EngineClock clock = environment.engine().clock();
        clock.setPace(new EngineClock.Pace.Times(SPEED));
        environment.observer().follow();
        say("traffic start");
        System.out.printf(
                "%8s %10s %8s %8s %12s %9s%n", "minute", "engine s", "faults", "threads", "descriptors", "heap MB");
        Held first = null;
        Held last = null;
        for (int minute = 1; minute <= minutes; minute++) {
            breakThings(Duration.ofMinutes(1));
            last = held();
            if (first == null) {
                first = last;
            }
            System.out.printf(
                    Locale.ROOT,
                    "%8d %10.0f %8d %8d %12d %9d%n",
                    minute,
                    clock.elapsed().toMillis() / 1000.0,
                    injected,
                    last.threads(),
                    last.descriptors(),
                    last.heap() / 1_000_000);
        }
        return first != null && last != null && steady(first, last);
    }

    private void say(String command) {
        environment.shell().run(command, true, new Shell.Output() {
            @Override
            public void stdout(String text) {
                // Of no interest here.
            }

            @Override
            public void stderr(String text) {
                System.err.print(text);
            }
        });
    }

    private void breakThings(Duration wall) throws InterruptedException {
        long end = System.nanoTime() + wall.toNanos();
        while (System.nanoTime() < end) {
            try {
                breakSomething();
            } catch (LabException e) {
                // Such as a machine that another fault has stopped meanwhile: refused in words, and nothing has
                // changed.
                refused++;
            }
            Thread.sleep(BETWEEN_FAULTS);
        }
    }

    private void breakSomething() {
        List<ActiveFault> active = environment.faults().active();
        if (active.size() >= FAULTS_MAX) {
            environment.faults().heal(active.get(random.nextInt(active.size())).id());
            return;
        }
        List<String> running = environment.engine().machines().stream()
                .filter(machine -> machine.state() == Machine.State.RUNNING)
                .map(Machine::name)
                .toList();
        if (running.size() < 2) {
            environment.faults().heal(active.getFirst().id());
            return;
        }
        String one = running.get(random.nextInt(running.size()));
        String other =
                running.stream().filter(name -> !name.equals(one)).findFirst().orElseThrow();
        Optional<Duration> lease = Optional.of(Duration.ofSeconds(random.nextInt(5, 120)));
        environment
                .faults()
                .inject(
                        switch (random.nextInt(5)) {
                            case 0 -> new Fault.MachineKill(one);
                            case 1 -> new Fault.MachineStop(one);
                            case 2 -> new Fault.MachinePause(one, lease);
                            case 3 -> new Fault.NetworkPartition(List.of(Set.of(one), Set.of(other)), lease);
                            default -> new Fault.NetworkOneWay(Set.of(one), Set.of(other), lease);
                        });
        injected++;
    }

    private static Held held() throws IOException {
        // Collected twice: what is only reachable from finalised objects goes with the second.
        System.gc();
        System.gc();
        return new Held(
                ManagementFactory.getThreadMXBean().getThreadCount(),
                descriptors(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    /** Zero where the system does not tell. */
    private static long descriptors() throws IOException {
        Path folder = Path.of("/proc/self/fd");
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(folder)) {
            return open.count();
        }
    }

    private boolean steady(Held first, Held last) {
        var wrong = new ArrayList<String>();
        if (last.threads() > first.threads() + SWING) {
            wrong.add("threads grew");
        }
        if (last.descriptors() > first.descriptors() + SWING) {
            wrong.add("descriptors grew");
        }
        if (last.heap() > first.heap() * HEAP_GROWTH_MAX) {
            wrong.add("the heap grew");
        }
        synchronized (logged) {
            wrong.addAll(logged.stream().limit(20).toList());
        }
        System.out.println(injected + " faults, " + refused + " refused: "
                + (wrong.isEmpty() ? "nothing grew, nothing was logged" : String.join("; ", wrong)));
        return wrong.isEmpty();
    }
}
