package dev.clusterlab.provisioning.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.EngineFault.ContainerPause;
import dev.clusterlab.provisioning.EngineFault.Cut;
import dev.clusterlab.provisioning.EngineFault.Trouble;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LinkTrouble;
import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.MachineNames;
import dev.clusterlab.provisioning.Way;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is asked of machines, and what becomes of a fault when they do not do it; what packets do is for real machines to say. */
final class FaultKeeperTest {
    private final Machines machines = new Machines();
    private final FaultKeeper<Node> keeper = new FaultKeeper<>("1a2b3c4d", machines::find, machines);

    /** A machine that is in the state that it is told. */
    private static final class Node implements RealMachine {
        private final String name;
        private final String address;
        private State state = State.RUNNING;

        Node(String name, String address) {
            this.name = name;
            this.address = address;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public Optional<State> state() {
            return Optional.of(state);
        }

        void become(State now) {
            state = now;
        }
    }

    /** Machines in which scripts only leave a note. */
    private static final class Machines implements FaultKeeper.Programs<Node> {
        final Map<String, Node> nodes = new LinkedHashMap<>();
        final List<String> ran = new ArrayList<>();
        String settled = KeeperScripts.DONE;
        String alive = "kept";
        boolean freezable = true;
        final Map<String, String> looks = new LinkedHashMap<>();
        final List<String> paused = new ArrayList<>();

        Node add(String name) {
            var node = new Node(name, "192.168.99." + (100 + nodes.size()));
            nodes.put(name, node);
            return node;
        }

        Node find(String name) {
            return Optional.ofNullable(nodes.get(name)).orElseThrow(() -> MachineNames.unknown(name));
        }

        @Override
        public synchronized String run(Node node, String doing, String script) {
            if (script.equals(KeeperScripts.ALIVE)) {
                return alive;
            }
            if (script.equals(KeeperScripts.CAN_FREEZE)) {
                return freezable ? KeeperScripts.DONE : "";
            }
            if (script.equals(KeeperScripts.LOOK)) {
                return looks.getOrDefault(node.name(), "");
            }
            ran.add(node.name() + ": " + told(script));
            return settled;
        }

        @Override
        public synchronized void atStart(Node node, String script) {
            ran.add(node.name() + " at start: " + told(script));
        }

        @Override
        public void pause(Node node, String container) {
            if (container.equals("ended")) {
                throw new LabException(LabException.Kind.CONFLICT, "Container ended is not running", "");
            }
            paused.add(node.name() + "/" + container);
        }

        @Override
        public void unpause(Node node, String container) {
            paused.remove(node.name() + "/" + container);
        }

        /** What the end of the script asks for. */
        private static String told(String script) {
            return String.join(
                    ", ",
                    script.lines()
                            .map(String::strip)
                            .filter(line -> line.matches("(drop|lose|burst) CL-.*|(class|filter|qdisc) add .*")
                                    || line.startsWith("shape 'q")
                                    || line.matches("paused '.+'")
                                    || line.equals("freeze"))
                            .map(line -> line.replaceFirst("^shape '", "").replaceFirst("'$", ""))
                            .toList());
        }
    }

    @Test
    void eachMachineIsToldAllThatHolds() {
        machines.add("a");
        machines.add("b");
        FaultHandle first = keeper.begin(Cut.oneWay(Set.of("a"), Set.of("b")));
        keeper.begin(Cut.oneWay(Set.of("a"), Set.of("b")));
        keeper.end(first);
        keeper.end(first);
        assertThat(machines.ran)
                .containsExactly(
                        "b: drop CL-1a2b3c4d-1 192.168.99.100",
                        "b: drop CL-1a2b3c4d-1 192.168.99.100, drop CL-1a2b3c4d-2 192.168.99.100",
                        "b: drop CL-1a2b3c4d-2 192.168.99.100");
        assertThat(keeper.cutWays()).containsExactly(new Way("a", "b"));
    }

    @Test
    void aCutThatAMachineRefusesIsNotBegun() {
        machines.add("a");
        machines.add("b");
        machines.settled = "sh: iptables: not found";
        refused(() -> keeper.begin(Cut.oneWay(Set.of("a"), Set.of("b"))));
        assertThat(keeper.cutWays()).isEmpty();
        assertThat(machines.ran).containsExactly("b: drop CL-1a2b3c4d-1 192.168.99.100", "b: ");
    }

    @Test
    void aCutThatAMachineDoesNotLetGoCanBeEndedAgain() {
        machines.add("a");
        machines.add("b");
        FaultHandle cut = keeper.begin(Cut.oneWay(Set.of("a"), Set.of("b")));
        machines.settled = "iptables: Resource temporarily unavailable.";
        refused(() -> keeper.end(cut));
        assertThat(keeper.cutWays()).containsExactly(new Way("a", "b"));
        machines.settled = KeeperScripts.DONE;
        keeper.end(cut);
        assertThat(keeper.cutWays()).isEmpty();
        assertThat(machines.ran.getLast()).isEqualTo("b: ");
    }

