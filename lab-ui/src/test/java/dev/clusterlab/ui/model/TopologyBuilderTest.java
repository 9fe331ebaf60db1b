package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.Topology.Box;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.ChipKind;
import dev.clusterlab.ui.model.Topology.Condition;
import dev.clusterlab.ui.model.Topology.Headline;
import dev.clusterlab.ui.model.Topology.Link;
import dev.clusterlab.ui.model.Topology.LinkKind;
import dev.clusterlab.ui.model.Topology.Role;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.Topology.View;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TopologyBuilderTest {
    private final Texts texts = Texts.of(Locale.ENGLISH);
    private final TopologyBuilder builder = new TopologyBuilder(new ServicePalette());

    private Topology picture(ClusterSnapshot snapshot, View view) {
        return builder.build(snapshot, view, texts, Optional.empty(), List.of());
    }

    private static Box box(Topology picture, String machine) {
        return picture.box(machine).orElseThrow();
    }

    private static Link link(Topology picture, String from, String to) {
        return picture.links().stream()
                .filter(l -> l.from().equals(from) && l.to().equals(to))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no link " + from + " → " + to + " in " + picture.links()));
    }

    @Test
    void aMembersStatusThatTheLabDoesNotKnowIsShown() {
        ClusterSnapshot snapshot = new ClusterBuilder(Duration.ZERO)
                .machines("leader1")
                .member("leader1", true, "frobnicated")
                .build();
        assertThat(box(picture(snapshot, View.CONSUL), "leader1").chips())
                .extracting(Chip::note)
                .containsExactly("server · unknown");
    }

    @Test
    void aMachineStaysWhereItIsWhateverHappens() {
        Topology before = picture(Scenes.threeMachines(), View.SWARM);
        for (View view : View.values()) {
            for (ClusterSnapshot snapshot : List.of(
                    Scenes.platform().build(), Scenes.workerKilled(), Scenes.partitioned(), Scenes.quorumLost())) {
                Topology after = picture(snapshot, view);
                for (Box box : before.boxes()) {
                    assertThat(box(after, box.name()).x()).isEqualTo(box.x());
                    assertThat(box(after, box.name()).y()).isEqualTo(box.y());
                }
            }
        }
    }

    @Test
    void aMachineThatIsBeingMadeStandsWhereItWillBe() {
        ClusterSnapshot first =
                new ClusterBuilder(Duration.ZERO).machines("worker1").build();
        Topology before = builder.build(
                first,
                View.SWARM,
                texts,
                Optional.empty(),
                List.of(made("worker2", Stage.STARTING_DAEMON), made("leader1", Stage.CREATING_MACHINE)));
        assertThat(before.boxes()).extracting(Box::name).containsExactlyInAnyOrder("worker1", "worker2", "leader1");
        assertThat(box(before, "leader1").condition()).isEqualTo(Condition.MAKING);
        assertThat(box(before, "leader1").work()).isEqualTo("creating the machine");
        assertThat(box(before, "worker2").work()).isEqualTo("waiting for its Docker daemon");
        assertThat(box(before, "worker1").work()).isEmpty();
        assertThat(box(before, "leader1").x()).isLessThan(box(before, "worker1").x());
        assertThat(box(before, "worker1").x()).isLessThan(box(before, "worker2").x());
        Topology after = picture(Scenes.threeMachines(), View.SWARM);
        for (Box box : after.boxes()) {
            assertThat(box.x()).isEqualTo(box(before, box.name()).x());
            assertThat(box.condition()).isEqualTo(Condition.ALONE);
        }
    }

    private static EngineProgress made(String machine, Stage stage) {
        return new EngineProgress(machine, stage, "", OptionalDouble.empty());
    }

    @Test
    void tellsALostQuorumFromAnElection() {
        assertThat(picture(Scenes.quorumLost(), View.SWARM).headline())
                .isEqualTo(new Headline(
                        Tone.BAD,
                        "Quorum lost: the swarm has no leader",
                        "1 of 2 managers answers, 2 are needed. What runs goes on; nothing can be changed."));
        ClusterSnapshot electing = Scenes.platform().withoutLeader().build();
        assertThat(picture(electing, View.SWARM).headline())
                .isEqualTo(
                        new Headline(Tone.BAD, "The swarm has no leader", "The managers elect one: 2 of 2 must agree"));
    }

    @Test
    void equalSnapshotsGiveEqualPictures() {
        for (View view : View.values()) {
            assertThat(picture(Scenes.workerKilled(), view)).isEqualTo(picture(Scenes.workerKilled(), view));
        }
    }

    @Test
    void saysWhichMachineLeadsAndWhichAreManagers() {
        Topology picture = picture(Scenes.platform().build(), View.SWARM);
        assertThat(box(picture, "leader1").role()).isEqualTo(Role.LEADER);
        assertThat(box(picture, "leader2").role()).isEqualTo(Role.MANAGER);
        assertThat(box(picture, "worker1").role()).isEqualTo(Role.WORKER);
        assertThat(box(picture(Scenes.threeMachines(), View.SWARM), "leader1").role())
                .isEqualTo(Role.NONE);
    }

    @Test
    void tellsTheStatesOfMachinesApart() {
        Topology picture = picture(Scenes.manyTroubles(), View.SWARM);
        assertThat(box(picture, "worker1").condition()).isEqualTo(Condition.PAUSED);
        assertThat(box(picture, "leader2").condition()).isEqualTo(Condition.STOPPED);
        assertThat(box(picture, "worker2").condition()).isEqualTo(Condition.DRAINED);
        assertThat(box(picture, "worker3").condition()).isEqualTo(Condition.SILENT);
        assertThat(box(picture(Scenes.workerKilled(), View.SWARM), "worker3").condition())
                .isEqualTo(Condition.KILLED);
    }

    @Test
    void aMachineThatNobodyCanSwitchOffIsCutOffAndHasNoCross() {
        Box box = box(picture(Scenes.workerCutOff(), View.SWARM), "worker3");
        assertThat(box.condition()).isEqualTo(Condition.CUT_OFF);
        assertThat(box.condition().off()).isFalse();
        assertThat(box.condition().dead()).as("to the others").isTrue();
        assertThat(texts.get("condition.CUT_OFF")).isEqualTo("cut off, not switched off");
    }

    @Test
    void tasksOfOneServiceShareAColourAndASignThatNoOtherHas() {
        Topology picture = picture(Scenes.platform().build(), View.SWARM);
        List<Chip> chips =
                picture.boxes().stream().flatMap(b -> b.chips().stream()).toList();
        assertThat(chips.stream().filter(c -> c.label().startsWith("web.")).map(Chip::mark))
                .hasSize(10)
                .containsOnly(chips.stream()
                        .filter(c -> c.label().equals("web.1"))
                        .findFirst()
                        .orElseThrow()
                        .mark());
        assertThat(chips.stream().map(c -> c.mark().sign()).distinct()).hasSize(5);
    }

    @Test
    void aTaskThatFailedOrIsNotThereYetSaysSo() {
        Topology picture = picture(Scenes.manyTroubles(), View.SWARM);
        Map<String, Chip> chips = box(picture, "leader1").chips().stream()
                .collect(java.util.stream.Collectors.toMap(Chip::label, c -> c));
        assertThat(chips.get("web.11"))
                .satisfies(c -> assertThat(c.tone()).isEqualTo(Tone.BAD))
                .satisfies(c -> assertThat(c.note()).isEqualTo("failed"));
        assertThat(chips.get("web.12"))
                .satisfies(c -> assertThat(c.tone()).isEqualTo(Tone.WAITING))
                .satisfies(c -> assertThat(c.note()).isEqualTo("preparing"));
    }

    @Test
    void whatIsFrozenWithItsMachineIsFrozenAndNotLost() {
        var frozen = Scenes.platform().state("worker1", Machine.State.PAUSED).build();
        assertThat(box(picture(frozen, View.SWARM), "worker1").chips())
                .isNotEmpty()
                .allSatisfy(chip -> assertThat(chip.note()).isEqualTo("frozen"))
                .allSatisfy(chip -> assertThat(chip.paused()).isTrue());
        var killed = Scenes.platform().state("worker1", Machine.State.KILLED).build();
        assertThat(box(picture(killed, View.SWARM), "worker1").chips())
                .allSatisfy(chip -> assertThat(chip.note()).isEqualTo("lost"))
                .noneMatch(Chip::paused);
    }

    @Test
    void warnsWhenNoManagerMayBeLost() {
        assertThat(picture(Scenes.platform().build(), View.SWARM).headline())
                .satisfies(h -> assertThat(h.tone()).isEqualTo(Tone.WAITING))
                .satisfies(h -> assertThat(h.detail()).contains("none may be lost"));
        assertThat(picture(Scenes.swarm(), View.SWARM).headline().tone()).isEqualTo(Tone.GOOD);
    }

    @Test
    void namesEachIslandByWhatItCanDecide() {
        Topology swarm = picture(Scenes.longPartitioned(), View.SWARM);
        assertThat(swarm.islands())
                .extracting(i -> i.letter() + ": " + i.count() + ": " + i.verdict())
                .containsExactly("A: 1 of 3 managers: cannot decide", "B: 2 of 3 managers: decides");
        Topology consul = picture(Scenes.longPartitioned(), View.CONSUL);
        assertThat(consul.islands())
                .extracting(i -> i.letter() + ": " + i.count() + ": " + i.verdict())
                .containsExactly("A: 1 of 3 servers: cannot decide", "B: 2 of 3 servers: decides");
        assertThat(swarm.islands().getFirst().signs())
                .as("leader1 and worker3 do not stand side by side")
                .hasSize(2);
        assertThat(picture(Scenes.platform().build(), View.SWARM).islands()).isEmpty();
    }

    @Test
    void managersThatHearNobodyHaveLostTheQuorumAlthoughAllAnswer() {
        Topology picture = picture(Scenes.threeIslands(), View.SWARM);
        assertThat(picture.islands())
                .hasSize(3)
                .allSatisfy(i -> assertThat(i.verdict()).isEqualTo("cannot decide"));
        assertThat(picture.headline())
                .isEqualTo(new Headline(
                        Tone.BAD,
                        "Quorum lost: the swarm has no leader",
                        "No manager hears another, 2 are needed. What runs goes on; nothing can be changed."));
    }

    @Test
    void showsWhatLivesOnAlthoughSwarmHasGivenItUp() {
        Topology picture = picture(Scenes.longPartitioned(), View.SWARM);
        assertThat(box(picture, "worker3").chips())
                .hasSize(3)
                .allSatisfy(c -> assertThat(c.orphan()).isTrue())
                .extracting(Chip::label)
                .contains("web.5", "web.10");
        assertThat(box(picture, "worker1").chips()).noneMatch(Chip::orphan);
        assertThat(box(picture(Scenes.longPartitioned(), View.CONSUL), "leader1")
                        .chips()
                        .getFirst())
                .satisfies(c -> assertThat(c.orphan()).isTrue())
                .satisfies(c -> assertThat(c.note()).isEqualTo("server · lost to the others, alive here"));
    }

    @Test
    void saysWhomEachMachineBelievesToLead() {
        Topology picture = picture(Scenes.longPartitioned(), View.SWARM);
        assertThat(box(picture, "leader1").belief().words()).isEqualTo("follows nobody");
        assertThat(box(picture, "leader2").belief().words()).isEqualTo("leads");
        assertThat(box(picture, "leader3").belief()).isEqualTo(new Topology.Belief("follows", "leader2", Tone.NEUTRAL));
        assertThat(box(picture, "worker3").belief().words()).isEqualTo("hears 1/3 managers");
        ClusterSnapshot alone = Scenes.platform()
                .cut("fault-1", List.of("worker3"), List.of("leader1", "leader2", "worker1", "worker2"))
                .build();
        assertThat(box(picture(alone, View.SWARM), "worker3").belief())
                .isEqualTo(new Topology.Belief("hears no manager", "", Tone.BAD));
        assertThat(box(picture(Scenes.longPartitioned(), View.CONSUL), "leader3")
                        .belief()
                        .leader())
                .isEqualTo("worker1");
    }

    @Test
    void tearsWhatStandsSideBySideAndHearsEachOtherNoMore() {
        Topology picture = picture(Scenes.longPartitioned(), View.SWARM);
        assertThat(picture.tears())
                .extracting(t -> t.left() + " " + t.right())
                .containsExactlyInAnyOrder(
                        "leader1 worker1", "leader1 leader2", "worker1 worker3", "leader2 worker3", "worker3 leader3");
        assertThat(picture.tears().stream().filter(Topology.Tear::badge))
                .as("one sign for the fault")
                .hasSize(1)
                .allSatisfy(t -> assertThat(t.fault()).isEqualTo("fault-2"));
    }

    @Test
    void cutsThatMakeNoIslandsAreShownWayByWay() {
        Topology picture = picture(Scenes.lostWays(), View.SWARM);
        assertThat(picture.islands()).isEmpty();
        assertThat(picture.links())
                .filteredOn(l -> l.kind() == LinkKind.CUT)
                .extracting(l -> l.from() + " " + l.to())
                .containsExactly("worker1 leader1", "worker2 worker3");
    }

    @Test
    void lettersTheSidesOfAPartition() {
        Topology picture = picture(Scenes.partitioned(), View.SWARM);
        assertThat(box(picture, "leader1").side()).isEqualTo("A");
        assertThat(box(picture, "worker2").side()).isEqualTo("B");
    }

    @Test
    void plugsMachinesIntoTheOverlayInTheViewOfTheSwarmOnly() {
        ClusterSnapshot platform = Scenes.platform().build();
        assertThat(box(picture(platform, View.SWARM), "worker3").plugged()).containsExactly("multi-host-net");
        assertThat(picture(platform, View.TRAFFIC).bands()).isEmpty();
    }

    @Test
    void trafficFlowsFromTheClientThroughTheRouterThatItAsksToEveryMachineWithInstances() {
        ClusterSnapshot platform = Scenes.platform().build();
        Topology picture = builder.build(platform, View.TRAFFIC, texts, Optional.of("leader2"), List.of());
        assertThat(link(picture, Topology.CLIENT, "leader2").requestsPerSecond())
                .isEqualTo(5);
        assertThat(link(picture, Topology.CLIENT, "leader1").requestsPerSecond())
                .isZero();
        assertThat(link(picture, "leader2", "worker2"))
                .satisfies(l -> assertThat(l.requestsPerSecond()).isEqualTo(2))
                .satisfies(l -> assertThat(l.kind()).isEqualTo(LinkKind.ROUTE));
        assertThat(link(picture, "leader1", "worker2").requestsPerSecond()).isZero();
        assertThat(picture.links().stream().filter(l -> l.from().equals("leader2")))
                .hasSize(4);
    }

    @Test
    void takesTheFirstRouterForTheOneAskedWhereNothingIsKnown() {
        Topology picture = picture(Scenes.platform().build(), View.TRAFFIC);
        assertThat(link(picture, Topology.CLIENT, "leader1").requestsPerSecond())
                .isEqualTo(5);
    }

    @Test
    void aRouteToAMachineThatIsGoneIsBad() {
        Topology picture = picture(Scenes.workerKilled(), View.TRAFFIC);
        assertThat(link(picture, "leader1", "worker3").tone()).isEqualTo(Tone.BAD);
        assertThat(link(picture, "leader1", "worker2").tone()).isEqualTo(Tone.GOOD);
        assertThat(picture.headline().tone()).isEqualTo(Tone.WAITING);
    }

    @Test
    void marksRoutersAndFadesWhatGetsNoTraffic() {
        List<Chip> chips =
                box(picture(Scenes.platform().build(), View.TRAFFIC), "leader1").chips();
        assertThat(chips.getFirst().kind()).isEqualTo(ChipKind.PROXY);
        assertThat(chips.stream().filter(Chip::faded).map(Chip::label))
                .containsExactlyInAnyOrder("consul-leader.1", "consul-nodes", "visualizer.1");
    }

    @Test
    void consulsLeaderSpeaksToItsFollowersAndClientsToIt() {
        ClusterSnapshot snapshot = new ClusterBuilder(Duration.ofMinutes(1))
                .machines("a", "b", "c")
                .leader("a")
                .worker("b", "c")
                .consulLeader("a")
                .member("a", true, "alive")
                .member("b", true, "failed")
                .member("c", false, "alive")
                .build();
        Topology picture = picture(snapshot, View.CONSUL);
        assertThat(link(picture, "a", "b"))
                .satisfies(l -> assertThat(l.kind()).isEqualTo(LinkKind.RAFT))
                .satisfies(l -> assertThat(l.tone()).isEqualTo(Tone.BAD));
        assertThat(link(picture, "c", "a").kind()).isEqualTo(LinkKind.RPC);
        assertThat(box(picture, "a").chips().getFirst().crown()).isTrue();
        assertThat(picture.headline().detail()).isEqualTo("one server and one client alive");
    }

    @Test
    void anInstanceThatStandsInTheCatalogTwiceIsOneChipAsItsWorstEntrySays() {
        ClusterSnapshot snapshot =
                Scenes.platform().registered("web", "democonsul", "critical").build();
        List<Chip> chips = box(picture(snapshot, View.CONSUL), "worker1").chips();
        assertThat(chips.stream().map(Chip::id)).doesNotHaveDuplicates();
        assertThat(chips.stream().filter(c -> c.id().startsWith("instance:")).map(Chip::tone))
                .hasSize(2)
                .containsOnly(Tone.BAD);
    }

    @Test
    void everythingFitsIntoThePicture() {
        for (ClusterSnapshot snapshot :
                List.of(Scenes.swarm(), Scenes.platform().build(), Scenes.twelveMachines())) {
            for (View view : View.values()) {
                Topology picture = picture(snapshot, view);
                assertThat(picture.boxes()).allSatisfy(b -> {
                    assertThat(b.x() + picture.boxWidth()).isLessThanOrEqualTo(picture.width());
                    assertThat(b.y() + b.height()).isLessThanOrEqualTo(picture.height());
                });
                assertThat(picture.links())
                        .allSatisfy(l -> assertThat(l.path()).allSatisfy(p -> {
                            assertThat(p.x()).isBetween(0.0, picture.width());
                            assertThat(p.y()).isBetween(0.0, picture.height());
                        }));
            }
        }
    }

    /** So who draws has nothing to compare, and nothing to do. */
    @Test
    void whatHasNotChangedIsTheSameObjectInTheNextPicture() {
        var many = new LargeClusters(200, 2_000);
        for (View view : View.values()) {
            Topology before = picture(many.calm(Duration.ofSeconds(10)), view);
            Topology after = picture(many.taskFailed(Duration.ofSeconds(11), 150), view);
            String changed = many.names().get(150);
            for (int i = 0; i < before.boxes().size(); i++) {
                Topology.Box box = after.boxes().get(i);
                if (view == View.CONSUL || !box.name().equals(changed)) {
                    assertThat(box).isSameAs(before.boxes().get(i));
                } else {
                    assertThat(box).isNotEqualTo(before.boxes().get(i));
                }
            }
        }
    }

    @Test
    void aBoxCountsWhatStandsOnItsMachineAndWhatIsInTroubleFirst() {
        var many = new LargeClusters(30, 400);
        Topology.Box box = box(
                picture(many.taskFailed(Duration.ofSeconds(10), 4), View.SWARM),
                many.names().get(4));
        assertThat(box.tally().getFirst().tone()).isEqualTo(Tone.BAD);
        assertThat(box.tally().getFirst().count()).isOne();
        assertThat(box.tally().stream().mapToInt(Topology.Tally::count).sum()).isEqualTo(400 / 30 + 1);
    }

    @Test
    void aMachineThatWasRemovedLeavesItsPlaceToTheNextOne() {
        Topology before = picture(Scenes.threeMachines(), View.SWARM);
        Topology after = picture(
                new ClusterBuilder(Duration.ofMinutes(2))
                        .machines("leader1", "worker2", "worker9")
                        .state("worker2", Machine.State.RUNNING)
                        .build(),
                View.SWARM);
        assertThat(box(after, "worker9").x()).isEqualTo(box(before, "worker1").x());
        assertThat(box(after, "worker2").x()).isEqualTo(box(before, "worker2").x());
    }
}
