package dev.clusterlab.simulator.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.consul.ConsulCluster.Agent;
import dev.clusterlab.simulator.seeds.Percentiles;
import dev.clusterlab.simulator.seeds.Seeds;
import dev.clusterlab.simulator.seeds.TimesReport;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * How long Consul takes to find a leader and to notice losses. The bands come from three servers and a client of Consul
 * 1.8.7 with default timings; its Raft keeps time as that of the version that the engine claims: without pre-votes.
 */
class ConsulTimesTest {
    private static final TimesReport REPORT = new TimesReport("consul-times");

    @AfterAll
    static void writeReport() {
        REPORT.write();
    }

    private static Percentiles compared(
            String what, String real, String timers, ToDoubleFunction<ConsulCluster> scenario) {
        Percentiles seconds = Percentiles.of(Seeds.between(100, 200)
                .mapToDouble(seed -> scenario.applyAsDouble(new ConsulCluster(seed)))
                .toArray());
        REPORT.add(what, real, timers, seconds);
        return seconds;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Losses come at any moment between two heartbeats or probes. */
    private static void settle(ConsulCluster cluster) {
        cluster.run(Duration.ofSeconds(40).plusNanos((long)
                (cluster.simulation.random("moment of the loss").nextDouble() * 10e9)));
    }

    @Test
    void threeServersStartedTogetherElectALeader() {
        Percentiles seconds = compared(
                "three servers started together, bootstrap-expect 3 → a leader",
                "9.2, containers' start included",
                "5 – 10, more when votes are split",
                cluster -> seconds(cluster.awaitLeader(cluster.servers(3))));
        assertThat(seconds.shareWithin(5, 16)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(5.5, 8.5);
    }

    @Test
    void anotherServerLeadsAfterTheLeadersDeath() {
        Percentiles seconds =
                compared("leader of 3 killed → new leader", "15.7 (11.2 – 18.5), 14 times", "", cluster -> {
                    List<Agent> servers = cluster.readyServers(3);
                    settle(cluster);
                    Agent leader = Objects.requireNonNull(cluster.leader(servers));
                    leader.kill();
                    return seconds(cluster.awaitLeader(
                            servers.stream().filter(server -> server != leader).toList()));
                });
        assertThat(seconds.at(50)).isBetween(13.0, 16.5);
        // As 14 samples of the same law are spread.
        assertThat(seconds.shareWithin(11.2, 18.5)).isGreaterThan(0.8);
        assertThat(seconds.at(0)).isGreaterThan(9.5);
        assertThat(seconds.at(100)).isLessThan(30);
    }

    @Test
    void aKilledClientsNodeBecomesCritical() {
        Percentiles seconds =
                compared("client killed → member failed, `serfHealth` critical", "6.0, 6.6, 7.1", "", cluster -> {
                    List<Agent> servers = cluster.readyServers(3);
                    Agent client = cluster.startedClient("client1");
                    settle(cluster);
                    client.kill();
                    return seconds(cluster.await(
                            "serfHealth critical",
                            Duration.ofSeconds(30),
                            () -> Objects.requireNonNull(Objects.requireNonNull(cluster.leader(servers))
                                            .server()
                                            .store()
                                            .check("client1", "serfHealth"))
                                    .status()
                                    .equals("critical")));
                });
        assertThat(seconds.at(50)).isBetween(5.0, 7.1);
        assertThat(seconds.shareWithin(4, 12)).isEqualTo(1);
    }

    /** It looks every 30 s from the agent's start on, whatever was registered when (agent/agent.go, reapServices). */
    @Test
    void theReaperKeepsItsAgentsHours() {
        Percentiles seconds = compared(
                "instances deregistered, after a multiple of 30 s since their agent's start",
                "0, by source",
                "",
                cluster -> {
                    Reaped reaped = reaped(cluster, "\"TTL\":\"20s\"");
                    return reaped.sinceStart() % 30;
                });
        assertThat(seconds.shareWithin(0, 0.01)).isEqualTo(1);
    }

    /** A check that has had no result is critical without being so since (agent/local/state.go, UpdateCheck). */
    @Test
    void aCheckIsCriticalSinceItsFirstResult() {
        Percentiles seconds = compared(
                "first failed check, `deregister_critical_service_after` 1 min → deregistered",
                "60 – 90, by source",
                "60 – 90",
                cluster -> reaped(cluster, "\"TCP\":\"127.0.0.1:9\",\"Interval\":\"50s\"")
                        .sinceResult());
        assertThat(seconds.shareWithin(60, 90)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(69.0, 81.0);
        assertThat(seconds.at(0)).isLessThan(65);
        assertThat(seconds.at(100)).isGreaterThan(85);
    }

    /**
     * When an instance was deregistered whose check only fails, in seconds.
     *
     * @param sinceStart of its agent
     * @param sinceResult of its check, the first
     */
    private record Reaped(double sinceStart, double sinceResult) {}

    /** Registers an instance at any moment of its agent's life, and waits for its end. */
    private static Reaped reaped(ConsulCluster cluster, String check) {
        cluster.readyServers(1);
        cluster.run(Duration.ofSeconds(7));
        long startNanos = cluster.simulation.nowNanos();
        Agent client = cluster.startedClient("client1");
        settle(cluster);
        cluster.run(Duration.ofNanos(
                (long) (cluster.simulation.random("moment of the registration").nextDouble() * 60e9)));
        client.put(
                "/v1/agent/service/register",
                "{\"Name\":\"web\",\"Check\":{" + check + ",\"DeregisterCriticalServiceAfter\":\"1m\"}}");
        LocalState local = client.consul().local();
        cluster.await(
                "a result",
                Duration.ofMinutes(1),
                () -> !Objects.requireNonNull(local.check("service:web"))
                        .check()
                        .output()
                        .isEmpty());
        long resultNanos = cluster.simulation.nowNanos();
        cluster.await("its end", Duration.ofMinutes(3), () -> local.services().isEmpty());
        long endNanos = cluster.simulation.nowNanos();
        return new Reaped((endNanos - startNanos) / 1e9, (endNanos - resultNanos) / 1e9);
    }
}
