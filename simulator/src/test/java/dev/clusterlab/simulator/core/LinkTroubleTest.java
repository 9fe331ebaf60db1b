package dev.clusterlab.simulator.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clusterlab.simulator.core.Underlay.Link;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of messages on a way that is in trouble. */
class LinkTroubleTest {
    private static final List<Link> WAY = List.of(new Link("a", "b"));

    private final Simulation simulation = new Simulation(1, Instant.EPOCH);
    private final Underlay underlay = new Underlay(simulation);
    private final Scope b = machine("b");

    LinkTroubleTest() {
        machine("a");
    }

    private Scope machine(String name) {
        Scope scope = Scope.root(simulation, name);
        underlay.attach(name, scope);
        return scope;
    }

    private enum Carrier {
        DATAGRAM,
        SHARED,
        OWN
    }

    private void send(Carrier carrier, Runnable arrival) {
        Underlay.Station from = underlay.station("a");
        Underlay.Station to = underlay.station("b");
        switch (carrier) {
            case DATAGRAM -> underlay.sendDatagram(from, to, b, arrival);
            case SHARED -> underlay.send(from, to, b, arrival);
            case OWN -> underlay.sendOn(new Underlay.Connection(), from, to, b, 1_000, arrival);
        }
    }

    /** How long messages took, of those that arrived; one is sent every ten milliseconds. */
    private List<Duration> took(Carrier carrier, int count) {
        var took = new ArrayList<Duration>();
        for (int i = 0; i < count; i++) {
            long sentNanos = simulation.nowNanos();
            send(carrier, () -> took.add(Duration.ofNanos(simulation.nowNanos() - sentNanos)));
            simulation.runFor(Duration.ofMillis(10));
        }
        simulation.runFor(Duration.ofMinutes(5));
        return took;
    }

    private static double share(List<Duration> took, Duration atLeast) {
        return took.stream().filter(each -> each.compareTo(atLeast) >= 0).count() / (double) took.size();
    }

    @Test
    void datagramsAreLostAndConnectionsSendAgain() {
        underlay.trouble("fault", WAY, new LinkTrouble.Loss(0.2));
        assertThat(took(Carrier.DATAGRAM, 5_000).size() / 5_000.0).isCloseTo(0.8, within(0.02));
        List<Duration> requests = took(Carrier.OWN, 5_000);
        assertThat(requests).hasSize(5_000);
        assertThat(share(requests, Duration.ofMillis(200))).isCloseTo(0.2, within(0.02));
        assertThat(share(requests, Duration.ofMillis(600))).isCloseTo(0.04, within(0.01));
        assertThat(requests)
                .noneMatch(
                        each -> each.compareTo(Duration.ofMillis(2)) > 0 && each.compareTo(Duration.ofMillis(200)) < 0);
    }

    @Test
    void whatFollowsOnAConnectionWaitsForWhatIsSentAgain() {
        underlay.trouble("fault", WAY, new LinkTrouble.Loss(0.2));
        var order = new ArrayList<Integer>();
        for (int i = 0; i < 500; i++) {
            int number = i;
            send(Carrier.SHARED, () -> order.add(number));
            simulation.runFor(Duration.ofMillis(1));
        }
        underlay.mend("fault");
        for (int i = 500; i < 600; i++) {
            int number = i;
            send(Carrier.SHARED, () -> order.add(number));
        }
        simulation.runFor(Duration.ofMinutes(10));
        assertThat(order).hasSize(600).isSorted();
    }

    @Test
    void latencyHasJitterAndAddsUp() {
        underlay.trouble("one", WAY, new LinkTrouble.Latency(Duration.ofMillis(100), Duration.ofMillis(20)));
        underlay.trouble("two", WAY, new LinkTrouble.Latency(Duration.ofMillis(50), Duration.ZERO));
        assertThat(took(Carrier.DATAGRAM, 500))
                .hasSize(500)
                .allSatisfy(each -> assertThat(each).isBetween(Duration.ofMillis(130), Duration.ofMillis(171)));
        underlay.mend("one");
        assertThat(took(Carrier.DATAGRAM, 100))
                .allSatisfy(each -> assertThat(each).isBetween(Duration.ofMillis(50), Duration.ofMillis(51)));
        assertThat(underlay.troubled("one")).isEmpty();
        assertThat(underlay.troubled("two")).isEqualTo(WAY);
        underlay.mend("two");
        assertThat(took(Carrier.DATAGRAM, 10))
                .allSatisfy(each -> assertThat(each).isLessThan(Duration.ofMillis(1)));
    }

