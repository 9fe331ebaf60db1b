package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.hosts.HostFinder;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.hosts.FakeHosts;
import dev.clusterlab.ui.model.hosts.FakeTests;
import dev.clusterlab.ui.model.kept.KeptFiles;
import dev.clusterlab.ui.place.WatchedPlaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The window on a Swarm that exists: one of the embedded engine, reached over its sockets as any other. */
class SwarmWindowTest {
    private static final CheckLanguage LANGUAGE = new CheckLanguage();
    private static final Shell.Output SILENT = new Shell.Output() {
        @Override
        public void stdout(String text) {
            // What came of it is seen in the window.
        }

        @Override
        public void stderr(String text) {
            // As above.
        }
    };

    @TempDir
    Path folder;

    private static String address(LabEnvironment there, String machine) {
        return there.engine()
                .machine(machine)
                .orElseThrow()
                .dockerEndpoint()
                .orElseThrow()
                .toString();
    }

    @Test
    void aSwarmIsOpenedLookedAtRecordedAndLeftAndTheLabIsAsItWas() throws IOException {
        var options = new LabEnvironment.Options("embedded", 1, false, 16);
        var settings = Windows.settings(true, Locale.ENGLISH, false);
        Path recordings = folder.resolve("recordings");
        try (LabEnvironment there = LabEnvironment.standard(options, LANGUAGE);
                var swarms = new WatchedPlaces(
                        recordings,
                        new HostFinder(Map.of(), folder),
                        settings.language()::get,
                        InstantSource.system())) {
            there.shell().run("""
                    docker-machine create m1 && docker-machine create w1
                    eval "$(docker-machine env m1)"
                    docker swarm init --advertise-addr $(docker-machine ip m1)
                    token=$(docker swarm join-token -q worker)
                    docker -H $(docker-machine url w1) swarm join --token $token $(docker-machine ip m1):2377
                    docker service create -d --name web --replicas 2 busybox sleep 10000
                    wait-for "running('web') == 2"
                    """, true, SILENT);
            var world = new FakeWorld();
            var engines =
                    Windows.engines(world, settings).model("embedded", settings.language()::get, FxThread.EXECUTOR);
            try (TestWindow window = TestWindow.open(
                    engines,
                    new TestWindow.Hosts(swarms, FakeHosts.none(), new FakeTests<>()),
                    settings,
                    KeptFiles.none(),
                    TestWindow.WIDTH,
                    TestWindow.HEIGHT)) {
                window.await("the lab is there", () -> window.desk != null);
                window.press(KeyCode.CONTROL, KeyCode.O);
                window.await("the card is there", () -> window.shows("#open-swarm"));
                window.click("#host-address");
                window.write("m1=" + address(there, "m1") + ",w1=" + address(there, "w1"));
                window.press(KeyCode.ENTER);
                window.click("#swarm-open");
                window.await("it is seen", () -> window.words("#watched").contains("m1 leads"));

                assertThat(window.words("#watched")).contains("tcp://127.0.0.1:", "as m1 tells it", "now");
                assertThat(window.words("#topology")).contains("m1", "w1");
                assertThat(window.words(".service-strip")).contains("web");
                for (String changing : List.of(
                        "#client", "#cut-tool", "#cut-matrix-open", "#tab-terminal", "#experiments-button", "#pause")) {
                    assertThat(window.shows(changing)).as(changing).isFalse();
                }
                window.contextMenu("#machine-w1");
                window.await(
                        "nothing can be done to it",
                        () -> window.robot.lookup(".menu-item .label").queryAll().stream()
                                .anyMatch(node -> window.wordsOf(node).contains("only watched")));
                window.press(KeyCode.ESCAPE);
                window.await(
                        "the inspector says so",
                        () -> window.words("#inspector").contains("only watched"));
                assertThat(window.shows("#inspector .actions .button")).isFalse();

                there.shell().run("docker service scale -d web=3", true, SILENT);
                window.await(
                        "what happens is told", () -> window.words("#events").contains("web"));
                window.press(KeyCode.CONTROL, KeyCode.L);
                window.await("the lab is back", () -> window.shows("#engine-menu") && !window.shows("#watched"));
                window.await(
                        "it is said where it is kept",
                        () -> window.words(".notice").contains(recordings.toString()));
                assertThat(window.desk.context.engine()).isSameAs(world.engine);
            }
            try (Stream<Path> files = Files.list(recordings)) {
                Path kept = files.findFirst().orElseThrow();
                assertThat(Journal.read(kept))
                        .anySatisfy(entry -> assertThat(entry).containsEntry("type", "event"));
                assertThat(swarms.page(kept, Locale.ENGLISH)).isNotEmptyFile();
            }
        }
    }
}
