package dev.clusterlab.provisioning.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.Reach.Finding;
import dev.clusterlab.provisioning.real.ReachProbe.Told;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReachProbeTest {
    private static final Optional<Told> NOTHING = Optional.of(new Told(Set.of(), Set.of(), Set.of()));

    private static Optional<Told> answered(String address) {
        return Optional.of(new Told(Set.of(address), Set.of(), Set.of()));
    }

    private static Optional<Told> dropped(String address) {
        return Optional.of(new Told(Set.of(), Set.of(address), Set.of()));
    }

    @Test
    void aConnectionTellsThatBothWaysAreOpen() {
        assertThat(ReachProbe.finding("a", answered("b"), "b", NOTHING, false)).isEqualTo(Finding.OPEN);
        assertThat(ReachProbe.finding("b", NOTHING, "a", answered("b"), false)).isEqualTo(Finding.OPEN);
    }

    @Test
    void theKernelsRulesTellWhichWayIsCut() {
        assertThat(ReachProbe.finding("a", NOTHING, "b", dropped("a"), false)).isEqualTo(Finding.CUT);
        assertThat(ReachProbe.finding("b", dropped("a"), "a", NOTHING, false)).isEqualTo(Finding.OPEN);
        assertThat(ReachProbe.finding("a", dropped("b"), "b", dropped("a"), false))
                .isEqualTo(Finding.CUT);
    }

    @Test
    void whatNobodyDropsAndNobodyAnswersIsLostBothWays() {
        assertThat(ReachProbe.finding("a", NOTHING, "b", NOTHING, false)).isEqualTo(Finding.CUT);
    }

    @Test
    void onASlowWayOnlyARuleTellsThatItIsCut() {
        assertThat(ReachProbe.finding("a", NOTHING, "b", NOTHING, true)).isEqualTo(Finding.OPEN);
        assertThat(ReachProbe.finding("a", NOTHING, "b", dropped("a"), true)).isEqualTo(Finding.CUT);
        assertThat(ReachProbe.finding("a", Optional.empty(), "b", Optional.empty(), true))
                .isEqualTo(Finding.UNKNOWN);
    }

    @Test
    void whereNeitherCouldTryNothingIsKnown() {
        assertThat(ReachProbe.finding("a", Optional.empty(), "b", Optional.empty(), false))
                .isEqualTo(Finding.UNKNOWN);
        assertThat(ReachProbe.finding("a", Optional.empty(), "b", answered("a"), false))
                .isEqualTo(Finding.OPEN);
    }

    @Test
    void readsWhatAMachineTells() {
        assertThat(ReachProbe.read("answered 192.168.99.101\ndropped 192.168.99.102\nsh: noise\n"))
                .isEqualTo(new Told(Set.of("192.168.99.101"), Set.of("192.168.99.102"), Set.of()));
    }

    /** Nobody listens at the daemon's port here; that is an answer. */
    @Test
    void aRefusalIsAnAnswer() throws IOException, InterruptedException {
        var shell = new ProcessBuilder("sh", "-c", ReachProbe.script(List.of("127.0.0.1"), 2376))
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
        assertThat(ReachProbe.read(said).answered()).containsExactly("127.0.0.1");
    }
}
