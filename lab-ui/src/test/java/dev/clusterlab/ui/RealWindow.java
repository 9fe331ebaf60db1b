package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.cli.DesktopLauncher;
import dev.clusterlab.lab.environment.EngineLabs;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.docker.DockerLabs;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.model.EngineModel;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.hosts.FakeHosts;
import dev.clusterlab.ui.model.kept.KeptFiles;
import dev.clusterlab.ui.place.DesktopEnvironments;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.input.KeyCode;

/** The window as the program opens it, on the Docker Engine that was named for tests. */
final class RealWindow implements AutoCloseable {
    final TestWindow window;
    private final DesktopEnvironments environments;

    private RealWindow(TestWindow window, DesktopEnvironments environments) {
        this.window = window;
        this.environments = environments;
    }

    /** Skips the test without an engine that was named; one that is found by itself is the user's. */
    static void requireDocker() {
        assumeTrue(
                !System.getenv().getOrDefault("CLUSTERLAB_DOCKER_HOST", "").isBlank(),
                "CLUSTERLAB_DOCKER_HOST names no Docker Engine for tests; .ci/real-stack/prepare makes one");
    }

    /** @param engine as on the command line */
    static RealWindow open(String engine, Settings settings) {
        return open(engine, settings, KeptFiles.none(), TestWindow.WIDTH, TestWindow.HEIGHT);
    }

    /** Opens it for a person whose progress is kept, in a size that can be shown. */
    static RealWindow open(String engine, Settings settings, KeptFiles kept, double width, double height) {
        return open(engine, TestWindow.Hosts.of(FakeHosts.none()), settings, kept, width, height);
    }

    /** Opens it for a person who has hosts. */
    static RealWindow open(
            String engine, TestWindow.Hosts hosts, Settings settings, KeptFiles kept, double width, double height) {
        var language = new CheckLanguage();
        var environments = new DesktopEnvironments(
                new DesktopLauncher.Request(
                        options -> LabEnvironment.standard(options, language),
                        new LabEnvironment.Options(engine, 1, false, 1),
                        LabLibrary.standard(List.of(), language),
                        "resilient-swarm"),
                language,
                settings.language()::get,
                System.getenv());
        var engines = new EngineModel<>(
                environments,
                environments.options(),
                () -> Texts.of(settings.language().get()),
                FxThread.EXECUTOR,
                InstantSource.system(),
                ZoneId.systemDefault());
        return new RealWindow(TestWindow.open(engines, hosts, settings, kept, width, height), environments);
    }

    void awaitOn(String engine) {
        window.await(
                "the window stands on " + engine,
                () -> window.desk != null && window.desk.context.engine().name().equals(engine));
        window.await("nothing lies over it", () -> !window.shows(".overlay-card"));
    }

    /** By the keyboard, as far as the question that it may ask. */
    void chooseInMenu(String words) {
        window.press(KeyCode.CONTROL, KeyCode.M);
        window.choose(words);
    }

    /** The lab that the window stands on. */
    String lab() {
        return window.desk.context.engine().recordedLab().orElseThrow();
    }

    /** What the engine has of labs that this test knows. */
    static List<DockerLabs.Lab> onTheEngine() {
        try (EngineLabs labs = EngineLabs.ofThisUser()) {
            return labs.list();
        }
    }

    /** Runs another process of this program, and ends it as by kill -9 when it has made these machines. */
    static void killedAfterMaking(String... machines) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("shell", "-", "--engine", "docker"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.outputWriter()
                    .append("docker-machine create " + String.join(" ", machines) + "\necho made\nsleep 600\n")
                    .close();
            var said = new ArrayList<String>();
            var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); !"made".equals(line); line = lines.readLine()) {
                assertThat(line).as("the program ended: " + said).isNotNull();
                said.add(line);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Override
    public void close() {
        try (environments) {
            window.close();
        }
    }
}
