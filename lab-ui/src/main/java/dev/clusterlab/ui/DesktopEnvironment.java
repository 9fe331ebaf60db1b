package dev.clusterlab.ui;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.EntryPoint;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabEnvironment;
import dev.clusterlab.lab.LabSession;
import dev.clusterlab.lab.LabSession.Progress;
import dev.clusterlab.lab.TrafficClient;
import dev.clusterlab.lab.cli.DesktopLauncher;
import dev.clusterlab.provisioning.ContainerLogs;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.ui.model.TrafficSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/**
 * The engine and all else that a window stands on. It is opened in the background and closed when the window is gone,
 * also if that happens while it is still being opened. Thread-safe.
 */
final class DesktopEnvironment implements AutoCloseable {
    private final DesktopLauncher.Request request;
    private final CheckLanguage language;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private boolean closed;

    DesktopEnvironment(DesktopLauncher.Request request, CheckLanguage language) {
        this.request = request;
        this.language = language;
    }

    /**
     * Opens everything; blocks while the engine starts.
     *
     * @throws LabException ENVIRONMENT if the engine cannot be had here
     */
    DesktopContext open() {
        LabEnvironment environment = keep(request.environments().open(request.options()));
        ContainerLogs logs = keep(new ContainerLogs(environment.engine()));
        TrafficClient client = keep(new TrafficClient(environment.engine(), environment.observer()));
        environment.observer().follow();
        return new DesktopContext(
                environment.engine(),
                environment.observer(),
                environment.faults(),
                (locale, earlier) -> session(environment, locale, earlier),
                logs::tail,
                source(client));
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

    /** Closes what is open, the engine last. */
    @Override
    public synchronized void close() {
        closed = true;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                System.getLogger(DesktopEnvironment.class.getName())
                        .log(System.Logger.Level.WARNING, "closing failed", e);
            }
        }
    }
}
