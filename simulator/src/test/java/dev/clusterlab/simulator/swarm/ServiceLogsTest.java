package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.LogRequest;
import dev.clusterlab.simulator.docker.api.LogSink;
import dev.clusterlab.simulator.docker.api.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceLogsTest {
    private final SwarmLab lab = SwarmLab.swarm(1, 1, 2);

    /** The lines of a service until now, and when the answer had ended. */
    private static final class Lines implements LogSink {
        final List<String> texts = new ArrayList<>();
        boolean ended;

        @Override
        public void line(boolean stderr, Instant time, Map<String, String> context, String text) {
            texts.add(text.strip());
        }

        @Override
        public void end() {
            ended = true;
        }
    }

    private Lines logs(String service, double secondsMax) {
        var lines = new Lines();
        lab.<Subscription>call("m1", (daemon, done) -> daemon.serviceLogs(service, LogRequest.ALL, lines, done))
                .orThrow();
        assertThat(lab.secondsUntil(() -> lines.ended)).isLessThan(secondsMax);
        return lines;
    }

    @Test
    void endWhenEveryNodeHasAnswered() {
        lab.createRunning("m1", Spec.service("web").replicas(3), 3);
        lab.create("m1", Spec.service("once").image("test/finishing").restart("none", null, 0, null));
        lab.run(5);
        assertThat(logs("once", 0.1).texts).containsExactly("done");
        logs("web", 0.1);
    }

    @Test
    void waitForANodeThatSaysNothingForTenSeconds() {
        lab.createRunning("m1", Spec.service("web").replicas(3), 3);
        lab.get("w1").kill();
        logs("web", 10.1);
    }
}
