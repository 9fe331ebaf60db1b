package dev.clusterlab.ui.place;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.environment.SwarmTest;
import dev.clusterlab.lab.environment.SwarmTest.Limits;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Spectator;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.consent.ConsentRecord;
import dev.clusterlab.provisioning.hosts.consent.ConsentSettings;
import dev.clusterlab.provisioning.hosts.consent.LeftFaults;
import dev.clusterlab.provisioning.hosts.watch.WatchedSwarm;
import dev.clusterlab.ui.model.experiment.Entry;
import dev.clusterlab.ui.model.hosts.TestModel;
import dev.clusterlab.ui.model.hosts.Watched;
import dev.clusterlab.ui.place.DesktopEnvironments.Opened;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Tests of Swarms that exist, as the command line runs them. Closes all of them. Thread-safe. */
public final class TestedPlaces implements TestModel.Below<Opened>, AutoCloseable {
    private final ConsentSettings settings;
    private final ExperimentLibrary library;
    private final Supplier<Locale> locale;
    private final CheckLanguage language = new CheckLanguage();
    private final ExperimentRuns runs;
    private final Map<Opened, SwarmTest> open = new ConcurrentHashMap<>();
    private final Set<SwarmTest> all = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param settings of this user
     * @param locale of the person, asked whenever a test begins
     */
    public TestedPlaces(ConsentSettings settings, ExperimentLibrary library, Supplier<Locale> locale) {
        this.settings = settings;
        this.library = library;
        this.locale = locale;
        this.runs = new ExperimentRuns(
                options -> {
                    throw WatchedSwarm.refused();
                },
                LabLibrary.standard(List.of(), language),
                language);
    }

    @Override
    public TestModel.Prospect look(List<Host> hosts, OptionalInt atMost, Set<String> files) {
        List<Entry> entries = new ArrayList<>();
        library.names().forEach(name -> entries.add(Entry.read(name, () -> library.read(name))));
        files.forEach(file -> entries.add(Entry.read(file, () -> library.read(file))));
        var lacks = new TreeMap<String, Trouble>();
        SwarmTest.Allowed allowed = look(hosts, new Limits(atMost, Limits.TIME, false), entries, lacks);
        if (entries.stream().anyMatch(TestedPlaces::breaksQuorum)) {
            // Whether it could be run once a person has agreed to that.
            var _ = look(hosts, new Limits(atMost, Limits.TIME, true), entries, lacks);
        }
        return new TestModel.Prospect(
                allowed,
                entries.stream()
                        .map(entry -> new TestModel.Candidate(entry, Optional.ofNullable(lacks.get(entry.name()))))
                        .toList());
    }

    /** {@code lacks}: gets why entries cannot be run, of those that break the managers' majority as the limits allow it. */
    private SwarmTest.Allowed look(List<Host> hosts, Limits limits, List<Entry> entries, Map<String, Trouble> lacks) {
        SwarmTest test = attach(hosts, limits);
        try {
            SwarmTest.Allowed allowed = test.allowed();
            entries.stream()
                    .filter(entry -> breaksQuorum(entry) == limits.breakQuorum())
                    .forEach(entry -> entry.experiment()
                            .flatMap(experiment -> runs.lack(experiment, test.environment()))
                            .ifPresent(why -> lacks.put(entry.name(), why)));
            return allowed;
        } finally {
            close(test);
        }
    }

    private static boolean breaksQuorum(Entry entry) {
        return entry.experiment().filter(Experiment::breaksQuorum).isPresent();
    }

    private SwarmTest attach(List<Host> hosts, Limits limits) {
        SwarmTest test = SwarmTest.attach(hosts, limits, settings, language);
        all.add(test);
        if (closed) {
            close(test);
            throw new LabException(LabException.Kind.CANCELLED, "The window was closed meanwhile.", "");
        }
        return test;
    }

    @Override
    public Opened begin(List<Host> hosts, TestModel.Wanted wanted, TestModel.Told told) {
        SwarmTest.requireAgreed(
                wanted.entry().experiment().orElseThrow(), wanted.limits().breakQuorum());
        SwarmTest test = attach(hosts, wanted.limits());
        try {
            SwarmTest.Allowed allowed = test.allowed();
            LabEnvironment environment = test.environment();
            environment.observer().follow();
            var swarm = new SeenSwarm(environment.engine(), environment.observer(), environment.faults(), language);
            var laboratory = new SwarmLaboratory(
                    wanted.entry(),
                    (experiment, seed, spectator) -> run(test, allowed, experiment, seed, spectator, told));
            DesktopContext context = swarm.context(
                    laboratory,
                    environment.anatomies()::all,
                    new Watched(
                            Collections::emptySortedMap,
                            Collections::emptySortedMap,
                            hosts,
                            Optional.of(test.usualJournal())));
            var opened = new Opened(context, swarm.nothingToDo(locale.get()), () -> close(test));
            open.put(opened, test);
            return opened;
        } catch (RuntimeException e) {
            close(test);
            throw e;
        }
    }

    /** When it is over, the hosts have nothing of it any more. */
    private RunResult run(
            SwarmTest test,
            SwarmTest.Allowed allowed,
            Experiment experiment,
            long seed,
            Spectator spectator,
            TestModel.Told told) {
        try {
            return test.run(runs, experiment, seed, allowed, test.usualJournal(), spectator, told::ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException(LabException.Kind.CANCELLED, "The test was ended.", "", e);
        } finally {
            boolean interrupted = Thread.interrupted();
            try {
                close(test);
            } catch (LabException e) {
                told.owed(e);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void end(Opened place) {
        SwarmTest test = open.remove(place);
        place.session().close();
        if (test != null) {
            close(test);
        }
    }

    private void close(SwarmTest test) {
        if (all.remove(test)) {
            test.close();
        }
    }

    @Override
    public List<TestModel.Left> left() {
        return new LeftFaults(settings)
                .list().stream()
                        .filter(test -> !test.inUse())
                        .map(TestedPlaces::left)
                        .toList();
    }

    private static TestModel.Left left(ConsentRecord test) {
        return new TestModel.Left(test.id(), List.copyOf(test.helped().keySet()), test.created());
    }

    @Override
    public void endLeft(String test) {
        new LeftFaults(settings).end(test);
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(all).forEach(this::close);
    }
}
