package dev.clusterlab.provisioning.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.EngineOptions;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.ProbePort;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.RequestSample.NoAnswer;
import dev.clusterlab.shell.curl.CurlFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbeddedProbesTest {
    @Test
    void startsForWhichThereIsNoRoomAreMissedAndCounted() throws InterruptedException {
        try (var engine = new EmbeddedEngine(EngineOptions.unattended())) {
            engine.createMachine("leader1");
            engine.pauseMachine("leader1");
            List<RequestSample> samples = new ArrayList<>();
            List<Duration> missed = new ArrayList<>();
            var plan = new ProbePlan(
                    2_000, Duration.ofSeconds(4), List.of("leader1"), 80, "/", Map.of(), Duration.ofSeconds(3));
            ProbePort.Running running = new EmbeddedProbes(engine.cluster(), ProbePlan.RATE_MAX)
                    .begin(plan, new ProbePort.Listener() {
                        @Override
                        public void ended(RequestSample sample) {
                            samples.add(sample);
                        }

                        @Override
                        public void missed(Duration due) {
                            missed.add(due);
                        }
                    });
            Duration began = engine.clock().elapsed();
            assertThat(engine.clock().await(running::over, Duration.ofSeconds(20)))
                    .isTrue();
            // Room for 2.5 s; the first are given up after 3 s, from when on there is room for as many as are due.
            assertThat(missed).hasSizeBetween(999, 1_001);
            assertThat(missed.getFirst().minus(began)).isEqualTo(Duration.ofMillis(2_500));
            assertThat(running.made()).isEqualTo(8_000 - missed.size());
            assertThat(samples).hasSize(8_000 - missed.size()).allSatisfy(sample -> {
                assertThat(sample.outcome()).isEqualTo(new NoAnswer(CurlFailure.TIMEOUT));
                assertThat(sample.took()).isEqualTo(Duration.ofSeconds(3));
            });
        }
    }
}
