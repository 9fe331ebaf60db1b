package dev.clusterlab.simulator.endpoints;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.fuzz.Fuzz;
import dev.clusterlab.simulator.consul.ConsulImages;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.programs.StandardImages;
import dev.clusterlab.simulator.traefik.TraefikProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes in from outside: nothing fails inside, no connection hangs, and the next one is answered. What is sent
 * are requests, broken in many ways, to the Docker API, Consul and Traefik of one machine.
 */
class EdgeFuzzTest {
    private static final int CONVERSATIONS = 150;
    /** Of wall-clock time: by then a connection whose client has said all is answered or closed. */
    private static final int ANSWER_MILLIS_MAX = 20_000;

    /** A valid request: method, path, body. */
    private record Call(String method, String path, String body) {}

    private static Call get(String path) {
        return new Call("GET", path, "");
    }

    private static final List<Call> DOCKER = List.of(
            get("/_ping"),
            get("/info"),
            get("/version"),
            get("/events?since=0&until=1"),
            get("/events?filters={\"type\":[\"container\"]}"),
            get("/containers/json?all=1&filters={\"status\":[\"running\"]}"),
            get("/containers/web/json"),
            get("/containers/web/logs?stdout=1&stderr=1&tail=5&follow=1"),
            get("/containers/web/stats?stream=0"),
            get("/containers/web/top"),
            get("/services?filters={\"name\":[\"web\"]}"),
            get("/tasks?filters={\"desired-state\":[\"running\"]}"),
            get("/nodes"),
            get("/networks/ingress"),
            get("/swarm"),
            get("/images/json"),
            get("/volumes"),
            new Call(
                    "POST",
                    "/containers/create?name=c",
                    "{\"Image\":\"nginx:latest\",\"Cmd\":[\"x\"],\"Env\":[\"A=b\"],\"HostConfig\":{\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"9000\"}]},\"Binds\":[\"v:/x\"]}}"),
            new Call("POST", "/containers/web/start", ""),
            new Call("POST", "/containers/web/stop?t=1", ""),
            new Call("POST", "/containers/web/wait?condition=not-running", ""),
            new Call(
                    "POST",
                    "/containers/web/exec",
                    "{\"Cmd\":[\"sh\",\"-c\",\"echo hi\"],\"AttachStdout\":true,\"Tty\":false}"),
            new Call("POST", "/containers/web/attach?stream=1&stdout=1", ""),
            new Call(
                    "POST",
                    "/services/create",
                    "{\"Name\":\"s\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"nginx:latest\",\"Env\":[\"A=b\"],\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"],\"Interval\":1000000000}},\"RestartPolicy\":{\"Condition\":\"any\",\"Delay\":5000000000,\"MaxAttempts\":3},\"Resources\":{\"Limits\":{\"MemoryBytes\":4194304}}},\"Mode\":{\"Replicated\":{\"Replicas\":2}},\"UpdateConfig\":{\"Parallelism\":1,\"Delay\":1,\"FailureAction\":\"pause\"},\"EndpointSpec\":{\"Ports\":[{\"TargetPort\":80,\"PublishedPort\":8099}]}}"),
            new Call("DELETE", "/services/s", ""),
            new Call(
                    "POST",
                    "/networks/create",
                    "{\"Name\":\"n\",\"Driver\":\"overlay\",\"Attachable\":true,\"IPAM\":{\"Config\":[{\"Subnet\":\"10.9.0.0/24\"}]}}"),
            new Call(
                    "POST",
                    "/networks/bridge/connect",
                    "{\"Container\":\"web\",\"EndpointConfig\":{\"Aliases\":[\"a\"]}}"),
            new Call("POST", "/volumes/create", "{\"Name\":\"v\",\"Driver\":\"local\"}"),
            new Call("POST", "/images/create?fromImage=nginx&tag=latest", ""),
            new Call(
                    "POST",
                    "/swarm/update?version=1",
                    "{\"Name\":\"default\",\"Raft\":{\"SnapshotInterval\":10000},\"Dispatcher\":{\"HeartbeatPeriod\":5000000000}}"));

    private static final List<Call> CONSUL = List.of(
            get("/v1/status/leader"),
            get("/v1/agent/self"),
            get("/v1/agent/members"),
            get("/v1/catalog/services?index=1&wait=1s"),
            get("/v1/health/service/web?passing&tag=a"),
            get("/v1/health/state/any"),
            get("/v1/kv/a?recurse"),
            get("/v1/kv/?keys&separator=/"),
            get("/v1/session/list"),
            get("/v1/operator/raft/configuration"),
            get("/ui/"),
            new Call("PUT", "/v1/kv/a/b?flags=1&cas=0", "value"),
            new Call(
                    "PUT",
                    "/v1/agent/service/register",
                    "{\"ID\":\"w1\",\"Name\":\"web\",\"Port\":80,\"Tags\":[\"a\",\"traefik.enable=true\"],\"Check\":{\"HTTP\":\"http://127.0.0.1/\",\"Interval\":\"10s\",\"Timeout\":\"1s\",\"DeregisterCriticalServiceAfter\":\"1m\"},\"Weights\":{\"Passing\":1,\"Warning\":1}}"),
            new Call("PUT", "/v1/agent/check/register", "{\"Name\":\"c\",\"TTL\":\"15s\",\"ServiceID\":\"w1\"}"),
            new Call(
                    "PUT",
                    "/v1/session/create",
                    "{\"TTL\":\"15s\",\"Behavior\":\"delete\",\"Checks\":[\"serfHealth\"]}"),
            new Call(
                    "PUT",
                    "/v1/catalog/register",
                    "{\"Node\":\"n\",\"Address\":\"1.2.3.4\",\"Service\":{\"Service\":\"x\",\"Port\":80}}"),
            new Call("PUT", "/v1/txn", "[{\"KV\":{\"Verb\":\"set\",\"Key\":\"k\",\"Value\":\"dg==\"}}]"));

    private static final List<Call> TRAEFIK = List.of(
            get("/api/rawdata"),
            get("/api/http/routers?search=a&page=1&per_page=10"),
            get("/api/http/services"),
            get("/api/overview"),
            get("/dashboard/"),
            get("/ping"),
            new Call("POST", "/anything", "{\"a\":1}"));

    @Test
    void everythingIsAnsweredOrClosedAndNothingFailsInside() {
        Fuzz.run(EdgeFuzzTest.class, EdgeFuzzTest::round);
    }

    private static void round(RandomGenerator random) throws Exception {
        var catalog = new ProgramCatalog();
        ConsulImages.images().forEach(catalog::add);
        StandardImages.utilities().forEach(catalog::add);
        catalog.add(TraefikProgram.image());
        try (var cluster = new EmbeddedCluster(EmbeddedCluster.Settings.unattended(1, catalog))) {
            int docker = cluster.createMachine("leader1").dockerPort();
            prepare(cluster, docker);
            List<List<Call>> calls = List.of(DOCKER, CONSUL, TRAEFIK, TRAEFIK);
            for (int i = 0; i < CONVERSATIONS; i++) {
                int target = random.nextInt(4);
                Integer port = port(cluster, docker, target);
                if (port == null) {
                    continue;
                }
                byte[] sent = bytes(random, calls.get(target), port);
                converse(port, sent, random.nextInt(8) == 0 ? Manner.RUDE : Manner.SAYS_ALL);
                assertThat(cluster.driver().failures())
                        .as(() -> "after: " + new String(sent, ISO_8859_1))
                        .isEmpty();
            }
            assertThat(ask(docker, new Call("GET", "/_ping", ""))).startsWith("HTTP/1.1 200 ");
            assertThat(cluster.driver().failures()).isEmpty();
        }
    }

    private static @Nullable Integer port(EmbeddedCluster cluster, int docker, int target) {
        if (target == 0) {
            return docker;
        }
        var ports = cluster.find("leader1").orElseThrow().ports();
        return ports.get(List.of(8500, 80, 8080).get(target - 1));
    }

    private static void prepare(EmbeddedCluster cluster, int docker) throws Exception {
        done(docker, "/swarm/init", "{\"ListenAddr\":\"0.0.0.0:2377\",\"AdvertiseAddr\":\"eth0\"}");
        container(docker, "web", "nginx:latest", "", "");
        container(
                docker,
                "consul",
                "hashicorp/consul:1.20",
                "\"8500/tcp\":[{\"HostPort\":\"8500\"}]",
                "\"agent\",\"-server\",\"-bootstrap-expect=1\",\"-client=0.0.0.0\",\"-ui\"");
        container(
                docker,
                "traefik",
                "traefik:v3",
                "\"80/tcp\":[{\"HostPort\":\"80\"}],\"8080/tcp\":[{\"HostPort\":\"8080\"}]",
                "\"--api.insecure=true\",\"--ping=true\",\"--entrypoints.web.address=:80\"");
        assertThat(cluster.driver()
                        .await(
                                () -> cluster.find("leader1")
                                                .orElseThrow()
                                                .ports()
                                                .size()
                                        >= 3,
                                Duration.ofMinutes(2)))
                .isTrue();
        cluster.driver().sleep(Duration.ofSeconds(15));
    }

    private static void container(int docker, String name, String image, String ports, String command)
            throws IOException {
        int colon = image.lastIndexOf(':');
        done(
                docker,
                "/images/create?fromImage=" + image.substring(0, colon) + "&tag=" + image.substring(colon + 1),
                "");
        done(
                docker,
                "/containers/create?name=" + name,
                "{\"Image\":\"" + image + "\",\"Cmd\":[" + command + "],\"HostConfig\":{\"PortBindings\":{" + ports
                        + "}}}");
        done(docker, "/containers/" + name + "/start", "");
    }

    private static void done(int port, String path, String body) throws IOException {
        assertThat(ask(port, new Call("POST", path, body))).startsWith("HTTP/1.1 20");
    }

    private static String ask(int port, Call call) throws IOException {
        return new String(converse(port, valid(call, port, true), Manner.WAITS), ISO_8859_1);
    }

    private enum Manner {
        /** Goes away at once. */
        RUDE,
        /** Ends its side and hears the other to its end. */
        SAYS_ALL,
        WAITS
    }

    private static byte[] converse(int port, byte[] bytes, Manner manner) throws IOException {
        var heard = new ByteArrayOutputStream();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_MILLIS_MAX);
            try {
                socket.getOutputStream().write(bytes);
                switch (manner) {
                    case RUDE -> {
                        return bytes;
                    }
                    case SAYS_ALL -> socket.shutdownOutput();
                    case WAITS -> {
                        // The answer closes the connection.
                    }
                }
                byte[] part = new byte[8192];
                for (int count; (count = socket.getInputStream().read(part)) >= 0; ) {
                    heard.write(part, 0, count);
                    if (endless(heard.toByteArray())) {
                        return heard.toByteArray();
                    }
                }
            } catch (SocketTimeoutException e) {
                throw new AssertionError("no answer and no end to: " + new String(bytes, ISO_8859_1), e);
            } catch (IOException e) {
                // Closed from the other side while this one still wrote.
                return heard.toByteArray();
            }
        }
        return heard.toByteArray();
    }

    /** An answer that goes on as long as a container runs, although its client has ended its input. */
    private static boolean endless(byte[] heard) {
        return new String(heard, 0, Math.min(heard.length, 15), ISO_8859_1).startsWith("HTTP/1.1 101");
    }

    // ---- what is said

    private static byte[] valid(Call call, int port, boolean close) {
        byte[] body = call.body().getBytes(UTF_8);
        String head = call.method() + " " + call.path().replace("\"", "%22").replace(" ", "%20")
                + " HTTP/1.1\r\nHost: 127.0.0.1:"
                + port + "\r\n" + (body.length == 0 ? "" : "Content-Type: application/json\r\n") + "Content-Length: "
                + body.length + "\r\n" + (close ? "Connection: close\r\n" : "") + "\r\n";
        return joined(List.of(head.getBytes(UTF_8), body));
    }

    private static byte[] bytes(RandomGenerator random, List<Call> calls, int port) {
        Call call = pick(random, calls);
        return switch (random.nextInt(10)) {
            case 0 -> noise(random, 1 + random.nextInt(4000));
            case 1, 2 -> broken(random, valid(call, port, false));
            case 3 -> truncated(random, valid(call, port, false));
            case 4 -> chunked(random, call, port);
            case 5 -> pipelined(random, calls, port);
            case 6 -> huge(random, call, port);
            case 7 ->
                valid(
                        new Call(
                                pick(random, List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "BREW")),
                                mutated(random, call.path()).replaceAll("[\\s\\p{Cntrl}]", ""),
                                call.body()),
                        port,
                        true);
            default -> valid(new Call(call.method(), call.path(), json(random, call.body())), port, true);
        };
    }

    private static byte[] noise(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] truncated(RandomGenerator random, byte[] bytes) {
        return java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }

    /** Bytes changed, taken out, put in, doubled. */
    private static byte[] broken(RandomGenerator random, byte[] bytes) {
        var text = new StringBuilder(new String(bytes, ISO_8859_1));
        for (int i = 1 + random.nextInt(6); i > 0 && !text.isEmpty(); i--) {
            int at = random.nextInt(text.length());
            int to = Math.min(text.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.delete(at, to);
                case 2 ->
                    text.insert(
                            at,
                            pick(
                                    random,
                                    List.of(
                                            "\r\n",
                                            "\n",
                                            "\0",
                                            ":",
                                            " ",
                                            "%",
                                            "%zz",
                                            "\r",
                                            "Content-Length: 7\r\n",
                                            "Transfer-Encoding: chunked\r\n",
                                            "Expect: 100-continue\r\n",
                                            "Upgrade: tcp\r\nConnection: Upgrade\r\n",
                                            "Host: x\r\n",
                                            "Prefer: wait=1\r\n")));
                default -> text.insert(at, text.substring(at, to));
            }
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    private static byte[] chunked(RandomGenerator random, Call call, int port) {
        var text = new StringBuilder(call.method() + " " + call.path().replace("\"", "%22")
                + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = random.nextInt(5); i > 0; i--) {
            String piece = call.body()
                    .substring(
                            0,
                            call.body().isEmpty()
                                    ? 0
                                    : random.nextInt(call.body().length()));
            text.append(pick(
                            random,
                            List.of(
                                    Integer.toHexString(piece.length()),
                                    "-1",
                                    "fffffffff",
                                    "0x5",
                                    "7fffffff",
                                    "",
                                    " 3 ",
                                    "3;a=b")))
                    .append("\r\n")
                    .append(piece)
                    .append("\r\n");
        }
        if (random.nextBoolean()) {
            text.append("0\r\n\r\n");
        }
        return text.toString().getBytes(UTF_8);
    }

    private static byte[] pipelined(RandomGenerator random, List<Call> calls, int port) {
        var all = new ArrayList<byte[]>();
        for (int i = 2 + random.nextInt(20); i > 0; i--) {
            all.add(valid(pick(random, calls), port, false));
        }
        return joined(all);
    }

    private static byte[] huge(RandomGenerator random, Call call, int port) {
        String filler = pick(random, List.of("a", "{", "[", "\"", "(", "%41", "\u00e9"))
                .repeat(20_000 + random.nextInt(100_000));
        return switch (random.nextInt(4)) {
            case 0 -> ("GET /" + filler + " HTTP/1.1\r\n\r\n").getBytes(UTF_8);
            case 1 ->
                ("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + "X: y\r\n".repeat(5000) + "\r\n")
                        .getBytes(UTF_8);
            case 2 -> valid(new Call("POST", call.path(), filler), port, true);
            default -> valid(new Call(call.method(), call.path(), "{\"Name\":\"" + filler + "\"}"), port, true);
        };
    }

    private static final List<String> VALUES = List.of(
            "null",
            "{}",
            "[]",
            "-1",
            "0",
            "99999999999999999999",
            "1e999",
            "\"\"",
            "true",
            "\"\\u0000\"",
            "[[]]",
            "{\"a\":{}}",
            "[null]",
            "\"x\"",
            "1.5",
            "-9223372036854775808",
            "\"-1s\"",
            "\"99999h\"");

    /** The JSON with values exchanged, members taken out or doubled. */
    private static String json(RandomGenerator random, String body) {
        String text = body;
        for (int i = random.nextInt(4); i > 0 && !text.isEmpty(); i--) {
            int colon = text.indexOf(':', random.nextInt(text.length()));
            if (colon < 0) {
                continue;
            }
            int end = colon + 1;
            while (end < text.length() && ",}]".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            text = text.substring(0, colon + 1) + pick(random, VALUES) + text.substring(end);
        }
        return random.nextInt(6) == 0 ? mutated(random, text) : text;
    }

    private static String mutated(RandomGenerator random, String text) {
        return new String(broken(random, text.isEmpty() ? new byte[] {'/'} : text.getBytes(UTF_8)), ISO_8859_1);
    }

    private static byte[] joined(List<byte[]> parts) {
        var all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static <T> T pick(RandomGenerator random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
