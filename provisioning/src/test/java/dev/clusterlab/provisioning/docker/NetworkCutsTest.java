package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.EngineFault.Cut;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.MachineNames;
import dev.clusterlab.provisioning.Way;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is asked of machines, and what becomes of a cut when they do not do it; what packets do is for real machines to say. */
final class NetworkCutsTest {
    private final Machines machines = new Machines();
    private final NetworkCuts cuts = new NetworkCuts("1a2b3c4d", machines::find, machines);

    /** Machines in which scripts only leave a note. */
    private static final class Machines implements NetworkCuts.Programs {
        final Map<String, DockerNode> nodes = new LinkedHashMap<>();
        final List<String> ran = new ArrayList<>();
        String settled = CutScripts.DONE;
        String alive = "kept";

        DockerNode add(String name) {
            var node = new DockerNode(name, nodes.size(), "192.168.99." + (100 + nodes.size()));
            node.become(State.RUNNING);
            nodes.put(name, node);
            return node;
        }

        DockerNode find(String name) {
            return Optional.ofNullable(nodes.get(name)).orElseThrow(() -> MachineNames.unknown(name));
        }

        @Override
        public synchronized String run(DockerNode node, String doing, String script) {
            if (script.equals(CutScripts.ALIVE)) {
                return alive;
            }
            ran.add(node.name() + ": " + chains(script));
            return settled;
        }

        @Override
        public synchronized void atStart(DockerNode node, String script) {
            ran.add(node.name() + " at start: " + chains(script));
        }

        /** What the end of the script asks for. */
        private static String chains(String script) {
            return String.join(
                    ", ",
                    script.lines()
                            .filter(line -> line.startsWith("drop CL-"))
                            .map(line -> line.substring("drop ".length()))
                            .toList());
        }
    }

    @Test
    void eachMachineIsToldAllThatHolds() {
        machines.add("a");
        machines.add("b");
        FaultHandle first = cuts.begin(Cut.oneWay(Set.of("a"), Set.of("b")));
        cuts.begin(Cut.oneWay(Set.of("a"), Set.of("b")));
        cuts.end(first);
        cuts.end(first);
        assertThat(machines.ran)
                .containsExactly(
                        "b: CL-1a2b3c4d-1 192.168.99.100",
                        "b: CL-1a2b3c4d-1 192.168.99.100, CL-1a2b3c4d-2 192.168.99.100",
                        "b: CL-1a2b3c4d-2 192.168.99.100");
        assertThat(cuts.ways()).containsExactly(new Way("a", "b"));
    }

    @Test
    void aCutThatAMachineRefusesIsNotBegun() {
        machines.add("a");
        machines.add("b");
        machines.settled = "sh: iptables: not found";
        refused(() -> cuts.begin(Cut.oneWay(Set.of("a"), Set.of("b"))));
        assertThat(cuts.ways()).isEmpty();
        assertThat(machines.ran).containsExactly("b: CL-1a2b3c4d-1 192.168.99.100", "b: ");
    }

    @Test
    void aCutThatAMachineDoesNotLetGoCanBeEndedAgain() {
        machines.add("a");
        machines.add("b");
        FaultHandle cut = cuts.begin(Cut.oneWay(Set.of("a"), Set.of("b")));
        machines.settled = "iptables: Resource temporarily unavailable.";
        refused(() -> cuts.end(cut));
        assertThat(cuts.ways()).containsExactly(new Way("a", "b"));
        machines.settled = CutScripts.DONE;
        cuts.end(cut);
        assertThat(cuts.ways()).isEmpty();
        assertThat(machines.ran.getLast()).isEqualTo("b: ");
    }

    private static void refused(Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        LabException.class, e -> assertThat(e.kind()).isEqualTo(LabException.Kind.REFUSED));
    }

    @Test
    void aMachineThatIsOffIsToldBeforeItsDaemonStarts() {
        machines.add("a");
        DockerNode off = machines.add("b");
        off.become(State.KILLED);
        cuts.begin(Cut.oneWay(Set.of("a"), Set.of("b")));
        assertThat(machines.ran).isEmpty();
        cuts.poweringOn(off);
        off.become(State.RUNNING);
        cuts.poweredOn(off);
        assertThat(machines.ran)
                .containsExactly("b at start: CL-1a2b3c4d-1 192.168.99.100", "b: CL-1a2b3c4d-1 192.168.99.100");
    }

    @Test
    void whatHasEndedByItselfBeginsAgain() {
        machines.add("a");
        machines.add("b");
        cuts.begin(Cut.oneWay(Set.of("a"), Set.of("b")));
        cuts.keep();
        assertThat(machines.ran).hasSize(1);
        machines.alive = CutScripts.GONE;
        cuts.keep();
        assertThat(machines.ran).hasSize(2).last().isEqualTo("b: CL-1a2b3c4d-1 192.168.99.100");
    }

    @Test
    void aMachineThatIsGoneLeavesEveryFault() {
        machines.add("a");
        machines.add("b");
        FaultHandle cut = cuts.begin(Cut.between(List.of(Set.of("a"), Set.of("b"))));
        machines.nodes.remove("a");
        cuts.forget("a");
        assertThat(cuts.ways()).isEmpty();
        cuts.keep();
        assertThat(machines.ran.getLast()).as("b drops nothing any more").isEqualTo("b: ");
        cuts.end(cut);
        assertThat(machines.ran).hasSize(3);
    }
}
