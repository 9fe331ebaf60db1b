package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.ui.model.GuideModel.BlockId;
import dev.clusterlab.ui.model.GuideModel.BlockState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuideModelTest {
    private static final CheckLanguage LANGUAGE = new CheckLanguage();
    private static final LabLibrary LABS = LabLibrary.standard(List.of(), LANGUAGE);
    private static final BlockId FIRST = new BlockId("machines", 0);

    private final FakeWorld world = new FakeWorld();
    private final UiQueue ui = new UiQueue();
    private final TaskRunner tasks = new TaskRunner(ui);
    private final List<Throwable> troubles = new ArrayList<>();
    private final GuideModel guide = new GuideModel(
            new GuidedSession(LABS.read("resilient-swarm", Locale.ENGLISH), LANGUAGE, world.observer, world.shell),
            tasks,
            world.clock::elapsed,
            ui);

    @AfterEach
    void close() {
        guide.close();
        tasks.close();
    }

    private void run(BlockId block) throws InterruptedException {
        guide.run(block, "title", (what, failure) -> troubles.add(failure));
        ui.until(() -> !guide.busy());
    }

    @Test
    void runsABlockAndSaysHowItEnded() throws InterruptedException {
        run(FIRST);
        assertThat(guide.blocks().get(FIRST))
                .isInstanceOfSatisfying(
                        BlockState.Ended.class, e -> assertThat(e.status()).isZero());
        assertThat(world.shell.ran.getFirst()).contains("docker-machine create leader1");
    }

    @Test
    void saysHowLongABlockTookByTheClockOfTheCluster() throws InterruptedException {
        world.shell.answer((script, shell) -> {
            world.clock.moveTo(Duration.ofSeconds(90));
            return 0;
        });
        run(FIRST);
        assertThat(guide.blocks().get(FIRST))
                .isInstanceOfSatisfying(
                        BlockState.Ended.class, e -> assertThat(e.took()).isEqualTo(Duration.ofSeconds(90)));
    }

    @Test
    void saysWhyABlockFailedInItsOwnWords() throws InterruptedException {
        world.shell.answer((script, shell) -> {
            shell.printError("docker: no such machine");
            shell.printError("Use docker-machine ls.");
            return 1;
        });
        run(FIRST);
        assertThat(guide.blocks().get(FIRST)).isInstanceOfSatisfying(BlockState.Ended.class, ended -> {
            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.reason()).isEqualTo("docker: no such machine\nUse docker-machine ls.");
        });
        assertThat(guide.nextBlock()).contains(FIRST);
    }

    @Test
    void tellsAnErrorOfTheProgramAsTrouble() throws InterruptedException {
        world.shell.answer((script, shell) -> {
            throw new IllegalStateException("broken");
        });
        run(FIRST);
        assertThat(guide.blocks().get(FIRST)).isEqualTo(new BlockState.Failed("broken"));
        assertThat(troubles).hasSize(1);
    }

    @Test
    void callsABlockOff() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        world.shell.answer((script, shell) -> {
            begun.countDown();
            return shell.waitForever();
        });
        guide.run(FIRST, "title", (what, failure) -> troubles.add(failure));
        assertThat(guide.busy()).isTrue();
        guide.run(FIRST, "again", (what, failure) -> troubles.add(failure));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        guide.cancel();
        ui.until(() -> !guide.busy());
        assertThat(guide.blocks().get(FIRST)).isInstanceOf(BlockState.Cancelled.class);
        assertThat(world.shell.ran).hasSize(1);
        assertThat(troubles).isEmpty();
    }

    @Test
    void tickedStepsFollowTheCluster() throws InterruptedException {
        assertThat(guide.stateOf("machines")).isEqualTo(StepState.OPEN);
        world.observer.show(Scenes.threeMachines());
        ui.until(() -> guide.stateOf("machines") == StepState.PASSED);
        assertThat(guide.stateOf("swarm")).isEqualTo(StepState.OPEN);
        assertThat(guide.shownStep().get()).isEqualTo("machines");
        assertThat(guide.passed()).isEqualTo(1);
    }

    @Test
    void goesFromPageToPageWithinTheLab() {
        assertThat(guide.hasPrevious()).isFalse();
        guide.previous();
        assertThat(guide.shownStep().get()).isEqualTo("machines");
        for (int i = 0; i < 40; i++) {
            guide.next();
        }
        assertThat(guide.hasNext()).isFalse();
        assertThat(guide.step().map(Lab.Step::id)).contains("prove");
    }

    @Test
    void anotherLanguageGoesOnWhereTheFirstOneWas() throws InterruptedException {
        world.observer.show(Scenes.swarm());
        run(FIRST);
        ui.until(() -> guide.stateOf("swarm") == StepState.PASSED);
        guide.next();
        int listeners = world.observer.listeners();
        guide.continueIn(new GuidedSession(
                LABS.read("resilient-swarm", Locale.FRENCH), LANGUAGE, world.observer, world.shell, guide.latest()));
        assertThat(guide.lab().get().language()).isEqualTo(Locale.FRENCH);
        assertThat(guide.stateOf("machines")).isEqualTo(StepState.PASSED);
        assertThat(guide.progress().get().blocksRun()).containsEntry("machines", List.of(0));
        assertThat(guide.shownStep().get()).isEqualTo("swarm");
        assertThat(world.observer.listeners())
                .as("the session before is closed")
                .isEqualTo(listeners);
    }
}
