package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the narrator would say of whole runs on the embedded engine. */
class NarratedLabTest {
    private static final int SEED = 7;

    @Test
    void tellsTheLabFromTheFirstMachineToTheLastLoss() throws Exception {
        NarratedRun run = NarratedRun.ofLab("resilient-swarm", SEED);
        assertThat(run.english())
                .containsSubsequence(
                        "## 1 Three machines",
                        "leader1, worker1 and worker2 run now.",
                        "A swarm begins, and leader1 leads it.",
                        "worker1 and worker2 join the swarm as workers.",
                        "The network multi-host-net spans all machines, with 10.1.9.0/24.",
                        "visualizer runs, on leader1.",
                        "consul-leader leads Consul.",
                        "Both tasks of web run.",
                        "Consul finds both instances of democonsul healthy.",
                        "traefik runs, on leader1.",
                        "leader2 joins the swarm as a manager.",
                        "All 10 tasks of web run.",
                        "## 11 Lose a worker for good",
                        "worker3 has lost its power, and its 3 tasks with it.");
        assertThat(afterSecondsAreLeftOut(run.english()))
                .containsSubsequence(
                        "Swarm has given up worker3 and its 3 tasks. — because worker3 lost its power",
                        "web.3 and web.8 run again, on worker1 and worker2."
                                + " — because Swarm gave up worker3 ← worker3 lost its power",
                        "worker3 is gone for good, and out of the swarm.",
                        "leader1 no longer hears leader2: 2 of 3 managers are left, and none more may be lost."
                                + " — because leader2 lost its power",
                        "Consul has no leader any more; consul-leader led it.",
                        "leader1 leads Consul now, after consul-leader.",
                        "Traefik has no route to democonsul any more."
                                + " — because no instance of democonsul is healthy",
                        "## 15 Prove it",
                        "The swarm has no leader any more; leader1 led it. — because leader1 lost its power",
                        "worker2 leads the swarm now, after leader1: 2 of 3 managers are with it."
                                + " — because leader1 lost its power",
                        "Swarm has given up leader1 and its 6 tasks. — because leader1 lost its power");
        assertThat(run.french())
                .hasSameSizeAs(run.english())
                .contains(
                        "Un swarm est né, et leader1 le dirige.",
                        "web.3 et web.8 tournent de nouveau, sur worker1 et"
                                + " worker2. — car Swarm a abandonné worker3 6 s plus tôt ← worker3 a perdu son courant 18 s plus"
                                + " tôt");
    }

    @Test
    void tellsOfACutOfALostQuorumAndOfTheWayBack() throws Exception {
        NarratedRun run = NarratedRun.ofScript(
                SEED,
                "docker-machine create leader1 worker1 worker2 worker4",
                "eval \"$(docker-machine env leader1)\"",
                "docker swarm init --advertise-addr $(docker-machine ip leader1)",
                "for name in worker1 worker2; do docker -H tcp://$(docker-machine ip $name):2375 swarm join"
                        + " --token $(docker swarm join-token -q manager) $(docker-machine ip leader1):2377; done",
                "docker -H tcp://$(docker-machine ip worker4):2375 swarm join"
                        + " --token $(docker swarm join-token -q worker) $(docker-machine ip leader1):2377",
                "docker service create --name web --replicas 10 nginx",
                "fault network.partition leader1,worker4 worker1,worker2; " + seconds(60),
                "fault heal all; " + seconds(60),
                "docker-machine kill leader1; " + seconds(15),
                "docker-machine kill worker1; " + seconds(15),
                "docker-machine start leader1; docker-machine start worker1; " + seconds(30));
        assertThat(String.join("\n", run.english()))
                .containsSubsequence(
                        "The network is cut: leader1 and worker4 | worker1 and worker2.",
                        " leads now. The two machines on side A run on, but nobody there may decide."
                                + " — because leader1 hears 1 of 3 managers, and 2 are needed ← the network was cut ",
                        "Their 5 tasks run on there, but no longer count.",
                        "5 tasks of web run again, on worker2 and worker1.",
                        "The network is whole again.",
                        "Four machines, three managers; all 10 tasks run.",
                        "Nobody may decide any more: 1 of 3 managers is left, 2 are needed. What runs goes on."
                                + " — because worker1 lost its power",
                        "Enough managers are back, and elect a leader.");
    }

    private static String seconds(int seconds) {
        return "for second in $(seq 1 " + seconds + "); do sleep 1; done";
    }

    private static List<String> afterSecondsAreLeftOut(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll(" \\d+ s earlier", ""))
                .toList();
    }
}
