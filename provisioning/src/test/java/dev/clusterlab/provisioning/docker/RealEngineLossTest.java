package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder;
import dev.clusterlab.provisioning.docker.host.HostProbe;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The user's engine goes away in the middle of a lab, as when Docker Desktop is restarted, and comes back. */
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealEngineLossTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void needsAnEngine() {
        RealStack.require();
    }

    @Test
    void aLabGoesOnWhenTheEngineIsBackAndKnowsWhatHappenedMeanwhile() throws IOException {
        try (var way = new Way();
                HostDocker direct = RealStack.host()) {
            var finder = new HostEngineFinder(
                    Map.of("CLUSTERLAB_DOCKER_HOST", way.endpoint().toString()), folder, "Linux", HostProbe::whyNot);
            try (DockerEngine engine = DockerEngine.create(RealStack.settings(folder), finder)) {
                try {
                    loseAndFind(engine, way, direct);
                } finally {
                    // Or the lab could not remove its machines.
                    way.open();
                }
            }
        }
    }

    private static void loseAndFind(DockerEngine engine, Way way, HostDocker direct) {
        engine.createMachines(List.of("leader1", "worker1"));
        way.block();
        LabException lost = catchThrowableOfType(LabException.class, () -> engine.createMachine("worker2"));
        assertThat(lost.kind()).isEqualTo(LabException.Kind.ENVIRONMENT);
        assertThat(lost).hasMessageContaining("the Docker Engine of this computer does not answer");
        assertThat(lost.advice()).contains("See that Docker runs");
        assertThat(engine.machine("worker2")).isEmpty();
        direct.post("test", "/containers/clusterlab-" + engine.recordedLab().orElseThrow() + "-worker1/kill");
        way.open();
        await(() -> engine.machine("worker1").orElseThrow().state() == Machine.State.KILLED);
        assertThat(engine.machine("leader1").orElseThrow().state()).isEqualTo(Machine.State.RUNNING);
        engine.startMachine("worker1");
        assertThat(engine.machine("worker1").orElseThrow().state()).isEqualTo(Machine.State.RUNNING);
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the lab noticed").isLessThan(deadlineNanos);
            Thread.onSpinWait();
        }
    }

    /** The way to the engine's socket, which can be blocked. */
    private static final class Way implements Closeable {
        private final UnixDomainSocketAddress engine = UnixDomainSocketAddress.of(
                Path.of(URI.create(System.getenv("CLUSTERLAB_DOCKER_HOST")).getPath()));
        private final ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Closeable> passing = new CopyOnWriteArrayList<>();
        private volatile boolean blocked;

        Way() throws IOException {
            Thread.ofVirtual().start(this::run);
        }

        URI endpoint() {
            return URI.create("tcp://127.0.0.1:" + entrance.getLocalPort());
        }

        private void run() {
            try {
                while (true) {
                    Socket client = entrance.accept();
                    if (blocked) {
                        client.close();
                        continue;
                    }
                    SocketChannel behind = SocketChannel.open(StandardProtocolFamily.UNIX);
                    behind.connect(engine);
                    passing.add(client);
                    passing.add(behind);
                    pass(client.getInputStream(), Channels.newOutputStream(behind), behind::shutdownOutput);
                    pass(Channels.newInputStream(behind), client.getOutputStream(), client::shutdownOutput);
                }
            } catch (IOException e) {
                // closed
            }
        }

        private static void pass(InputStream from, OutputStream to, Closeable end) {
            // Of a thread of its own each way: a channel that reads would keep the other way waiting.
            Thread.ofPlatform().daemon().start(() -> {
                try (end) {
                    from.transferTo(to);
                } catch (IOException e) {
                    // blocked, or one side ended
                }
            });
        }

        void block() {
            blocked = true;
            passing.forEach(Way::quietly);
            passing.clear();
        }

        void open() {
            blocked = false;
        }

        private static void quietly(Closeable open) {
            try {
                open.close();
            } catch (IOException e) {
                // It was closed by the other side.
            }
        }

        @Override
        public void close() throws IOException {
            block();
            entrance.close();
        }
    }
}
