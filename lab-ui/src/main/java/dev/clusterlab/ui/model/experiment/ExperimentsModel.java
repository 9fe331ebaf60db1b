package dev.clusterlab.ui.model.experiment;

import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.odds.Figure;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.SeedRun;
import dev.clusterlab.lab.experiment.run.Happening;
import dev.clusterlab.lab.experiment.run.RunCommand;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.ui.model.TaskRunner;
import dev.clusterlab.ui.model.TaskRunner.RunningTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/**
 * The experiments that there are, one of which is looked at; one at a time runs, or is run over many seeds. Used on the toolkit's
 * thread; what takes long does so in the background.
 */
public final class ExperimentsModel {
    /** Seeds that can be chosen for odds. */
    public static final List<Integer> SEEDS = List.of(20, 100, 1000);
    /** Seconds of engine time in one of wall-clock time, where a person follows. */
    public static final int WATCHED = 16;

    /** Wall-clock time between two looks at a cluster that changes by itself. */
    private static final long LOOK_NANOS = 1_000_000_000;

    private final Laboratory laboratory;
    private final TaskRunner tasks;
    private final LongSupplier nanos;
    private final Map<String, Sheet> sheets = new HashMap<>();
    private final Set<String> opened = new LinkedHashSet<>();
    private final ReadOnlyObjectWrapper<Shown> shown = new ReadOnlyObjectWrapper<>(new Shown(
            List.of(), Optional.empty(), Map.of(), Optional.empty(), true, Place.SIMULATED, Optional.empty()));
    private List<Entry> entries = List.of();
    private Optional<String> chosen = Optional.empty();
    private boolean watched = true;
    private Place place = Place.SIMULATED;
    private Optional<Trouble> lack = Optional.empty();
    /** Whether it is being looked whether what is looked at can be run. */
    private boolean looking;

    private long lookedNanos;
    /** How often it was asked which there are. */
    private int lists;

    private @Nullable Work work;

    /**
     * What is known of an experiment.
     *
     * @param result of its last run
     * @param course of that
     * @param odds the last; of those that were cancelled what was done
     * @param counted how many seeds were wanted for {@code odds}
     * @param place where its last run was
     * @param failure why its last run came to no result
     */
    public record Sheet(
            Place place,
            Optional<RunResult> result,
            Optional<Course> course,
            Optional<Odds> odds,
            int counted,
            Optional<Throwable> failure) {
        static final Sheet NONE =
                new Sheet(Place.SIMULATED, Optional.empty(), Optional.empty(), Optional.empty(), 0, Optional.empty());

        Sheet failed(Throwable why) {
            return new Sheet(place, result, course, odds, counted, Optional.of(why));
        }
    }

    /** What is under way. */
    public sealed interface Doing {
        /** Of which experiment. */
        String name();

        /**
         * It runs.
         *
         * @param place where
         * @param cancelled whether it is being ended
         * @param last what happened last
         */
        record Running(String name, Place place, long seed, Course course, Optional<Happening> last, boolean cancelled)
                implements Doing {}

        /**
         * It is run over many seeds.
         *
         * @param left of wall-clock time; empty if nobody knows
         */
        record Counting(String name, int count, Odds soFar, Optional<Duration> left, boolean cancelled)
                implements Doing {}
    }

    /**
     * What is to be seen.
     *
     * @param entries in order of their names, the files that were opened last
     * @param entry the one that is looked at
     * @param sheets of those that were run, by name
     * @param watched whether runs are slow enough to be followed
     * @param place where the next run is to be
     * @param lack why the one that is looked at cannot be run there
     */
    public record Shown(
            List<Entry> entries,
            Optional<Entry> entry,
            Map<String, Sheet> sheets,
            Optional<Doing> doing,
            boolean watched,
            Place place,
            Optional<Trouble> lack) {
        public Shown {
            entries = List.copyOf(entries);
            sheets = Map.copyOf(sheets);
        }

        /** Of the one that is looked at. */
        public Sheet sheet() {
            return entry.map(each -> sheet(each.name())).orElse(Sheet.NONE);
        }

        public Sheet sheet(String name) {
            return sheets.getOrDefault(name, Sheet.NONE);
        }

        /** What is under way with the one that is looked at. */
        public Optional<Doing> here() {
            return doing.filter(each ->
                    entry.filter(looked -> looked.name().equals(each.name())).isPresent());
        }
    }

