package dev.clusterlab.ui.place;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession;
import dev.clusterlab.lab.cli.DesktopLauncher;
import dev.clusterlab.lab.environment.EngineLabs;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.way.WayThere;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.HostReport;
import dev.clusterlab.provisioning.docker.images.LabImages;
import dev.clusterlab.ui.model.EngineModel;
import dev.clusterlab.ui.model.EngineModel.Preview;
import dev.clusterlab.ui.model.Start;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The engines that the window stands on, one after another, each with the same lab. Closes all of them. Thread-safe. */
public final class DesktopEnvironments implements EngineModel.Below<DesktopEnvironments.Opened>, AutoCloseable {
    private static final Start AS_ASKED = Start.anew("");

    private final DesktopLauncher.Request request;
    private final CheckLanguage language;
    private final Supplier<Locale> locale;
    private final Map<String, String> variables;
    private final Set<DesktopEnvironment> all = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Future<Opened> early;
    private volatile boolean closed;

    /**
     * An engine that is open, its lab in the language of the person, and what ends both.
     *
     * @param clients whether the client is to be switched on
     */
    public record Opened(DesktopContext context, LabSession session, Runnable end, boolean clients) {
        public Opened(DesktopContext context, LabSession session, Runnable end) {
            this(context, session, end, false);
        }
    }

    /**
     * @param locale of the person, asked whenever a lab is opened
     * @param variables of this process, by which the user's Docker Engine is found
     */
    public DesktopEnvironments(
            DesktopLauncher.Request request,
            CheckLanguage language,
            Supplier<Locale> locale,
            Map<String, String> variables) {
        this.request = request;
        this.language = language;
        this.locale = locale;
        this.variables = Map.copyOf(variables);
    }

    public LabEnvironment.Options options() {
        return request.options();
    }

    /** Begins to open what was asked for, while the toolkit starts; not where a person may be asked something first. */
    public void openEarly() {
        if (!options().engine().equals(EngineNames.DOCKER)) {
            FutureTask<Opened> opening = new FutureTask<>(() -> opened(options(), AS_ASKED, told -> {}));
            early = opening;
            Thread.ofPlatform().daemon().name("opening").start(opening);
        }
    }

    @Override
    public Preview preview(String engine) {
        if (!engine.equals(EngineNames.DOCKER)) {
            return Preview.plain();
        }
        HostReport report = HostReport.read(
                variables, Path.of(System.getProperty("user.home", ".")), System.getProperty("os.name", "linux"));
        return new Preview(
                report.fact(HostTopic.VERSION).orElse(""),
                report.engine().endpoint().toString(),
                report.images().stream()
                        .filter(LabImages.Entry::missing)
                        .map(LabImages.Entry::name)
                        .toList());
    }

    @Override
    public Opened open(LabEnvironment.Options options) {
        Future<Opened> begun = early;
        early = null;
        try {
            if (begun == null || !options.equals(options())) {
                return opened(options, AS_ASKED, told -> {});
            }
            return begun.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException(LabException.Kind.CANCELLED, "Opening the engine was cancelled.", "", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public Opened open(LabEnvironment.Options options, Start start, Consumer<WayThere.Milestone> told)
            throws InterruptedException {
        return opened(options, start, told);
    }

    private Opened opened(LabEnvironment.Options options, Start start, Consumer<WayThere.Milestone> told)
            throws InterruptedException {
        DesktopLauncher.Request asked = start.lab().isEmpty() ? request : request.withLab(start.lab());
        var environment = new DesktopEnvironment(asked, options, language);
        all.add(environment);
        try {
            if (closed) {
                environment.close();
            }
            DesktopEnvironment.Arrival arrival = start.to().isPresent()
                    ? environment.openAt(locale.get(), start.to().get(), told)
                    : new DesktopEnvironment.Arrival(environment.open(), Optional.empty());
            DesktopContext context = arrival.context();
            return new Opened(
                    context,
                    context.sessions().open(locale.get(), arrival.progress()),
                    () -> end(environment),
                    start.clients());
        } catch (RuntimeException | InterruptedException e) {
            try {
                environment.close();
            } catch (RuntimeException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            all.remove(environment);
            throw e;
        }
    }

    private void end(DesktopEnvironment environment) {
        environment.close();
        all.remove(environment);
    }

    /** The session belongs to the desk that was made of it, where one was; to close it once more is without effect. */
    @Override
    public void close(Opened place) {
        place.session().close();
        place.end().run();
    }

    @Override
    public Optional<String> lab(Opened place) {
        // Hosts are given back by their engine, and no other engine knows of them.
        return place.context()
                .engine()
                .recordedLab()
                .filter(lab -> place.context().engine().name().equals(EngineNames.DOCKER));
    }

    @Override
    public List<Lab> lessons(Locale wanted) {
        return request.labs().names().stream()
                .map(name -> request.labs().read(name, wanted))
                .toList();
    }

    @Override
    public EngineLabs labs() {
        return EngineLabs.ofThisUser();
    }

    @Override
    public void close() {
        closed = true;
        RuntimeException first = null;
        for (DesktopEnvironment environment : all) {
            try {
                environment.close();
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