    private static void refused(Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        LabException.class, e -> assertThat(e.kind()).isEqualTo(LabException.Kind.REFUSED));
    }

    private static Trouble oneWay(String from, String to, LinkTrouble kind) {
        return new Trouble(new TreeSet<>(Set.of(new Way(from, to))), kind);
    }

    @Test
    void packetsAreLostWhereTheyArriveAndHeldUpWhereTheyLeave() {
        machines.add("a");
        machines.add("b");
        keeper.begin(oneWay("a", "b", new LinkTrouble.Loss(0.25)));
        keeper.begin(oneWay("b", "a", new LinkTrouble.BurstLoss(0.2, Duration.ofMillis(500))));
        FaultHandle narrow = keeper.begin(oneWay("a", "b", new LinkTrouble.Bandwidth(64_000)));
        keeper.begin(oneWay("a", "b", new LinkTrouble.Latency(Duration.ofMillis(200), Duration.ofMillis(50))));
        assertThat(machines.ran)
                .startsWith(
                        "b: lose CL-1a2b3c4d-1 192.168.99.100 0.250000",
                        "a: burst CL-1a2b3c4d-2 192.168.99.101 0.500 2.000")
                .last()
                .isEqualTo("a: burst CL-1a2b3c4d-2 192.168.99.101 0.500 2.000, "
                        + "qdisc add dev DEVICE root handle 1: htb default 0 direct_qlen 1000, "
                        + "class add dev DEVICE parent 1: classid 1:1 htb rate 10gbit quantum 60000, "
                        + "filter add dev DEVICE parent 1: protocol ip prio 2 u32 match ip dst 192.168.99.101/32 flowid 1:1, "
                        + "qdisc add dev DEVICE parent 1:1 handle 10: netem limit 10000 delay 200000us 50000us, "
                        + "qdisc add dev DEVICE parent 10:1 handle 11: tbf rate 64000bit burst 1600 limit 8000");
        assertThat(keeper.cutWays()).isEmpty();
        assertThat(keeper.troubledWays()).containsExactly(new Way("a", "b"), new Way("b", "a"));
        keeper.end(narrow);
        assertThat(machines.ran.getLast()).contains("netem").doesNotContain("tbf");
    }

    @Test
    void packetsAreLostWhereTheyLeaveIfNothingMayBeDoneWhereTheyArrive() {
        machines.add("a");
        machines.add("b");
        machines.add("c");
        Cut cut = Cut.between(List.of(Set.of("a"), Set.of("b", "c")));
        FaultHandle fault = keeper.begin(cut, Set.of("a"));
        assertThat(machines.ran)
                .containsExactly("a: drop CL-1a2b3c4d-1 192.168.99.101 out, drop CL-1a2b3c4d-1 192.168.99.102 out, "
                        + "drop CL-1a2b3c4d-1 192.168.99.101, drop CL-1a2b3c4d-1 192.168.99.102");
        assertThat(keeper.cutWays()).isEqualTo(cut.ways());
        keeper.end(fault);
        keeper.begin(oneWay("a", "b", new LinkTrouble.Loss(0.25)), Set.of("a"));
        keeper.begin(oneWay("a", "c", new LinkTrouble.BurstLoss(0.2, Duration.ofMillis(500))), Set.of("a"));
        assertThat(machines.ran)
                .last()
                .isEqualTo(
                        "a: lose CL-1a2b3c4d-2 192.168.99.101 0.250000 out, burst CL-1a2b3c4d-3 192.168.99.102 0.500 2.000 out");
        assertThat(machines.ran).allMatch(line -> line.startsWith("a: "));
    }

    @Test
    void tellsWhatIsStillThereOfAFault() {
        machines.add("a");
        machines.add("b");
        Way way = new Way("a", "b");
        FaultHandle loss = keeper.begin(oneWay("a", "b", new LinkTrouble.Loss(0.25)));
        FaultHandle narrow = keeper.begin(oneWay("a", "b", new LinkTrouble.Bandwidth(64_000)));
        assertThat(keeper.troubledBy(loss)).as("nothing is there").isEmpty();
        machines.looks.put("a", "shaped c0a86365\n");
        machines.looks.put("b", "chain CL-1a2b3c4d-1\n");
        assertThat(keeper.troubledBy(loss)).containsExactly(way);
        assertThat(keeper.troubledBy(narrow)).containsExactly(way);
        keeper.end(loss);
        keeper.end(narrow);
        assertThat(keeper.troubledBy(loss)).as("what was left").containsExactly(way);
        assertThat(keeper.troubledBy(narrow)).containsExactly(way);
        keeper.begin(oneWay("a", "b", new LinkTrouble.Bandwidth(32_000)));
        assertThat(keeper.troubledBy(narrow)).as("what another owns").isEmpty();
    }

