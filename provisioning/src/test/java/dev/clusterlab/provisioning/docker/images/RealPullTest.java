package dev.clusterlab.provisioning.docker.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.docker.LabCertificates;
import dev.clusterlab.provisioning.docker.LabCertificatesTest;
import dev.clusterlab.provisioning.docker.RealStack;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A real engine pulls from a registry on loopback whose connection is good, is cut off, or stands still. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealPullTest {
    @TempDir
    private Path folder;

    private final List<EngineProgress> told = new CopyOnWriteArrayList<>();
    private TestRegistry registry;
    private HostDocker host;

    @BeforeAll
    static void needsAnEngine() {
        RealStack.require();
    }

    @BeforeEach
    void begin() {
        Instant now = Instant.now();
        LabCertificates.Server certificate = LabCertificates.create("12ab34cd", folder, now, new SecureRandom())
                .server("registry", "127.0.0.1", now);
        registry = new TestRegistry(new Random(), LabCertificatesTest.context(certificate));
        host = RealStack.host();
    }

    @AfterEach
    void removeImage() {
        if (host.hasImage(registry.reference())) {
            host.delete("test", "/images/" + registry.reference());
        }
        host.close();
        registry.close();
    }

    @Test
    void tellsHowMuchIsThereUntilTheImageIs() {
        host.pull(registry.reference(), told::add);
        assertThat(host.hasImage(registry.reference())).isTrue();
        assertThat(told).allSatisfy(each -> assertThat(each.stage()).isEqualTo(Stage.PULLING_IMAGE));
        assertThat(told.getLast().detail()).isEqualTo("6 of 6 MB");
    }

    @Test
    void goesOnWhereItWasAfterOneCut() {
        registry.cutOff(1);
        host.pull(registry.reference(), told::add);
        assertThat(host.hasImage(registry.reference())).isTrue();
        assertThat(registry.layerRequests()).isEqualTo(2);
        assertThat(told).extracting(EngineProgress::stage).contains(Stage.PULLING_AGAIN);
        assertThat(told.getLast().detail()).isEqualTo("6 of 6 MB");
    }

    @Test
    void aPullThatIsCutOffAgainAndAgainSaysHowMuchCameAndCanBeCalledAgain() {
        registry.cutOff(Integer.MAX_VALUE);
        LabException refused =
                catchThrowableOfType(LabException.class, () -> host.pull(registry.reference(), told::add));
        assertThat(refused).hasMessageContaining(registry.reference()).hasMessageContaining("3 of 6 MB had come");
        assertThat(refused.advice()).contains("Try again");
        assertThat(host.hasImage(registry.reference())).isFalse();

        registry.cutOff(0);
        host.pull(registry.reference(), told::add);
        assertThat(host.hasImage(registry.reference())).isTrue();
    }

    @Test
    void aPullThatStandsStillCanBeCalledOff() throws Exception {
        registry.standStill();
        var half = new CountDownLatch(1);
        var outcome = new CompletableFuture<LabException>();
        Thread pulling = Thread.ofVirtual()
                .start(() -> outcome.complete(catchThrowableOfType(
                        LabException.class,
                        () -> host.pull(registry.reference(), progress -> {
                            if (progress.detail().contains(" of 6 MB")) {
                                half.countDown();
                            }
                        }))));
        assertThat(half.await(60, TimeUnit.SECONDS)).isTrue();
        pulling.interrupt();
        LabException cancelled = outcome.get(60, TimeUnit.SECONDS);
        assertThat(cancelled.kind()).isEqualTo(Kind.CANCELLED);
        assertThat(cancelled).hasMessageContaining("cancelled");
        assertThat(host.hasImage(registry.reference())).isFalse();
    }
}
