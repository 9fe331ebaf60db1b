package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.run.Happening;
import dev.clusterlab.lab.experiment.run.ResultJson;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Spectator;
import dev.clusterlab.lab.words.ConsentWords;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.FaultConsent;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.consent.ConsentSettings;
import dev.clusterlab.provisioning.hosts.consent.ConsentedSwarm;
import dev.clusterlab.provisioning.hosts.helper.HelperContainer;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs an experiment in a Swarm that exists, within what its owner allows, and writes all of it down. */
final class ConsentedRun {
    private static final long LOOK_SECONDS = 2;

    private final CliContext context;
    private final ConsentOptions options;
    private final ConsentWords words;
    private final PrintWriter told;

    /** @param told where is said what may be broken: not among the output of the command */
    ConsentedRun(CliContext context, ConsentOptions options, Locale locale, PrintWriter told) {
        this.context = context;
        this.options = options;
        this.words = ConsentWords.of(locale);
        this.told = told;
    }

    /**
     * Runs it once. Nothing is changed before it was said what may be.
     *
     * @throws LabException REFUSED if nobody agrees to what the experiment means to do, or the Swarm cannot be reached
     */
    RunResult run(Experiment experiment, long seed, List<Host> hosts, Spectator spectator) throws InterruptedException {
        Duration limit = options.time();
        boolean quorum = agreed(experiment);
        ConsentSettings settings = ConsentSettings.ofThisUser().within(options.atMost(), quorum);
        ConsentedSwarm swarm = ConsentedSwarm.attach(hosts, settings);
        Path file = options.journal == null
                ? UserFolders.ofThisUser().data().resolve("swarm-tests").resolve(swarm.id() + ".jsonl")
                : options.journal;
        try (LabEnvironment environment = LabEnvironment.around(swarm, context.language());
                Journal journal = Journal.toFile(file);
                var ending = new Ending(swarm, limit)) {
            ClusterSnapshot seen = environment.observer().observe();
            tell(swarm, seen, quorum, file, journal);
            try (AutoCloseable recording = journal.follow(environment.observer())) {
                return context.runs().standing(experiment, seed, environment, happening -> {
                    journal.add(happening.at(), "experiment", "happening", fields(happening));
                    spectator.happened(happening);
                });
            } catch (RuntimeException | InterruptedException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("a journal ends without errors", e);
            }
        }
    }

    private static Map<String, Object> fields(Happening happening) {
        var fields = new LinkedHashMap<String, Object>();
        ResultJson.happening(happening)
                .properties()
                .forEach(field -> fields.put(
                        field.getKey(),
                        field.getValue().isNumber()
                                ? field.getValue().numberValue()
                                : field.getValue().isTextual()
                                        ? field.getValue().asText()
                                        : field.getValue().toString()));
        return fields;
    }

    private void tell(ConsentedSwarm swarm, ClusterSnapshot seen, boolean quorum, Path file, Journal journal) {
        FaultConsent consent = swarm.consent().orElseThrow();
        List<String> nodes = swarm.machines().stream()
                .map(Machine::name)
                .filter(name -> allowed(consent, name))
                .toList();
        List<String> services = seen.swarm().stream()
                .flatMap(view -> view.services().stream())
                .filter(service -> FaultConsent.ALLOWED.equals(service.labels().get(FaultConsent.LABEL)))
                .map(service -> service.name())
                .toList();
        words.plan(new ConsentWords.Plan(
                        swarm.id(),
                        FaultConsent.LABEL + "=" + FaultConsent.ALLOWED,
                        nodes,
                        services,
                        options.atMost(),
                        options.timeText(),
                        quorum,
                        HelperContainer.IMAGE_BYTES,
                        file.toString()))
                .forEach(told::println);
        words.logs(swarm.accessLogs()).ifPresent(told::println);
        told.flush();
        journal.add(Duration.ZERO, "engine", "name", EngineNames.SWARM);
        journal.add(
                Duration.ZERO,
                "consent",
                "test",
                swarm.id(),
                "nodes",
                nodes,
                "services",
                services,
                "atMost",
                options.atMost().isPresent() ? options.atMost().getAsInt() : "a third",
                "seconds",
                options.time().toSeconds(),
                "breakQuorum",
                quorum);
    }

    /** One that is not reached is asked again when it is to be hit. */
    private static boolean allowed(FaultConsent consent, String machine) {
        try {
            return consent.machine(machine);
        } catch (LabException e) {
            return false;
        }
    }

    /** Whether the managers may lose their majority: both the experiment and a person must say so. */
    private boolean agreed(Experiment experiment) {
        if (!experiment.breaksQuorum()) {
            if (options.breakQuorum) {
                throw new LabException(
                        LabException.Kind.INPUT,
                        "This experiment does not mean to break the managers' majority, so nobody agrees to that.",
                        "Leave out --yes-break-quorum, or let the file say breaks-quorum: true.");
            }
            return false;
        }
        if (options.breakQuorum) {
            return true;
        }
        if (context.input().terminal()) {
            told.print(words.agree() + " ");
            told.flush();
            if (words.agreement().equals(line().strip())) {
                return true;
            }
        }
        throw new LabException(
                        LabException.Kind.REFUSED,
                        "This experiment means to leave the managers without a majority, and nobody has agreed to that.",
                        "Agree by --yes-break-quorum, or in a terminal.")
                .named("consent.agreed");
    }

    private String line() {
        try {
            BufferedReader reader = context.input().reader();
            String line = reader.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            return "";
        }
    }

    /** Interrupts the run when its time is over, or somebody has ended it from elsewhere. */
    private final class Ending implements AutoCloseable {
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon(true).name("end of a test").factory());

        Ending(ConsentedSwarm swarm, Duration limit) {
            Thread running = Thread.currentThread();
            timer.schedule(() -> end(running, words.late(options.timeText())), limit.toMillis(), TimeUnit.MILLISECONDS);
            timer.scheduleWithFixedDelay(
                    () -> {
                        if (swarm.over()) {
                            end(running, words.revoked());
                            timer.shutdown();
                        }
                    },
                    LOOK_SECONDS,
                    LOOK_SECONDS,
                    TimeUnit.SECONDS);
        }

        private void end(Thread running, String why) {
            told.println(why);
            told.flush();
            running.interrupt();
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }
}