    /** Runs among many that are done; set in the background. */
    private static final class SoFar {
        private volatile List<SeedRun> runs = List.of();
    }

    /** What is under way. */
    private sealed interface Work {
        RunningTask task();

        record Run(Entry entry, Place place, long seed, LiveRun live, RunningTask task) implements Work {}

        record Count(Entry entry, int count, SoFar soFar, List<Figure> figures, long beganNanos, RunningTask task)
                implements Work {}
    }

    /**
     * A model.
     *
     * @param tasks where what takes long is done
     * @param nanos wall-clock time that only goes on
     */
    public ExperimentsModel(Laboratory laboratory, TaskRunner tasks, LongSupplier nanos) {
        this.laboratory = laboratory;
        this.tasks = tasks;
        this.nanos = nanos;
    }

    public ReadOnlyObjectProperty<Shown> shown() {
        return shown.getReadOnlyProperty();
    }

    // ---- which there are

    /** Reads again which there are. */
    public void list() {
        List<String> files = List.copyOf(opened);
        int reading = ++lists;
        tasks.quietly(
                () -> {
                    List<Entry> found = new ArrayList<>();
                    for (String name : laboratory.names()) {
                        found.add(read(name));
                    }
                    for (String file : files) {
                        found.add(read(file));
                    }
                    return found;
                },
                found -> {
                    if (reading != lists) {
                        // Asked before a file was opened that is to be in it.
                        return;
                    }
                    entries = found;
                    if (chosen.isEmpty() && !found.isEmpty()) {
                        chosen = Optional.of(found.stream()
                                .map(Entry::name)
                                .filter("lose-a-worker"::equals)
                                .findFirst()
                                .orElse(found.getFirst().name()));
                    }
                    look();
                    show();
                },
                failure -> {
                    if (!(failure instanceof CancellationException)) {
                        throw new IllegalStateException("the list of experiments cannot be read", failure);
                    }
                });
    }

    private Entry read(String name) {
        return Entry.read(name, () -> laboratory.read(name));
    }

    /** Adds a file, or reads it again, and looks at it. */
    public void open(String file) {
        opened.add(file);
        chosen = Optional.of(file);
        list();
    }

    public void choose(String name) {
        chosen = Optional.of(name);
        look();
        show();
    }

    /** Where runs are possible. */
    public List<Place> places() {
        return laboratory.places();
    }

    /** Says where the next run is to be. */
    public void place(Place wanted) {
        place = wanted;
        look();
        show();
    }

    /** Looks in the background whether what is looked at can be run where it is to be. */
    private void look() {
        lookedNanos = nanos.getAsLong();
        Optional<Experiment> experiment = entry().flatMap(Entry::experiment);
        if (experiment.isEmpty()) {
            lack = Optional.empty();
            return;
        }
        Optional<String> of = chosen;
        Place there = place;
        looking = true;
        tasks.quietly(
                () -> laboratory.lack(experiment.get(), there),
                found -> {
                    looking = false;
                    if (of.equals(chosen) && there == place) {
                        lack = found;
                        show();
                    } else {
                        look();
                    }
                },
                failure -> looking = false);
    }

    private Optional<Entry> entry() {
        return chosen.flatMap(name ->
                entries.stream().filter(each -> each.name().equals(name)).findFirst());
    }

    /** Whether runs are held back so that a person can follow; of one that is under way, whether it is from now on. */
    public void watch(boolean wanted) {
        watched = wanted;
        if (!wanted && work instanceof Work.Run run) {
            run.live().release();
        }
        show();
    }

    // ---- running

    /** Runs what is looked at, with the seed of its file, unless something is under way. */
    public void run(String title) {
        looked().ifPresent(entry ->
                run(title, entry, place, entry.experiment().orElseThrow().seed()));
    }

    /** Runs one that was just read, with the seed of its file, unless something is under way; it is the only one that there is. */
    public void begin(String title, Entry entry, Place there) {
        if (work == null && entry.experiment().isPresent()) {
            lists++;
            entries = List.of(entry);
            chosen = Optional.of(entry.name());
            place = there;
            run(title, entry, there, entry.experiment().orElseThrow().seed());
        }
    }

    /** Runs what is looked at with a seed again that it was run with among many. */
    public void replay(String title, long seed) {
        looked().ifPresent(entry -> run(title, entry, Place.SIMULATED, seed));
    }

