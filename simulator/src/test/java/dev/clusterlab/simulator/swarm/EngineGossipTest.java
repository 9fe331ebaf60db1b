package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the engines of a swarm believe of each other. */
class EngineGossipTest {
    @Test
    void enginesFindEachOtherWithinSecondsAfterAPartition() {
        for (long seed = 1; seed <= 5; seed++) {
            SwarmLab lab = SwarmLab.swarm(seed, 3, 3);
            lab.isolate("m2");
            lab.until(() -> !sees(lab, "m1", "m2") && !sees(lab, "m2", "m1"));
            lab.heal("m2");
            // One that failed is tried each second, of five; Serf would try every 30 s.
            assertThat(lab.secondsUntil(() -> sees(lab, "m1", "m2") && sees(lab, "m2", "m1")))
                    .isLessThan(5);
        }
    }

    private static boolean sees(SwarmLab lab, String one, String other) {
        Dockerd daemon = lab.get(one).dockerdOrNull();
        Dockerd seen = lab.get(other).dockerdOrNull();
        return daemon != null
                && seen != null
                && daemon.seesAlive(lab.get(other), seen.swarm().nodeId());
    }
}
