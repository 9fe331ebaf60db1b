package dev.clusterlab.ui.model.hosts;

import dev.clusterlab.lab.environment.SwarmTest;
import dev.clusterlab.lab.environment.SwarmTest.Limits;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.lab.words.ConsentWords;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.ui.model.Notifications;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.TaskRunner;
import dev.clusterlab.ui.model.TaskRunner.RunningTask;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Tests of a Swarm that is watched: what may be hit is said, an experiment and its limits are chosen, the person agrees, and the test takes
 * the place of the watching until it is over. Also tests that killed programs have left. Used on the toolkit's thread.
 *
 * @param <P> a place to stand on: a Swarm in which an experiment runs
 */
public final class TestModel<P> {
    private final Below<P> below;
    private final TaskRunner tasks;
    private final Executor ui;
    private final Notifications notifications;
    private final Supplier<Texts> texts;
    private final ReadOnlyObjectWrapper<Optional<P>> place = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<State> state;
    private final ReadOnlyObjectWrapper<List<Left>> left = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<Optional<Notice>> ended = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final Set<String> files = new LinkedHashSet<>();
    private List<Host> hosts = List.of();
    private Choice choice = Choice.NONE;
    private Limits limits = new Limits(OptionalInt.empty(), Limits.TIME, false);
    private @Nullable RunningTask underWay;

    /** Where tests come from. Every call blocks and is made in the background. */
    public interface Below<P> {
        /**
         * Looks who may be hit, and what can be run; nothing is changed.
         *
         * @param atMost as in {@link Limits}
         * @param files of experiments, beside those that there are
         * @throws LabException REFUSED if no host can be reached
         */
        Prospect look(List<Host> hosts, OptionalInt atMost, Set<String> files);

        /**
         * Goes to the hosts for a test, and waits for the first picture; nothing is broken before its experiment is run.
         *
         * @throws LabException as {@link #look}
         */
        P begin(List<Host> hosts, Wanted wanted, Told told);

        /** Ends all that is in force, and leaves the hosts. Without effect where that is done. */
        void end(P place);

        /** Tests whose programs have ended and that may have left something on hosts, the oldest first. */
        List<Left> left();

        /**
         * Ends what such a test has in force, and takes its helpers away.
         *
         * @throws LabException REFUSED if that cannot be done on one of its hosts
         */
        void endLeft(String test);
    }

    /** Is told, on any thread, what a person must know of a test. */
    public interface Told {
        /** It is ended before its experiment was over. */
        void ended(SwarmTest.End why);

        /** Not every host could be left as it was found. */
        void owed(LabException why);
    }

    /** What may be done in a Swarm. */
    public record Prospect(SwarmTest.Allowed allowed, List<Candidate> candidates) {
        public Prospect {
            candidates = List.copyOf(candidates);
        }
    }

    /**
     * An experiment that there is.
     *
     * @param lack why it cannot be run there; empty if it can
     */
    public record Candidate(Entry entry, Optional<Trouble> lack) {
        /** Whether it can be chosen. */
        public boolean possible() {
            return entry.experiment().isPresent() && lack.isEmpty();
        }
    }

    /** What is begun. */
    public record Wanted(Entry entry, Limits limits) {}

