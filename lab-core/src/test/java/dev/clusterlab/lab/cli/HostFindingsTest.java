package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.docker.images.ImageReferences;
import dev.clusterlab.provisioning.docker.images.ImageSpace;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.survey.HostDisk;
import dev.clusterlab.provisioning.hosts.survey.HostFacts;
import dev.clusterlab.provisioning.hosts.survey.HostFacts.Closed;
import dev.clusterlab.provisioning.hosts.survey.HostFacts.Inside;
import dev.clusterlab.provisioning.hosts.survey.HostFacts.SwarmPart;
import dev.clusterlab.provisioning.hosts.survey.HostSurveys.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HostFindingsTest {
    @Test
    void aHostThatLacksNothingIsOneGoodLine() {
        assertThat(found(List.of(reached("a", "1.41", false, Duration.ZERO, good()))))
                .allMatch(finding -> finding.level() == Finding.Level.GOOD)
                .extracting(Finding::subject)
                .containsExactly("a", "MTU");
    }

    @Test
    void saysWhatToChangeOnAHostThatIsOldRootlessLateFullOrWithoutModules() {
        var inside = new Inside(
                Optional.of(false),
                Optional.of(false),
                disk(1_000_000_000),
                OptionalInt.of(1500),
                List.of("7946/tcp"),
                List.of());
        List<Finding> findings = found(List.of(reached("a", "1.40", true, Duration.ofSeconds(-5), inside)));
        assertThat(findings)
                .anySatisfy(finding -> assertThat(finding)
                        .extracting(Finding::level, Finding::advice)
                        .containsExactly(Finding.Level.MISSING, "Update Docker there to 20.10 or newer."))
                .extracting(Finding::found)
                .anySatisfy(found -> assertThat(found).contains("runs without root"))
                .anySatisfy(found -> assertThat(found).isEqualTo("its clock is 5.0 s behind this computer's"))
                .anySatisfy(found -> assertThat(found).contains("no IPVS"))
                .anySatisfy(found -> assertThat(found).contains("no netem"))
                .anySatisfy(found -> assertThat(found)
                        .startsWith(
                                "it has 1.0 GB of disk free where Docker keeps its data, and a lab needs up to 2.0 GB"))
                .anySatisfy(found -> assertThat(found).contains("listens at 7946/tcp"));
    }

    @Test
    void saysWhatToOpenBetweenHostsAndHowLongPacketsOfOverlaysMayBe() {
        var narrow = new Inside(
                Optional.of(true),
                Optional.of(true),
                new HostDisk(OptionalLong.empty(), OptionalLong.empty()),
                OptionalInt.of(1400),
                List.of(),
                List.of(new Closed("b", 2377), new Closed("b", 7946)));
        List<Finding> findings = found(List.of(
                reached("a", "1.41", false, Duration.ZERO, narrow),
                reached("b", "1.41", false, Duration.ZERO, good())));
        assertThat(findings)
                .anySatisfy(finding -> {
                    assertThat(finding.found()).isEqualTo("nothing comes back from b at TCP port 2377, 7946");
                    assertThat(finding.advice()).contains("4789/udp");
                })
                .anySatisfy(finding -> {
                    assertThat(finding.found()).contains("1400, 1500");
                    assertThat(finding.advice()).contains("mtu=1350");
                })
                .anySatisfy(finding -> assertThat(finding.found()).contains("cannot be tried without a Swarm"));
    }

    /** Nothing is known of the sizes of images. */
    private static List<Finding> found(List<Result> results) {
        return HostFindings.of(results, new ImageSpace(ImageReferences.of(Map.of()), Map.of()));
    }

    private static HostDisk disk(long bytes) {
        return new HostDisk(OptionalLong.of(bytes), OptionalLong.empty());
    }

    private static Inside good() {
        return new Inside(
                Optional.of(true),
                Optional.of(true),
                disk(50_000_000_000L),
                OptionalInt.of(1500),
                List.of(),
                List.of());
    }

    private static Result reached(String name, String api, boolean rootless, Duration ahead, Inside inside) {
        return new Result.Reached(
                new Host(name, new HostAddress.Ssh(Optional.empty(), name, OptionalInt.empty())),
                new HostFacts(
                        "20.10.24",
                        api,
                        "Debian",
                        "6.1",
                        "2",
                        2,
                        4_000_000_000L,
                        rootless,
                        true,
                        SwarmPart.NONE,
                        0,
                        0,
                        new TreeSet<>(),
                        Duration.ofMillis(3),
                        ahead,
                        Optional.of(inside)));
    }
}
