package dev.clusterlab.provisioning.hosts.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingRequestTest {
    @Test
    void writesAnewWhatItUnderstoodAndLeavesTheRestOut() throws Exception {
        ReadingRequest read = read(
                ReadingPaths.DOCKER,
                "GET /v1.41/services?status=true HTTP/1.1\r\nHost: docker\r\nX-HTTP-Method-Override: DELETE\r\n"
                        + "Upgrade: tcp\r\nConnection: Upgrade\r\nCookie: a\r\nPrefer: wait=3\r\nContent-Length: 0\r\n\r\n");
        assertThat(new String(read.bytes("leader1:2376"), StandardCharsets.ISO_8859_1))
                .isEqualTo("GET /v1.41/services?status=true HTTP/1.1\r\nHost: leader1:2376\r\nPrefer: wait=3\r\n\r\n");
        assertThat(read.wait(Duration.ofSeconds(8))).isEqualTo(Optional.of(Duration.ofSeconds(8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT"})
    void refusesEveryOtherMethod(String method) {
        assertThatThrownBy(() -> read(ReadingPaths.DOCKER, method + " /v1.41/services HTTP/1.1\r\n\r\n"))
                .isInstanceOf(ReadingRequest.Refused.class)
                .hasMessageContaining("may change something");
    }

    @ParameterizedTest
    @CsvSource({
        "DOCKER, /v1.41/containers/web/attach/ws",
        "DOCKER, /v1.41/swarm",
        "DOCKER, /v1.41/swarm/unlockkey",
        "DOCKER, /v1.41/containers/web/export",
        "DOCKER, /v1.41/containers/web/archive",
        "DOCKER, /v1.41/secrets",
        "DOCKER, /v1.41/containers/../exec/json",
        "DOCKER, /v1.41/containers/%2e%2e/json",
        "DOCKER, //v1.41/services",
        "PLATFORM, /v1/kv/secret",
        "PLATFORM, /v1/agent/leave",
        "PLATFORM, /v1/acl/tokens",
        "PLATFORM, /v1/agent/check/pass/service:web",
        "PLATFORM, /hello"
    })
    void refusesPathsThatAreNotAmongThoseThatAreRead(ReadingPaths paths, String path) {
        assertThatThrownBy(() -> read(paths, "GET " + path + " HTTP/1.1\r\n\r\n"))
                .isInstanceOf(ReadingRequest.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /info HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET /info HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
                "GET /info HTTP/1.1\r\nno colon\r\n\r\n",
                "GET /info HTTP/1.1\r\nHost: a\nPOST /swarm/leave HTTP/1.1\r\n\r\n",
                "GET /info HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET /info HTTP/1.1\r\n folded\r\n\r\n",
                "GET  /info HTTP/1.1\r\n\r\n",
                "GET /info HTTP/1.0\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\n"
            })
    void refusesWhatCouldCarryMoreThanAQuestion(String head) {
        assertThatThrownBy(() -> read(ReadingPaths.DOCKER, head)).isInstanceOf(ReadingRequest.Refused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "DOCKER, /_ping",
        "DOCKER, /v1.41/_ping",
        "DOCKER, /v1.44/info",
        "DOCKER, /v1.41/events?filters=%7B%7D",
        "DOCKER, /v1.41/containers/json?all=true",
        "DOCKER, /v1.41/networks",
        "DOCKER, /v1.41/nodes",
        "DOCKER, /v1.41/tasks",
        "PLATFORM, /v1/status/leader",
        "PLATFORM, /v1/agent/members",
        "PLATFORM, /v1/operator/raft/configuration?stale=",
        "PLATFORM, /v1/health/service/hello-web_1?stale",
        "PLATFORM, /v1/health/state/any?index=3&wait=60s",
        "PLATFORM, /v1/catalog/services",
        "PLATFORM, /api/version",
        "PLATFORM, /api/http/routers?page=1&per_page=100"
    })
    void letsThroughWhatObserversAsk(ReadingPaths paths, String target) throws Exception {
        assertThat(read(paths, "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").target())
                .isEqualTo(target);
    }

    @Test
    void aDoorThatOthersReachWantsToBeCalledByItsName() throws Exception {
        String rebound = "GET /v1/status/leader HTTP/1.1\r\nHost: evil.example:8500\r\n\r\n";
        String twice = "GET /v1/status/leader HTTP/1.1\r\nHost: 127.0.0.1:9\r\nHost: evil.example\r\n\r\n";
        String right = "GET /v1/status/leader HTTP/1.1\r\nHost: 127.0.0.1:9\r\n\r\n";
        Optional<String> name = Optional.of("127.0.0.1:9");
        assertThat(ReadingRequest.read(bytes(right), ReadingPaths.PLATFORM, name))
                .isPresent();
        assertThatThrownBy(() -> ReadingRequest.read(bytes(rebound), ReadingPaths.PLATFORM, name))
                .hasMessageContaining("does not ask for 127.0.0.1:9");
        assertThatThrownBy(() -> ReadingRequest.read(bytes(twice), ReadingPaths.PLATFORM, name))
                .isInstanceOf(ReadingRequest.Refused.class);
    }

    @Test
    void endsAtTheEndAndAtHeadsWithoutAnEnd() throws Exception {
        assertThat(ReadingRequest.read(bytes(""), ReadingPaths.DOCKER, Optional.empty()))
                .isEmpty();
        assertThat(ReadingRequest.read(bytes("GET /info HTTP/1.1\r\nHost: a"), ReadingPaths.DOCKER, Optional.empty()))
                .isEmpty();
        assertThatThrownBy(() ->
                        ReadingRequest.read(bytes("GET /" + "a".repeat(50_000)), ReadingPaths.DOCKER, Optional.empty()))
                .hasMessageContaining("too long");
    }

    private static ReadingRequest read(ReadingPaths paths, String text) throws Exception {
        return ReadingRequest.read(bytes(text), paths, Optional.empty()).orElseThrow();
    }

    private static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