    /** A test that a program left on hosts when it was killed. */
    public record Left(String test, List<String> hosts, Instant created) {
        public Left {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * What the person has chosen.
     *
     * @param experiment name of it; empty text for none
     * @param atMost as in {@link Limits}
     * @param time as there
     * @param agreed whether the person has ticked that
     * @param word what was typed to agree to the loss of the managers' majority
     */
    public record Choice(String experiment, OptionalInt atMost, Duration time, boolean agreed, String word) {
        static final Choice NONE = new Choice("", OptionalInt.empty(), Limits.TIME, false, "");
    }

    /** Where the person is. */
    public sealed interface State {
        /** It is being looked who may be hit. */
        record Looking() implements State {}

        /**
         * {@code hindrance}: why the test cannot begin yet, in words; empty if it can. {@code breaksQuorum}: whether a word must be
         * typed.
         */
        record Choosing(Prospect prospect, Choice choice, Optional<String> hindrance, boolean breaksQuorum)
                implements State {}

        /** The hosts are gone to. */
        record Beginning() implements State {}

        /** It could not be looked, or begun. */
        record Failed(Notice why) implements State {}
    }

    /**
     * @param tasks of the window, which outlive what it stands on
     * @param ui the toolkit's thread
     * @param texts in the language of the moment
     */
    public TestModel(
            Below<P> below, TaskRunner tasks, Executor ui, Notifications notifications, Supplier<Texts> texts) {
        this.below = below;
        this.tasks = tasks;
        this.ui = ui;
        this.notifications = notifications;
        this.texts = texts;
        this.state = new ReadOnlyObjectWrapper<>(new State.Looking());
    }

    /** The test that takes the place of the watching; empty while there is none. */
    public ReadOnlyObjectProperty<Optional<P>> place() {
        return place.getReadOnlyProperty();
    }

    /** How far the test that was begun last may go. */
    public Limits limits() {
        return limits;
    }

    public ReadOnlyObjectProperty<State> state() {
        return state.getReadOnlyProperty();
    }

    /** Tests that killed programs have left, as they were read last. */
    public ReadOnlyObjectProperty<List<Left>> left() {
        return left.getReadOnlyProperty();
    }

    /** What became of the last one that was ended. */
    public ReadOnlyObjectProperty<Optional<Notice>> ended() {
        return ended.getReadOnlyProperty();
    }

    // ---- what may be done

    /** Looks at the Swarm of these hosts; the choice begins anew. */
    public void open(List<Host> given) {
        cancel();
        hosts = List.copyOf(given);
        choice = Choice.NONE;
        look();
        readLeft();
    }

    /** Looks again: labels may be others by now. */
    public void look() {
        if (state.get() instanceof State.Beginning) {
            return;
        }
        stopLooking();
        state.set(new State.Looking());
        List<Host> of = hosts;
        OptionalInt atMost = choice.atMost();
        Set<String> also = Set.copyOf(files);
        var mine = new RunningTask[1];
        mine[0] = tasks.run(
                texts.get().get("test.looking"),
                () -> below.look(of, atMost, also),
                found -> {
                    if (mine[0] != null && mine[0].equals(underWay)) {
                        underWay = null;
                        choose(found, choice);
                    }
                },
                failure -> failed(mine[0], "test.looking", failure));
        underWay = mine[0];
    }

    private void failed(@Nullable RunningTask task, String what, Throwable failure) {
        if (task != null && task.equals(underWay)) {
            underWay = null;
            if (!(failure instanceof CancellationException)) {
                Texts now = texts.get();
                state.set(new State.Failed(Notifications.notice(now.get(what), failure, now)));
            }
        }
    }

    private void stopLooking() {
        RunningTask task = underWay;
        underWay = null;
        if (task != null) {
            task.cancel();
        }
    }

    /** Gives up looking, or going to the hosts. */
    public void cancel() {
        stopLooking();
        state.set(new State.Looking());
    }

    // ---- what is chosen

    private void choose(Prospect prospect, Choice wanted) {
        boolean there = prospect.candidates().stream()
                .anyMatch(each -> each.possible() && each.entry().name().equals(wanted.experiment()));
        choice = there ? wanted : new Choice("", wanted.atMost(), wanted.time(), wanted.agreed(), wanted.word());
        boolean breaks = experiment(prospect).filter(Experiment::breaksQuorum).isPresent();
        state.set(new State.Choosing(prospect, choice, hindrance(prospect, breaks), breaks));
    }

    private Optional<Experiment> experiment(Prospect prospect) {
        return candidate(prospect).flatMap(each -> each.entry().experiment());
    }

    private Optional<Candidate> candidate(Prospect prospect) {
        return prospect.candidates().stream()
                .filter(each -> each.entry().name().equals(choice.experiment()))
                .findFirst();
    }

    private Optional<String> hindrance(Prospect prospect, boolean breaks) {
        Texts now = texts.get();
        if (prospect.candidates().stream().noneMatch(Candidate::possible)) {
            return Optional.of(now.get("test.hindrance.none"));
        }
        if (choice.experiment().isEmpty()) {
            return Optional.of(now.get("test.hindrance.experiment"));
        }
        String word = ConsentWords.of(now.locale()).agreement();
        if (breaks && !choice.word().strip().equals(word)) {
            return Optional.of(now.get("test.hindrance.word", word));
        }
        return choice.agreed() ? Optional.empty() : Optional.of(now.get("test.hindrance.agree"));
    }

    private void change(Choice wanted) {
        if (state.get() instanceof State.Choosing now) {
            choose(now.prospect(), wanted);
        }
    }

    public void experiment(String name) {
        change(new Choice(name, choice.atMost(), choice.time(), choice.agreed(), ""));
    }

    /** How much may be broken at once; what can be run is looked at again. */
    public void atMost(OptionalInt most) {
        choice = new Choice(choice.experiment(), most, choice.time(), choice.agreed(), choice.word());
        look();
    }

    public void time(Duration time) {
        change(new Choice(choice.experiment(), choice.atMost(), time, choice.agreed(), choice.word()));
    }

    public void agree(boolean agreed) {
        change(new Choice(choice.experiment(), choice.atMost(), choice.time(), agreed, choice.word()));
    }

    /** What the person types to agree to the loss of the managers' majority. */
    public void word(String typed) {
        change(new Choice(choice.experiment(), choice.atMost(), choice.time(), choice.agreed(), typed));
    }

    /** Adds an experiment of a file, and chooses it if it can be run. */
    public void addFile(Path file) {
        files.add(file.toString());
        choice = new Choice(file.toString(), choice.atMost(), choice.time(), choice.agreed(), "");
        look();
    }

    // ---- the test

    /** Begins what is chosen. Without effect where something hinders that. */
    public void begin() {
        if (!(state.get() instanceof State.Choosing now) || now.hindrance().isPresent()) {
            return;
        }
        Candidate chosen = candidate(now.prospect()).orElseThrow();
        var wanted = new Wanted(chosen.entry(), new Limits(choice.atMost(), choice.time(), now.breaksQuorum()));
        limits = wanted.limits();
        List<Host> of = hosts;
        state.set(new State.Beginning());
        var mine = new RunningTask[1];
        mine[0] = tasks.run(
                texts.get().get("test.beginning"),
                () -> below.begin(of, wanted, new InTheWindow(wanted.limits())),
                begun -> arrived(mine[0], begun),
                failure -> failed(mine[0], "test.beginning", failure));
        underWay = mine[0];
    }

    private void arrived(@Nullable RunningTask task, P begun) {
        if (task == null || !task.equals(underWay)) {
            end(begun);
            return;
        }
        underWay = null;
        state.set(new State.Looking());
        place.set(Optional.of(begun));
    }

    /** The watching again, in the place of a test; what is left of that ends. Without effect where there is none. */
    public void leave() {
        Optional<P> was = place.get();
        place.set(Optional.empty());
        was.ifPresent(this::end);
    }

    private void end(P place) {
        Texts now = texts.get();
        tasks.runToTheEnd(
                now.get("test.leaving"),
                () -> {
                    below.end(place);
                    return true;
                },
                done -> {},
                failure -> notifications.failed(now.get("test.leaving"), failure, now));
    }

    private final class InTheWindow implements Told {
        private final Limits limits;

        InTheWindow(Limits limits) {
            this.limits = limits;
        }

        @Override
        public void ended(SwarmTest.End why) {
            ui.execute(() -> {
                Texts now = texts.get();
                ConsentWords words = ConsentWords.of(now.locale());
                notifications.say(new Notice(
                        Level.INFO,
                        now.get("test.ended"),
                        switch (why) {
                            case LATE -> words.late(minutes(limits.time(), now));
                            case REVOKED -> words.revoked();
                        },
                        ""));
            });
        }

        @Override
        public void owed(LabException why) {
            ui.execute(() -> notifications.failed(texts.get().get("test.leaving"), why, texts.get()));
        }
    }

    /** As a person reads a limit of time. */
    public static String minutes(Duration time, Texts texts) {
        return texts.get("test.minutes", time.toMinutes());
    }

    // ---- what was left

    /** Reads which tests killed programs have left. */
    public void readLeft() {
        ended.set(Optional.empty());
        readAgain();
    }

    private void readAgain() {
        tasks.quietly(
                below::left,
                left::set,
                failure -> ended.set(
                        Optional.of(Notifications.notice(texts.get().get("test.left"), failure, texts.get()))));
    }

    /** Ends what such a test has left, and says what came of it. */
    public void endLeft(String test) {
        Texts now = texts.get();
        ended.set(Optional.empty());
        tasks.runToTheEnd(
                now.get("test.ending", test),
                () -> {
                    below.endLeft(test);
                    return true;
                },
                done -> {
                    ended.set(Optional.of(new Notice(Level.GOOD, now.get("test.left.ended", test), "", "")));
                    readAgain();
                },
                failure -> {
                    ended.set(Optional.of(Notifications.notice(now.get("test.ending", test), failure, now)));
                    readAgain();
                });
    }
}
