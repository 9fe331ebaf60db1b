package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Asked;
import dev.clusterlab.lab.Prediction.Guess;
import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostFact;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.MemberStatus;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.provisioning.observe.Subject;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.GuideModel;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.View;
import dev.clusterlab.ui.model.experiment.ExperimentsModel;
import dev.clusterlab.ui.model.experiment.Place;
import dev.clusterlab.ui.model.recovery.Recoveries;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shows every main state of the window in each of its looks; people look at the pictures in target/pictures. */
class GalleryTest {
    private static final Path MALFORMED = Path.of("src", "test", "resources", "experiments", "malformed.yaml");

    /** One way the window can look. */
    record Look(String name, boolean dark, Locale language, boolean presentation, int width, int height) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** One state of the window. */
    record Scene(String name, ClusterSnapshot snapshot, Consumer<TestWindow> then) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Look> looks() {
        return Stream.of(
                new Look("dark-en", true, Locale.ENGLISH, false, 1400, 900),
                new Look("light-fr", false, Locale.FRENCH, false, 1400, 900),
                new Look("light-en-large", false, Locale.ENGLISH, false, 1920, 1080),
                new Look("dark-fr-large", true, Locale.FRENCH, false, 1920, 1080));
    }

    static List<Scene> scenes() {
        ClusterSnapshot platform = Scenes.platform().build();
        return List.of(
                new Scene("01-empty", ClusterSnapshot.empty(Instant.EPOCH), window -> {}),
                new Scene("02-machines", Scenes.threeMachines(), window -> {}),
                new Scene("03-swarm", Scenes.swarm(), window -> window.select(new Selection.OfMachine("leader1"))),
                new Scene("04-platform", platform, window -> bottom(window, "#tab-traffic")),
                new Scene("05-consul", platform, window -> {
                    window.view(View.CONSUL);
                    window.select(new Selection.OfMember("worker1"));
                    window.await(
                            "the log is read", () -> window.words("#inspector").contains("Helidon"));
                }),
                new Scene("06-traffic", platform, window -> {
                    window.view(View.TRAFFIC);
                    bottom(window, "#tab-traffic");
                    window.select(new Selection.OfProxy("leader1"));
                }),
                new Scene("07-killed", Scenes.workerKilled(), window -> {
                    window.view(View.TRAFFIC);
                    bottom(window, "#tab-traffic");
                    window.select(new Selection.OfMachine("worker3"));
                }),
                new Scene("08-partition", Scenes.partitioned(), window -> {
                    bottom(window, "#tab-events");
                    window.select(new Selection.OfMachine("leader1"));
                }),
                new Scene("08b-islands", Scenes.longPartitioned(), window -> {
                    bottom(window, "#tab-events");
                    window.select(new Selection.OfMachine("leader1"));
                }),
                new Scene("08c-islands-consul", Scenes.longPartitioned(), window -> window.view(View.CONSUL)),
                new Scene("08d-three-islands", Scenes.threeIslands(), window -> {}),
                new Scene("08e-lost-ways", Scenes.lostWays(), window -> {}),
                new Scene("08g-cut-matrix", Scenes.lostWays(), window -> {
                    window.fire("#cut-matrix-open");
                    window.fire("#cut-from-leader2");
                }),
                new Scene("09-troubles", Scenes.manyTroubles(), window -> bottom(window, "#tab-events")),
                new Scene(
                        "10-quorum", Scenes.quorumLost(), window -> window.select(new Selection.OfMachine("leader1"))),
                new Scene("11-service", platform, window -> window.select(new Selection.OfService("web"))),
                new Scene("12-task", platform, GalleryTest::firstTask),
                new Scene("13-notices", platform, GalleryTest::notices),
                new Scene("14-help", platform, window -> window.press(KeyCode.F1)),
                new Scene("15-confirm", platform, window -> {
                    window.select(new Selection.OfMachine("leader1"));
                    window.fire("#action-remove");
                }),
                new Scene("16-twelve", Scenes.twelveMachines(), window -> {}),
                new Scene("17-terminal", platform, GalleryTest::terminal),
                new Scene("18-steps", platform, window -> window.fire("#all-steps")),
                new Scene("20-progress", Scenes.threeMachines(), GalleryTest::progress),
                new Scene("18b-crowded", Scenes.crowded(), window -> {}),
                new Scene("19-failure", Scenes.threeMachines(), GalleryTest::failure),
                new Scene("21-welcome", platform, window -> {
                    window.help("menu-welcome");
                    window.await("the labs are read", () -> window.shows(".welcome-lab"));
                }),
                new Scene("22-palette", platform, window -> window.help("menu-palette")),
                new Scene("23-settings", platform, window -> window.help("menu-settings")),
                new Scene("24-about", platform, window -> window.help("menu-about")),
                new Scene("25-ending", Scenes.workerKilled(), window -> {
                    window.help("menu-ending");
                    window.await("the end is told", () -> window.shows("#ending"));
                }),
                new Scene("26-recovery", Scenes.workerKilled(), window -> recovery(window, false)),
                new Scene("26b-recoveries", Scenes.workerKilled(), window -> recovery(window, true)),
                new Scene("26c-predict", platform, window -> predict(window, "asked")),
                new Scene("26d-predicted", Scenes.workerKilled(), window -> predict(window, "graded")),
                new Scene("28-experiments", platform, window -> experiment(window, "idle")),
                new Scene("28g-experiment-in-the-lab", platform, window -> experiment(window, "lab")),
                new Scene("28b-experiment-running", platform, window -> experiment(window, "running")),
                new Scene("28c-experiment-result", platform, window -> experiment(window, "result")),
                new Scene("28d-odds-counting", platform, window -> experiment(window, "counting")),
                new Scene("28e-odds", platform, window -> experiment(window, "odds")),
                new Scene("28f-experiment-malformed", platform, window -> experiment(window, "malformed")),
                new Scene("27-aftermath", Scenes.healedButNotWell(Duration.ZERO), window -> {}));
    }

