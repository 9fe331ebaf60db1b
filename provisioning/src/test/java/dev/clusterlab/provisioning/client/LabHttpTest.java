package dev.clusterlab.provisioning.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.FakeDaemon;
import dev.clusterlab.provisioning.FakeEngine;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.client.LabHttp.Request;
import dev.clusterlab.provisioning.client.LabHttp.Result;
import dev.clusterlab.shell.curl.CurlFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class LabHttpTest {
    private final FakeEngine engine = new FakeEngine();
    private final FakeDaemon web = new FakeDaemon();
    private final LabHttp http = new LabHttp(engine);

    @BeforeEach
    void start() {
        engine.createMachine("leader1");
        engine.createMachine("worker1");
        engine.publish("worker1", 80, web);
        web.reply("/", "Hello Docker World on democonsul:instance_00ff").reply("/x", "x");
    }

    @AfterEach
    void close() {
        http.close();
        web.close();
        engine.close();
    }

    private Result.Answer answer(String address) {
        return (Result.Answer) http.send(Request.get(address));
    }

    private Result.NoAnswer noAnswer(String address) {
        return (Result.NoAnswer) http.send(Request.get(address));
    }

    @Test
    void understandsTheAddressesThatTheLabShows() {
        assertThat(answer("http://192.168.99.101/").text()).contains("instance_00ff");
        assertThat(answer("192.168.99.101:80/x?y=1").machine()).isEqualTo("worker1");
        assertThat(answer("http://worker1").status()).isEqualTo(200);
        assertThat(answer("http://democonsul.localhost/").status()).isEqualTo(200);
        assertThat(answer("http://localhost:" + web.port() + "/").status()).isEqualTo(200);
        assertThat(web.requests())
                .containsExactly(
                        "GET / 192.168.99.101",
                        "GET /x?y=1 192.168.99.101:80",
                        "GET / worker1",
                        "GET / democonsul.localhost",
                        "GET / localhost:" + web.port());
    }

    @Test
    void keepsTheHostHeaderThatIsGiven() {
        http.send(Request.get("http://192.168.99.101").withHeader("host", "democonsul.localhost"));
        assertThat(web.requests()).containsExactly("GET / democonsul.localhost");
    }

    @Test
    void saysWhyNobodyAnswers() {
        assertThat(noAnswer("http://192.168.99.100/").text())
                .isEqualTo("Failed to connect to 192.168.99.100 port 80: Connection refused");
        assertThat(noAnswer("http://nowhere/").failure()).isEqualTo(CurlFailure.UNKNOWN_HOST);
        assertThat(noAnswer("http://192.168.99.199/").failure()).isEqualTo(CurlFailure.UNREACHABLE);
        engine.killMachine("worker1");
        assertThat(noAnswer("http://worker1/").failure()).isEqualTo(CurlFailure.UNREACHABLE);
        engine.startMachine("worker1");
        web.hold("/");
        assertThat(noAnswer("http://worker1/").failure()).isEqualTo(CurlFailure.TIMEOUT);
        assertThatThrownBy(() -> Request.get("https://worker1/")).isInstanceOf(LabException.class);
    }

    @Test
    void onAMachineLocalhostIsThatMachineAndNoOther() {
        try (LabHttp onWorker = new LabHttp(engine, Optional.of("worker1"));
                LabHttp onLeader = new LabHttp(engine, Optional.of("leader1"))) {
            assertThat(onWorker.send(Request.get("http://localhost/")))
                    .isInstanceOfSatisfying(
                            Result.Answer.class,
                            answer -> assertThat(answer.machine()).isEqualTo("worker1"));
            assertThat(onLeader.send(Request.get("http://localhost/")))
                    .isInstanceOfSatisfying(
                            Result.NoAnswer.class,
                            none -> assertThat(none.failure()).isEqualTo(CurlFailure.REFUSED));
            assertThat(onLeader.send(Request.get("http://worker1/"))).isInstanceOf(Result.Answer.class);
        }
    }

    @Test
    void onAMachineACutOfEitherDirectionKeepsFromTheOther() {
        try (LabHttp onLeader = new LabHttp(engine, Optional.of("leader1"))) {
            for (Way way : List.of(new Way("leader1", "worker1"), new Way("worker1", "leader1"))) {
                FaultHandle cut = engine.begin(new EngineFault.Cut(new TreeSet<>(Set.of(way))));
                assertThat(onLeader.send(Request.get("http://worker1/")))
                        .isInstanceOfSatisfying(Result.NoAnswer.class, none -> {
                            assertThat(none.failure()).isEqualTo(CurlFailure.TIMEOUT);
                            assertThat(none.text())
                                    .isEqualTo("Failed to connect to worker1 port 80: Connection timed out");
                        });
                assertThat(answer("http://worker1/").status())
                        .as("from outside")
                        .isEqualTo(200);
                engine.end(cut);
            }
            assertThat(onLeader.send(Request.get("http://worker1/"))).isInstanceOf(Result.Answer.class);
        }
    }

    @Test
    @Timeout(60)
    void givesUpByItselfOnRealMachinesWhichDoNotKnowItsTimeout() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FakeEngine real = FakeEngine.inRealTime();
                LabHttp impatient = new LabHttp(real)) {
            real.createMachine("leader1");
            real.publish("leader1", 80, "127.0.0.1:" + silent.getLocalPort());
            Result result = impatient.send(Request.get("leader1").withTimeout(Duration.ofSeconds(1)));
            assertThat(result)
                    .isInstanceOfSatisfying(
                            Result.NoAnswer.class,
                            none -> assertThat(none.failure()).isEqualTo(CurlFailure.TIMEOUT));
        }
    }
}
