package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.GuideModel.BlockId;
import dev.clusterlab.ui.model.Inspection.Action;
import dev.clusterlab.ui.model.Inspection.Deed;
import dev.clusterlab.ui.model.StageModel.Command;
import dev.clusterlab.ui.model.StageModel.Grid;
import dev.clusterlab.ui.model.Topology.Tone;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageModelTest {
    private static final CheckLanguage LANGUAGE = new CheckLanguage();
    private static final BlockId FIRST = new BlockId("machines", 0);
    private static final String LINE = "docker-machine create leader1 worker1 worker2";

    private final FakeWorld world = new FakeWorld();
    private final UiQueue ui = new UiQueue();
    private final TaskRunner tasks = new TaskRunner(ui);
    private final GuideModel guide = new GuideModel(
            new GuidedSession(
                    LabLibrary.standard(List.of(), LANGUAGE).read("resilient-swarm", Locale.ENGLISH),
                    LANGUAGE,
                    world.observer,
                    world.shell),
            tasks,
            () -> Duration.ZERO,
            ui);
    private final Inspector inspector = new Inspector(Texts.of(Locale.ENGLISH), Map.of());

    @AfterEach
    void close() {
        guide.close();
        tasks.close();
    }

    @Test
    void showsTheCommandThatIsNextThatRunsAndThatHasRun() throws InterruptedException {
        assertThat(StageModel.command(guide, List.of())).contains(new Command(LINE, Tone.NEUTRAL));
        guide.run(FIRST, "title", (what, failure) -> {});
        var running = new TerminalEntry.Printed(TerminalEntry.Source.COMMAND, "$ ", "docker-machine ls");
        assertThat(StageModel.command(guide, List.of(running)))
                .as("which of the block's commands it is")
                .contains(new Command("docker-machine ls", Tone.WAITING));
        ui.until(() -> !guide.busy());
        assertThat(StageModel.command(guide, List.of(running))).contains(new Command(LINE, Tone.GOOD));
    }

    @Test
    void showsThatACommandWentWrong() throws InterruptedException {
        world.shell.answer((script, shell) -> 1);
        guide.run(FIRST, "title", (what, failure) -> {});
        ui.until(() -> !guide.busy());
        assertThat(StageModel.command(guide, List.of())).contains(new Command(LINE, Tone.BAD));
    }

    @Test
    void showsOfALongCommandItsFirstLine() {
        guide.shownStep().set("visualizer");
        assertThat(StageModel.command(guide, List.of()).map(Command::line).orElse(""))
                .startsWith("docker service create --name visualizer")
                .endsWith("…");
    }

    private Optional<Fault> digit(ClusterSnapshot snapshot, int number) {
        return StageModel.breakOrMend(snapshot, number, inspector)
                .map(Action::deed)
                .flatMap(deed -> deed instanceof Deed.Inject(Fault fault) ? Optional.of(fault) : Optional.empty());
    }

    @Test
    void aDigitTakesPowerAndGivesItBack() {
        assertThat(digit(Scenes.platform().build(), 5)).contains(new Fault.MachineKill("worker3"));
        assertThat(digit(Scenes.workerKilled(), 5)).contains(new Fault.MachineStart("worker3"));
        assertThat(digit(Scenes.manyTroubles(), 2)).as("frozen").contains(new Fault.MachineUnpause("worker1"));
        assertThat(digit(Scenes.platform().build(), 6)).isEmpty();
        assertThat(digit(Scenes.platform().build(), 0)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "2,2,1", "3,2,2", "5,3,2", "7,4,2", "12,4,3", "16,5,4", "24,6,4", "1000,6,4"})
    void boxesAreAsLargeAsTheirNumberAllows(int boxes, int columns, int rows) {
        assertThat(Grid.of(boxes)).isEqualTo(new Grid(columns, rows));
    }
}
