package dev.clusterlab.provisioning.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who follows a daemon's events goes on doing so, however it breaks off. */
class EventStreamTest {
    @Test
    void whateverBreaksOffAStreamItIsOpenedAgain() throws Exception {
        var attempts = new CountDownLatch(2);
        try (var stream = new EventStream(
                "leader1",
                () -> {
                    attempts.countDown();
                    throw new CancellationException("its connection was cancelled");
                },
                "{}",
                () -> {},
                event -> {})) {
            stream.start();
            assertThat(attempts.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
