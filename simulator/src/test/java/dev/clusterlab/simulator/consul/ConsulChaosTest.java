package dev.clusterlab.simulator.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.consul.ConsulCluster.Agent;
import dev.clusterlab.simulator.core.SimRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** First anything may break, then all is mended and the cluster has to agree again. */
class ConsulChaosTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25})
    void agreesAgainOnceEverythingIsMended(long seed) {
        var cluster = new ConsulCluster(seed);
        List<Agent> servers = cluster.readyServers(3);
        var agents = new ArrayList<>(servers);
        for (int i = 1; i <= 2; i++) {
            Agent client = cluster.startedClient("client" + i);
            client.put(
                    "/v1/agent/service/register",
                    "{\"ID\":\"web" + i + "\",\"Name\":\"web\",\"Port\":80,\"Check\":{\"HTTP\":\"http://"
                            + client.address + ":8500/v1/status/leader\",\"Interval\":\"5s\"}}");
            agents.add(client);
        }
        var random = new SimRandom(seed).split("chaos");
        for (int round = 0; round < 20; round++) {
            Agent target = random.pick(agents);
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    if (target.running()) {
                        target.kill();
                    } else {
                        target.start();
                    }
                }
                case 2 -> target.pause();
                case 3 -> target.resume();
                case 4 -> {
                    var left = new java.util.TreeSet<String>();
                    var right = new java.util.TreeSet<String>();
                    agents.forEach(agent -> (random.chance(0.5) ? left : right).add(agent.name));
                    cluster.underlay.partition("chaos", List.of(Set.copyOf(left), Set.copyOf(right)));
                }
                default -> cluster.underlay.healAll();
            }
            for (Agent agent : agents) {
                if (agent.running() && !agent.scope().paused()) {
                    agent.send(ConsulCluster.request("PUT", "/v1/kv/round").withBody(Integer.toString(round)));
                    agent.send(ConsulCluster.request("GET", "/v1/health/service/web?index=1&wait=30s"));
                }
            }
            cluster.run(Duration.ofSeconds(1 + random.nextInt(20)));
        }
        cluster.underlay.healAll();
        for (Agent agent : agents) {
            agent.resume();
            if (!agent.running()) {
                agent.start();
            }
        }
        cluster.await("one leader that all know, everyone a voter", Duration.ofMinutes(5), () -> {
            Agent leader = cluster.leader(servers);
            if (leader == null || leader.server().raftConfiguration().size() != 3) {
                return false;
            }
            return leader.server().raftConfiguration().stream().allMatch(peer -> peer.voter())
                    && servers.stream()
                            .allMatch(server ->
                                    leader.address.equals(server.server().leaderAddress()));
        });
        cluster.run(Duration.ofSeconds(150));
        Agent leader = java.util.Objects.requireNonNull(cluster.leader(servers));
        assertThat(leader.json("/v1/health/service/web?passing"))
                .as("both services are back and healthy, seed " + seed)
                .hasSize(2);
        assertThat(leader.json("/v1/catalog/nodes")).hasSize(5);
        Object expected = leader.server().store().snapshot();
        for (Agent server : servers) {
            assertThat(server.server().store().snapshot()).isEqualTo(expected);
        }
    }
}
