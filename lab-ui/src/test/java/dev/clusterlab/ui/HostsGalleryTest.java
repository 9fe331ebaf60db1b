package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.hosts.link.HostTrouble;
import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.ui.GalleryTest.Look;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.ExperimentsModel;
import dev.clusterlab.ui.model.hosts.FakeHosts;
import dev.clusterlab.ui.model.hosts.RemoteModel;
import dev.clusterlab.ui.model.hosts.TestModel;
import dev.clusterlab.ui.model.hosts.WatchModel.State;
import dev.clusterlab.ui.model.hosts.Watched;
import dev.clusterlab.ui.model.kept.KeptFiles;
import dev.clusterlab.ui.place.DesktopContext;
import dev.clusterlab.ui.place.DesktopEnvironments.Opened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shows what there is of hosts on other computers, in each look; people look at the pictures in target/pictures. */
class HostsGalleryTest {
    private static final LabException SILENT =
            new HostTrouble(HostTrouble.Kind.NO_ANSWER, "worker2 (ssh://lab@192.0.2.22)", "").exception();

    static Stream<Look> looks() {
        return Stream.of(
                new Look("dark-en-small", true, Locale.ENGLISH, false, 1280, 800),
                new Look("light-fr-small", false, Locale.FRENCH, false, 1280, 800),
                new Look("light-en-large", false, Locale.ENGLISH, false, 1920, 1080),
                new Look("dark-fr-large", true, Locale.FRENCH, false, 1920, 1080));
    }

    static Stream<Look> smallLooks() {
        return looks().filter(look -> look.width() == 1280);
    }

    /** A Swarm of five hosts, of which one has been silent since it was opened and one is not asked. */
    static Opened watched(FakeWorld world, Locale language) {
        world.engine.is("watch", world.engine.abilities());
        world.clock.fix();
        world.clock.moveTo(Duration.ofMinutes(12).plusSeconds(34));
        world.observer.show(Scenes.platform().silent("worker2").build());
        var addresses = new TreeMap<>(Map.of(
                "leader1", "ssh://lab@192.0.2.11",
                "leader2", "ssh://lab@192.0.2.12",
                "leader3", "ssh://lab@leader3.lab.example.com:2222",
                "worker1", "tcp://192.0.2.21:2376",
                "worker2", "ssh://lab@192.0.2.22"));
        var context = new DesktopContext(
                world.engine,
                world.observer,
                world.faults,
                (wanted, earlier) -> nothingToDo(world, wanted),
                (machine, container, lines) -> List.of(),
                new Windows.Client(),
                world::login,
                new RecordedLaboratory(),
                List::of,
                Optional.of(new Watched(
                        () -> addresses,
                        () -> new TreeMap<>(Map.of("worker2", SILENT)),
                        List.of(),
                        Optional.of(Path.of("recordings", "watch-2026-11-05-183000.jsonl")))));
        return new Opened(context, nothingToDo(world, language), () -> {});
    }

    /** A Swarm in which the links of a machine lose packets, while an experiment runs. */
    static Opened tested(FakeWorld world, Locale language, RecordedLaboratory laboratory) {
        world.engine.is("swarm", world.engine.abilities());
        world.clock.fix();
        world.clock.moveTo(Duration.ofSeconds(75));
        world.observer.show(Scenes.platform()
                .leased(
                        "fault-1",
                        new Fault.NetworkLoss(
                                List.of(Set.of("worker1")), false, 0.05, Optional.of(Duration.ofMinutes(2))),
                        new Target.OfLinks(List.of(List.of("worker1")), false),
                        Duration.ofMinutes(2))
                .build());
        var context = new DesktopContext(
                world.engine,
                world.observer,
                world.faults,
                (wanted, earlier) -> nothingToDo(world, wanted),
                (machine, container, lines) -> List.of(),
                new Windows.Client(),
                world::login,
                laboratory.alone(),
                List::of,
                Optional.of(new Watched(
                        TreeMap::new, TreeMap::new, List.of(), Optional.of(Path.of("swarm-tests", "5f0e1d2c.jsonl")))));
        return new Opened(context, nothingToDo(world, language), () -> {});
    }

