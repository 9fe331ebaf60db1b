package dev.clusterlab.provisioning.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostLack;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a host lacks for which fault; that a real one is asked rightly is for real machines to say. */
final class FaultSurveyTest {
    private static Map<FaultKind, HostLack> lacks(String... seen) {
        var lacks = new TreeMap<>(FaultSurvey.unsupported(seen(seen)));
        lacks.keySet().removeAll(RealFaults.NEVER.keySet());
        return lacks;
    }

    /** And all that is there to take something from machines. */
    private static List<String> seen(String... packets) {
        return Stream.concat(Stream.of(packets), Stream.of("nsenter", "string", "cpu-group", "memory-group"))
                .toList();
    }

    @Test
    void aHostWithAllOfItCanDoAllThatRealMachinesCan() {
        assertThat(lacks("netem", "classes", "tbf", "statistic", "disk 1")).isEmpty();
        assertThat(FaultSurvey.unsupported(seen("netem", "classes", "tbf", "statistic")))
                .isEqualTo(RealFaults.NEVER);
    }

    @Test
    void whatCannotBeTakenFromMachinesIsNamed() {
        assertThat(FaultSurvey.unsupported(List.of("netem", "classes", "tbf", "statistic")))
                .containsEntry(FaultKind.DNS_NOT_FOUND, HostLack.NO_NSENTER)
                .containsEntry(FaultKind.MACHINE_CPU, HostLack.NO_CPU_GROUP)
                .containsEntry(FaultKind.MACHINE_MEMORY, HostLack.NO_MEMORY_GROUP)
                .containsEntry(FaultKind.MACHINE_DISK, HostLack.DISK_OF_THE_HOST)
                .containsEntry(FaultKind.MACHINE_CLOCK, HostLack.CLOCK_OF_THE_HOST);
        assertThat(FaultSurvey.unsupported(List.of("netem", "classes", "tbf", "statistic", "nsenter")))
                .containsEntry(FaultKind.DNS_NOT_FOUND, HostLack.NO_STRING_MATCH);
    }

    @Test
    void whatIsLackingIsNamed() {
        assertThat(lacks("classes", "tbf", "statistic"))
                .isEqualTo(Map.of(FaultKind.NETWORK_LATENCY, HostLack.NO_NETEM));
        assertThat(lacks("netem", "statistic"))
                .isEqualTo(Map.of(
                        FaultKind.NETWORK_LATENCY, HostLack.NO_QUEUES,
                        FaultKind.NETWORK_BANDWIDTH, HostLack.NO_QUEUES));
        assertThat(lacks("no-tc", "statistic"))
                .isEqualTo(Map.of(
                        FaultKind.NETWORK_LATENCY, HostLack.NO_TC,
                        FaultKind.NETWORK_BANDWIDTH, HostLack.NO_TC));
        assertThat(lacks("netem", "classes", "tbf"))
                .isEqualTo(Map.of(
                        FaultKind.NETWORK_LOSS, HostLack.NO_STATISTIC,
                        FaultKind.NETWORK_BURST, HostLack.NO_STATISTIC));
        assertThat(lacks("netem", "classes", "tbf", "no-iptables"))
                .containsEntry(FaultKind.NETWORK_LOSS, HostLack.NO_IPTABLES)
                .containsEntry(FaultKind.NETWORK_RING, HostLack.NO_IPTABLES)
                .hasSize(6);
    }
}
