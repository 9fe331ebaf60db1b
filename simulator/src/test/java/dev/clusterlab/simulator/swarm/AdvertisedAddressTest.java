package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Nothing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a new swarm is told of itself: the address that others shall use, and its settings. */
class AdvertisedAddressTest {
    private final SwarmLab lab = new SwarmLab(1);

    private ApiResult<String> init(String json) {
        var request =
                DockerJson.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Cluster.InitRequest.class);
        return lab.call("m1", (daemon, done) -> daemon.swarmInit(request, done));
    }

    private String join(String machine, String remote, boolean manager) {
        Cluster.JoinTokens tokens = Objects.requireNonNull(lab.cluster("m1").joinTokens());
        return SwarmLab.error(lab.tryJoin(machine, remote, manager ? tokens.manager() : tokens.worker()));
    }

    @Test
    void anyAddressIsTakenAndTold() {
        lab.machine("m1");
        init("{'AdvertiseAddr':'203.0.113.7'}").orThrow();
        lab.until(() -> lab.nodes("m1").stream().allMatch(node -> node.state(Node.READY)));
        Node node = lab.nodes("m1").get(0);
        assertThat(Objects.requireNonNull(node.managerStatus()).addr()).isEqualTo("203.0.113.7:2377");
    }

    @Test
    void aWorkerFindsNoManagerAgainThatTellsTheLoopbackAddress() {
        lab.machine("m1");
        lab.machine("w1");
        init("{'AdvertiseAddr':'127.0.0.1'}").orThrow();
        assertThat(join("w1", "127.0.0.1:2377", false)).contains("connection refused");
        assertThat(join("w1", lab.get("m1").address() + ":2377", false)).startsWith("ok");
        lab.until(() -> lab.node("m1", "w1").state(Node.READY));
        lab.kill("w1");
        lab.until(() -> lab.node("m1", "w1").state(Node.DOWN));
        lab.start("w1");
        assertThat(lab.happens(() -> lab.node("m1", "w1").state(Node.READY), Duration.ofMinutes(1)))
                .isFalse();
    }

    @Test
    void aSecondManagerDoesNotFindTheFirstThatTellsTheLoopbackAddress() {
        lab.machine("m1");
        lab.machine("m2");
        init("{'AdvertiseAddr':'127.0.0.1'}").orThrow();
        join("m2", lab.get("m1").address() + ":2377", true);
        assertThat(lab.happens(() -> !lab.state("m2", "m1").isEmpty(), Duration.ofMinutes(1)))
                .as("its replica hears nothing of the first's")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'AdvertiseAddr':'0.0.0.0' | advertise address must be a non-zero IP address or network interface (with"
                        + " optional port number)",
                "'AdvertiseAddr':'nonsense' | advertise address must be a non-zero IP address or network interface (with"
                        + " optional port number)",
                "'Spec':{'Name':'mine'} | swarm spec must be named \"default\"",
                "'Spec':{'CAConfig':{'NodeCertExpiry':1800000000000}} | rpc error: code = InvalidArgument desc = minimum"
                        + " certificate expiry time is: 1h0m0s",
                "'Spec':{'Dispatcher':{'HeartbeatPeriod':-1}} | rpc error: code = InvalidArgument desc = heartbeat time"
                        + " period cannot be a negative duration",
            })
    void nonsenseIsRefusedAndLeavesNoSwarm(String fields, String message) {
        lab.machine("m1");
        assertThat(SwarmLab.error(init("{" + fields + "}"))).isEqualTo("400 " + message);
        init("{}").orThrow();
    }

    @Test
    void aSwarmIsNotRenamed() {
        lab.machine("m1");
        init("{}").orThrow();
        Cluster cluster = lab.cluster("m1");
        var renamed = new Cluster.SwarmSpec("mine", null, null, null, null, null, null, null);
        assertThat(SwarmLab.error(lab.<Nothing>call(
                        "m1",
                        (daemon, done) -> daemon.swarmUpdate(cluster.version().index(), renamed, false, false, done))))
                .isEqualTo("400 rpc error: code = InvalidArgument desc = modification of cluster name is not allowed");
    }
}
