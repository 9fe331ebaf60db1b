package dev.clusterlab.provisioning.hosts.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.hosts.consent.OwnerConsent.Manager;
import dev.clusterlab.provisioning.hosts.consent.OwnerConsent.ServiceOf;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How much may be broken at once, where, and what is left of the managers. */
class ConsentLimitsTest {
    private static Set<Way> between(String one, List<String> others) {
        var ways = new TreeSet<Way>();
        others.forEach(other -> {
            ways.add(new Way(one, other));
            ways.add(new Way(other, one));
        });
        return ways;
    }

    @Test
    void touchesTheFewestOfTheHostsThatAreAllowed() {
        Set<Way> cut = between("c", List.of("a", "b", "d"));
        assertThat(FewestHosts.of(cut, Set.of("a", "b", "c", "d")).orElseThrow())
                .containsExactly("c");
        assertThat(FewestHosts.of(cut, Set.of("c")).orElseThrow()).containsExactly("c");
        assertThat(FewestHosts.of(cut, Set.of("a", "b", "d")).orElseThrow()).containsExactly("a", "b", "d");
        assertThat(FewestHosts.of(cut, Set.of("a", "b"))).isEmpty();
    }

    @Test
    void knowsWhenNoManagerReachesAMajorityAnyMore() {
        List<Manager> three = List.of(new Manager("a", true), new Manager("b", true), new Manager("c", true));
        assertThat(ManagerMajority.remains(three, Set.of())).isTrue();
        assertThat(ManagerMajority.remains(three, between("c", List.of("a", "b"))))
                .isTrue();
        var ring = new TreeSet<>(between("c", List.of("a")));
        assertThat(ManagerMajority.remains(three, ring)).as("b reaches both").isTrue();
        ring.addAll(between("b", List.of("a", "c")));
        assertThat(ManagerMajority.remains(three, ring)).isFalse();
        assertThat(ManagerMajority.remains(three, Set.of(new Way("a", "b"), new Way("b", "c"), new Way("c", "a"))))
                .as("one direction is enough to lose an answer")
                .isFalse();
        List<Manager> oneDown = List.of(new Manager("a", true), new Manager("b", true), new Manager("c", false));
        assertThat(ManagerMajority.remains(oneDown, Set.of())).isTrue();
        assertThat(ManagerMajority.remains(oneDown, between("a", List.of("b")))).isFalse();
        assertThat(ManagerMajority.remains(List.of(new Manager("a", true)), between("a", List.of("w"))))
                .as("the only one decides alone")
                .isTrue();
    }

    @Test
    void letsAThirdBeBrokenAtOnceUnlessMoreIsAllowed() {
        var time = new AtomicLong();
        var third = new AtOnce(OptionalInt.empty(), time::get);
        third.requireNodes(List.of("a"), 2);
        third.requireNodes(List.of("a", "b"), 6);
        third.began(new FaultHandle("1"), List.of("a", "b"));
        third.requireNodes(List.of("b"), 6);
        assertThatThrownBy(() -> third.requireNodes(List.of("c"), 6))
                .hasMessageContaining("3 nodes (a, b, c) at once, and at most 2");
        third.ended(new FaultHandle("1"));
        third.requireNodes(List.of("c"), 6);
        new AtOnce(OptionalInt.of(3), time::get).requireNodes(List.of("a", "b", "c"), 3);

        var web = new ServiceOf("id", "web", 3);
        third.requireContainer(web, "1");
        third.gone(web, "1");
        assertThatThrownBy(() -> third.requireContainer(web, "2")).hasMessageContaining("2 tasks of web at once");
        third.requireContainer(new ServiceOf("other", "shop", 1), "2");
        time.addAndGet(31_000_000_000L);
        third.requireContainer(web, "2");
        third.began(new FaultHandle("2"), web, "2");
        assertThatThrownBy(() -> third.requireContainer(web, "3")).hasMessageContaining("at most 1");
    }
}
