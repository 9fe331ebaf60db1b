package dev.clusterlab.ui.place;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.LabSession;
import dev.clusterlab.lab.Report;
import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.environment.SwarmWatch;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.shell.BuiltInShell;
import dev.clusterlab.lab.shell.ShellContext;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostFinder;
import dev.clusterlab.provisioning.hosts.watch.WatchedSwarm;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.TrafficSource;
import dev.clusterlab.ui.model.hosts.Recording;
import dev.clusterlab.ui.model.hosts.WatchModel;
import dev.clusterlab.ui.model.hosts.Watched;
import dev.clusterlab.ui.place.DesktopEnvironments.Opened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Swarms that exist, for a window that looks at one: watched by their hosts, and recorded. Closes all of them. Thread-safe. */
public final class WatchedPlaces implements WatchModel.Below<Opened>, AutoCloseable {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final String NAME = "watch-";
    private static final String ENDING = ".jsonl";

    private final Path recordings;
    private final HostFinder finder;
    private final Supplier<Locale> locale;
    private final InstantSource time;
    private final CheckLanguage language = new CheckLanguage();
    private final Map<Opened, SwarmWatch> open = new ConcurrentHashMap<>();
    private final Set<SwarmWatch> all = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param recordings folder of what is kept
     * @param locale of the person, asked whenever one is opened
     * @param time of this computer
     */
    public WatchedPlaces(Path recordings, HostFinder finder, Supplier<Locale> locale, InstantSource time) {
        this.recordings = recordings;
        this.finder = finder;
        this.locale = locale;
        this.time = time;
    }

    @Override
    public HostFinder.Result find() {
        return finder.find();
    }

    @Override
    public Opened watch(List<Host> hosts) throws InterruptedException {
        Path file = recordings.resolve(NAME + STAMP.format(time.instant()) + ENDING);
        SwarmWatch watch = SwarmWatch.open(hosts, Optional.of(file));
        all.add(watch);
        try {
            if (closed) {
                throw new LabException(LabException.Kind.CANCELLED, "The window was closed meanwhile.", "");
            }
            watch.settled();
            watch.observer().follow();
            Opened opened = opened(watch, file);
            open.put(opened, watch);
            return opened;
        } catch (RuntimeException | InterruptedException e) {
            close(watch);
            throw e;
        }
    }

    private Opened opened(SwarmWatch watch, Path file) {
        var context = new DesktopContext(
                watch.swarm(),
                watch.observer(),
                watch.faults(),
                (wanted, earlier) -> nothingToDo(watch, wanted),
                (machine, container, lines) -> {
                    throw WatchedSwarm.refused();
                },
                new NoClient(),
                machine -> {
                    throw WatchedSwarm.refused();
                },
                new StandardLaboratory(
                        ExperimentLibrary.standard(language),
                        new ExperimentRuns(
                                options -> {
                                    throw WatchedSwarm.refused();
                                },
                                LabLibrary.standard(List.of(), language),
                                language),
                        Optional.empty()),
                List::of,
                Optional.of(new Watched(watch::addresses, watch::troubles, Optional.of(file))));
        return new Opened(context, nothingToDo(watch, locale.get()), () -> close(watch));
    }

    /** A lab of one step, in which there is nothing to do: what is only watched is not changed. */
    private LabSession nothingToDo(SwarmWatch watch, Locale wanted) {
        String title = Texts.of(wanted).get("watch.lab");
        var step = new Lab.Step("watch", title, List.of(), List.of(), List.of(), "");
        var lab = new Lab("watch", title, "", wanted, Texts.LANGUAGES, 0, List.of(step));
        var shell = new BuiltInShell(ShellContext.of(watch.swarm(), watch.observer(), watch.faults()), Map.of());
        return new GuidedSession(lab, language, watch.observer(), shell);
    }

    @Override
    public Optional<Path> end(Opened place) {
        SwarmWatch watch = open.remove(place);
        place.session().close();
        if (watch == null) {
            return Optional.empty();
        }
        close(watch);
        watch.requireWhole();
        return watch.file();
    }

    private void close(SwarmWatch watch) {
        if (all.remove(watch)) {
            watch.close();
        }
    }

    @Override
    public List<Recording> recordings() {
        if (!Files.isDirectory(recordings)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(recordings)) {
            List<Recording> kept = new ArrayList<>();
            for (Path file : files.filter(WatchedPlaces::kept).toList()) {
                Instant end = Files.getLastModifiedTime(file).toInstant();
                kept.add(new Recording(file, end));
            }
            kept.sort(Comparator.comparing(Recording::end).reversed());
            return List.copyOf(kept);
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.ENVIRONMENT,
                    "Cannot list the recordings in " + recordings + ": " + FileTrouble.reason(e) + ".",
                    "See that this user may read the folder.",
                    e);
        }
    }

    private static boolean kept(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith(NAME) && name.endsWith(ENDING);
    }

    @Override
    public Path page(Path recording, Locale wanted) {
        String name = String.valueOf(recording.getFileName());
        Path page = recording.resolveSibling(name.substring(0, name.length() - ENDING.length()) + ".html");
        Report.write(page, Journal.contents(recording), wanted);
        return page;
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(all).forEach(this::close);
    }

    /** Nobody sends requests to what is only watched. */
    private static final class NoClient implements TrafficSource {
        @Override
        public void start(int requestsPerSecond) {
            throw WatchedSwarm.refused();
        }

        @Override
        public void stop() {
            // There is none.
        }

        @Override
        public boolean running() {
            return false;
        }

        @Override
        public Optional<String> machine() {
            return Optional.empty();
        }
    }
}
