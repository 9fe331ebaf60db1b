package dev.clusterlab.ui.place;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.Report;
import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.environment.SwarmWatch;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostFinder;
import dev.clusterlab.provisioning.hosts.watch.WatchedSwarm;
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
            Opened opened = opened(watch, hosts, file);
            open.put(opened, watch);
            return opened;
        } catch (RuntimeException | InterruptedException e) {
            close(watch);
            throw e;
        }
    }

    private Opened opened(SwarmWatch watch, List<Host> hosts, Path file) {
        var swarm = new SeenSwarm(watch.swarm(), watch.observer(), watch.faults(), language);
        DesktopContext context = swarm.context(
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
                new Watched(watch::addresses, watch::troubles, hosts, Optional.of(file)));
        return new Opened(context, swarm.nothingToDo(locale.get()), () -> close(watch));
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
}