    @Test
    void aMachineIsFrozenWithinWhileItGoesOnKeepingFaults() {
        Node frozen = machines.add("a");
        machines.add("b");
        assertThat(keeper.freeze(frozen)).isTrue();
        frozen.become(State.PAUSED);
        assertThat(keeper.frozen("a")).isTrue();
        FaultHandle cut = keeper.begin(Cut.oneWay(Set.of("b"), Set.of("a")));
        machines.alive = KeeperScripts.GONE;
        keeper.keep();
        keeper.thaw(frozen);
        assertThat(keeper.frozen("a")).isFalse();
        frozen.become(State.RUNNING);
        keeper.end(cut);
        assertThat(machines.ran)
                .containsExactly(
                        "a: freeze",
                        "a: drop CL-1a2b3c4d-1 192.168.99.101, freeze",
                        "a: drop CL-1a2b3c4d-1 192.168.99.101, freeze",
                        "a: drop CL-1a2b3c4d-1 192.168.99.101",
                        "a: ");
    }

    @Test
    void aMachineWithoutAGroupToFreezeIsLeftToOthers() {
        Node node = machines.add("a");
        machines.freezable = false;
        assertThat(keeper.freeze(node)).isFalse();
        assertThat(keeper.frozen("a")).isFalse();
        assertThat(machines.ran).isEmpty();
    }

    @Test
    void aMachineThatDoesNotStandStillIsNotFrozen() {
        Node node = machines.add("a");
        machines.settled = "its processes do not stand still";
        refused(() -> keeper.freeze(node));
        assertThat(keeper.frozen("a")).isFalse();
    }

    @Test
    void aMachineKnowsWhichContainersItHasToWake() {
        machines.add("a");
        FaultHandle first = keeper.begin(new ContainerPause("a", "c1"));
        FaultHandle second = keeper.begin(new ContainerPause("a", "c2"));
        keeper.end(first);
        assertThat(machines.paused).containsExactly("a/c2");
        machines.paused.clear();
        machines.alive = KeeperScripts.GONE;
        keeper.keep();
        assertThat(machines.paused).as("it begins again").containsExactly("a/c2");
        keeper.end(second);
        assertThatThrownBy(() -> keeper.begin(new ContainerPause("a", "ended")))
                .hasMessage("Container ended is not running");
        assertThat(machines.ran)
                .containsExactly(
                        "a: paused 'c1",
                        "a: paused 'c1 c2",
                        "a: paused 'c2",
                        "a: paused 'c2",
                        "a: ",
                        "a: paused 'ended",
                        "a: ");
    }

    @Test
    void whatOnlySimulatedMachinesCanDoIsRefused() {
        machines.add("a");
        machines.add("b");
        refused(() -> keeper.begin(oneWay("a", "b", new LinkTrouble.Duplicates(0.5))));
        refused(() -> keeper.begin(oneWay("a", "b", new LinkTrouble.Reordering(0.5, Duration.ofMillis(20)))));
        assertThat(machines.ran).isEmpty();
    }

    @Test
    void aMachineThatIsOffIsToldBeforeItsDaemonStarts() {
        machines.add("a");
        Node off = machines.add("b");
        off.become(State.KILLED);
        keeper.begin(Cut.oneWay(Set.of("a"), Set.of("b")));
        assertThat(machines.ran).isEmpty();
        keeper.poweringOn(off);
        off.become(State.RUNNING);
        keeper.poweredOn(off);
        assertThat(machines.ran)
                .containsExactly(
                        "b at start: drop CL-1a2b3c4d-1 192.168.99.100", "b: drop CL-1a2b3c4d-1 192.168.99.100");
    }

    @Test
    void whatHasEndedByItselfBeginsAgain() {
        machines.add("a");
        machines.add("b");
        keeper.begin(Cut.oneWay(Set.of("a"), Set.of("b")));
        keeper.keep();
        assertThat(machines.ran).hasSize(1);
        machines.alive = KeeperScripts.GONE;
        keeper.keep();
        assertThat(machines.ran).hasSize(2).last().isEqualTo("b: drop CL-1a2b3c4d-1 192.168.99.100");
    }

    @Test
    void aMachineThatIsGoneLeavesEveryFault() {
        machines.add("a");
        machines.add("b");
        FaultHandle cut = keeper.begin(Cut.between(List.of(Set.of("a"), Set.of("b"))));
        machines.nodes.remove("a");
        keeper.forget("a");
        assertThat(keeper.cutWays()).isEmpty();
        keeper.keep();
        assertThat(machines.ran.getLast()).as("b drops nothing any more").isEqualTo("b: ");
        keeper.end(cut);
        assertThat(machines.ran).hasSize(3);
    }
}