    @ParameterizedTest
    @MethodSource("looks")
    void aSwarmIsTestedWithConsentAndWatchedAgain(Look look) throws IOException {
        Path breaking = Files.writeString(folder.resolve("breaking.yaml"), """
                title: {en: "Cut the leading manager off", fr: "Couper le manager qui dirige"}
                purpose: {en: "To see whether clients notice.", fr: "Pour voir si les clients le remarquent."}
                breaks-quorum: true
                platform:
                  script: docker-machine create never
                hypothesis:
                  steady-within: 10s
                  recovers-within: 30s
                  expectations:
                    - title: All run
                      expect: running('web') == 3
                method:
                  - fault: network.partition
                    groups: [[leader1]]
                watch: 2s
                """);
        var world = new FakeWorld();
        world.observer.show(Scenes.threeMachines());
        var settings = Windows.settings(look.dark(), look.language(), look.presentation());
        var hosts = new FakeHosts<Opened>(given -> watched(new FakeWorld(), look.language())).some();
        var laboratory = new RecordedLaboratory("lossy-link");
        laboratory.standAt(Duration.ofSeconds(70));
        hosts.tests.left.add(new TestModel.Left("5f0e1d2c", List.of("worker1", "worker2"), Instant.EPOCH));
        hosts.tests.making = wanted -> tested(new FakeWorld(), look.language(), laboratory);
        var engines = Windows.engines(world, settings).model("embedded", settings.language()::get, FxThread.EXECUTOR);
        try (TestWindow window = TestWindow.open(
                engines, TestWindow.Hosts.of(hosts), settings, KeptFiles.none(), look.width(), look.height())) {
            window.await("the lab is there", () -> window.desk != null);
            window.press(KeyCode.CONTROL, KeyCode.O);
            window.await("the left test is listed", () -> window.shows("#end-test-5f0e1d2c"));
            window.picture(look.name() + "-80-left-tests");
            window.fire("#end-test-5f0e1d2c");
            window.await("it is ended", () -> !window.shows("#end-test-5f0e1d2c"));
            onToolkit(() -> window.desk.elsewhere.swarms().hosts().choose(1, true));
            window.fire("#swarm-open");
            window.await("it is watched", () -> window.shows("#test-swarm"));
            window.fire("#test-swarm");
            window.await("it is said who may be hit", () -> window.shows("#target-worker1"));
            window.picture(look.name() + "-81-consent");
            TestModel<?> tests = window.desk.elsewhere.tests();
            onToolkit(() -> tests.addFile(breaking));
            window.await("a word is wanted", () -> window.shows("#test-word"));
            window.picture(look.name() + "-82-consent-quorum");
            window.fire("#test-choose-lossy-link");
            onToolkit(() -> ((ScrollPane) window.scene().getRoot().lookup("#consent .page-scroll")).setVvalue(1));
            window.picture(look.name() + "-82-consent-experiments");
            window.fire("#test-agree");
            window.fire("#test-begin");
            window.await(
                    "it stands in the middle", () -> window.words("#tested").contains("worker1"));
            window.await("the fault is shown", () -> window.shows("#faults .fault-row"));
            window.await(
                    "seconds have gone by",
                    () -> window.host().tested().orElseThrow().experiments.shown().get().doing().stream()
                            .anyMatch(doing -> doing instanceof ExperimentsModel.Doing.Running running
                                    && running.course().at() >= 69));
            window.picture(look.name() + "-83-test");
            window.press(KeyCode.F4);
            window.picture(look.name() + "-84-test-alone");
            laboratory.goOn();
            window.await("it is over", () -> window.shows("#test-report"));
            var picture = window.picture(look.name() + "-85-test-over");
            assertThat(Pictures.colours(picture)).isGreaterThan(12);
            window.fire("#test-back");
            window.await("it is watched again", () -> window.shows("#watched"));
            assertThat(hosts.tests.begun.getFirst().limits().breakQuorum()).isFalse();
        }
    }

    @TempDir
    private Path folder;