    private Optional<Entry> looked() {
        return shown.get().entry().filter(entry -> entry.experiment().isPresent() && work == null);
    }

    private void run(String title, Entry entry, Place there, long seed) {
        Experiment experiment = entry.experiment().orElseThrow();
        // Elsewhere time has a speed of its own.
        var live = new LiveRun(experiment, watched && there == Place.SIMULATED ? WATCHED : 0);
        String name = entry.name();
        RunningTask task = tasks.run(
                title,
                () -> laboratory.run(experiment, there, seed, live),
                result -> {
                    work = null;
                    Sheet known = sheet(name);
                    sheets.put(
                            name,
                            new Sheet(
                                    there,
                                    Optional.of(result),
                                    Optional.of(Course.of(experiment, result, live.course())),
                                    known.odds(),
                                    known.counted(),
                                    Optional.empty()));
                    show();
                },
                failure -> failed(name, failure));
        work = new Work.Run(entry, there, seed, live, task);
        show();
    }

    private void failed(String name, Throwable failure) {
        work = null;
        if (!(failure instanceof CancellationException)) {
            sheets.put(name, sheet(name).failed(failure));
        }
        show();
    }

    /** Runs what is looked at over many seeds, unless something is under way. */
    public void odds(String title, int seeds) {
        looked().ifPresent(entry -> {
            Experiment experiment = entry.experiment().orElseThrow();
            var soFar = new SoFar();
            String name = entry.name();
            RunningTask task = tasks.run(
                    title,
                    () -> laboratory.odds(experiment, seeds, runs -> soFar.runs = runs),
                    odds -> {
                        work = null;
                        Sheet known = sheet(name);
                        sheets.put(
                                name,
                                new Sheet(
                                        known.place(),
                                        known.result(),
                                        known.course(),
                                        odds.runs().isEmpty() ? known.odds() : Optional.of(odds),
                                        odds.runs().isEmpty() ? known.counted() : seeds,
                                        Optional.empty()));
                        show();
                    },
                    failure -> failed(name, failure));
            work = new Work.Count(entry, seeds, soFar, Figure.of(experiment), nanos.getAsLong(), task);
            show();
        });
    }

    /** Ends what is under way: what was broken is healed, and the cluster is gone with it. */
    public void cancel() {
        Work now = work;
        if (now == null) {
            return;
        }
        if (now instanceof Work.Run run) {
            run.live().release();
        }
        now.task().cancel();
        show();
    }

    /** Looks how far that is which is under way. To be called a few times a second while somebody looks. */
    public void refresh() {
        if (work != null) {
            show();
        } else if (place == Place.LAB && !looking && nanos.getAsLong() - lookedNanos >= LOOK_NANOS) {
            look();
        }
    }

    // ---- what is to be seen

    private Sheet sheet(String name) {
        return sheets.getOrDefault(name, Sheet.NONE);
    }

    private void show() {
        shown.set(new Shown(entries, entry(), sheets, doing(), watched, place, lack));
    }

    private Optional<Doing> doing() {
        return switch (work) {
            case null -> Optional.empty();
            case Work.Run run ->
                Optional.of(new Doing.Running(
                        run.entry().name(),
                        run.place(),
                        run.seed(),
                        run.live().course(),
                        run.live().last(),
                        run.task().cancelled()));
            case Work.Count count -> {
                var soFar = new Odds(count.figures(), count.soFar().runs);
                int done = soFar.runs().size();
                long left = done == 0 ? 0 : (nanos.getAsLong() - count.beganNanos()) / done * (count.count() - done);
                yield Optional.of(new Doing.Counting(
                        count.entry().name(),
                        count.count(),
                        soFar,
                        done == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(left)),
                        count.task().cancelled()));
            }
        };
    }

    /** The command that does a run again; empty text for one in a cluster as which there is no other. */
    public static String command(Entry entry, Place place, RunResult result) {
        String run = RunCommand.of(entry.name(), Optional.empty());
        return switch (place) {
            case SIMULATED ->
                run + " --seed " + result.seed() + " --services " + RunCommand.word(Laboratory.SERVICES)
                        + result.digest()
                                .map(digest -> " --expect-digest " + digest)
                                .orElse("");
            case DOCKER -> run + " --engine " + EngineNames.DOCKER + " --seed " + result.seed();
            case LAB, SWARM -> "";
        };
    }
}
