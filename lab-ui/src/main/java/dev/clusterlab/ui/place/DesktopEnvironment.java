package dev.clusterlab.ui.place;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.EntryPoint;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession;
import dev.clusterlab.lab.LabSession.Progress;
import dev.clusterlab.lab.TrafficClient;
import dev.clusterlab.lab.cli.DesktopLauncher;
import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.way.Destination;
import dev.clusterlab.lab.way.RedoCommands;
import dev.clusterlab.lab.way.WayThere;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.ContainerLogs;
import dev.clusterlab.ui.model.TrafficSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One engine and all else that a window stands on. It is opened in the background and closed when the window is gone,
 * also if that happens while it is still being opened. Thread-safe.
 */
public final class DesktopEnvironment implements AutoCloseable {
    private final DesktopLauncher.Request request;
    private final LabEnvironment.Options options;
    private final CheckLanguage language;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private boolean closed;

    public DesktopEnvironment(DesktopLauncher.Request request, CheckLanguage language) {
        this(request, request.options(), language);
    }

    /** On another engine than the request says. */
    public DesktopEnvironment(DesktopLauncher.Request request, LabEnvironment.Options options, CheckLanguage language) {
        this.request = request;
        this.options = options;
        this.language = language;
    }

    /**
     * What was opened.
     *
     * @param progress of the lab, where it was brought to a point of it
     */
    public record Arrival(DesktopContext context, Optional<Progress> progress) {}

    /**
     * Opens everything; blocks while the engine starts.
     *
     * @throws LabException ENVIRONMENT if the engine cannot be had here
     */
    public DesktopContext open() {
        return context(started());
    }

    /**
     * Opens everything and brings the lab to a point of it; blocks for as long as that takes.
     *
     * @param told each step on the way
     * @throws LabException ENVIRONMENT if the engine cannot be had here, REFUSED if a step on the way did not come true
     */
    public Arrival openAt(Locale locale, Destination to, Consumer<WayThere.Milestone> told)
            throws InterruptedException {
        LabEnvironment environment = started();
        Progress progress = brought(environment, locale, to, told);
        return new Arrival(context(environment), Optional.of(progress));
    }

    private LabEnvironment started() {
        return keep(request.environments().open(options));
    }

    private DesktopContext context(LabEnvironment environment) {
        ContainerLogs logs = keep(new ContainerLogs(environment.engine()));
        TrafficClient client = keep(new TrafficClient(environment.engine(), environment.observer()));
        if (!environment.engine().machines().isEmpty()) {
            // A lab that was taken up or brought somewhere: its guide goes on where its machines are, so they are read
            // first.
            environment.observer().observe();
        }
        environment.anatomies().begin();
        environment.observer().follow();
        return new DesktopContext(
                environment.engine(),
                environment.observer(),
                environment.faults(),
                (locale, earlier) -> session(environment, locale, earlier),
                logs::tail,
                source(client),
                environment::login,
                new StandardLaboratory(
                        ExperimentLibrary.standard(language),
                        new ExperimentRuns(request.environments(), request.labs(), language),
                        Optional.of(environment)),
                environment.anatomies()::all);
    }

    private Progress brought(
            LabEnvironment environment, Locale locale, Destination to, Consumer<WayThere.Milestone> told)
            throws InterruptedException {
        try (LabSession session = session(environment, locale, Optional.empty())) {
            WayThere way = new RedoCommands(session, environment.engine().clock(), environment.observer());
            return way.bring(to, told);
        }
    }

    private LabSession session(LabEnvironment environment, Locale locale, Optional<Progress> earlier) {
        Lab lab = request.labs().read(request.lab(), locale);
        return earlier.map(progress ->
                        new GuidedSession(lab, language, environment.observer(), environment.shell(), progress))
                .orElseGet(() -> new GuidedSession(lab, language, environment.observer(), environment.shell()));
    }

    private static TrafficSource source(TrafficClient client) {
        return new TrafficSource() {
            @Override
            public void start(int requestsPerSecond) {
                client.start(requestsPerSecond);
            }

            @Override
            public void stop() {
                client.stop();
            }

            @Override
            public boolean running() {
                return client.running();
            }

            @Override
            public Optional<String> machine() {
                return client.asking().map(EntryPoint::machine);
            }
        };
    }

    private synchronized <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        if (closed) {
            close();
            throw new LabException(LabException.Kind.CANCELLED, "The window was closed while the engine started.", "");
        }
        return resource;
    }

    /**
     * Closes what is open, the engine last. A call that comes while another one does so waits for it.
     *
     * @throws LabException what could not be removed, and why; the rest is closed all the same
     */
    @Override
    public synchronized void close() {
        closed = true;
        RuntimeException first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                System.getLogger(DesktopEnvironment.class.getName())
                        .log(System.Logger.Level.WARNING, "closing failed", e);
                if (first == null) {
                    first = e instanceof RuntimeException known ? known : new IllegalStateException(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
