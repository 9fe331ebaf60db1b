package dev.clusterlab.simulator.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the network keeps and draws for its links. */
class UnderlayScaleTest {
    private final Simulation simulation = new Simulation(1, Instant.EPOCH);
    private final Underlay underlay = new Underlay(simulation);

    private Scope machine(String name) {
        Scope scope = Scope.root(simulation, name);
        underlay.attach(name, scope);
        return scope;
    }

    @Test
    void onlyWhatIsOnItsWayIsRemembered() {
        assertThat(remembered(50)).isLessThanOrEqualTo(50 * 17);
        assertThat(remembered(200)).isLessThanOrEqualTo(200 * 17);
    }

    /** Links remembered after each machine has sent to each other one, a millisecond apart. */
    private static int remembered(int machines) {
        var test = new UnderlayScaleTest();
        var scopes = new ArrayList<Scope>();
        for (int i = 0; i < machines; i++) {
            scopes.add(test.machine("n" + i));
        }
        for (int distance = 1; distance < machines; distance++) {
            for (int from = 0; from < machines; from++) {
                int to = (from + distance) % machines;
                test.underlay.send("n" + from, "n" + to, scopes.get(to), () -> {});
            }
            test.simulation.runFor(Duration.ofMillis(1));
        }
        assertThat(test.underlay.sentMessages()).isEqualTo((long) machines * (machines - 1));
        return test.underlay.rememberedLinks();
    }

    @Test
    void delaysAreUniformAndLossIsAsOftenAsTheRuleSays() {
        Scope b = machine("b");
        machine("a");
        var delays = new ArrayList<Long>();
        for (int i = 0; i < 20_000; i++) {
            long sent = simulation.nowNanos();
            underlay.send("a", "b", b, () -> delays.add(simulation.nowNanos() - sent));
            simulation.runFor(Duration.ofMillis(1));
        }
        assertThat(delays).hasSize(20_000).allSatisfy(delay -> assertThat(delay).isBetween(150_000L, 450_000L));
        assertThat(delays.stream().mapToLong(Long::longValue).average().orElseThrow())
                .isCloseTo(300_000, within(2_500.0));
        assertThat(delays.stream().filter(delay -> delay < 225_000).count() / 20_000.0)
                .isCloseTo(0.25, within(0.012));
        delays.clear();
        underlay.rule("a", "b", new Underlay.Rule(Duration.ofMillis(5), 0.3));
        for (int i = 0; i < 20_000; i++) {
            // Several in one instant too.
            underlay.send("a", "b", b, () -> delays.add(simulation.nowNanos()));
            if (i % 3 == 0) {
                simulation.runFor(Duration.ofMillis(1));
            }
        }
        simulation.runFor(Duration.ofSeconds(1));
        assertThat(delays.size() / 20_000.0).isCloseTo(0.7, within(0.012));
        assertThat(delays).isSorted();
    }

    @Test
    void whatOthersSendDoesNotChangeTheDelaysOfALink() {
        assertThat(arrivals(true)).isEqualTo(arrivals(false));
    }

    private static List<Long> arrivals(boolean others) {
        var test = new UnderlayScaleTest();
        Scope b = test.machine("b");
        Scope c = test.machine("c");
        test.machine("a");
        var arrivals = new ArrayList<Long>();
        for (int i = 0; i < 100; i++) {
            if (others) {
                test.underlay.send("a", "c", c, () -> {});
                test.underlay.send("c", "b", b, () -> {});
            }
            test.underlay.send("a", "b", b, () -> arrivals.add(test.simulation.nowNanos()));
            test.simulation.runFor(Duration.ofMillis(1));
        }
        return arrivals;
    }

    @Test
    void messagesOfOneLinkKeepTheirOrder() {
        Scope b = machine("b");
        machine("a");
        var order = new ArrayList<Integer>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            underlay.send("a", "b", b, () -> order.add(number));
            if (i % 7 == 0) {
                simulation.runFor(Duration.ofNanos(40_000));
            }
        }
        simulation.runFor(Duration.ofSeconds(1));
        assertThat(order).hasSize(1_000).isSorted();
    }
}
