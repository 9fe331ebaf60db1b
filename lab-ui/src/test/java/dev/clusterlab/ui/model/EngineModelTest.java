package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.lab.LabHosts;
import dev.clusterlab.ui.model.EngineModel.Asked;
import dev.clusterlab.ui.model.Inspection.Fact;
import dev.clusterlab.ui.model.Notifications.Level;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EngineModelTest {
    private final UiQueue ui = new UiQueue();
    /** A place is named by its engine and the number of its opening. */
    private int number;

    private final FakeBelow<String> below = new FakeBelow<>(options -> options.engine() + " " + ++number);

    private EngineModel<String> on(String engine) throws InterruptedException {
        EngineModel<String> model = below.model(engine, () -> Locale.ENGLISH, ui);
        model.start();
        return model;
    }

    private EngineModel<String> started(String engine) throws InterruptedException {
        EngineModel<String> model = on(engine);
        ui.until(() -> model.place().get().isPresent());
        return model;
    }

    private Dialog asked(EngineModel<?> model, String id) throws InterruptedException {
        ui.until(() -> model.asked()
                .get()
                .map(Asked::dialog)
                .filter(d -> d.id().equals(id))
                .isPresent());
        return model.asked().get().orElseThrow().dialog();
    }

    private static void answer(EngineModel<?> model, String answer) {
        Asked asked = model.asked().get().orElseThrow();
        assertThat(asked.dialog().answers()).extracting(Dialog.Answer::id).contains(answer);
        asked.answer().accept(answer);
    }

    private void idle(EngineModel<?> model) throws InterruptedException {
        ui.until(() -> model.tasks().running().isEmpty() && model.asked().get().isEmpty());
    }

    @Test
    void changesToTheOtherEngineAndThenRemovesWhatItLeft() throws InterruptedException {
        EngineModel<String> model = started("embedded");
        model.changeTo("docker", List.of("leader1", "worker1"));
        Dialog question = asked(model, "engine-change");
        assertThat(question.title()).isEqualTo("Change to the Docker engine?");
        assertThat(String.join("\n", question.paragraphs()))
                .contains("27.1", "unix:///var/run/docker.sock", "hello", "leader1, worker1", "first step");
        assertThat(below.opened).hasSize(1);
        answer(model, "yes");
        ui.until(() -> model.place().get().equals(Optional.of("docker 2")));
        ui.until(() -> below.closed.equals(List.of("embedded 1")));
        assertThat(model.engine()).isEqualTo("docker");
        assertThat(below.opened.getLast().seed())
                .isEqualTo(below.opened.getFirst().seed());
    }

    @Test
    void beginsOnHostsThatWereLookedAtAndTakesUpALabThatWasLeftOnSome() throws InterruptedException {
        EngineModel<String> model = started("embedded");
        var hosts = new LabHosts(List.of(new Host("a", HostAddress.parse("ssh://a", Optional.empty()))), Set.of("a"));
        model.changeToHosts(hosts, List.of("leader1"));
        assertThat(asked(model, "engine-change").title()).isEqualTo("Change to the remote engine?");
        answer(model, "yes");
        ui.until(() -> model.place().get().equals(Optional.of("remote 2")));
        assertThat(below.opened.getLast().hosts()).isEqualTo(hosts);
        assertThat(model.engine()).isEqualTo("remote");
        model.resumeOnHosts("5f0e1d2c", List.of());
        ui.until(() -> model.place().get().equals(Optional.of("remote:5f0e1d2c 3")));
        assertThat(below.opened.getLast().hosts()).isEqualTo(LabHosts.NONE);
        assertThat(model.engine()).isEqualTo("remote");
    }

    private EngineModel<String> onHosts(LabHosts hosts) throws InterruptedException {
        EngineModel<String> model = started("embedded");
        model.changeToHosts(hosts, List.of());
        ui.until(() -> model.place().get().equals(Optional.of("remote 2")));
        ui.until(() -> below.closed.equals(List.of("embedded 1")));
        return model;
    }

    private static LabHosts lent() {
        return new LabHosts(List.of(new Host("a", HostAddress.parse("ssh://a", Optional.empty()))), Set.of("a"));
    }

    @Test
    void hostsThatAreMachinesAreGivenBackAndTakenAgainForTheNextLab() throws InterruptedException {
        EngineModel<String> model = onHosts(lent());
        below.hold();
        model.removeEverything(List.of("leader1"));
        asked(model, "remove-everything");
        assertThat(below.closed).doesNotContain("remote 2");
        answer(model, "yes");
        ui.until(() -> below.opened.size() == 3);
        assertThat(below.closed).as("before they are taken again").contains("remote 2");
        ui.until(() -> model.move()
                .get()
                .filter(move -> move.words().contains("taken again"))
                .isPresent());
        model.cancel();
        below.letGo();
        ui.until(() -> model.place().get().equals(Optional.of("remote 3")));
        assertThat(below.opened.getLast().hosts()).isEqualTo(lent());

        model.goTo(Start.anew("other"), "Other", List.of("leader1"));
        asked(model, "way");
        answer(model, "yes");
        ui.until(() -> model.place().get().equals(Optional.of("remote 4")));
        assertThat(below.closed).containsExactly("embedded 1", "remote 2", "remote 3");
        assertThat(model.lab()).isEqualTo("other");
        assertThat(model.engine()).isEqualTo("remote");
    }

    @Test
    void whereHostsAreNotGivenBackTheNextLabIsOnTheEmbeddedEngine() throws InterruptedException {
        EngineModel<String> model = onHosts(lent());
        below.cannotClose(new LabException(LabException.Kind.REFUSED, "a is silent.", "See to it."));
        model.removeEverything(List.of("leader1"));
        asked(model, "remove-everything");
        answer(model, "yes");
        ui.until(() -> model.place().get().equals(Optional.of("embedded 3")));
        assertThat(model.engine()).isEqualTo("embedded");
        assertThat(model.notifications().notices().getLast().toString()).contains("a is silent.");
    }

    @Test
    void aLabThatWasTakenUpOnHostsDoesNotBeginAnewOnThem() throws InterruptedException {
        EngineModel<String> model = started("embedded");
        model.resumeOnHosts("5f0e1d2c", List.of());
        ui.until(() -> model.place().get().equals(Optional.of("remote:5f0e1d2c 2")));
        model.removeEverything(List.of("leader1"));
        assertThat(model.notifications().notices().getLast().title()).contains("are its machines");
        assertThat(below.opened).hasSize(2);
        model.changeTo("embedded", List.of("leader1"));
        asked(model, "engine-change");
        answer(model, "yes");
        ui.until(() -> model.place().get().equals(Optional.of("embedded 3")));
        assertThat(below.opened.getLast().hosts()).isEqualTo(LabHosts.NONE);
    }

    @Test
    void aLabWithoutMachinesIsLeftWithoutAQuestion() throws InterruptedException {
        EngineModel<String> model = started("docker");
        model.changeTo("embedded", List.of());
        ui.until(() -> model.place().get().equals(Optional.of("embedded 2")));
        ui.until(() -> below.closed.equals(List.of("docker 1")));
    }

    @Test
    void whoStaysKeepsEverything() throws InterruptedException {
        EngineModel<String> model = started("embedded");
        model.changeTo("docker", List.of("leader1"));
        asked(model, "engine-change");
        answer(model, "no");
        idle(model);
        assertThat(model.place().get()).contains("embedded 1");
        assertThat(model.engine()).isEqualTo("embedded");
        assertThat(model.move().get()).isEmpty();
        assertThat(model.notifications().notices()).isEmpty();
        assertThat(below.closed).isEmpty();
    }

    @Test
    void anEngineThatCannotBeHadIsExplainedAndTheLabGoesOn() throws InterruptedException {
        EngineModel<String> model = started("embedded");
        below.missing(Optional.of(new LabException(
                Kind.ENVIRONMENT, "No Docker Engine was found on this computer.", "Install and start Docker.")));
        model.changeTo("docker", List.of("leader1"));
        Dialog told = asked(model, "engine-missing");
        assertThat(told.title()).isEqualTo("The Docker engine cannot be used");
        assertThat(told.paragraphs())
                .containsExactly(
                        "No Docker Engine was found on this computer.",
                        "Install and start Docker.",
                        "The lab that runs goes on as it is.");
        below.missing(Optional.empty());
        answer(model, "again");
        asked(model, "engine-change");
        answer(model, "no");
        idle(model);
        assertThat(model.place().get()).contains("embedded 1");
        assertThat(below.closed).isEmpty();
    }

    @Test
    void aChangeThatFailsLeavesTheLabAlone() throws InterruptedException {
        EngineModel<String> model = started("embedded");
        below.cannotOpen(new LabException(Kind.ENVIRONMENT, "The disk is full.", "Free some space."));
        model.changeTo("docker", List.of());
        ui.until(() -> !model.notifications().notices().isEmpty());
        assertThat(model.notifications().notices().getFirst().detail()).isEqualTo("The disk is full.");
        assertThat(model.notifications().notices().getFirst().advice()).isEqualTo("Free some space.");
        assertThat(model.place().get()).contains("embedded 1");
        assertThat(model.engine()).isEqualTo("embedded");
        assertThat(below.closed).isEmpty();
    }

    @Test
    void aChangeIsCalledOff() throws InterruptedException {
        EngineModel<String> model = started("embedded");
        below.hold();
        model.changeTo("docker", List.of());
        ui.until(() ->
                model.move().get().filter(m -> m.words().contains("Opening")).isPresent() && below.opened.size() == 2);
        model.cancel();
        ui.until(() -> !model.notifications().notices().isEmpty());
        assertThat(model.notifications().notices().getFirst().title())
                .isEqualTo("Change to the Docker engine: cancelled");
        assertThat(model.move().get()).isEmpty();
        assertThat(model.place().get()).contains("embedded 1");
        assertThat(model.engine()).isEqualTo("embedded");
        assertThat(below.closed).isEmpty();
    }

    @Test
    void aQuestionIsCalledOffWithTheChange() throws InterruptedException {
        EngineModel<String> model = started("embedded");
        model.changeTo("docker", List.of("leader1"));
        asked(model, "engine-change");
        model.cancel();
        idle(model);
        assertThat(model.place().get()).contains("embedded 1");
    }

    @Test
    void onlyOneChangeIsUnderWay() throws InterruptedException {
        EngineModel<String> model = started("embedded");
        model.changeTo("embedded", List.of());
        assertThat(model.tasks().running()).isEmpty();
        model.changeTo("docker", List.of("leader1"));
        model.changeTo("docker", List.of());
        model.removeEverything(List.of("leader1"));
        asked(model, "engine-change");
        assertThat(below.opened).hasSize(1);
        answer(model, "no");
        idle(model);
    }

    // ---- labs that were left

    @Test
    void aLabThatWasLeftIsTakenUp() throws InterruptedException {
        below.labs.leftOver("0a1b2c3d", "leader1", "worker1");
        EngineModel<String> model = on("docker");
        Dialog question = asked(model, "left-over");
        assertThat(question.title()).isEqualTo("A lab was left behind");
        assertThat(question.facts()).extracting(Fact::label).containsExactly("Lab", "Machines", "Since", "In all");
        assertThat(question.facts())
                .extracting(Fact::value)
                .contains("0a1b2c3d", "leader1, worker1", "2 machines, one network, 2 disks");
        assertThat(question.facts().get(2).value()).contains("Mar 4, 2026").contains("12 minutes ago");
        answer(model, "resume");
        ui.until(() -> model.place().get().isPresent());
        assertThat(below.opened.getFirst().engine()).isEqualTo("docker:0a1b2c3d");
        assertThat(model.engine()).isEqualTo("docker");
        assertThat(below.labs.removed).isEmpty();
    }

    @Test
    void labsThatWereLeftAreRemovedOneByOneOrTogether() throws InterruptedException {
        below.labs
                .leftOver("00000001", "leader1")
                .leftOver("00000002")
                .inUse("00000003", "leader1")
                .leftOver("00000004", "worker1");
        EngineModel<String> model = started("embedded");
        model.changeTo("docker", List.of());
        assertThat(asked(model, "left-over").title()).endsWith("(1 of 3)");
        answer(model, "no");
        ui.until(() -> model.asked()
                .get()
                .filter(a -> a.dialog().title().endsWith("(2 of 3)"))
                .isPresent());
        answer(model, "remove-all");
        ui.until(() -> model.place().get().equals(Optional.of("docker 2")));
        assertThat(below.labs.removed).containsExactly("00000002", "00000004");
        assertThat(below.labs.list()).extracting(lab -> lab.id()).containsExactly("00000001", "00000003");
    }

    @Test
    void theProgramThatFindsNoEngineAtFirstSaysWhyAndCanTakeTheOther() throws InterruptedException {
        below.cannotOpen(new LabException(Kind.ENVIRONMENT, "No Docker Engine.", "Start it."));
        EngineModel<String> model = on("docker");
        ui.until(() -> model.startFailure().get().isPresent());
        assertThat(model.startFailure().get().orElseThrow()).hasMessage("No Docker Engine.");
        assertThat(model.place().get()).isEmpty();
        model.startOn("embedded");
        assertThat(model.startFailure().get()).isEmpty();
        assertThat(model.engine()).isEqualTo("embedded");
    }

    // ---- removing everything

    @Test
    void everythingOfTheLabIsRemovedAndItBeginsAnew() throws InterruptedException {
        below.naming(place -> place.startsWith("docker") ? Optional.of("0000000" + place.charAt(7)) : Optional.empty());
        below.labs.own("00000001", "leader1", "worker1").leftOver("00000009", "other");
        EngineModel<String> model = on("docker");
        asked(model, "left-over");
        answer(model, "no");
        ui.until(() -> model.place().get().isPresent());
        model.removeEverything(List.of("leader1", "worker1"));
        Dialog question = asked(model, "remove-everything");
        assertThat(question.facts())
                .extracting(Fact::value)
                .containsExactly("00000001", "leader1, worker1", "2 machines, one network, 2 disks");
        // What the engine removes when it is closed.
        below.labs.remove("00000001");
        answer(model, "yes");
        ui.until(() -> !model.notifications().notices().isEmpty());
        assertThat(model.notifications().notices().getFirst().level()).isEqualTo(Level.GOOD);
        assertThat(model.notifications().notices().getFirst().detail()).contains("2 machines, one network, 2 disks");
        assertThat(model.place().get()).contains("docker 2");
        assertThat(below.closed).containsExactly("docker 1");
        // A lab that others left is not asked about, nor touched.
        assertThat(below.labs.removed).containsExactly("00000001");
    }

    @Test
    void whatCouldNotBeRemovedIsSaid() throws InterruptedException {
        below.naming(place -> Optional.of("00000001"));
        below.labs.own("00000001", "leader1");
        EngineModel<String> model = started("docker");
        model.removeEverything(List.of("leader1"));
        asked(model, "remove-everything");
        answer(model, "yes");
        ui.until(() -> !model.notifications().notices().isEmpty());
        assertThat(model.notifications().notices().getFirst().level()).isEqualTo(Level.ERROR);
        assertThat(model.notifications().notices().getFirst().detail())
                .contains("00000001 is still there: one machine, one network, one disk");
        assertThat(model.notifications().notices().getFirst().advice()).contains("clusterlab clean 00000001");
    }

    @Test
    void whyTheEngineCouldNotRemoveIsSaid() throws InterruptedException {
        EngineModel<String> model = started("embedded");
        below.cannotClose(new LabException(Kind.REFUSED, "The Docker Engine does not answer.", "Start it."));
        model.removeEverything(List.of("leader1"));
        asked(model, "remove-everything");
        answer(model, "yes");
        ui.until(() -> !model.notifications().notices().isEmpty());
        assertThat(model.notifications().notices().getFirst().detail()).contains("does not answer");
        assertThat(model.notifications().notices().getFirst().advice()).isEqualTo("Start it.");
    }
}
