package dev.clusterlab.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class EngineFaultTest {
    @Test
    void cutsEachWayBetweenMachinesOfDifferentGroups() {
        assertThat(EngineFault.Cut.between(List.of(Set.of("a", "b"), Set.of("c")))
                        .ways())
                .containsExactly(new Way("a", "c"), new Way("b", "c"), new Way("c", "a"), new Way("c", "b"));
        assertThat(EngineFault.Cut.between(List.of(Set.of("a"), Set.of("b"), Set.of("c")))
                        .ways())
                .hasSize(6);
    }

    @Test
    void cutsOneDirectionAndNotTheOther() {
        assertThat(EngineFault.Cut.oneWay(Set.of("a", "b"), Set.of("c")).ways())
                .containsExactly(new Way("a", "c"), new Way("b", "c"));
    }

    @Test
    void refusesWhatIsNoCut() {
        refused(() -> EngineFault.Cut.between(List.of(Set.of("a", "b"), Set.of("b", "c"))), "b is in two groups.");
        refused(() -> EngineFault.Cut.between(List.of(Set.of("a", "b"), Set.of())), "There is nothing to cut.");
        refused(() -> EngineFault.Cut.oneWay(Set.of("a"), Set.of("a", "b")), "a cannot be cut off from itself.");
        refused(() -> new EngineFault.Cut(new TreeSet<>()), "There is nothing to cut.");
    }

    private static void refused(ThrowingCallable cut, String message) {
        assertThatThrownBy(cut)
                .hasMessage(message)
                .isInstanceOfSatisfying(
                        LabException.class, e -> assertThat(e.kind()).isEqualTo(LabException.Kind.INPUT));
    }
}
