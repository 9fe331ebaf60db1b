package dev.clusterlab.lab.environment;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.LoginShell;
import dev.clusterlab.lab.experiment.run.ExperimentRunner;
import dev.clusterlab.lab.shell.BuiltInShell;
import dev.clusterlab.lab.shell.ShellContext;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.EngineOptions;
import dev.clusterlab.provisioning.Services;
import dev.clusterlab.provisioning.anatomy.AnatomyWatch;
import dev.clusterlab.provisioning.anatomy.WatchPlan;
import dev.clusterlab.provisioning.engines.Engines;
import dev.clusterlab.provisioning.fault.FaultInjector;
import dev.clusterlab.provisioning.fault.FaultService;
import dev.clusterlab.provisioning.hosts.lab.LabHosts;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.provisioning.observe.ObserverService;
import java.time.Instant;

/**
 * An engine with everything that a front end needs around it. Closing it closes all, the engine last; so does the end of the
 * program, for an engine whose machines would outlive it.
 *
 * @param anatomies watches faults from its {@code begin} on, which the shell's {@code fault} calls at the latest
 */
public record LabEnvironment(
        Engine engine,
        Observer observer,
        FaultInjector faults,
        AnatomyWatch anatomies,
        BuiltInShell shell,
        AtExit atExit)
        implements AutoCloseable {
    /** A shell on a machine, for whoever is to close it. */
    public LoginShell login(String machine) {
        return shell.on(machine, ShellCommands.all(engine));
    }

    /** What a run of an experiment needs that has all of this for itself. */
    public ExperimentRunner.Surroundings forExperiments() {
        return surroundings(ExperimentRunner.Ground.NEW, shell);
    }

    ExperimentRunner.Surroundings surroundings(ExperimentRunner.Ground ground, BuiltInShell own) {
        return new ExperimentRunner.Surroundings(ground, engine, observer, faults, anatomies, own);
    }

    /** Another shell of this lab, which nothing is typed into; for whoever is to close it. */
    BuiltInShell another() {
        return shell.beside(ShellCommands.all(engine));
    }

    @Override
    public void close() {
        try (AtExit then = atExit;
                Engine last = engine;
                Observer fourth = observer;
                AnatomyWatch third = anatomies;
                FaultInjector second = faults;
                BuiltInShell first = shell) {
            // closed in the reverse order
        }
    }

    /**
     * The environment of this program: an engine by name, and the built-in shell, which knows the check language.
     *
     * @throws dev.clusterlab.provisioning.LabException ENVIRONMENT if the engine cannot be had here, INPUT for a name
     *     that no engine has
     */
    public static LabEnvironment standard(Options options, CheckLanguage language) {
        Pace pace = options.unattended() ? new Pace.OnDemand() : new Pace.Times(options.speed());
        EngineOptions wanted = EngineOptions.interactive()
                .withName(options.engine())
                .withSeed(options.seed())
                .withPace(pace)
                .withServices(options.services())
                .withSockets(options.sockets());
        // A person's programs compare what they read with their own clock: "Running 10 seconds ago".
        Engine engine =
                Engines.create(options.unattended() ? wanted : wanted.withEpoch(Instant.now()), options.hosts());
        return around(engine, language);
    }

    /** Everything that a front end needs around an engine that was just made, which is closed with it. */
    public static LabEnvironment around(Engine engine, CheckLanguage language) {
        var faults = new FaultService(engine, System::nanoTime);
        Observer observer = ObserverService.of(engine, faults);
        var anatomies = new AnatomyWatch(observer, WatchPlan.STANDARD);
        ShellContext context = ShellContext.of(engine, observer, faults)
                .withAnatomies(anatomies)
                .withConditions(expression -> language.holds(expression, observer.observe()));
        var shell = new BuiltInShell(context, ShellCommands.all(engine));
        return new LabEnvironment(engine, observer, faults, anatomies, shell, new AtExit(engine));
    }

    /** Makes environments; the command line and the desktop get theirs from here. */
    @FunctionalInterface
    public interface Factory {
        /**
         * @throws dev.clusterlab.provisioning.LabException ENVIRONMENT if the engine cannot be had here, with the reason
         */
        LabEnvironment open(Options options);
    }

    /**
     * @param engine name of the engine, as {@link Engines#create} takes it
     * @param seed of every random choice of the embedded engine
     * @param unattended engine time advances only while somebody waits
     * @param speed seconds of engine time in one of wall-clock time, where not unattended; greater than 0, at most 64
     * @param services what runs in the containers of the embedded engine
     * @param sockets whether other programs can reach the embedded engine's machines
     * @param hosts for the engine {@code remote}; none for all others
     */
    public record Options(
            String engine,
            long seed,
            boolean unattended,
            double speed,
            Services services,
            boolean sockets,
            LabHosts hosts) {
        /** With real services, for other programs too. */
        public Options(String engine, long seed, boolean unattended, double speed) {
            this(engine, seed, unattended, speed, Services.REAL, true, LabHosts.NONE);
        }

        /** Unattended on the embedded engine, with nothing but what a run needs: model services, no sockets. */
        public static Options bare(long seed) {
            return new Options(EngineNames.EMBEDDED, seed, true, 1, Services.MODEL, false, LabHosts.NONE);
        }

        /** Hosts stay with the engine that takes them. */
        public Options withEngine(String changed) {
            LabHosts kept = changed.equals(EngineNames.REMOTE) ? hosts : LabHosts.NONE;
            return new Options(changed, seed, unattended, speed, services, sockets, kept);
        }

        public Options withServices(Services changed) {
            return new Options(engine, seed, unattended, speed, changed, sockets, hosts);
        }

        public Options withHosts(LabHosts changed) {
            return new Options(engine, seed, unattended, speed, services, sockets, changed);
        }
    }
}
