package dev.clusterlab.provisioning.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.LabException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What faults can be told, and what they refuse to be told. */
class FaultValuesTest {
    private static final Set<String> ALL = Set.of("a", "b", "c", "d");

    @ParameterizedTest
    @CsvSource({
        "NETWORK_LATENCY, delay, 1m30s, no value for delay, 1ms to 1m",
        "NETWORK_LATENCY, delay, 0, no value for delay, 1ms to 1m",
        "NETWORK_LATENCY, delay, soon, no value for delay, 1ms to 1m",
        "NETWORK_LATENCY, delay, 5, no value for delay, 1ms to 1m",
        "NETWORK_LOSS, share, 101%, no value for share, 0.1 % to 100 %",
        "NETWORK_LOSS, share, 0%, no value for share, 0.1 % to 100 %",
        "NETWORK_BURST, share, 95%, no value for share, 1 % to 90 %",
        "NETWORK_BANDWIDTH, rate, 1kbit, no value for rate, 8kbit to 10gbit",
        "NETWORK_BANDWIDTH, rate, 64, no value for rate, 8kbit to 10gbit",
        "NETWORK_LOSS, delay, 1ms, network.loss has no delay, 'share, one-way'",
        "NETWORK_PARTITION, share, 5%, network.partition has no share, told nothing",
        "CONTAINER_KILL, signal, STOP, no value for signal, 'KILL, TERM'"
    })
    void refusesWhatIsOutOfRangeAndSaysTheRange(FaultKind kind, String word, String text, String what, String advice) {
        assertThatThrownBy(() -> FaultValues.of(kind, Map.of(word, text)))
                .isInstanceOfSatisfying(LabException.class, e -> {
                    assertThat(e.kind()).isEqualTo(LabException.Kind.INPUT);
                    assertThat(e).hasMessageContaining(what);
                    assertThat(e.advice()).contains(advice);
                });
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> FaultValues.of(FaultKind.NETWORK_LATENCY, Map.of("jitter", "1ms")))
                .hasMessage("network.latency needs a delay.");
    }

    @ParameterizedTest
    @CsvSource({
        "NETWORK_LATENCY, delay, 1500ms, delay=1s500ms jitter=0s",
        "NETWORK_LOSS, share, 2.50 %, share=2.5%",
        "NETWORK_BURST, share, 10, share=10% burst=500ms",
        "NETWORK_BANDWIDTH, rate, 1500kbit/s, rate=1.5mbit",
        "CONTAINER_KILL, signal, sigterm, signal=TERM"
    })
    void showsWhatItWasToldInOneForm(FaultKind kind, String word, String text, String shown) {
        assertThat(FaultValues.of(kind, Map.of(word, text))).hasToString(shown);
    }

    @Test
    void aFaultSaysWhatItWasToldToMakeIt() {
        for (Map.Entry<FaultKind, Map<String, String>> told : Map.of(
                        FaultKind.NETWORK_LATENCY, Map.of("delay", "120ms", "jitter", "7.5ms", "one-way", "true"),
                        FaultKind.NETWORK_LOSS, Map.of("share", "0.7%"),
                        FaultKind.NETWORK_BURST, Map.of("share", "33%", "burst", "1m"),
                        FaultKind.NETWORK_BANDWIDTH, Map.of("rate", "64kbit"),
                        FaultKind.NETWORK_DUPLICATES, Map.of("share", "100%"),
                        FaultKind.NETWORK_REORDERING, Map.of("share", "12.5%", "by", "3s"))
                .entrySet()) {
            FaultValues values = FaultValues.of(told.getKey(), told.getValue());
            Fault fault = Faults.onNetwork(told.getKey(), List.of(Set.of("a")), ALL, values, Optional.empty());
            assertThat(fault.values()).isEqualTo(values);
        }
    }

    @Test
    void refusesWhatCannotBe() {
        FaultValues late = FaultValues.of(FaultKind.NETWORK_LATENCY, Map.of("delay", "10ms", "jitter", "11ms"));
        assertThatThrownBy(() ->
                        Faults.onNetwork(FaultKind.NETWORK_LATENCY, List.of(Set.of("a")), ALL, late, Optional.empty()))
                .hasMessageContaining("before they are sent");
        assertThatThrownBy(() -> Faults.onMachine(
                        FaultKind.MACHINE_KILL, "a", FaultValues.NONE, Optional.of(Duration.ofSeconds(1))))
                .hasMessageContaining("does not end by itself");
        assertThatThrownBy(() -> network(FaultKind.NETWORK_RING, Set.of("a", "b", "c")))
                .hasMessageContaining("four machines");
        assertThatThrownBy(() -> network(FaultKind.NETWORK_RING, Set.of("a"), Set.of("b")))
                .hasMessageContaining("one group");
        assertThatThrownBy(() -> network(FaultKind.NETWORK_BRIDGE, Set.of("a"), Set.of("b")))
                .hasMessageContaining("one machine, and two groups");
        assertThatThrownBy(() -> network(FaultKind.NETWORK_BRIDGE, Set.of("a"), Set.of("a", "b"), Set.of("c")))
                .hasMessageContaining("two groups");
        assertThatThrownBy(() ->
                        new Fault.Flapping(new Fault.MachineKill("a"), 3, Duration.ofSeconds(1), Duration.ofSeconds(2)))
                .hasMessageContaining("cannot come and go");
        assertThatThrownBy(() -> new Fault.Flapping(
                        new Fault.MachinePause("a", Optional.empty()), 3, Duration.ofSeconds(2), Duration.ofSeconds(2)))
                .hasMessageContaining("less long");
    }

    @SafeVarargs
    private static Fault network(FaultKind kind, Set<String>... groups) {
        return Faults.onNetwork(kind, List.of(groups), ALL, FaultValues.NONE, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({"4, 4", "5, 10", "6, 6", "7, 14"})
    void inARingEachHearsAMajorityAndNoTwoTheSame(int size, int cut) {
        var machines = new java.util.TreeSet<String>();
        for (int i = 0; i < size; i++) {
            machines.add("m" + i);
        }
        var ring = new Fault.NetworkRing(machines, Optional.empty());
        var heard = new java.util.HashSet<Set<String>>();
        for (String machine : machines) {
            var hears = new java.util.TreeSet<>(machines);
            ring.cut().stream().filter(way -> way.to().equals(machine)).forEach(way -> hears.remove(way.from()));
            assertThat(hears.size() * 2).isGreaterThan(size);
            heard.add(hears);
        }
        assertThat(heard).hasSize(size);
        assertThat(ring.cut()).hasSize(cut);
    }
}
