package dev.clusterlab.provisioning.hosts.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.RealHosts;
import dev.clusterlab.provisioning.docker.RealStack;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.survey.HostFacts;
import dev.clusterlab.provisioning.hosts.survey.HostRoom;
import dev.clusterlab.provisioning.hosts.survey.HostSurveys;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A host whose disk is full, or fills up: it is said before anything is touched, and nothing half made stays. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("the host of SmallDiskTest")
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SmallDiskTest {
    private static final String CONSUL = "hashicorp/consul:1.20";
    private static final int ROOMY_KILOBYTES = 4_000_000;
    private static final int FEW_KILOBYTES = 40_000;

    @TempDir
    private static Path folder;

    private static RealHosts hosts;
    private String before = "";

    @BeforeAll
    static void makeAHost() throws Exception {
        RealStack.require();
        hosts = RealHosts.create(folder, List.of("small"));
        hosts.giveDisk("small", 50);
    }

    @AfterAll
    static void removeIt() {
        if (hosts != null) {
            hosts.close();
        }
    }

    @BeforeEach
    void look() {
        before = hosts.contents("small");
    }

    @AfterEach
    void hasWhatItHad() {
        assertThat(hosts.contents("small")).isEqualTo(before);
    }

    private static LabHosts given(Host host) {
        return new LabHosts(List.of(host), Set.of());
    }

    @Test
    void isNotTakenWhereALabsImagesFindNoRoomAndTheDoctorSeesIt() {
        hosts.leaveFree("small", FEW_KILOBYTES);
        RemoteSettings settings = hosts.settings();
        assertThatThrownBy(() -> RemoteEngine.create(settings, given(hosts.bySsh("small"))))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("of disk free where Docker keeps its data, and a lab needs up to")
                .hasMessageContaining("by the 5 images that it lacks, as this computer has them")
                .hasMessageContaining("docker system df");

        HostFacts facts = ((HostSurveys.Result.Reached) HostSurveys.of(
                                List.of(hosts.bySsh("small")),
                                settings.environment(),
                                settings.operatingSystem(),
                                settings.time())
                        .getFirst())
                .facts();
        var room = new HostRoom(
                facts.inside().orElseThrow().disk(), settings.space().beside(facts.images()));
        assertThat(room.refused("it")).get().satisfies(why -> assertThat(why).hasMessageStartingWith("it has 4"));
    }

    @Test
    void isGivenBackBeforeImagesComeWhereNobodyCouldLookBefore() {
        hosts.leaveFree("small", FEW_KILOBYTES);
        try (var lab = RemoteEngine.create(hosts.settings(), given(hosts.byTls("small")))) {
            assertThat(lab.plans().getFirst().room()).isEmpty();
            assertThatThrownBy(() -> lab.createMachine("small"))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("of disk free where Docker keeps its data");
            assertThat(hosts.contents("small")).isEqualTo(before);
        }
    }

    @Test
    void losesWhatHadComeOfAnImageThatItHasNoRoomFor() {
        hosts.leaveFree("small", ROOMY_KILOBYTES);
        try (var lab = RemoteEngine.create(hosts.settings(), given(hosts.bySsh("small")))) {
            assertThat(lab.plans().getFirst().room())
                    .get()
                    .satisfies(room -> assertThat(room.known()).isTrue());
            lab.createMachine("small");
            hosts.leaveFree("small", FEW_KILOBYTES);
            String images = images();
            assertThatThrownBy(() -> lab.provideImage(CONSUL))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("The disk of small")
                    .hasMessageContaining("is full")
                    .hasMessageContaining("taken away again");
            assertThat(images()).isEqualTo(images);
            assertThat(hosts.inside("small", "df -k /var/lib/docker | awk 'NR == 2 {print ($4 > 30000)}'"))
                    .as("what came is gone")
                    .contains("1");

            hosts.leaveFree("small", ROOMY_KILOBYTES);
            lab.provideImage(CONSUL);
            assertThat(images()).contains("consul");
            hosts.leaveFree("small", 0);
        }
    }

    @Test
    void isGivenBackWhereTheHelperFindsNoRoom() {
        hosts.leaveFree("small", ROOMY_KILOBYTES);
        try (var lab = RemoteEngine.create(hosts.settings(), given(hosts.bySsh("small")))) {
            hosts.leaveFree("small", 0);
            assertThatThrownBy(() -> lab.createMachine("small"))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("The disk of small");
            assertThat(lab.machines()).isEmpty();
        }
    }

    private static String images() {
        return hosts.inside("small", "docker images -a --format '{{.Repository}}:{{.Tag}} {{.ID}}' | sort");
    }
}