    @Test
    void burstsLoseEverythingForAWhile() {
        underlay.trouble("fault", WAY, new LinkTrouble.BurstLoss(0.25, Duration.ofMillis(500)));
        var arrived = new boolean[20_000];
        for (int i = 0; i < arrived.length; i++) {
            int number = i;
            send(Carrier.DATAGRAM, () -> arrived[number] = true);
            simulation.runFor(Duration.ofMillis(10));
        }
        int lost = 0;
        int bursts = 0;
        for (int i = 1; i < arrived.length; i++) {
            lost += arrived[i] ? 0 : 1;
            bursts += arrived[i - 1] && !arrived[i] ? 1 : 0;
        }
        assertThat(lost / 20_000.0).isCloseTo(0.25, within(0.06));
        assertThat(lost / (double) bursts).as("fifty messages a burst").isCloseTo(50, within(15.0));
    }

    @Test
    void aNarrowWayMakesMessagesWaitAndDropsDatagramsFromAFullQueue() {
        // 500 bytes take half a second.
        underlay.trouble("fault", WAY, new LinkTrouble.Bandwidth(8_000));
        var arrived = new ArrayList<Duration>();
        for (int i = 0; i < 10; i++) {
            send(Carrier.DATAGRAM, () -> arrived.add(simulation.elapsed()));
        }
        simulation.runFor(Duration.ofMinutes(1));
        assertThat(arrived).hasSize(3);
        assertThat(arrived.getLast()).isBetween(Duration.ofMillis(1_500), Duration.ofMillis(1_502));
        arrived.clear();
        for (int i = 0; i < 10; i++) {
            send(Carrier.SHARED, () -> arrived.add(simulation.elapsed()));
        }
        simulation.runFor(Duration.ofMinutes(1));
        assertThat(arrived).hasSize(10);
        assertThat(arrived.getLast()).isGreaterThan(Duration.ofSeconds(65));
    }

    @Test
    void onlyDatagramsComeTwiceOrOutOfOrder() {
        underlay.trouble("twice", WAY, new LinkTrouble.Duplicates(0.5));
        underlay.trouble("late", WAY, new LinkTrouble.Reordering(0.3, Duration.ofMillis(40)));
        var datagrams = new ArrayList<Integer>();
        var messages = new ArrayList<Integer>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            send(Carrier.DATAGRAM, () -> datagrams.add(number));
            send(Carrier.SHARED, () -> messages.add(number));
            simulation.runFor(Duration.ofMillis(10));
        }
        simulation.runFor(Duration.ofSeconds(1));
        assertThat(datagrams.size() / 1_000.0).isCloseTo(1.5, within(0.05));
        assertThat(datagrams).isNotEqualTo(datagrams.stream().sorted().toList());
        assertThat(messages).hasSize(1_000).isSorted();
    }

    @Test
    void observersDoNotChangeWhatHappensToOthers() {
        assertThat(arrivals(true)).isEqualTo(arrivals(false));
    }

    private static List<Long> arrivals(boolean observed) {
        var test = new LinkTroubleTest();
        test.underlay.trouble("burst", WAY, new LinkTrouble.BurstLoss(0.3, Duration.ofMillis(30)));
        test.underlay.trouble("loss", WAY, new LinkTrouble.Loss(0.2));
        test.underlay.trouble("narrow", WAY, new LinkTrouble.Bandwidth(1_000_000));
        test.underlay.trouble("slow", WAY, new LinkTrouble.Latency(Duration.ofMillis(9), Duration.ofMillis(9)));
        var arrivals = new ArrayList<Long>();
        for (int i = 0; i < 300; i++) {
            if (observed) {
                test.simulation.observe(() -> test.send(Carrier.OWN, () -> {}));
            }
            test.send(Carrier.DATAGRAM, () -> arrivals.add(test.simulation.nowNanos()));
            test.send(Carrier.OWN, () -> arrivals.add(test.simulation.nowNanos()));
            test.simulation.runFor(Duration.ofMillis(5));
        }
        test.simulation.runFor(Duration.ofMinutes(5));
        return arrivals;
    }
}
