package dev.clusterlab.lab.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.docker.images.ImageSpace.Need;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.consent.TraefikLog;
import dev.clusterlab.provisioning.hosts.lab.HostPlan;
import dev.clusterlab.provisioning.hosts.survey.HostDisk;
import dev.clusterlab.provisioning.hosts.survey.HostRoom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is said of hosts before anything is done on them. */
class HostWordsTest {
    @Test
    void saysWhatIsFreeOnAHostAndWhatTheLabNeedsOfIt() {
        assertThat(english(room(5, 0)))
                .endsWith(
                        "48.2 GB of its disk are free, and the lab needs up to 900 MB (5 images, as large as on this computer)");
        assertThat(english(room(1, 1))).endsWith("(1 image, some of unknown size)");
        assertThat(english(room(0, 0))).endsWith("(for what it writes: the images are there)");
        assertThat(english(Optional.empty())).endsWith("before images come");
        assertThat(RemoteWords.of(Locale.FRENCH).host(plan(room(5, 0))))
                .endsWith("le laboratoire en veut 900 MB au plus (5 images, comme sur cet ordinateur)");
    }

    @Test
    void saysOfEachDiskThatIsTooSmallWhereTheFigureComesFrom() {
        HostRoom small = new HostRoom(disk(100_000_000L), new Need(900_000_000L, 5, 2));
        ErrorWords french = ErrorWords.of(Locale.FRENCH);
        assertThat(small.refused("a")).get().satisfies(why -> {
            assertThat(why).hasMessageContaining("2 of them are not on this computer and are taken for 300 MB each");
            assertThat(french.what(why))
                    .contains("dont 2 ne sont pas sur cet ordinateur et sont comptées pour 300 MB chacune");
        });
        assertThat(new HostRoom(new HostDisk(OptionalLong.of(48_000_000_000L), OptionalLong.of(4096)), small.need())
                        .refused("a"))
                .get()
                .satisfies(why -> assertThat(french.what(why)).contains("sous /run"));
        assertThat(new HostRoom(new HostDisk(OptionalLong.empty(), OptionalLong.empty()), small.need()).refused("a"))
                .isEmpty();
    }

    @Test
    void saysWhetherServersOfFailedRequestsAreReadOrInferred() {
        ConsentWords words = ConsentWords.of(Locale.ENGLISH);
        assertThat(words.logs(List.of())).isEmpty();
        assertThat(words.logs(List.of(TraefikLog.TELLS, TraefikLog.TELLS)).orElseThrow())
                .contains("is read from Traefik's access log");
        assertThat(words.logs(List.of(TraefikLog.SILENT)).orElseThrow()).contains("inferred, not measured");
        assertThat(words.logs(List.of(TraefikLog.UNKNOWN)).orElseThrow()).contains("else inferred");
        assertThat(words.logs(List.of(TraefikLog.TELLS, TraefikLog.SILENT)).orElseThrow())
                .contains("of those Traefiks");
        for (TraefikLog log : TraefikLog.values()) {
            assertThat(ConsentWords.of(Locale.FRENCH).logs(List.of(log)).orElseThrow())
                    .startsWith("Quel serveur");
        }
    }

    private static String english(Optional<HostRoom> room) {
        return RemoteWords.of(Locale.ENGLISH).host(plan(room));
    }

    private static HostPlan plan(Optional<HostRoom> room) {
        Host host = new Host("a", HostAddress.parse("ssh://lab@192.0.2.11", Optional.empty()));
        return new HostPlan(host, "ubuntu", 0, room, Optional.empty());
    }

    private static Optional<HostRoom> room(int lacking, int assumed) {
        return Optional.of(new HostRoom(disk(48_200_000_000L), new Need(900_000_000L, lacking, assumed)));
    }

    private static HostDisk disk(long bytes) {
        return new HostDisk(OptionalLong.of(bytes), OptionalLong.empty());
    }
}
