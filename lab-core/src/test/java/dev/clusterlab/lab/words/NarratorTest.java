package dev.clusterlab.lab.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Group;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.provisioning.observe.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NarratorTest {
    private static final NarratorWords ENGLISH = NarratorWords.of(Locale.ENGLISH);
    private static final NarratorWords FRENCH = NarratorWords.of(Locale.FRENCH);

    private static final ActiveFault CUT = new ActiveFault(
            "fault-1",
            new Fault.NetworkPartition(
                    List.of(Set.of("leader1", "worker4"), Set.of("worker1", "worker2")), Optional.empty()),
            new Target.OfGroups(List.of(List.of("leader1", "worker4"), List.of("worker1", "worker2")), false),
            Instant.EPOCH,
            Optional.empty());

    private final Narrator narrator = new Narrator();
    private final List<ActiveFault> faults = new ArrayList<>();
    private String leader = "leader1";
    private long number;
    private int web = 10;
    private boolean worker3Runs = true;

    // ---- a small world: three managers, two workers, ten tasks of web

    private Scene scene(double seconds) {
        List<Scene.MachineScene> machines = new ArrayList<>();
        for (String name : List.of("leader1", "worker1", "worker2", "worker4")) {
            machines.add(new Scene.MachineScene(name, Machine.State.RUNNING, 2));
        }
        machines.add(new Scene.MachineScene(
                "worker3", worker3Runs ? Machine.State.RUNNING : Machine.State.KILLED, worker3Runs ? 2 : 0));
        return new Scene(
                seconds(seconds),
                machines,
                true,
                leader,
                leader,
                List.of(manager("leader1"), manager("worker1"), manager("worker2")),
                List.of(new Scene.ServiceScene("web", web, 10)),
                Map.of("democonsul", new Scene.InstanceScene(web, 10)),
                Map.of(),
                faults.isEmpty()
                        ? List.of()
                        : List.of(
                                new Scene.Side("A", List.of("leader1", "worker4"), 1, false),
                                new Scene.Side("B", List.of("worker1", "worker2"), 2, leader.equals("worker2"))),
                faults);
    }

    private static Scene.ManagerScene manager(String name) {
        return new Scene.ManagerScene(name, true, true);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private Stamp stamp(double seconds, Cause... causes) {
        number++;
        return new Stamp(number, seconds(seconds), seconds(seconds), List.of(causes));
    }

    private Cause last() {
        return new Cause.ByEvent(number);
    }

    private void hear(double seconds, ClusterEvent... events) {
        narrator.hear(List.of(events), scene(seconds), seconds(seconds));
    }

    private String told(double seconds) {
        return narrator.tell(seconds(seconds)).map(ENGLISH::sentence).orElse("");
    }

    private String because(double seconds) {
        return narrator.tell(seconds(seconds)).map(ENGLISH::because).orElse("");
    }

    private ClusterEvent started(double seconds, int slot, String node, Cause cause) {
        return new ClusterEvent.TaskStarted(
                stamp(seconds, cause),
                new Subject.OfTask("new" + slot, "web." + slot),
                node,
                Optional.of(new Subject.OfTask("old" + slot, "web." + slot)),
                "worker3");
    }

    private ClusterEvent killed(double seconds) {
        worker3Runs = false;
        return new ClusterEvent.MachineStateChanged(
                stamp(seconds, new Cause.ByFault("fault-9")), "worker3", Machine.State.RUNNING, Machine.State.KILLED);
    }

    private ClusterEvent scaled(double seconds, int before, int after) {
        return new ClusterEvent.ServiceScaled(stamp(seconds), new Subject.OfService("s1", "web"), before, after);
    }

    private ClusterEvent leaderLost(double seconds, Cause... causes) {
        ClusterEvent lost = new ClusterEvent.LeaderChanged(stamp(seconds, causes), Group.SWARM, leader, "", false);
        leader = "";
        return lost;
    }

    private ClusterEvent leads(double seconds, String name) {
        leader = name;
        return new ClusterEvent.LeaderChanged(stamp(seconds), Group.SWARM, "", name, false);
    }

    // ---- what is said

    @Test
    void saysNothingOfNothing() {
        assertThat(narrator.tell(Duration.ZERO)).isEmpty();
    }

    @Test
    void saysHowThingsStandWhenNothingHappens() {
        hear(0);
        assertThat(told(0)).isEqualTo("Five machines, three managers; all 10 tasks run.");
        assertThat(FRENCH.sentence(narrator.tell(Duration.ZERO).orElseThrow()))
                .isEqualTo("Cinq machines, trois managers\u00a0; les 10 tâches tournent.");
        assertThat(narrator.said()).isEmpty();
    }

    @Test
    void tellsATasksWayFromTheMachineToTheNewPlaceAsOneStory() {
        hear(0);
        ClusterEvent killed = killed(10);
        hear(10, killed);
        assertThat(told(10)).isEqualTo("worker3 has lost its power, and its 2 tasks with it.");

        var node = new Subject.OfNode("n3", "worker3");
        var down = new ClusterEvent.NodeStateChanged(
                stamp(22, new Cause.ByEvent(killed.number())), node, NodeState.READY, NodeState.DOWN, "");
        var cause = new Cause.ByEvent(down.number());
        var first = new ClusterEvent.TaskGivenUp(stamp(22, cause), new Subject.OfTask("old3", "web.3"), "worker3");
        var second = new ClusterEvent.TaskGivenUp(stamp(22, cause), new Subject.OfTask("old8", "web.8"), "worker3");
        hear(22, down, first, second);
        assertThat(told(22)).isEqualTo("Swarm has given up worker3 and its 2 tasks.");
        assertThat(because(22)).isEqualTo("because worker3 lost its power 12 s earlier");

        hear(
                28,
                started(28, 3, "worker1", new Cause.ByEvent(first.number())),
                started(28, 8, "worker2", new Cause.ByEvent(second.number())));
        assertThat(told(28)).isEqualTo("web.3 and web.8 run again, on worker1 and worker2.");
        assertThat(because(28))
                .isEqualTo("because Swarm gave up worker3 6 s earlier ← worker3 lost its power 18 s earlier");
        assertThat(narrator.said()).hasSize(3);
    }

    @Test
    void tellsWhoLeadsAndWhichSideOfACutMayDecideNothing() {
        hear(0);
        faults.add(CUT);
        hear(10, new ClusterEvent.FaultBegan(stamp(10), CUT, false));
        assertThat(told(10)).isEqualTo("The network is cut: leader1 and worker4 | worker1 and worker2.");
        hear(14, leaderLost(14, new Cause.ByFault("fault-1")));
        hear(46, leads(46, "worker2"));
        assertThat(told(46))
                .isEqualTo("worker2 leads now. The two machines on side A run on, but nobody there may decide.");
        assertThat(because(46))
                .isEqualTo("because leader1 hears 1 of 3 managers, and 2 are needed"
                        + " ← the network was cut 36 s earlier");
    }

    @Test
    void saysWhichSidesOfACutMayDecideWhenNothingHappens() {
        faults.add(CUT);
        hear(0);
        assertThat(told(0)).isEqualTo("Nobody on sides A and B may decide; 10 of 10 tasks count as running.");
        leader = "worker2";
        hear(3);
        assertThat(told(3)).isEqualTo("Side B decides, nobody on side A may decide; 10 of 10 tasks count as running.");
    }

    // ---- which of several, and when

    @Test
    void holdsASentenceLongEnoughToRead() {
        hear(0);
        hear(1, scaled(1, 2, 10));
        assertThat(told(1)).isEqualTo("10 tasks of web are to run, not 2.");
        hear(2, leaderLost(2));
        assertThat(told(3.4)).as("held although something graver came").isEqualTo("10 tasks of web are to run, not 2.");
        assertThat(told(3.5)).isEqualTo("The swarm has no leader any more; leader1 led it.");
    }

    @Test
    void saysOfAMachineThatIsOnlyCutOffThatItIs() {
        hear(0);
        worker3Runs = false;
        var cut = new ClusterEvent.MachineStateChanged(
                stamp(10, new Cause.ByFault("fault-9")), "worker3", Machine.State.RUNNING, Machine.State.KILLED, true);
        hear(10, cut);
        assertThat(told(10))
                .isEqualTo(
                        "worker3 is cut off from the others, and its 2 tasks with it: to them it is off, and what runs"
                                + " in it goes on.");
        hear(
                22,
                new ClusterEvent.NodeStateChanged(
                        stamp(22, new Cause.ByEvent(cut.number())),
                        new Subject.OfNode("n3", "worker3"),
                        NodeState.READY,
                        NodeState.DOWN,
                        ""));
        assertThat(because(22)).isEqualTo("because worker3 was cut off from the others 12 s earlier");
        worker3Runs = true;
        hear(
                40,
                new ClusterEvent.MachineStateChanged(
                        stamp(40), "worker3", Machine.State.KILLED, Machine.State.RUNNING, true));
        assertThat(told(40)).isEqualTo("worker3 is reached by the others again.");
    }

    @Test
    void saysTheGravestOfWhatCameTogether() {
        hear(0);
        ClusterEvent killed = killed(1);
        hear(1, scaled(1, 2, 10), killed, leaderLost(1));
        assertThat(told(1)).startsWith("The swarm has no leader any more");
        assertThat(told(3.6)).startsWith("worker3 has lost its power");
    }

    @Test
    void doesNotRepeatWhatItGaveAsTheReason() {
        hear(0);
        ClusterEvent killed = killed(1);
        hear(1, killed, leaderLost(1, new Cause.ByEvent(killed.number())));
        assertThat(told(1)).startsWith("The swarm has no leader any more");
        assertThat(because(1)).isEqualTo("because worker3 lost its power");
        assertThat(told(3.6)).startsWith("The swarm has no leader any more");
        assertThat(narrator.said()).hasSize(1);
    }

    @Test
    void doesNotSayWhatIsNoLongerTrue() {
        hear(0);
        hear(1, scaled(1, 2, 10));
        assertThat(told(1)).contains("10 tasks of web");
        hear(1.5, leaderLost(1.5));
        hear(2.5, leads(2.5, "worker1"));
        assertThat(told(3.6)).isEqualTo("worker1 leads the swarm now, after leader1: 3 of 3 managers are with it.");
        assertThat(narrator.said()).hasSize(2);
    }

    @Test
    void forgetsWhatIsNoNewsAnyMore() {
        hear(0);
        hear(1, scaled(1, 2, 10));
        told(1);
        hear(1.5, killed(1.5));
        assertThat(told(10)).as("heard 8.5 s ago").contains("10 tasks of web");
        assertThat(told(14)).isEqualTo("Four of five machines run, three managers; all 10 tasks run.");
    }

    @Test
    void saysOnceMoreAsAStoryGrowsAndKeepsOneOfIt() {
        hear(0);
        hear(1, killed(1));
        assertThat(told(1)).startsWith("worker3 has lost its power");
        web = 8;
        hear(4, started(4, 3, "worker1", last()));
        assertThat(told(4)).isEqualTo("web.3 runs again, on worker1; others are still to come.");
        web = 10;
        hear(5, started(5, 8, "worker2", last()), started(5, 9, "worker2", last()));
        assertThat(told(6)).as("held").startsWith("web.3 runs again");
        assertThat(told(6.5)).isEqualTo("3 tasks of web run again, on worker1 and worker2.");
        assertThat(narrator.said()).hasSize(2);
    }

    @Test
    void saysTheSameForTheSame() {
        for (int i = 0; i < 2; i++) {
            var other = new NarratorTest();
            other.holdsASentenceLongEnoughToRead();
            var again = new NarratorTest();
            again.holdsASentenceLongEnoughToRead();
            assertThat(other.narrator.said()).isEqualTo(again.narrator.said());
        }
    }
}
