package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostLack;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a host lacks for which fault; that a real one is asked rightly is for real machines to say. */
final class HostSurveyTest {
    private static Map<FaultKind, HostLack> lacks(String... seen) {
        var lacks = new TreeMap<>(HostSurvey.unsupported(List.of(seen)));
        lacks.keySet().removeAll(DockerFaults.NEVER.keySet());
        return lacks;
    }

    @Test
    void aHostWithAllOfItCanDoAllThatRealMachinesCan() {
        assertThat(lacks("netem", "classes", "tbf", "statistic", "disk 1")).isEmpty();
        assertThat(HostSurvey.unsupported(List.of("netem", "classes", "tbf", "statistic")))
                .isEqualTo(DockerFaults.NEVER);
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
