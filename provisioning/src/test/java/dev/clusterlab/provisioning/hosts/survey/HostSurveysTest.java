package dev.clusterlab.provisioning.hosts.survey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.survey.HostFacts.Inside;
import dev.clusterlab.provisioning.hosts.survey.HostFacts.SwarmPart;
import dev.clusterlab.provisioning.hosts.survey.HostSurveys.Result;
import dev.clusterlab.provisioning.observe.EmbeddedLab;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HostSurveysTest {
    @Test
    void readsWhatTheScriptSawAndKeepsTheRestOpen() {
        assertThat(HostSurveys.inside(List.of(
                        "ipvs no",
                        "netem yes",
                        "disk 1000",
                        "run 50",
                        "mtu 1450",
                        "listens 7946/tcp",
                        "listens 22/tcp",
                        "end")))
                .isEqualTo(new Inside(
                        Optional.of(false),
                        Optional.of(true),
                        new HostDisk(OptionalLong.of(1_024_000), OptionalLong.of(51_200)),
                        OptionalInt.of(1450),
                        List.of("7946/tcp"),
                        List.of()));
        assertThat(HostSurveys.inside(List.of("disk many", "end")))
                .isEqualTo(new Inside(
                        Optional.empty(),
                        Optional.empty(),
                        new HostDisk(OptionalLong.empty(), OptionalLong.empty()),
                        OptionalInt.empty(),
                        List.of(),
                        List.of()));
    }

    @Test
    void tellsManagersFromWorkersFromHostsInNoSwarmAndWhoIsNotThere() {
        try (var lab = new EmbeddedLab(1)) {
            lab.swarm(1, List.of("m1", "w1"));
            lab.engine.createMachine("x1");
            List<Host> hosts = List.of(
                    host(
                            "m1",
                            lab.engine
                                    .machine("m1")
                                    .orElseThrow()
                                    .dockerEndpoint()
                                    .orElseThrow()),
                    host(
                            "w1",
                            lab.engine
                                    .machine("w1")
                                    .orElseThrow()
                                    .dockerEndpoint()
                                    .orElseThrow()),
                    host(
                            "x1",
                            lab.engine
                                    .machine("x1")
                                    .orElseThrow()
                                    .dockerEndpoint()
                                    .orElseThrow()),
                    host("gone", URI.create("unix:///nowhere.sock")));

            List<Result> results = HostSurveys.of(hosts, Map.of(), "Linux", InstantSource.system());

            assertThat(results.subList(0, 3))
                    .extracting(result -> ((Result.Reached) result).facts().swarm())
                    .containsExactly(SwarmPart.MANAGER, SwarmPart.WORKER, SwarmPart.NONE);
            assertThat(((Result.Reached) results.getFirst()).facts().engineVersion())
                    .isNotEmpty();
            assertThat(((Result.Unreached) results.getLast()).why())
                    .hasMessageContaining("gone (unix:///nowhere.sock)");
        }
    }

    private static Host host(String name, URI endpoint) {
        return new Host(name, HostAddress.parse(endpoint.toString(), Optional.empty()));
    }
}
