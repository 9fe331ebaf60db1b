package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.ui.model.ClusterBuilder;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Settings;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Shells on machines, as a person opens, uses and leaves them. */
@SuppressWarnings("NullAway.Init")
class TerminalTabsWindowTest {
    private final FakeWorld world = new FakeWorld();
    private final ClusterBuilder cluster =
            new ClusterBuilder(Duration.ofMinutes(1)).machines("leader1", "worker1", "worker2");
    private final Settings settings = Windows.settings(true, Locale.ENGLISH, false);
    private TestWindow window;

    @BeforeEach
    void open() {
        window = TestWindow.open(Windows.context(world), settings);
        world.observer.show(cluster.build());
        window.await("the machines are known", () -> window.desk.machines().size() == 3);
    }

    @AfterEach
    void close() {
        window.close();
    }

    private void openOn(String machine) {
        window.select(new Selection.OfMachine(machine));
        window.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.T);
        window.await("the shell is there", () -> window.shows("#terminal-tab-" + machine));
        window.pulse();
    }

    private void isSelected(String machine) {
        assertThat(window.desk.terminals.selected().get().machine().orElse("lab"))
                .isEqualTo(machine);
    }

    private FakeWorld.Login login(String machine) {
        return world.logins.stream()
                .filter(login -> login.machine().equals(machine))
                .findFirst()
                .orElseThrow();
    }

    private void machineIs(String machine, Machine.State state) {
        world.observer.show(cluster.state(machine, state).build());
    }

    private void enter(String command) {
        window.write(command);
        window.press(KeyCode.ENTER);
    }

    // ---- opening

    @Test
    void aKeyOpensAShellOnTheMachineThatIsLookedAt() {
        openOn("worker1");
        assertThat(window.text("#terminal-prompt")).isEqualTo("worker1 $ ");
        assertThat(window.focused().map(Node::getId)).contains("terminal-input");
        enter("docker ps");
        window.await("it ran there", () -> login("worker1").ran.contains("docker ps"));
        assertThat(world.shell.ran).isEmpty();
        assertThat(settings.dark().get()).as("Ctrl+T is another key").isTrue();
    }

    @Test
    void thePlusAsksOnWhichMachine() {
        machineIs("worker2", Machine.State.KILLED);
        window.click("#terminal-add");
        window.choose("leader1");
        window.await("the shell is there", () -> window.shows("#terminal-tab-leader1"));
        isSelected("leader1");
    }

    @Test
    void aKeyAsksOnWhichMachineWhereNoneIsSelected() {
        window.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        window.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.T);
        window.choose("worker2");
        window.await("the shell is shown", () -> window.shows("#terminal-tab-worker2"));
    }

    @Test
    void theMachinesMenuAndTheInspectorOpenAShell() {
        window.contextMenu("#machine-worker1");
        window.choose("Open a shell");
        window.await("the shell is there", () -> window.shows("#terminal-tab-worker1"));
        window.select(new Selection.OfMachine("leader1"));
        window.press(KeyCode.CONTROL, KeyCode.DIGIT8);
        window.press(KeyCode.ENTER);
        window.await("the shell is there", () -> window.shows("#terminal-tab-leader1"));
        isSelected("leader1");
    }

    @Test
    void thePaletteOpensAShellByTheNameOfTheMachine() {
        window.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.P);
        window.write("shell worker2");
        window.press(KeyCode.ENTER);
        window.await("the shell is there", () -> window.shows("#terminal-tab-worker2"));
        isSelected("worker2");
    }

    @Test
    void whoWantsAShellOnTheStageLeavesTheStage() {
        window.press(KeyCode.F5);
        window.await("the stage is there", () -> settings.presentation().get());
        window.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.P);
        window.write("shell worker2");
        window.press(KeyCode.ENTER);
        window.await("the shell is there", () -> window.shows("#terminal-tab-worker2"));
        assertThat(settings.presentation().get()).isFalse();
        assertThat(window.focused().map(Node::getId)).contains("terminal-input");
    }

    // ---- switching

    @Test
    void keysSwitchFromShellToShellAndEachKeepsWhatIsWritten() {
        openOn("leader1");
        window.write("docker no");
        openOn("worker1");
        assertThat(window.input("#terminal-input")).isEmpty();
        window.press(KeyCode.CONTROL, KeyCode.PAGE_UP);
        isSelected("leader1");
        assertThat(window.input("#terminal-input")).isEqualTo("docker no");
        window.press(KeyCode.CONTROL, KeyCode.PAGE_DOWN);
        isSelected("worker1");
        window.press(KeyCode.CONTROL, KeyCode.PAGE_DOWN);
        isSelected("lab");
        window.press(KeyCode.ALT, KeyCode.DIGIT2);
        isSelected("leader1");
        window.click("#terminal-tab-lab");
        isSelected("lab");
        assertThat(window.focused().map(Node::getId)).contains("terminal-input");
    }

    @Test
    void theListOfKeysHasThem() {
        window.press(KeyCode.F1);
        assertThat(window.words("#help"))
                .contains(
                        "Ctrl+Shift+T | Open a shell on a machine",
                        "Ctrl+Shift+W | Close the shell on a machine",
                        "Ctrl+PgDn | Next shell of the terminal",
                        "Alt+1 … 9 | Shell n of the terminal");
    }

    // ---- closing

    @Test
    void aTabIsClosedByKeyByMiddleClickAndByTheEndOfItsShell() {
        openOn("leader1");
        openOn("worker1");
        openOn("worker2");
        window.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.W);
        window.await("it is closed", () -> !window.shows("#terminal-tab-worker2"));
        isSelected("worker1");
        assertThat(window.focused().map(Node::getId)).contains("terminal-input");
        window.pulse();
        window.robot.clickOn(window.at("#terminal-tab-leader1", 0.5, 0.5), MouseButton.MIDDLE);
        window.await("it is closed", () -> !window.shows("#terminal-tab-leader1"));
        window.press(KeyCode.CONTROL, KeyCode.D);
        window.await("it is closed", () -> !window.shows("#terminal-tab-worker1"));
        window.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.W);
        isSelected("lab");
        assertThat(world.logins).allMatch(login -> login.closed);
    }

    // ---- the lab's own

    @Test
    void runAndALineOfTheGuideGoToTheLabsOwnShellAndShowIt() {
        Pictures.onToolkit(() -> {
            window.desk.guide.shownStep().set("swarm");
            return true;
        });
        openOn("leader1");
        window.press(KeyCode.CONTROL, KeyCode.R);
        window.await("it ran in the lab", () -> !world.shell.ran.isEmpty());
        isSelected("lab");
        window.write("docker no");
        assertThat(window.input("#terminal-input"))
                .as("who wrote in the other shell goes on in the one that is seen")
                .isEqualTo("docker no");
        window.press(KeyCode.ALT, KeyCode.DIGIT2);
        isSelected("leader1");
        window.click("#code-swarm-0");
        window.await("the line is there", () -> !window.input("#terminal-input").isEmpty());
        isSelected("lab");
        assertThat(login("leader1").ran).isEmpty();
    }

    // ---- machines that go

    @Test
    void aShellWhoseMachineHasNoPowerSaysSoAndLeadsBack() {
        openOn("worker1");
        enter("docker ps");
        window.await("it ran", () -> login("worker1").ran.contains("docker ps"));
        machineIs("worker1", Machine.State.KILLED);
        window.await("it says so", () -> window.shows(".terminal-away"));
        assertThat(window.words(".terminal-away"))
                .contains("worker1 has no power: nothing runs on it until it is powered on.", "Power worker1 on");
        assertThat(window.shows("#terminal-input")).isFalse();
        window.click("#terminal-mend");
        window.await("it is started", () -> world.faults.injected.contains(new Fault.MachineStart("worker1")));
        machineIs("worker1", Machine.State.RUNNING);
        window.await("it is back", () -> window.shows("#terminal-input"));
        window.await(
                "it says what is forgotten",
                () -> window.words("#terminal-lines").contains("The machine is back."));
        assertThat(window.words("#terminal-lines")).contains("docker ps");
        enter("docker info");
        window.await("it runs again", () -> login("worker1").ran.contains("docker info"));
    }

    @Test
    void aShellWhoseMachineWasRemovedGoesOnWithOneOfThatName() {
        openOn("worker2");
        world.observer.show(new ClusterBuilder(Duration.ofMinutes(2))
                .machines("leader1", "worker1")
                .build());
        window.await("it says so", () -> window.words(".terminal-away").contains("worker2 was removed."));
        world.observer.show(cluster.build());
        window.await("it is back", () -> window.shows("#terminal-input"));
        assertThat(window.text("#terminal-prompt")).isEqualTo("worker2 $ ");
    }

    // ---- waiting

    @Test
    void aCommandThatWaitsForAnotherShellIsShownAsNext() {
        runInLab("wait");
        openOn("leader1");
        login("leader1").takeTurnsWith(world.shell);
        enter("docker ps");
        window.await("it is shown", () -> window.words(".terminal-queue").equals("next: | docker ps"));
        world.shell.letGo();
        window.await("it ran", () -> login("leader1").ran.contains("docker ps"));
        window.await("nothing is queued", () -> !window.shows(".terminal-under-way"));
    }

    private void runInLab(String command) {
        window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        enter(command);
        window.await("it runs", () -> world.shell.ran.contains(command));
    }

    // ---- what stays

    @Test
    void tabsAndWhatWasPrintedStayThroughLanguageAndTheme() {
        openOn("leader1");
        enter("docker ps");
        window.await("it ran", () -> window.words("#terminal-lines").contains("docker ps"));
        openOn("worker1");
        window.press(KeyCode.CONTROL, KeyCode.E);
        window.await("it is French", () -> window.text("#terminal-tab-lab").equals("TP"));
        window.press(KeyCode.CONTROL, KeyCode.T);
        isSelected("worker1");
        window.press(KeyCode.ALT, KeyCode.DIGIT2);
        window.await(
                "the lines are there", () -> window.words("#terminal-lines").contains("docker ps"));
        assertThat(world.logins).noneMatch(login -> login.closed);
    }

    @Test
    void ofManyTabsAsManyAsHaveRoomAreShownAndTheSelectedOneAlways() {
        String[] names = new String[24];
        for (int i = 0; i < names.length; i++) {
            names[i] = "worker" + (i + 1);
        }
        world.observer.show(
                new ClusterBuilder(Duration.ofMinutes(1)).machines(names).build());
        window.await("the machines are known", () -> window.desk.machines().size() == names.length);
        for (String name : names) {
            Pictures.onToolkit(() -> {
                window.desk.terminals.open(name);
                return true;
            });
        }
        window.pulse();
        assertThat(inSight("#terminal-tab-lab")).isTrue();
        assertThat(inSight("#terminal-tab-worker1")).isTrue();
        assertThat(inSight("#terminal-tab-worker24")).isTrue();
        assertThat(inSight("#terminal-tab-worker23")).isFalse();
        assertThat(inSight("#terminal-add")).isTrue();
        window.picture("terminal-many-shells");
        window.click("#terminal-more");
        window.choose("worker20");
        window.pulse();
        isSelected("worker20");
        assertThat(inSight("#terminal-tab-worker20")).isTrue();
        assertThat(inSight("#terminal-tab-worker24")).isFalse();
    }

    private boolean inSight(String selector) {
        return Pictures.onToolkit(() -> {
            Optional<Node> found = window.find(selector);
            if (found.isEmpty()) {
                return false;
            }
            Node node = found.get();
            Node row = window.find(".terminal-row").orElseThrow();
            return row.localToScene(row.getLayoutBounds())
                    .contains(
                            node.localToScene(node.getLayoutBounds()).getCenterX(),
                            node.localToScene(node.getLayoutBounds()).getCenterY());
        });
    }
}
