package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProgressModelTest {
    private static final ClusterSnapshot NOTHING = ClusterSnapshot.empty(Instant.EPOCH);
    private static final EngineProgress LEADER = progress("leader1", Stage.CREATING_MACHINE);
    private static final EngineProgress WORKER = progress("worker1", Stage.STARTING_DAEMON);
    private static final EngineProgress IMAGE = progress("traefik:v3", Stage.LOADING_IMAGE);

    private final FakeWorld world = new FakeWorld();
    private final ProgressModel model = new ProgressModel(world.engine);

    private static EngineProgress progress(String subject, Stage stage) {
        return new EngineProgress(subject, stage, "", OptionalDouble.empty());
    }

    private List<EngineProgress> newAfterLooking() {
        model.look();
        return model.newMachines(NOTHING);
    }

    @Test
    void machinesThatAreMadeAreToldFromOtherWork() {
        world.engine.busyWith(LEADER, WORKER, IMAGE);
        model.look();
        assertThat(model.newMachines(NOTHING)).containsExactly(LEADER, WORKER);
        assertThat(model.otherWork(NOTHING)).containsExactly(IMAGE);
    }

    @Test
    void aMachineThatStartsAgainIsNoNewOne() {
        world.engine.busyWith(WORKER);
        model.look();
        assertThat(model.newMachines(Scenes.threeMachines())).isEmpty();
        assertThat(model.otherWork(Scenes.threeMachines())).containsExactly(WORKER);
    }

    @Test
    void aMachineKeepsItsPlaceUntilItIsInTheSnapshot() {
        world.engine.busyWith(LEADER);
        model.look();
        world.engine.busyWith();
        assertThat(newAfterLooking()).containsExactly(LEADER);
        assertThat(model.newMachines(Scenes.threeMachines())).isEmpty();
        assertThat(model.otherWork(Scenes.threeMachines())).isEmpty();
    }

    @Test
    void aMachineThatCouldNotBeMadeIsGivenUpAfterSomeLooks() {
        world.engine.busyWith(LEADER);
        model.look();
        world.engine.busyWith();
        int looks = 0;
        while (!newAfterLooking().isEmpty()) {
            assertThat(++looks).isLessThan(20);
        }
        assertThat(looks).isPositive();
        world.engine.busyWith(LEADER);
        assertThat(newAfterLooking()).containsExactly(LEADER);
        world.engine.busyWith();
        assertThat(newAfterLooking()).as("waited for anew").containsExactly(LEADER);
    }
}
