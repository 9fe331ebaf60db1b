package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.CheckState;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.experiment.Expectation;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.Platform;
import dev.clusterlab.lab.experiment.Step;
import dev.clusterlab.lab.target.Selection;
import dev.clusterlab.lab.way.Destination;
import dev.clusterlab.lab.way.RedoCommands;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.AnatomyWatch;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.FaultInjector;
import dev.clusterlab.provisioning.fault.Healing;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.Observer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs one experiment once, in a new cluster or in one that stands. Everything happens on the calling thread, but for the requests of the traffic and, where
 * time passes by itself, the observer. Interrupting the thread ends the run: what was broken is healed and the rollbacks run
 * before {@link #run} returns.
 */
public final class ExperimentRunner {
    /** Of engine time: how often it is observed between the commands of a script. */
    private static final Duration POLL_PERIOD = Duration.ofMillis(250);

    /** Of a frozen container without a lease: it is healed long before. */
    private static final Duration UNTIL_HEALED = Duration.ofHours(24);

    private static final Sentences SENTENCES = Sentences.of(Locale.ENGLISH);

    private static final int LAST_WORDS_MAX = 500;
    /** Status of a shell whose thread was interrupted. */
    private static final int CANCELLED = 130;

    /**
     * The cluster and what acts on it.
     *
     * @param ground whether the engine is new, or its cluster somebody's
     * @param anatomies watches what the observer reports; the run begins it
     * @param shell nobody else's while it runs
     */
    public record Surroundings(
            Ground ground,
            Engine engine,
            Observer observer,
            FaultInjector faults,
            AnatomyWatch anatomies,
            Shell shell) {}

    /** What a run begins with. */
    public enum Ground {
        /** Nothing: the cluster is brought up first, and is the run's own. */
        NEW,
        /**
         * A cluster that stands, in which other things happen as well: nothing is brought up, all that is in force at the end is
         * healed, and the run is not the same again for its seed.
         */
        STANDING
    }

    private final Experiment experiment;
    private final Surroundings surroundings;
    private final LabLibrary labs;
    private final CheckLanguage language;
    private final long seed;
    private final Selection selection;
    private final InstantSource wall;
    private final Spectator spectator;
    private final EngineClock clock;
    private final RequestLog log = new RequestLog();
    private final HypothesisWatch watch;
    private final List<Happening> happenings = new ArrayList<>();
    private final Sketches sketches = new Sketches();
    private Duration polled = Duration.ZERO;
    private @Nullable Client client;
    private @Nullable Method underWay;

    /**
     * @param seed with which the engine was made; the result names it
     * @param random decides wherever a target leaves a choice
     * @param wall the wall clock, for durations that people see
     * @param spectator follows it
     */
    public ExperimentRunner(
            Experiment experiment,
            Surroundings surroundings,
            LabLibrary labs,
            CheckLanguage language,
            long seed,
            RandomGenerator random,
            InstantSource wall,
            Spectator spectator) {
        this.experiment = experiment;
        this.surroundings = surroundings;
        this.labs = labs;
        this.language = language;
        this.seed = seed;
        this.selection =
                new Selection(random, UNTIL_HEALED, surroundings.engine().consent());
        this.wall = wall;
        this.spectator = spectator;
        this.clock = surroundings.engine().clock();
        this.watch = new HypothesisWatch(experiment.hypothesis(), language, log, this::changed);
    }

    /** Runs it; once. What goes wrong is in the result. */
    public RunResult run() {
        Instant wallBegan = wall.instant();
        Optional<Duration> began = Optional.empty();
        Optional<Duration> healed = Optional.empty();
        Optional<Duration> recovery = Optional.empty();
        List<Trouble> troubles = new ArrayList<>();
        boolean onDemand = clock.pace() instanceof Pace.OnDemand;
        try (var watching = new Watching()) {
            try {
                begin(onDemand);
                began = Optional.of(clock.elapsed());
                watch.begin(began.get());
                ClusterSnapshot steady = surroundings.observer().observe();
                sketches.begin(steady);
                watch.take(steady);
                // Not before: nobody wants to know of every change while the cluster comes up, which has more of them
                // than what follows.
                watching.begin();
                method();
            } catch (StoppedException e) {
                troubles.add(e.trouble());
            } catch (LabException e) {
                troubles.add(refused(e, began.isPresent()));
            } catch (InterruptedException e) {
                troubles.add(new Trouble.Interrupted(began.isPresent()));
            }
            boolean interrupted = Thread.interrupted();
            if (interrupted && troubles.isEmpty()) {
                troubles.add(new Trouble.Interrupted(began.isPresent()));
            }
            if (began.isPresent()) {
                Duration at = clock.elapsed();
                healed = Optional.of(at);
                sketches.heal();
                heal(at, troubles);
                rollBack(troubles);
                if (troubles.isEmpty()) {
                    recovery = recover(at, troubles);
                }
                watch.end(clock.elapsed());
                sketches.end(surroundings.observer().observe());
            }
        } finally {
            if (client != null) {
                client.close();
            }
        }
        watch.mistake().ifPresent(mistake -> troubles.add(refused(mistake, true)));
        // Of what was interrupted nobody knows how it would have gone on.
        boolean cut = troubles.stream().anyMatch(Trouble.Interrupted.class::isInstance);
        List<Finding> findings = cut ? List.of() : healed.map(watch::findings).orElse(List.of());
        return new RunResult(
                experiment.name(),
                surroundings.engine().name(),
                seed,
                outcome(troubles, findings),
                troubles.stream().findFirst(),
                findings,
                healed.map(watch::tally).orElse(Tally.NONE),
                snapshotOfHappenings(),
                began,
                healed,
                recovery,
                anatomies(began),
                began.map(at -> new Course(log.all().seconds(at), sketches.all()))
                        .orElse(Course.NONE),
                digest(),
                clock.elapsed(),
                Duration.between(wallBegan, wall.instant()));
    }

    /** What is reported to the hypothesis and to the anatomies. */
    private final class Watching implements AutoCloseable {
        private final List<AutoCloseable> subscriptions = new ArrayList<>();

        void begin() {
            surroundings.anatomies().begin();
            subscriptions.add(surroundings.observer().onSnapshot((snapshot, events) -> take(snapshot)));
            subscriptions.add(surroundings.shell().betweenCommands(ExperimentRunner.this::pollNowAndThen));
        }

        @Override
        public void close() {
            for (AutoCloseable subscription : subscriptions) {
                try {
                    subscription.close();
                } catch (Exception e) {
                    throw new IllegalStateException("a subscription cannot fail to end", e);
                }
            }
        }
    }

    /** Those of the run: a cluster that stands may have had faults before. */
    private List<Anatomy> anatomies(Optional<Duration> began) {
        return surroundings.anatomies().all().stream()
                .filter(anatomy -> began.filter(at -> anatomy.injected().compareTo(at) >= 0)
                        .isPresent())
                .toList();
    }

    private Optional<String> digest() {
        if (surroundings.ground() == Ground.STANDING) {
            return Optional.empty();
        }
        OptionalLong digest = surroundings.engine().historyDigest();
        return digest.isPresent() ? Optional.of(String.format("%016x", digest.getAsLong())) : Optional.empty();
    }

    private static Outcome outcome(List<Trouble> troubles, List<Finding> findings) {
        if (troubles.isEmpty()) {
            return findings.stream().allMatch(Finding::held) ? Outcome.COMPLETED : Outcome.DEVIATED;
        }
        return switch (troubles.getFirst()) {
            case Trouble.OtherEngine _,
                    Trouble.CannotDo _,
                    Trouble.InForce _,
                    Trouble.NoMachine _,
                    Trouble.NoEntry _,
                    Trouble.NotAsNeeded _,
                    Trouble.NotAllowed _,
                    Trouble.NoPlatform _,
                    Trouble.NeverSteady _,
                    Trouble.Interrupted _ -> Outcome.ABORTED;
            case Trouble.ScriptFailed _,
                    Trouble.NotWithin _,
                    Trouble.Refused _,
                    Trouble.NotHealed _,
                    Trouble.NotRecovered _ -> Outcome.FAILED;
        };
    }

    /** Brings the cluster up and waits until everything holds. */
    private void begin(boolean onDemand) throws StoppedException, InterruptedException {
        requireFit();
        bringUp();
        if (!onDemand) {
            surroundings.observer().follow();
        }
        Duration up = clock.elapsed();
        if (experiment.traffic().isPresent()) {
            try {
                client = Client.start(
                        surroundings.engine(),
                        surroundings.observer(),
                        experiment.traffic().get(),
                        log);
            } catch (LabException e) {
                throw new StoppedException(new Trouble.NoPlatform(String.valueOf(e.getMessage())));
            }
        }
        Duration within = experiment.hypothesis().steadyWithin();
        // A figure of the first few requests would say nothing.
        Duration earliest = client == null ? up : up.plus(min(HypothesisWatch.WINDOW, within));
        if (!clock.await(() -> missing().isEmpty() && clock.elapsed().compareTo(earliest) >= 0, within)) {
            List<Expectation> missing = missing();
            if (!missing.isEmpty()) {
                throw new StoppedException(new Trouble.NeverSteady(within, missing));
            }
        }
        tell(new Happening.Steady(clock.elapsed(), clock.elapsed().minus(up)));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void requireFit() throws StoppedException {
        Engine engine = surroundings.engine();
        Optional<Trouble> lack = switch (surroundings.ground()) {
            case NEW -> Fit.lack(experiment, engine);
            case STANDING ->
                Fit.lack(
                        experiment,
                        engine,
                        surroundings.faults().active(),
                        surroundings.observer().observe(),
                        language);
        };
        if (lack.isPresent()) {
            throw new StoppedException(lack.get());
        }
    }

    private void bringUp() throws StoppedException, InterruptedException {
        Platform platform = experiment.platform();
        // What a script leaves to chance hangs on the seed of the run, too.
        surroundings.shell().run("SEED=" + seed, true, new LastWords());
        if (surroundings.ground() == Ground.STANDING) {
            return;
        }
        try {
            if (platform.lab().isPresent()) {
                Platform.LabPoint point = platform.lab().get();
                Lab lab = labs.read(point.lab(), Locale.ENGLISH);
                Destination to = point.done()
                        ? Destination.after(lab, point.step())
                        : Destination.before(lab.requireStep(point.step()).id());
                try (var session = new GuidedSession(lab, language, surroundings.observer(), surroundings.shell())) {
                    new RedoCommands(session, clock, surroundings.observer())
                            .bring(
                                    to,
                                    milestone -> tell(new Happening.LabStep(
                                            clock.elapsed(),
                                            milestone.number(),
                                            milestone.of(),
                                            milestone.step().title())));
                }
            }
        } catch (LabException e) {
            if (cancelled(e)) {
                throw new InterruptedException();
            }
            throw new StoppedException(new Trouble.NoPlatform(String.valueOf(e.getMessage())));
        }
        if (!platform.script().isEmpty()) {
            try {
                script(Happening.Phase.PLATFORM, platform.script());
            } catch (StoppedException e) {
                throw new StoppedException(new Trouble.NoPlatform(
                        e.trouble() instanceof Trouble.ScriptFailed failed
                                ? "its script ended with status " + failed.status() + ": " + failed.lastWords()
                                : String.valueOf(e.getMessage())));
            }
        }
    }

    private void take(ClusterSnapshot snapshot) {
        watch.take(snapshot);
        sketches.take(snapshot);
    }

    /** On the run's thread. */
    private void look(ClusterSnapshot snapshot) {
        take(snapshot);
        show(snapshot);
    }

    private void show(ClusterSnapshot snapshot) {
        if (watch.mistake().isEmpty()) {
            Method method = underWay;
            spectator.looked(
                    clock.elapsed(),
                    () -> new Spectator.Look(
                            method == null ? Set.of() : method.done(),
                            method == null ? Set.of() : method.underWay(),
                            watch.holding(snapshot, snapshot.elapsed())));
        }
    }

    private List<Expectation> missing() {
        ClusterSnapshot snapshot = surroundings.observer().observe();
        watch.take(snapshot);
        show(snapshot);
        return watch.missing(snapshot, clock.elapsed());
    }

    private void method() throws StoppedException, InterruptedException {
        var method = new Method(experiment.method(), new Acting());
        underWay = method;
        while (!method.advance()) {
            clock.await(
                    () -> {
                        look(surroundings.observer().observe());
                        return method.ready();
                    },
                    method.untilDue());
        }
        Duration time = experiment.watch();
        tell(new Happening.Watching(clock.elapsed(), time));
        Duration end = clock.elapsed().plus(time);
        clock.await(
                () -> {
                    look(surroundings.observer().observe());
                    return clock.elapsed().compareTo(end) >= 0;
                },
                time);
    }

    /** What the steps of the method do. */
    private final class Acting implements Method.Deeds {
        @Override
        public Duration now() {
            return clock.elapsed();
        }

        @Override
        public boolean holds(String expression) {
            return language.compile(expression)
                    .holds(new CheckState(surroundings.observer().observe()));
        }

        @Override
        public void inject(Step.Inject step) throws StoppedException, InterruptedException {
            try {
                for (Selection.Chosen chosen :
                        selection.faults(step.wish(), machines(), surroundings.observer()::observe)) {
                    surroundings.faults().inject(chosen.fault());
                    tell(new Happening.Broken(clock.elapsed(), step.kind(), chosen.targets()));
                }
            } catch (LabException e) {
                if (cancelled(e)) {
                    throw new InterruptedException();
                }
                throw new StoppedException(
                        Fit.aboutConsent(e)
                                ? new Trouble.NotAllowed(e)
                                : new Trouble.Refused(String.valueOf(e.getMessage())));
            }
            look(surroundings.observer().observe());
        }

        @Override
        public void run(Step.Run step) throws StoppedException, InterruptedException {
            script(Happening.Phase.METHOD, step.script());
        }

        @Override
        public void came(Step.Until step, Duration took) {
            tell(new Happening.Came(clock.elapsed(), step.expression(), took));
        }
    }

    private Set<String> machines() {
        return surroundings.engine().machines().stream()
                .map(Machine::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean cancelled(LabException e) {
        return e.kind() == LabException.Kind.CANCELLED || Thread.currentThread().isInterrupted();
    }

    private void script(Happening.Phase phase, String script) throws StoppedException, InterruptedException {
        var words = new LastWords();
        int status = surroundings.shell().run(script, true, words);
        // A shell that is interrupted ends its command with a status and clears the mark.
        if (status == CANCELLED || Thread.interrupted()) {
            throw new InterruptedException();
        }
        look(surroundings.observer().observe());
        tell(new Happening.Ran(clock.elapsed(), phase, script, status));
        if (status != 0) {
            throw new StoppedException(new Trouble.ScriptFailed(script, status, words.text()));
        }
    }

    private void pollNowAndThen() {
        Duration now = clock.elapsed();
        if (now.minus(polled).compareTo(POLL_PERIOD) >= 0) {
            polled = now;
            look(surroundings.observer().observe());
        }
    }

    /** Undoes what is in force, the last one first; each is tried. */
    private void heal(Duration at, List<Trouble> troubles) {
        List<ActiveFault> active = surroundings.faults().active();
        tell(new Happening.Healing(at, active.size()));
        for (ActiveFault fault : active.reversed()) {
            try {
                Healing healing = surroundings.faults().heal(fault.id());
                if (!healing.proved()) {
                    troubles.add(new Trouble.NotHealed(fault.id(), SENTENCES.healing(healing)));
                }
            } catch (LabException e) {
                troubles.add(new Trouble.NotHealed(fault.id(), String.valueOf(e.getMessage())));
            }
        }
    }

    private void rollBack(List<Trouble> troubles) {
        for (String script : experiment.rollbacks()) {
            try {
                script(Happening.Phase.ROLLBACK, script);
            } catch (StoppedException e) {
                troubles.add(e.trouble());
            } catch (InterruptedException e) {
                troubles.add(new Trouble.Interrupted(true));
            } catch (LabException e) {
                troubles.add(refused(e, true));
            }
        }
    }

    private Optional<Duration> recover(Duration from, List<Trouble> troubles) {
        Duration within = experiment.hypothesis().recoversWithin();
        try {
            if (clock.await(() -> missing().isEmpty(), within)) {
                Duration took = clock.elapsed().minus(from);
                tell(new Happening.Recovered(clock.elapsed(), took));
                return Optional.of(took);
            }
            troubles.add(new Trouble.NotRecovered(within, missing()));
        } catch (InterruptedException e) {
            troubles.add(new Trouble.Interrupted(true));
        } catch (LabException e) {
            troubles.add(refused(e, true));
        }
        return Optional.empty();
    }

    private static Trouble refused(LabException e, boolean begun) {
        if (cancelled(e)) {
            return new Trouble.Interrupted(begun);
        }
        return begun
                ? new Trouble.Refused(String.valueOf(e.getMessage()))
                : new Trouble.NoPlatform(String.valueOf(e.getMessage()));
    }

    private void changed(HypothesisWatch.Change change) {
        tell(
                change.holds()
                        ? new Happening.Regained(change.at(), change.condition())
                        : new Happening.Lost(change.at(), change.condition()));
    }

    private void tell(Happening happening) {
        synchronized (happenings) {
            happenings.add(happening);
            spectator.happened(happening);
        }
    }

    private List<Happening> snapshotOfHappenings() {
        synchronized (happenings) {
            return List.copyOf(happenings);
        }
    }

    /** The end of what a script says about its errors. */
    private static final class LastWords implements Shell.Output {
        private final StringBuilder words = new StringBuilder();

        @Override
        public void stdout(String text) {
            // Whoever wants to read it listens to the shell.
        }

        @Override
        public void stderr(String text) {
            words.append(text);
            if (words.length() > LAST_WORDS_MAX) {
                words.delete(0, words.length() - LAST_WORDS_MAX);
            }
        }

        String text() {
            return words.toString().strip();
        }
    }
}
