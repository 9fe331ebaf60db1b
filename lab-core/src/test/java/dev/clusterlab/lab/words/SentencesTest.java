package dev.clusterlab.lab.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.lab.Examples;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Word;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Healing;
import dev.clusterlab.provisioning.fault.Remnant;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Availability;
import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ContainerState;
import dev.clusterlab.provisioning.observe.Group;
import dev.clusterlab.provisioning.observe.LocalNodeState;
import dev.clusterlab.provisioning.observe.MemberStatus;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.Reachability;
import dev.clusterlab.provisioning.observe.ServerStatus;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.provisioning.observe.Subject;
import dev.clusterlab.provisioning.observe.TaskState;
import dev.clusterlab.provisioning.observe.UpdateState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencesTest {
    private static final Sentences ENGLISH = Sentences.of(Locale.ENGLISH);
    private static final Sentences FRENCH = Sentences.of(Locale.FRENCH);

    private static final ActiveFault KILL = fault(new Fault.MachineKill("worker1"), new Target.OfMachine("worker1"));

    private static ActiveFault fault(Fault fault, Target target) {
        return new ActiveFault("fault-1", fault, target, Instant.EPOCH, Optional.empty());
    }

    private static Stamp stamp(long number, Cause... causes) {
        return new Stamp(number, Duration.ofSeconds(number), Duration.ofSeconds(number), List.of(causes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void everyKindOfEventHasASentenceASubjectAndANameAsACause(String language) {
        Sentences sentences = Sentences.of(Locale.of(language));
        for (ClusterEvent event : Examples.events()) {
            var history = new History();
            history.add(event);
            var effect = new ClusterEvent.MachineRemoved(stamp(900, new Cause.ByEvent(event.number())), "worker1");
            assertThat(List.of(sentences.of(event), sentences.because(effect, history)))
                    .as("%s", event)
                    .allSatisfy(text -> assertThat(text)
                            .isNotBlank()
                            .doesNotContain("{", "}}")
                            .doesNotContain("OfNode[", "OfTask[", "Optional"));
            assertThat(sentences.subject(event)).as("%s", event).isNotNull();
        }
        assertThat(Examples.events().stream().map(Object::getClass).distinct()).hasSameSizeAs(Examples.kinds());
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void everyKindOfFaultHasATitleAndWhatLastsCanBeUndone(String language) {
        Sentences sentences = Sentences.of(Locale.of(language));
        for (ActiveFault fault : Examples.faults()) {
            assertThat(sentences.title(fault)).isNotBlank();
            assertThat(sentences.kind(fault.kind())).isNotBlank();
            if (fault.kind().lasting() == FaultKind.Lasting.AT_ONCE_OVER) {
                assertThatThrownBy(() -> sentences.undo(fault)).isInstanceOf(IllegalArgumentException.class);
            } else {
                assertThat(sentences.undo(fault)).isNotBlank();
            }
        }
        assertThat(Examples.faults()).hasSameSizeAs(FaultKind.values());
    }

    /** Words of Docker and Consul that French keeps: names of roles, and what has no state at all. */
    private static final Set<String> KEPT = Set.of("worker", "manager", "none", "swarm", "consul");

    @Test
    void everyStateIsSaidInFrench() {
        List<Word> words = Stream.<Word[]>of(
                        Group.values(),
                        LocalNodeState.values(),
                        TaskState.values(),
                        NodeState.values(),
                        Availability.values(),
                        ContainerState.values(),
                        Reachability.values(),
                        ServerStatus.values(),
                        NodeRole.values(),
                        UpdateState.values(),
                        MemberStatus.values())
                .flatMap(Stream::of)
                .filter(word -> !KEPT.contains(word.word()))
                .toList();
        assertThat(words)
                .hasSizeGreaterThan(40)
                .allSatisfy(word -> assertThat(FRENCH.word(word))
                        .as("%s.%s", word.getClass().getSimpleName(), word.name())
                        .isNotEqualTo(word.word()));
    }

    @Test
    void aStateThatTheLabDoesNotKnowIsSaidInTheToolsOwnWord() {
        var stamp = new Stamp(1, Duration.ZERO, Duration.ZERO, List.of(), "frobnicated");
        var node = new Subject.OfNode("n2", "worker1");
        var event = new ClusterEvent.NodeStateChanged(stamp, node, NodeState.READY, NodeState.UNKNOWN, "");
        assertThat(ENGLISH.of(event)).contains("worker1", "unknown (\"frobnicated\")");
        assertThat(FRENCH.of(event)).contains("worker1", "inconnu («\u00a0frobnicated\u00a0»)");
        var own = new ClusterEvent.NodeStateChanged(stamp(2), node, NodeState.READY, NodeState.UNKNOWN, "");
        assertThat(ENGLISH.of(own)).doesNotContain("(");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sentences", "report", "guide", "anatomy"})
    void noLanguageLacksASentenceAndNoneHasOneTooMany(String bundle) {
        Set<String> english = keys(bundle, Locale.ENGLISH);
        Set<String> french = keys(bundle, Locale.FRENCH);
        assertThat(french).containsAll(english);
        french.removeAll(english);
        // English says states in the protocol's own word.
        assertThat(french).allSatisfy(key -> assertThat(key).matches("[A-Z]\\w+\\.[A-Z_]+"));
    }

    private static Set<String> keys(String bundle, Locale locale) {
        return new HashSet<>(ResourceBundle.getBundle(
                        "dev.clusterlab.lab.words." + bundle,
                        locale,
                        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES))
                .keySet());
    }

    private static ClusterEvent worker1Down(Stamp stamp) {
        return new ClusterEvent.NodeStateChanged(
                stamp, new Subject.OfNode("n2", "worker1"), NodeState.READY, NodeState.DOWN, "heartbeat failure");
    }

    @Test
    void saysOfAMachineThatIsOnlyCutOffThatItIsAndNothingOfItsPower() {
        var history = new History();
        var fault = new ActiveFault(
                KILL.id(), KILL.fault(), KILL.target(), KILL.since(), KILL.until(), ActiveFault.State.IN_FORCE, true);
        var begun = new ClusterEvent.FaultBegan(stamp(1), fault, false);
        var cut = new ClusterEvent.MachineStateChanged(
                stamp(2, new Cause.ByFault("fault-1")), "worker1", Machine.State.RUNNING, Machine.State.KILLED, true);
        ClusterEvent node = worker1Down(stamp(3, new Cause.ByEvent(2)));
        var back = new ClusterEvent.MachineStateChanged(
                stamp(4), "worker1", Machine.State.KILLED, Machine.State.RUNNING, true);
        List.of(begun, cut, node, back).forEach(history::add);
        assertThat(ENGLISH.of(begun)).isEqualTo("A fault begins: worker1 cut off from the others (fault-1)");
        assertThat(ENGLISH.undo(fault)).isEqualTo("Reconnect worker1");
        assertThat(ENGLISH.of(cut)).isEqualTo("worker1 is cut off from the others, and what runs in it goes on");
        assertThat(ENGLISH.because(node, history).toString())
                .contains("cut off from the others")
                .doesNotContain("power");
        assertThat(ENGLISH.of(back)).isEqualTo("worker1 is reached by the others again");
    }

    @Test
    void tellsWhyATaskMovedAsAChain() {
        var history = new History();
        var begun = new ClusterEvent.FaultBegan(stamp(1), KILL, false);
        var power = new ClusterEvent.MachineStateChanged(
                stamp(2, new Cause.ByFault("fault-1")), "worker1", Machine.State.RUNNING, Machine.State.KILLED);
        ClusterEvent node = worker1Down(stamp(3, new Cause.ByEvent(2)));
        var lost = new ClusterEvent.TaskGivenUp(
                stamp(4, new Cause.ByEvent(3)), new Subject.OfTask("t1", "web.1"), "worker1");
        var moved = new ClusterEvent.TaskStarted(
                stamp(5, new Cause.ByEvent(4)),
                new Subject.OfTask("t2", "web.1"),
                "worker2",
                Optional.of(new Subject.OfTask("t1", "web.1")),
                "worker1");
        List.of(begun, power, node, lost, moved).forEach(history::add);
        assertThat(ENGLISH.of(begun)).isEqualTo("A fault begins: worker1 without power (fault-1)");
        assertThat(ENGLISH.of(power)).isEqualTo("worker1 lost its power");
        assertThat(ENGLISH.of(node)).isEqualTo("Node worker1 is down: heartbeat failure");
        assertThat(ENGLISH.of(lost)).isEqualTo("web.1 on worker1 is given up");
        assertThat(ENGLISH.of(moved)).isEqualTo("web.1 runs on worker2, moved from worker1");
        assertThat(ENGLISH.because(moved, history))
                .isEqualTo("web.1 lost on worker1 ← node worker1 down ← machine worker1 without power" + " ← fault-1");
        assertThat(FRENCH.of(moved)).isEqualTo("web.1 tourne sur worker2, venue de worker1");
        assertThat(FRENCH.because(moved, history))
                .isEqualTo(
                        "web.1 perdue sur worker1 ← nœud worker1 perdu ← machine worker1 sans courant" + " ← fault-1");
    }

    @Test
    void tellsOfALostQuorumWithItsFiguresAndWhatStillWorks() {
        assertThat(ENGLISH.of(new ClusterEvent.QuorumLost(stamp(1), 3, 1, 2, "leader1")))
                .isEqualTo(
                        "Quorum is lost: 1 of 3 managers left, 2 needed; leader1 led. Running tasks go on and"
                                + " requests are answered; until a leader is elected, nothing is scheduled, replaced or changed");
        assertThat(ENGLISH.of(new ClusterEvent.LeaderChanged(stamp(2), Group.SWARM, "", "leader3", true)))
                .isEqualTo("Quorum is back: leader3 leads");
        assertThat(ENGLISH.of(new ClusterEvent.LeaderChanged(stamp(2), Group.SWARM, "", "leader3", false)))
                .isEqualTo("The swarm has a leader again: leader3 leads");
        assertThat(ENGLISH.of(new ClusterEvent.LeaderChanged(stamp(2), Group.CONSUL, "a", "b", false)))
                .isEqualTo("b leads Consul, after a");
    }

    @Test
    void tellsTwoFaultsOfOneKindApartByTheirTarget() {
        assertThat(ENGLISH.undo(KILL)).isEqualTo("Power worker1 on");
        assertThat(FRENCH.undo(KILL)).isEqualTo("Rallumer worker1");
        assertThat(ENGLISH.undo(fault(
                        new Fault.ContainerPause("worker1", "c1", Duration.ofSeconds(30)),
                        new Target.OfContainer("worker1", "c1", "web.3.abcdefghijklmnopqrstuvwxy"))))
                .isEqualTo("Unfreeze web.3");
        Target web = new Target.OfContainer("worker1", "c1", "web.3.abcdefghijklmnopqrstuvwxy");
        var slow = new Fault.ServiceSlow("worker1", "c1", Duration.ofMillis(800), Optional.empty());
        assertThat(ENGLISH.title(fault(slow, web))).isEqualTo("service in web.3 slow (800ms)");
        assertThat(ENGLISH.undo(fault(slow, web))).isEqualTo("Let web.3 be fast");
        assertThat(ENGLISH.healing(
                        new Healing(List.of(new Remnant.OfService("worker1", "web.3.abcdefghijklmnopqrstuvwxy")))))
                .endsWith("the service in web.3 on worker1 misbehaves still");
        assertThat(ENGLISH.undo(fault(
                        new Fault.NetworkPartition(List.of(Set.of("a"), Set.of("b", "c")), Optional.empty()),
                        new Target.OfGroups(List.of(List.of("a"), List.of("b", "c")), false))))
                .as("short enough for a button")
                .isEqualTo("Mend a | b +1");
    }
}
