package dev.clusterlab.lab.environment;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.run.Happening;
import dev.clusterlab.lab.experiment.run.ResultJson;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Spectator;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.FaultConsent;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.consent.ConsentSettings;
import dev.clusterlab.provisioning.hosts.consent.ConsentedSwarm;
import dev.clusterlab.provisioning.hosts.consent.TraefikLog;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A test of a Swarm that exists, within what its owner allows: who may be hit, what can be run there, and one experiment, of which all is
 * written down. For every front end alike. Nothing is changed before {@link #run}; closing it ends what is in force, and the hosts have
 * nothing of it any more. Thread-safe.
 */
public final class SwarmTest implements AutoCloseable {
    private static final long LOOK_SECONDS = 2;

    private final ConsentedSwarm swarm;
    private final LabEnvironment environment;
    private final Limits limits;
    private final Path usualJournal;

    /**
     * How far a test may go.
     *
     * @param atMost nodes, and tasks of each service, that may be broken at once; empty: a third of them, one at least
     * @param time after which everything is ended; positive
     * @param breakQuorum whether a person has agreed that the managers may be without a majority
     */
    public record Limits(OptionalInt atMost, Duration time, boolean breakQuorum) {
        /** Where nobody says otherwise. */
        public static final Duration TIME = Duration.ofMinutes(30);
    }

    /** Why a test ends before its experiment does. */
    public enum End {
        /** Its time is over. */
        LATE,
        /** Somebody has ended it from elsewhere, or its owner has taken a label away. */
        REVOKED
    }

    /** Whether somebody's label allows faults. */
    public enum Answer {
        ALLOWED,
        NOT_ALLOWED,
        /** Nobody can be asked at the moment. */
        UNKNOWN
    }

    /** A node or a service, and what its label says. */
    public record Target(String name, Answer answer) {}

    /**
     * Who may be hit.
     *
     * @param nodes that were given, by the names of their machines
     * @param services of the Swarm
     * @param notGiven nodes of the Swarm that no given host is: they are never hit
     * @param logs of the Traefiks that there are, by which it is known which servers failed requests met
     */
    public record Allowed(List<Target> nodes, List<Target> services, List<String> notGiven, List<TraefikLog> logs) {
        public Allowed {
            logs = List.copyOf(logs);
            nodes = List.copyOf(nodes);
            services = List.copyOf(services);
            notGiven = List.copyOf(notGiven);
        }

        /** The names of those that are allowed. */
        public static List<String> names(List<Target> targets) {
            return targets.stream()
                    .filter(target -> target.answer() == Answer.ALLOWED)
                    .map(Target::name)
                    .toList();
        }
    }

    private SwarmTest(ConsentedSwarm swarm, LabEnvironment environment, Limits limits, Path usualJournal) {
        this.swarm = swarm;
        this.environment = environment;
        this.limits = limits;
        this.usualJournal = usualJournal;
    }

    /**
     * Goes to the hosts and looks. Nothing is changed by that.
     *
     * @param settings of this user; their limits are not taken
     * @throws LabException INPUT for no hosts, two of one name, or hosts of two Swarms; REFUSED if no host can be reached
     */
    public static SwarmTest attach(List<Host> hosts, Limits limits, ConsentSettings settings, CheckLanguage language) {
        ConsentedSwarm swarm = ConsentedSwarm.attach(hosts, settings.within(limits.atMost(), limits.breakQuorum()));
        return new SwarmTest(
                swarm,
                LabEnvironment.around(swarm, language),
                limits,
                settings.records().resolve(swarm.id() + ".jsonl"));
    }

    /** Eight hexadecimal digits, by which {@code clusterlab clean} ends it. */
    public String id() {
        return swarm.id();
    }

    /** Where all that happens is written if nobody says otherwise. */
    public Path usualJournal() {
        return usualJournal;
    }

    public LabEnvironment environment() {
        return environment;
    }

    public Limits limits() {
        return limits;
    }

    /** Who may be hit at the moment. Blocks as daemons do. */
    public Allowed allowed() {
        ClusterSnapshot seen = environment.observer().observe();
        FaultConsent consent = swarm.consent().orElseThrow();
        List<Target> nodes = swarm.machines().stream()
                .map(Machine::name)
                .map(name -> new Target(name, answer(consent, name)))
                .toList();
        Set<String> given = seen.machines().stream().map(MachineView::nodeId).collect(Collectors.toSet());
        List<String> notGiven = seen.swarm().stream()
                .flatMap(view -> view.nodes().stream())
                .filter(node -> !given.contains(node.id()))
                .map(NodeView::hostname)
                .toList();
        List<Target> services = seen.swarm().stream()
                .flatMap(view -> view.services().stream())
                .map(service -> new Target(
                        service.name(),
                        FaultConsent.ALLOWED.equals(service.labels().get(FaultConsent.LABEL))
                                ? Answer.ALLOWED
                                : Answer.NOT_ALLOWED))
                .toList();
        return new Allowed(nodes, services, notGiven, List.copyOf(swarm.accessLogs()));
    }

    /** One that is not reached is asked again when it is to be hit. */
    private static Answer answer(FaultConsent consent, String machine) {
        try {
            return consent.machine(machine) ? Answer.ALLOWED : Answer.NOT_ALLOWED;
        } catch (LabException e) {
            return Answer.UNKNOWN;
        }
    }

    /**
     * That a person has agreed to the loss of the managers' majority where an experiment means it.
     *
     * @throws LabException REFUSED if nobody has
     */
    public static void requireAgreed(Experiment experiment, boolean agreed) {
        if (experiment.breaksQuorum() && !agreed) {
            throw new LabException(
                            LabException.Kind.REFUSED,
                            "This experiment means to leave the managers without a majority, and nobody has agreed to that.",
                            "Agree by --yes-break-quorum, or in a terminal.")
                    .named("consent.agreed");
        }
    }

    /**
     * Runs an experiment in the Swarm as that is. Interrupting the thread heals and ends it, and so does the end of its time.
     *
     * @param allowed as it was said to the person
     * @param journal which all that happens is written to
     * @param ended told on another thread why it is ended early
     * @throws LabException REFUSED if nobody has agreed to what it means to do; ENVIRONMENT if the journal cannot be written
     */
    public RunResult run(
            ExperimentRuns runs,
            Experiment experiment,
            long seed,
            Allowed allowed,
            Path journal,
            Spectator spectator,
            Consumer<End> ended)
            throws InterruptedException {
        requireAgreed(experiment, limits.breakQuorum());
        try (Journal written = Journal.toFile(journal)) {
            writeDown(allowed, written);
            try (AutoCloseable recording = written.follow(environment.observer());
                    var ending = new Ending(ended)) {
                return runs.standing(experiment, seed, environment, new Spectator() {
                    @Override
                    public void happened(Happening happening) {
                        written.add(happening.at(), "experiment", "happening", fields(happening));
                        spectator.happened(happening);
                    }

                    @Override
                    public void looked(Duration at, java.util.function.Supplier<Look> now) {
                        spectator.looked(at, now);
                    }
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

    private void writeDown(Allowed allowed, Journal journal) {
        journal.add(Duration.ZERO, "engine", "name", EngineNames.SWARM);
        journal.add(
                Duration.ZERO,
                "consent",
                "test",
                id(),
                "nodes",
                Allowed.names(allowed.nodes()),
                "services",
                Allowed.names(allowed.services()),
                "atMost",
                limits.atMost().isPresent() ? limits.atMost().getAsInt() : "a third",
                "seconds",
                limits.time().toSeconds(),
                "breakQuorum",
                limits.breakQuorum());
    }

    /** Interrupts the run when its time is over, or somebody has ended it from elsewhere. */
    private final class Ending implements AutoCloseable {
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon(true).name("end of a test").factory());
        private final Thread running = Thread.currentThread();
        private final Consumer<End> ended;

        Ending(Consumer<End> ended) {
            this.ended = ended;
            timer.schedule(() -> end(End.LATE), limits.time().toMillis(), TimeUnit.MILLISECONDS);
            timer.scheduleWithFixedDelay(
                    () -> {
                        if (swarm.over()) {
                            end(End.REVOKED);
                            timer.shutdown();
                        }
                    },
                    LOOK_SECONDS,
                    LOOK_SECONDS,
                    TimeUnit.SECONDS);
        }

        private void end(End why) {
            ended.accept(why);
            running.interrupt();
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }

    /**
     * Ends all that is in force, and takes the helpers away.
     *
     * @throws LabException REFUSED if some host cannot be left as it was found; what is in force there ends by itself
     */
    @Override
    public void close() {
        environment.close();
    }
}
