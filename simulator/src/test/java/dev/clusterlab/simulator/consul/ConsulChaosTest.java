package dev.clusterlab.simulator.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.consul.ConsulCluster.Agent;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.seeds.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** First anything may break, under the eyes of the invariants; then all is mended and the cluster has to agree again. */
class ConsulChaosTest {
    static LongStream seeds() {
        return Seeds.between(25, 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreesAgainOnceEverythingIsMended(long seed) {
        try {
            breakAndMend(seed);
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(Seeds.replay(ConsulChaosTest.class, seed) + "\n" + broken.getMessage(), broken);
        }
    }

    private static void breakAndMend(long seed) {
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
        servers.getFirst().write("written/before", "kept");
        servers.getLast().registerOutside("outside");
        cluster.await(
                "both writes",
                Duration.ofSeconds(10),
                () -> cluster.acknowledgedWrites().count() == 2);
        var random = new SimRandom(seed).split("chaos");
        var work = new Work(new SimRandom(seed).split("work"), agents);
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
            work.round();
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
                .as("both services are back and healthy")
                .hasSize(2);
        assertThat(leader.json("/v1/catalog/nodes"))
                .as("five agents, and the node that runs none")
                .hasSize(6);
        Object expected = leader.server().store().snapshot();
        for (Agent server : servers) {
            assertThat(server.server().store().snapshot()).isEqualTo(expected);
        }
    }

    /** What clients do meanwhile: they write, register for good or for a while, and compete for a lock with sessions that may run out. */
    private static final class Work {
        private final SimRandom random;
        private final List<Agent> agents;
        private final List<String> sessions = new ArrayList<>();
        private int rounds;

        Work(SimRandom random, List<Agent> agents) {
            this.random = random;
            this.agents = agents;
        }

        void round() {
            rounds++;
            for (Agent agent : agents) {
                if (!agent.running() || agent.scope().paused()) {
                    continue;
                }
                switch (random.nextInt(7)) {
                    case 0 -> agent.write("written/" + rounds + "-" + agent.name, agent.name);
                    case 1 -> agent.registerOutside("outside" + rounds + "-" + agent.name);
                    case 2 -> createSession(agent);
                    case 3 -> lock(agent, "acquire");
                    case 4 -> lock(agent, "release");
                    case 5 -> registerBriefly(agent);
                    default -> agent.send(ConsulCluster.request("PUT", "/v1/agent/service/deregister/briefly"));
                }
            }
        }

        private void createSession(Agent agent) {
            String body = "{\"TTL\":\"10s\",\"LockDelay\":\"" + random.nextInt(4) + "s\",\"Behavior\":\""
                    + (random.chance(0.5) ? "release" : "delete") + "\"}";
            agent.send(ConsulCluster.request("PUT", "/v1/session/create").withBody(body), answer -> {
                if (answer.status() == 200) {
                    sessions.add(ConsulCluster.read(answer).path("ID").asText());
                }
            });
        }

        /** Under one of two names, with a check that soon gets critical. */
        private void registerBriefly(Agent agent) {
            String name = random.chance(0.5) ? "briefly" : "shortly";
            agent.send(ConsulCluster.request("PUT", "/v1/agent/service/register")
                    .withBody("{\"ID\":\"briefly\",\"Name\":\"" + name + "\",\"Check\":{\"TTL\":\"5s\"}}"));
        }

        private void lock(Agent agent, String how) {
            if (!sessions.isEmpty()) {
                String path = "/v1/kv/lock?" + how + "=" + random.pick(sessions);
                agent.send(ConsulCluster.request("PUT", path).withBody(agent.name));
            }
        }
    }
}