    @ParameterizedTest
    @MethodSource("looks")
    void everyMainStateCanBeSeen(Look look) {
        var world = new FakeWorld();
        world.anatomies = Recoveries.all();
        world.clock.moveTo(Duration.ofMinutes(12).plusSeconds(34));
        var settings = Windows.settings(look.dark(), look.language(), look.presentation());
        try (TestWindow window = TestWindow.open(Windows.context(world), settings, look.width(), look.height())) {
            for (Scene scene : scenes()) {
                reset(window);
                world.observer.show(scene.snapshot(), events());
                window.await(
                        "the snapshot has arrived",
                        () -> window.desk.cluster.snapshot().get().equals(scene.snapshot()));
                scene.then().accept(window);
                var picture = window.picture(look.name() + "-" + scene.name());
                assertThat(picture.getWidth()).isEqualTo(look.width());
                assertThat(Pictures.colours(picture)).isGreaterThan(12);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("looks")
    void whatTheDockerEngineAsksAndSaysCanBeSeen(Look look) {
        var world = new FakeWorld();
        world.clock.fix();
        world.clock.moveTo(Duration.ofMinutes(3).plusSeconds(7));
        world.engine.is("docker", limitedHost());
        var settings = Windows.settings(look.dark(), look.language(), look.presentation());
        var below = Windows.engines(world, settings);
        below.labs.leftOver("5f0e1d2c", "leader1", "leader2", "leader3", "worker1", "worker2", "worker3");
        below.labs.leftOver("90ab12cd", "leader1");
        below.naming(place -> Optional.of("77aa88bb"));
        var engines = below.model("docker", settings.language()::get, FxThread.EXECUTOR);
        try (TestWindow window = TestWindow.open(engines, settings, look.width(), look.height())) {
            asked(window, "#left-over");
            window.picture(look.name() + "-30-left-over");
            answer(window, "no");
            window.await("the second one", () -> window.words("#left-over").contains("90ab12cd"));
            answer(window, "no");
            window.await("the lab is there", () -> window.desk != null);
            world.observer.show(Scenes.platform().build());
            window.press(KeyCode.CONTROL, KeyCode.I);
            window.await(
                    "the host is known",
                    () -> window.words("#inspector")
                            .contains(Texts.of(look.language()).get("fault.NETWORK_PARTITION")));
            window.picture(look.name() + "-31-docker");
            if (look.width() <= TestWindow.WIDTH) {
                window.press(KeyCode.CONTROL, KeyCode.M);
                window.menuPicture(look.name() + "-33-menu");
                window.press(KeyCode.ESCAPE);
            }
            moreFaults(window, look);
            window.select(new Selection.OfMachine("worker1"));
            window.await("it is greyed out", () -> window.shows(".refusal"));
            window.picture(look.name() + "-32-greyed-out");
            below.labs
                    .own("77aa88bb", "leader1", "leader2", "worker1", "worker2", "worker3")
                    .inUse("00ff00ff", "leader1", "worker1")
                    .unknown("d00dfeed", "leader1");
            onToolkit(() -> window.desk.engines.removeEverything(window.desk.machines()));
            asked(window, "#remove-everything");
            window.picture(look.name() + "-35-remove-everything");
            answer(window, "no");
            window.await(
                    "it may be asked again", () -> engines.tasks().running().isEmpty());
            onToolkit(window::showLabs);
            window.await("they are listed", () -> window.shows("#lab-90ab12cd"));
            window.await("and looked at", () -> !engines.labs().state().get().busy());
            window.picture(look.name() + "-36-labs");
            onToolkit(() -> window.desk.engines.labs().remove(List.of("90ab12cd")));
            window.await("it is removed", () -> window.shows("#labs .notice-good"));
            var picture = window.picture(look.name() + "-37-labs-removed");
            assertThat(Pictures.colours(picture)).isGreaterThan(12);
        }
    }

    @ParameterizedTest
    @MethodSource("looks")
    void theChangeToDockerCanBeSeen(Look look) {
        var world = new FakeWorld();
        world.observer.show(Scenes.platform().build());
        var settings = Windows.settings(look.dark(), look.language(), look.presentation());
        var below = Windows.engines(world, settings);
        var engines = below.model("embedded", settings.language()::get, FxThread.EXECUTOR);
        try (TestWindow window = TestWindow.open(engines, settings, look.width(), look.height())) {
            window.await("the lab is there", () -> window.desk != null);
            onToolkit(() -> engines.changeTo("docker", window.desk.machines()));
            asked(window, "#engine-change");
            window.picture(look.name() + "-40-change");
            answer(window, "no");
            window.await(
                    "it may be asked again", () -> engines.tasks().running().isEmpty());
            below.missing(Optional.of(nothingFound()));
            onToolkit(() -> engines.changeTo("docker", List.of()));
            asked(window, "#engine-missing");
            window.picture(look.name() + "-41-missing");
            below.missing(Optional.empty());
            below.hold();
            answer(window, "again");
            window.await("it is under way", () -> window.words("#move").contains("…") && !below.opened.isEmpty());
            var picture = window.picture(look.name() + "-42-under-way");
            assertThat(Pictures.colours(picture)).isGreaterThan(12);
            below.letGo();
        }
    }

    private static HostAbilities limitedHost() {
        var facts = new EnumMap<HostTopic, HostFact>(HostTopic.class);
        facts.put(HostTopic.VERSION, new HostFact.Text("20.10.24+dfsg1"));
        facts.put(HostTopic.ENGINE, new HostFact.Text("unix:///var/run/docker.sock (Docker Engine)"));
        facts.put(HostTopic.ISOLATION, new HostFact.Text("privileged"));
        facts.put(HostTopic.SYSTEM, new HostFact.Text("Debian GNU/Linux 12 (bookworm), kernel 6.1.0"));
        facts.put(HostTopic.MEMORY, new HostFact.Size(16_700_000_000L));
        facts.put(HostTopic.FREE_DISK, new HostFact.Size(81_200_000_000L));
        facts.put(HostTopic.IPVS, HostFact.Tried.LACKING);
        return new HostAbilities(false, false, Map.of(FaultKind.NETWORK_PARTITION, HostLack.NO_IPTABLES), facts);
    }

    private static LabException nothingFound() {
        return new LabException(
                LabException.Kind.ENVIRONMENT,
                "No Docker Engine was found on this computer. Looked at:"
                        + "\n  Docker Engine (unix:///var/run/docker.sock): this user may not use the socket"
                        + "\n  Docker Desktop (unix:///home/ada/.docker/desktop/docker.sock): there is no such socket"
                        + "\n  Colima (unix:///home/ada/.colima/default/docker.sock): there is no such socket",
                "Add yourself to the group that owns the socket (Linux: sudo usermod -aG docker $USER, then log in"
                        + " again), or use a rootless engine.");
    }

    private static void asked(TestWindow window, String card) {
        window.await("it asks", () -> window.shows(card));
    }

    private static void answer(TestWindow window, String answer) {
        onToolkit(() -> window.engines.asked().get().orElseThrow().answer().accept(answer));
    }

    private static void onToolkit(Runnable action) {
        Pictures.onToolkit(() -> {
            action.run();
            return true;
        });
    }

    static void reset(TestWindow window) {
        ((FakeWorld.Machinery) window.desk.context.engine()).busyWith();
        window.await("no work is shown", () -> window.desk.progress.all().get().isEmpty());
        window.press(KeyCode.ESCAPE);
        Pictures.onToolkit(() -> {
            window.desk.notifications.notices().clear();
            window.desk.cluster.events().clear();
            return true;
        });
        onToolkit(() -> window.desk.settings.belowPart().set(0));
        window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        window.view(View.SWARM);
        window.select(Selection.NOTHING);
    }

    private static void bottom(TestWindow window, String tab) {
        window.press(KeyCode.CONTROL, tab.equals("#tab-events") ? KeyCode.DIGIT3 : KeyCode.DIGIT4);
    }

    /** On whichever world the window stands: what it knows is what is shown. */
    private static void recovery(TestWindow window, boolean comparing) {
        window.press(KeyCode.CONTROL, KeyCode.DIGIT9);
        onToolkit(() -> {
            window.desk.settings.belowPart().set(0.62);
            window.desk.recovery.compare(comparing);
        });
        window.await(
                "the card is there",
                () -> window.shows(comparing ? "#recovery-comparison" : "#recovery-swarm_notices"));
    }

    /** The questions of the loss of a worker, before it and after. */
    private static void predict(TestWindow window, String state) {
        onToolkit(() -> {
            GuideModel guide = window.desk.guide;
            guide.shownStep().set("lose-worker");
            if (state.equals("graded")) {
                List<Guess> guesses =
                        List.of(new Guess.Number(5), new Guess.Choice(1), new Guess.Choice(1), new Guess.Number(16));
                for (Asked asked : Asked.of(guide.step().orElseThrow())) {
                    window.desk.predictions.guess(asked, guesses.get(asked.number() - 1));
                }
            }
        });
        if (state.equals("graded")) {
            window.await("the guesses are graded", () -> {
                window.desk.predictions.refresh();
                return window.words("#guess-said-lose-worker-4").contains("16");
            });
        }
        window.await("it is asked", () -> window.shows("#question-lose-worker-1"));
        window.pulse();
        onToolkit(() -> Widgets.reveal(window.scene().getRoot().lookup("#question-lose-worker-2")));
    }

    /** What can be done to a machine and to a container besides what is done most. */
    private static void moreFaults(TestWindow window, Look look) {
        if (look.width() > TestWindow.WIDTH) {
            return;
        }
        window.contextMenu("#machine-worker1 .machine-name");
        window.menuPicture(look.name() + "-34-machine-menu");
        window.menuWithin("#menu-faults");
        window.menuPicture(look.name() + "-34b-more-faults");
        window.closeMenus();
        onToolkit(() -> window.scene().getRoot().lookupAll("#machine-worker1 .chip").stream()
                .filter(chip -> chip.getId().startsWith("chip-web"))
                .findFirst()
                .orElseThrow()
                .getStyleClass()
                .add("looked-at"));
        window.contextMenu("#machine-worker1 .looked-at");
        window.menuWithin("#menu-faults");
        window.menuPicture(look.name() + "-34c-more-faults-of-a-container");
        window.closeMenus();
    }

    /** The page of experiments, each state after the one before. */
    static void experiment(TestWindow window, String state) {
        RecordedLaboratory laboratory = (RecordedLaboratory) window.desk.context.laboratory();
        ExperimentsModel model = window.desk.experiments;
        window.press(KeyCode.F4);
        window.await("the list is read", () -> window.shows("#experiment-run") || window.shows(".notice"));
        switch (state) {
            case "running" -> {
                onToolkit(() -> {
                    model.choose("lose-a-worker");
                    model.place(Place.SIMULATED);
                });
                laboratory.standAt(Duration.ofSeconds(37));
                onToolkit(() -> {
                    model.watch(false);
                    model.run("run");
                });
                window.await("it runs", () -> window.shows(".strip-fault") && window.shows(".experiment-step-now"));
            }
            case "result" -> {
                laboratory.goOn();
                window.await("it is over", () -> window.shows("#experiment-result"));
            }
            case "counting" -> {
                laboratory.standAt(Duration.ofHours(1));
                onToolkit(() -> model.odds("odds", 100));
                window.await(
                        "half is done", () -> window.words("#experiment-odds").contains("50 "));
            }
            case "odds" -> {
                laboratory.goOn();
                window.await("all is done", () -> window.shows("#odds-table"));
            }
            case "lab" -> {
                onToolkit(() -> {
                    model.choose("quorum-loss");
                    model.place(Place.LAB);
                });
                window.await("it does not fit", () -> window.shows("#experiment-lack"));
            }
            case "malformed" -> {
                onToolkit(() -> model.open(MALFORMED.toString()));
                window.await("the mistake is shown", () -> window.shows("#experiments .notice"));
            }
            default -> onToolkit(() -> model.choose("lose-a-worker"));
        }
        if (List.of("counting", "odds").contains(state)) {
            window.pulse();
            onToolkit(() -> Widgets.reveal(window.scene().getRoot().lookup("#experiment-odds")));
        }
    }

    private static void firstTask(TestWindow window) {
        String id = window.desk
                .cluster
                .snapshot()
                .get()
                .swarm()
                .orElseThrow()
                .tasksOf("web")
                .getFirst()
                .id();
        window.select(new Selection.OfTask(id));
        window.await("the log is read", () -> window.words("#inspector").contains("Helidon"));
    }

    private static void terminal(TestWindow window) {
        FakeWorld.Terminal shell = (FakeWorld.Terminal) window.desk.guide.shell();
        for (String line : List.of(
                "ID                          HOSTNAME  STATUS  AVAILABILITY  MANAGER STATUS  ENGINE VERSION",
                "8nhlzpdvfw62o58ws42jibksn * leader1   Ready   Active        Leader          27.5.1",
                "v8ygmzibevie4mk8nqs6tgazi   worker1   Ready   Active                        27.5.1")) {
            shell.print(line);
        }
        shell.printError("Error response from daemon: rpc error: The swarm does not have a leader.");
        window.await("it is shown", () -> window.desk.terminal.lines().size() == 4);
    }

    /** The last scene, for what a block came to stays. */
    private static void failure(TestWindow window) {
        window.fire("#all-steps");
        FakeWorld.Terminal shell = (FakeWorld.Terminal) window.desk.guide.shell();
        shell.answer((script, terminal) -> {
            terminal.printError("A machine named leader1 exists already.");
            terminal.printError("Choose another name, or remove it: `docker-machine rm leader1`.");
            return 1;
        });
        window.fire("#run-machines-0");
        window.await("the reason is shown", () -> window.shows(".commands-reason-text"));
    }

    private static void progress(TestWindow window) {
        FakeWorld.Machinery engine = (FakeWorld.Machinery) window.desk.context.engine();
        engine.busyWith(
                new EngineProgress("leader2", Stage.STARTING_DAEMON, "", OptionalDouble.empty()),
                new EngineProgress("worker3", Stage.CREATING_MACHINE, "", OptionalDouble.empty()),
                EngineProgress.ofBytes("traefik:v3", Stage.PULLING_IMAGE, 40_000_000, 52_000_000),
                new EngineProgress(
                        "hashicorp/consul:1.20",
                        Stage.LOADING_IMAGE,
                        "leader1, worker1, worker2",
                        OptionalDouble.empty()));
        window.await("four rows are there", () -> window.words("#progress").contains("hashicorp/consul:1.20"));
    }

    private static void notices(TestWindow window) {
        Pictures.onToolkit(() -> {
            window.desk.notifications.failed(
                    "Kill",
                    new LabException(
                            LabException.Kind.REFUSED,
                            "Cannot connect to the Docker daemon of worker3: the machine is killed.",
                            "`docker-machine start worker3` starts it."),
                    window.desk.texts());
            return true;
        });
    }

    /** What happens when a machine is killed, from the fault to the task that moved. */
    static ClusterEvent[] events() {
        var kill = new ActiveFault(
                "fault-1",
                new Fault.MachineKill("worker3"),
                new Target.OfMachine("worker3"),
                Instant.EPOCH,
                Optional.empty());
        var web = new Subject.OfService("s1", "web");
        var lost = new Subject.OfTask("t5", "web.5");
        return new ClusterEvent[] {
            new ClusterEvent.ServiceScaled(stamp(1, 720), web, 2, 10),
            new ClusterEvent.TaskStarted(
                    stamp(2, 724), new Subject.OfTask("t7", "web.7"), "worker2", Optional.empty(), ""),
            new ClusterEvent.FaultBegan(stamp(3, 741), kill, false),
            new ClusterEvent.MachineStateChanged(
                    stamp(4, 741, new Cause.ByFault("fault-1")),
                    "worker3",
                    Machine.State.RUNNING,
                    Machine.State.KILLED),
            new ClusterEvent.MemberStatusChanged(
                    stamp(5, 745, new Cause.ByEvent(4)),
                    new Subject.OfMember("worker3"),
                    false,
                    MemberStatus.ALIVE,
                    MemberStatus.FAILED),
            new ClusterEvent.NodeStateChanged(
                    stamp(6, 751, new Cause.ByEvent(4)),
                    new Subject.OfNode("n5", "worker3"),
                    NodeState.READY,
                    NodeState.DOWN,
                    "heartbeat failure"),
            new ClusterEvent.TaskGivenUp(stamp(7, 751, new Cause.ByEvent(6)), lost, "worker3"),
            new ClusterEvent.TaskStarted(
                    stamp(8, 753, new Cause.ByEvent(7)),
                    new Subject.OfTask("t8", "web.5"),
                    "worker1",
                    Optional.of(lost),
                    "worker3")
        };
    }

    private static Stamp stamp(long number, int second, Cause... causes) {
        return new Stamp(number, Duration.ofSeconds(second), Duration.ofSeconds(second), List.of(causes));
    }
}