    private static LabSession nothingToDo(FakeWorld world, Locale language) {
        var step = new Lab.Step("watch", "watch", List.of(), List.of(), List.of(), "");
        var lab = new Lab("watch", "watch", "", language, Texts.LANGUAGES, 0, List.of(step));
        return new GuidedSession(lab, new CheckLanguage(), world.observer, world.shell);
    }

    @ParameterizedTest
    @MethodSource("looks")
    void aSwarmThatExistsIsOpenedLookedAtAndLeft(Look look) {
        var world = new FakeWorld();
        world.observer.show(Scenes.threeMachines());
        var settings = Windows.settings(look.dark(), look.language(), look.presentation());
        var hosts = new FakeHosts<Opened>(given -> watched(new FakeWorld(), look.language())).some();
        hosts.kept("recordings/watch-2026-11-05-183000.jsonl");
        hosts.kept("recordings/watch-2026-11-04-090000.jsonl");
        var engines = Windows.engines(world, settings).model("embedded", settings.language()::get, FxThread.EXECUTOR);
        try (TestWindow window = TestWindow.open(
                engines, TestWindow.Hosts.of(hosts), settings, KeptFiles.none(), look.width(), look.height())) {
            window.await("the lab is there", () -> window.desk != null);
            window.help("menu-welcome");
            window.await("the labs are read", () -> window.shows(".welcome-lab"));
            window.picture(look.name() + "-60-welcome");
            window.fire("#welcome-watch");
            window.await("hosts are found", () -> window.shows("#host-1") && window.shows(".recordings .hyperlink"));
            var swarms = window.desk.elsewhere.swarms();
            onToolkit(() -> {
                swarms.hosts().choose(1, true);
                swarms.hosts().add("leader2=ssh://lab@192.0.2.12");
            });
            window.picture(look.name() + "-61-open-swarm");
            onToolkit(() -> swarms.hosts().add("http://192.0.2.13"));
            window.await("the address is refused", () -> window.shows("#open-swarm .notice-error"));
            window.picture(look.name() + "-62-address-refused");
            onToolkit(() -> swarms.hosts().choose(1, true));
            hosts.refuse(SILENT);
            window.fire("#swarm-open");
            window.await(
                    "it is said why",
                    () -> swarms.state().get() instanceof State.Choosing(var trouble) && trouble.isPresent());
            window.picture(look.name() + "-63-host-silent");
            hosts.allow();
            window.fire("#swarm-open");
            window.await("it is watched", () -> window.shows("#watched"));
            window.picture(look.name() + "-64-watched");
            var seen = window.host().watched().orElseThrow();
            onToolkit(() -> seen.cluster.selection().set(new Selection.OfMachine("leader1")));
            var picture = window.picture(look.name() + "-65-watched-machine");
            assertThat(Pictures.colours(picture)).isGreaterThan(12);
            window.press(KeyCode.CONTROL, KeyCode.L);
            window.await("the lab is back", () -> window.words(".notice").contains("watch-2026-11-05-183000.jsonl"));
            window.picture(look.name() + "-66-left");
            assertThat(hosts.ended).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("looks")
    void hostsAreChosenForALabAndItIsSaidWhatWillBeDone(Look look) {
        var world = new FakeWorld();
        world.observer.show(Scenes.threeMachines());
        var settings = Windows.settings(look.dark(), look.language(), look.presentation());
        var hosts = FakeHosts.<Opened>none().some();
        hosts.left.add(new RemoteModel.Left(
                "5f0e1d2c", List.of("leader1", "leader2", "leader3", "worker1", "worker2"), Instant.EPOCH));
        hosts.containers.put("leader2", 3);
        hosts.unfit.put(
                "school",
                new LabException(
                                LabException.Kind.REFUSED,
                                "school (ssh://lab@school.example.com:2222) is in a Swarm already.",
                                "A lab makes a Swarm of its own, and could not put the host back into this one.")
                        .named("remote.swarm", "school (ssh://lab@school.example.com:2222)"));
        hosts.unfit.put("worker2", SILENT);
        var below = Windows.engines(world, settings);
        var engines = below.model("embedded", settings.language()::get, FxThread.EXECUTOR);
        try (TestWindow window = TestWindow.open(
                engines, TestWindow.Hosts.of(hosts), settings, KeptFiles.none(), look.width(), look.height())) {
            window.await("the lab is there", () -> window.desk != null);
            onToolkit(() -> ((MenuButton) window.scene().getRoot().lookup("#engine-menu"))
                    .getItems().stream()
                            .filter(item -> "engine-remote".equals(item.getId()))
                            .findFirst()
                            .orElseThrow()
                            .fire());
            window.await("hosts are found", () -> window.shows("#host-2") && window.shows("#resume-5f0e1d2c"));
            RemoteModel remote = window.desk.elsewhere.remote();
            onToolkit(() -> {
                remote.hosts().choose(1, true);
                remote.hosts().rename(1, "leader1");
                remote.hosts().choose(2, true);
                remote.hosts().add("leader2=ssh://lab@192.0.2.12,worker2=ssh://lab@192.0.2.22");
            });
            window.picture(look.name() + "-70-remote-hosts");
            window.fire("#remote-look");
            window.await("it is said what will be done", () -> window.shows("#plan-leader2"));
            window.picture(look.name() + "-71-remote-plan");
            onToolkit(() -> remote.lend("leader2", true));
            window.await(
                    "it is looked at again",
                    () -> window.words("#remote-begin").contains("2")
                            || window.words("#remote-begin").contains("deux"));
            window.picture(look.name() + "-72-remote-lent");
            window.fire("#remote-begin");
            window.await("it asks for the machines", () -> window.shows("#engine-change"));
            var picture = window.picture(look.name() + "-73-remote-change");
            assertThat(Pictures.colours(picture)).isGreaterThan(12);
            onToolkit(() -> window.engines.asked().get().orElseThrow().answer().accept("yes"));
            window.await(
                    "the lab begins there",
                    () -> below.opened.getLast().engine().equals("remote"));
            assertThat(below.opened.getLast().hosts().lent()).containsExactly("leader2");
            assertThat(below.opened.getLast().hosts().hosts()).hasSize(4);
        }
    }

    @ParameterizedTest
    @MethodSource("smallLooks")
    void aMachineThatNobodyCanSwitchOffSaysThatItIsCutOff(Look look) {
        var world = new FakeWorld();
        world.engine.is("remote", world.engine.abilities());
        world.observer.show(Scenes.platform().build());
        var settings = Windows.settings(look.dark(), look.language(), look.presentation());
        try (TestWindow window = TestWindow.open(Windows.context(world), settings, look.width(), look.height())) {
            boolean french = look.language().equals(Locale.FRENCH);
            window.show(
                    world,
                    Scenes.workerCutOff(),
                    new ClusterEvent.MachineStateChanged(
                            new Stamp(1, Duration.ZERO, Duration.ZERO, List.of(new Cause.ByFault("fault-1"))),
                            "worker3",
                            Machine.State.RUNNING,
                            Machine.State.KILLED,
                            true));
            window.select(new Selection.OfMachine("worker3"));
            String words = french ? "coupée, pas éteinte" : "cut off, not switched off";
            window.await("the card says so", () -> window.words("#inspector").contains(words));
            assertThat(window.words("#topology")).contains(words);
            String told = french ? "worker3 est coupée des autres" : "worker3 is cut off from the others";
            window.await(
                    "the narrator says so",
                    () -> window.words("#narrator-sentence").contains(told));
            assertThat(window.words("#faults"))
                    .contains(french ? "Coupée" : "Cut off", french ? "Reconnecter" : "Reconnect");
            window.picture(look.name() + "-90-cut-off");
            assertThat(window.words("#faults") + window.words("#narrator-sentence"))
                    .as("of its power nothing is said")
                    .doesNotContain(french ? "ourant" : "ower");
        }
    }

    private static void onToolkit(Runnable action) {
        Pictures.onToolkit(() -> {
            action.run();
            return true;
        });
    }
}
