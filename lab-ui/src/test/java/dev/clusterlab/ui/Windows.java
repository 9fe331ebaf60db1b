package dev.clusterlab.ui;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.ui.model.FakeBelow;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.TrafficSource;
import dev.clusterlab.ui.model.experiment.Laboratory;
import dev.clusterlab.ui.place.DesktopContext;
import dev.clusterlab.ui.place.DesktopEnvironments.Opened;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Opens windows on a world moved by hand, with the lab that comes with the program. */
final class Windows {
    private static final CheckLanguage LANGUAGE = new CheckLanguage();
    private static final LabLibrary LABS = LabLibrary.standard(List.of(), LANGUAGE);

    private Windows() {}

    /** With experiments that were recorded. */
    static DesktopContext context(FakeWorld world) {
        return context(world, new RecordedLaboratory());
    }

    static DesktopContext context(FakeWorld world, Laboratory laboratory) {
        return new DesktopContext(
                world.engine,
                world.observer,
                world.faults,
                (language, earlier) -> {
                    var lab = LABS.read("resilient-swarm", language);
                    return earlier.map(
                                    progress -> new GuidedSession(lab, LANGUAGE, world.observer, world.shell, progress))
                            .orElseGet(() -> new GuidedSession(lab, LANGUAGE, world.observer, world.shell));
                },
                (machine, container, lines) -> List.of(
                        "Starting Helidon on 10.1.9.21:8080",
                        "Registered democonsul:instance_7 with consul-nodes",
                        "GET / 200 1 ms"),
                new Client(),
                world::login,
                laboratory,
                () -> world.anatomies);
    }

    /** Engines of which each is that world. */
    static FakeBelow<Opened> engines(FakeWorld world, Settings settings) {
        return engines(name -> context(world), settings);
    }

    /** Engines by the name that they are opened with. */
    static FakeBelow<Opened> engines(Function<String, DesktopContext> worlds, Settings settings) {
        FakeBelow<Opened> below = new FakeBelow<>(options -> {
            DesktopContext context = worlds.apply(options.engine());
            return new Opened(
                    context,
                    context.sessions().open(settings.language().get(), Optional.empty()),
                    context.engine()::close);
        });
        below.lessons.add(LABS.read("resilient-swarm", settings.language().get()));
        return below;
    }

    /** Settings without motion, so that pictures are the same each time. */
    static Settings settings(boolean dark, Locale language, boolean presentation) {
        Settings settings = new Settings();
        settings.motion().set(false);
        settings.dark().set(dark);
        settings.language().set(language);
        settings.presentation().set(presentation);
        return settings;
    }

    /** A client that only remembers whether it is on. */
    static final class Client implements TrafficSource {
        private boolean on;

        @Override
        public void start(int requestsPerSecond) {
            on = true;
        }

        @Override
        public void stop() {
            on = false;
        }

        @Override
        public boolean running() {
            return on;
        }

        @Override
        public Optional<String> machine() {
            return on ? Optional.of("leader1") : Optional.empty();
        }
    }
}
