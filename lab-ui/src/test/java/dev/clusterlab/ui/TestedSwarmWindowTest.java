package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.provisioning.hosts.HostFinder;
import dev.clusterlab.provisioning.hosts.consent.ConsentSettings;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.hosts.FakeHosts;
import dev.clusterlab.ui.model.kept.KeptFiles;
import dev.clusterlab.ui.place.DesktopEnvironments.Opened;
import dev.clusterlab.ui.place.TestedPlaces;
import dev.clusterlab.ui.place.WatchedPlaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The window tests a Swarm that exists with its owner's consent: one of the embedded engine, reached over its sockets as any other. */
class TestedSwarmWindowTest {
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

    private void experiment(String name, String service, String watch) throws IOException {
        Path files = Files.createDirectories(folder.resolve("experiments"));
        Files.writeString(files.resolve(name + ".yaml"), """
                title: Kill one of %2$s
                purpose: To see.
                platform:
                  script: docker-machine create never
                hypothesis:
                  steady-within: 10s
                  recovers-within: 60s
                  expectations:
                    - title: All run
                      expect: running('%2$s') == 2
                      tolerance: 60s
                method:
                  - fault: container.kill
                    target: {task-of: %2$s}
                watch: %3$s
                """.formatted(name, service, watch));
    }

    @Test
    void saysWhatMayBeHitRunsWhatThePersonAgreesToAndWatchesAgain() throws IOException {
        experiment("kill-web", "web", "2s");
        experiment("kill-shop", "shop", "2s");
        experiment("long", "web", "10m");
        var options = new LabEnvironment.Options("embedded", 1, false, 16);
        var settings = Windows.settings(true, Locale.ENGLISH, false);
        Path records = folder.resolve("tests");
        try (LabEnvironment there = LabEnvironment.standard(options, LANGUAGE);
                var swarms = new WatchedPlaces(
                        folder.resolve("recordings"),
                        new HostFinder(Map.of(), folder),
                        settings.language()::get,
                        InstantSource.system());
                var tests = new TestedPlaces(
                        new ConsentSettings(
                                records, Map.of(), "Linux", OptionalInt.empty(), false, InstantSource.system()),
                        new ExperimentLibrary(folder.resolve("experiments"), LANGUAGE),
                        settings.language()::get)) {
            there.shell().run("""
                    docker-machine create m1 && docker-machine create w1
                    eval "$(docker-machine env m1)"
                    docker swarm init --advertise-addr $(docker-machine ip m1)
                    token=$(docker swarm join-token -q worker)
                    docker -H $(docker-machine url w1) swarm join --token $token $(docker-machine ip m1):2377
                    docker service create -d --name web --label dev.clusterlab.faults=allowed --replicas 2 busybox sleep 10000
                    docker service create -d --name shop --replicas 2 busybox sleep 10000
                    wait-for "running('web') == 2 && running('shop') == 2"
                    """, true, SILENT);
            var engines = Windows.engines(new FakeWorld(), settings)
                    .model("embedded", settings.language()::get, FxThread.EXECUTOR);
            try (TestWindow window = TestWindow.open(
                    engines,
                    new TestWindow.Hosts(swarms, FakeHosts.none(), tests),
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

                window.click("#test-swarm");
                window.await("it is said who may be hit", () -> window.shows("#target-web"));
                assertThat(window.words("#target-web")).contains("may be hit");
                assertThat(window.words("#target-shop")).contains("not allowed");
                assertThat(window.words("#target-m1")).contains("not allowed");
                assertThat(window.words("#consent"))
                        .contains("docker service update --label-add dev.clusterlab.faults=allowed shop")
                        .contains("docker node update --label-add dev.clusterlab.faults=allowed m1")
                        .contains("1024 bytes")
                        .contains("a third, one at least");
                assertThat(window.words("#test-cannot-kill-shop")).contains("containers of shop are not allowed");
                assertThat(window.words("#test-cannot-lose-a-worker")).contains("nothing on its hosts would undo this");
                assertThat(window.words("#test-hindrance")).contains("Choose");
                window.fire("#test-choose-long");
                assertThat(window.words("#test-hindrance")).contains("Tick");
                window.fire("#test-agree");
                String before = containers(there);
                window.fire("#test-begin");
                window.await(
                        "the hypothesis is live", () -> window.words("#tested").contains("All run"));
                window.await("something is broken", () -> !containers(there).equals(before));
                window.press(KeyCode.F4);
                window.await("it stands alone", () -> !window.shows("#topology"));
                window.press(KeyCode.F4);
                window.await("the cluster is there", () -> window.shows("#topology"));
                window.press(KeyCode.CONTROL, KeyCode.L);
                window.await("it must be stopped", () -> window.words(".notice").contains("The test is not over"));
                window.click("#test-stop");
                window.await("it is over", () -> window.shows("#test-back"));
                assertThat(window.words("#tested")).contains("did not come to a result");
                window.click("#test-back");
                window.await("it is watched again", () -> window.shows("#watched"));

                window.click("#test-swarm");
                window.await("it is looked again", () -> window.shows("#test-choose-kill-web"));
                window.fire("#test-choose-kill-web");
                window.fire("#test-agree");
                window.fire("#test-begin");
                window.await("it is over", () -> window.shows("#test-report"));
                assertThat(window.words("#tested")).contains("The hypothesis held");
                window.press(KeyCode.CONTROL, KeyCode.L);
                window.await("it is watched again", () -> window.shows("#watched"));
                window.press(KeyCode.CONTROL, KeyCode.L);
                window.await("the lab is back", () -> window.shows("#engine-menu"));
            }
            try (Stream<Path> files = Files.list(records)) {
                List<Path> journals =
                        files.filter(file -> file.toString().endsWith(".jsonl")).toList();
                assertThat(journals).hasSize(2);
                for (Path journal : journals) {
                    assertThat(Journal.read(journal))
                            .extracting(entry -> String.valueOf(entry.get("type")))
                            .contains("consent", "experiment", "event");
                }
            }
        }
    }

    @Test
    void closingTheWindowStopsTheTestFirst() {
        var settings = Windows.settings(true, Locale.ENGLISH, false);
        var hosts = new FakeHosts<Opened>(given -> HostsGalleryTest.watched(new FakeWorld(), Locale.ENGLISH)).some();
        var laboratory = new RecordedLaboratory("lossy-link");
        laboratory.standAt(Duration.ofSeconds(70));
        hosts.tests.making = wanted -> HostsGalleryTest.tested(new FakeWorld(), Locale.ENGLISH, laboratory);
        var engines = Windows.engines(new FakeWorld(), settings)
                .model("embedded", settings.language()::get, FxThread.EXECUTOR);
        var closed = new AtomicBoolean();
        try (TestWindow window = TestWindow.open(
                engines, TestWindow.Hosts.of(hosts), settings, KeptFiles.none(), TestWindow.WIDTH, TestWindow.HEIGHT)) {
            window.await("the lab is there", () -> window.desk != null);
            window.press(KeyCode.CONTROL, KeyCode.O);
            window.await("hosts are found", () -> window.shows("#host-1"));
            window.fire("#host-1");
            window.fire("#swarm-open");
            window.await("it is watched", () -> window.shows("#test-swarm"));
            window.fire("#test-swarm");
            window.await("it is said who may be hit", () -> window.shows("#test-choose-lossy-link"));
            window.fire("#test-choose-lossy-link");
            window.fire("#test-agree");
            window.fire("#test-begin");
            window.await("the test runs", () -> window.shows("#test-stop"));
            assertThat(Pictures.onToolkit(() -> window.host().mayClose(() -> closed.set(true))))
                    .as("at once")
                    .isFalse();
            window.await("it closes when the test is over", closed::get);
            window.await("the hosts are left", () -> hosts.tests.ended.size() == 1);
        }
    }

    private static String containers(LabEnvironment there) {
        return there.observer().observe().machines().stream()
                .flatMap(machine -> machine.containers().stream())
                .filter(container -> container.name().startsWith("web"))
                .map(container -> container.id())
                .sorted()
                .toList()
                .toString();
    }
}
