package dev.clusterlab.simulator.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Simulation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HttpEdgeTest {
    private final Simulation simulation = new Simulation(1, Instant.parse("2026-01-01T00:00:00Z"));
    private final SimulationDriver driver = new SimulationDriver(simulation, new Pace.OnDemand());
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<HttpEdge> edges = new ArrayList<>();

    @AfterEach
    void close() {
        edges.forEach(HttpEdge::close);
        driver.close();
        client.close();
    }

    @Test
    void givesRequestAndAnswerUnchanged() throws Exception {
        HttpEdge edge = open(exchange -> exchange.respond(HttpMessage.Response.text(
                        201,
                        exchange.request().method() + " " + exchange.request().path() + " "
                                + exchange.request().query() + " "
                                + exchange.request().text())
                .withHeader("x-made-by", "the simulation")));
        HttpResponse<String> response = client.send(
                request(edge, "/a%20b/c+d?x=1&x=2&flag&text=a+b%26")
                        .POST(HttpRequest.BodyPublishers.ofString("hällo"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body())
                .isEqualTo("POST /a b/c+d {x=[1, 2], flag=[], text=[a b&]} hällo".replace("[]", "[]"));
        assertThat(response.headers().firstValue("X-Made-By")).hasValue("the simulation");
    }

    @Test
    void keepsConnectionsForMoreRequests() throws Exception {
        HttpEdge edge = open(exchange -> simulation.schedule(
                Duration.ofMillis(1), () -> exchange.respond(HttpMessage.Response.text(200, "again"))));
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            for (int i = 0; i < 3; i++) {
                say(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(hear(socket, "again")).startsWith("HTTP/1.1 200 OK\r\n");
            }
            say(socket, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .endsWith("again");
        }
    }

    @Test
    void understandsChunkedBodiesAndOldClients() throws Exception {
        HttpEdge edge = open(exchange -> exchange.respond(
                HttpMessage.Response.text(200, exchange.request().text())));
        assertThat(converse(
                        edge,
                        "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"))
                .endsWith("\r\n\r\nabcde");
        assertThat(converse(edge, "POST / HTTP/1.0\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi"))
                .endsWith("\r\n\r\nhi");
    }

    @Test
    void answersNonsenseWithBadRequest() throws Exception {
        HttpEdge edge = open(exchange -> exchange.respond(HttpMessage.Response.text(200, "")));
        assertThat(converse(edge, "nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(converse(edge, "GET / HTTP/1.1\r\nbad header\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(converse(edge, "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(
                        converse(
                                edge,
                                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void sendsHeadAndPiecesOfAStreamAtOnce() throws Exception {
        var streams = new ArrayList<HttpExchange.Stream>();
        HttpEdge edge = open(exchange -> {
            exchange.longPoll();
            streams.add(exchange.stream(HttpMessage.Response.text(200, "")));
        });
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            say(socket, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(hear(socket, "\r\n\r\n")).contains("Transfer-Encoding: chunked");
            driver.run(() -> streams.get(0).write("one\n".getBytes(UTF_8)));
            assertThat(hear(socket, "one\n\r\n")).isEqualTo("4\r\none\n\r\n");
            driver.run(() -> streams.get(0).write("two\n".getBytes(UTF_8)));
            assertThat(hear(socket, "two\n\r\n")).isEqualTo("4\r\ntwo\n\r\n");
            driver.run(() -> streams.get(0).close());
            assertThat(hear(socket, "0\r\n\r\n")).isEqualTo("0\r\n\r\n");
            say(socket, "GET /again HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(hear(socket, "\r\n\r\n")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void noticesThatTheClientOfAStreamOrLongPollHasGone() throws Exception {
        var gone = new CountDownLatch(1);
        HttpEdge edge = open(exchange -> {
            exchange.longPoll();
            exchange.stream(HttpMessage.Response.text(200, "")).onAbandoned(gone::countDown);
        });
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            say(socket, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            hear(socket, "\r\n\r\n");
        }
        assertThat(gone.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void goesOnAsAByteStreamAfterAnUpgrade() throws Exception {
        HttpEdge edge = open(exchange -> {
            assertThat(exchange.request().text()).isEqualTo("{}");
            HttpExchange.Stream stream = exchange.stream(
                    new HttpMessage.Response(101, Map.of("connection", "Upgrade", "upgrade", "tcp"), new byte[0]));
            stream.onInput(bytes -> {
                if (bytes.length == 0) {
                    stream.close();
                } else {
                    stream.write(("echo " + new String(bytes, UTF_8)).getBytes(UTF_8));
                }
            });
        });
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            say(
                    socket,
                    "POST /exec/1/start HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
                            + "Content-Length: 2\r\n\r\n{}");
            assertThat(hear(socket, "\r\n\r\n")).startsWith("HTTP/1.1 101 UPGRADED\r\n");
            say(socket, "hello");
            assertThat(hear(socket, "hello")).isEqualTo("echo hello");
            say(socket, "more");
            assertThat(hear(socket, "more")).isEqualTo("echo more");
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aClientThatEndsItsInputStillGetsTheOutput() throws Exception {
        var arrived = new CompletableFuture<HttpExchange>();
        HttpEdge edge = open(exchange -> {
            exchange.longPoll();
            arrived.complete(exchange);
        });
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            say(
                    socket,
                    "POST /exec/1/start HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
            HttpExchange exchange = arrived.get(10, TimeUnit.SECONDS);
            // Long enough for the edge to begin to watch whether the client goes away; the output must come either way.
            LockSupport.parkNanos(100_000_000);
            var stream = new CompletableFuture<HttpExchange.Stream>();
            var ended = new CountDownLatch(1);
            driver.run(() -> {
                HttpExchange.Stream opened = exchange.stream(
                        new HttpMessage.Response(101, Map.of("connection", "Upgrade", "upgrade", "tcp"), new byte[0]));
                opened.onInput(bytes -> ended.countDown());
                stream.complete(opened);
            });
            hear(socket, "\r\n\r\n");
            socket.shutdownOutput();
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
            driver.run(() -> {
                stream.join().write("one\ntwo\n".getBytes(UTF_8));
                stream.join().close();
            });
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void closesTheConnectionWithoutAnAnswerWhenItFailsInside() {
        for (HttpExchange.Failure failure : HttpExchange.Failure.values()) {
            HttpEdge edge = open(exchange -> simulation.schedule(Duration.ofSeconds(1), () -> exchange.fail(failure)));
            assertThatThrownBy(
                            () -> client.send(request(edge, "/").GET().build(), HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesByTheHeadBeforeABodyIsTaken() throws Exception {
        HttpEdge edge = open(exchange -> exchange.respond(HttpMessage.Response.text(200, "never")));
        String refused = converse(
                edge,
                "POST / HTTP/1.1\r\nHost: evil.example\r\nAccept-Language: en\r\nContent-Length: 16000000\r\n\r\nabc");
        assertThat(refused).startsWith("HTTP/1.1 403 ").contains("Connection: close");
        assertThat(converse(edge, "POST / HTTP/1.1\r\nHost: [::1].evil\r\nContent-Length: 5\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void keepsItsPortWhileItIsShut() throws Exception {
        HttpEdge edge = open(exchange -> exchange.respond(HttpMessage.Response.text(200, "open")));
        int port = edge.port();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            say(socket, "GET / HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n");
            hear(socket, "open");
            edge.shut();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(java.net.ConnectException.class);
        edge.shut();
        edge.reopen();
        assertThat(edge.port()).isEqualTo(port);
        assertThat(converse(edge, "GET / HTTP/1.0\r\nHost: localhost:" + port + "\r\n\r\n"))
                .endsWith("open");
    }

    @Test
    void saysWhichPortIsInUse() {
        HttpEdge edge = open(exchange -> {});
        assertThatThrownBy(() -> HttpEdge.open(
                        edge.port(),
                        HostPolicy.control(),
                        (request, answer) -> driver.request(request, x -> {}, answer)))
                .isInstanceOf(PortInUseException.class)
                .hasMessageContaining("port " + edge.port());
    }

    @Test
    void closingBreaksWhatWaits() throws Exception {
        HttpEdge edge = open(HttpExchange::longPoll);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            say(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            driver.run(() -> {});
            Thread.sleep(50);
            long began = System.nanoTime();
            edge.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    private HttpEdge open(HttpService service) {
        HttpEdge edge = HttpEdge.open(
                0,
                HostPolicy.published("leader1"::equals),
                (request, answer) -> driver.request(request, service, answer));
        edges.add(edge);
        return edge;
    }

    private static HttpRequest.Builder request(HttpEdge edge, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path));
    }

    private static String converse(HttpEdge edge, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            say(socket, request);
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    private static String hear(Socket socket, String until) throws IOException {
        socket.setSoTimeout(10_000);
        var heard = new StringBuilder();
        while (!heard.toString().endsWith(until)) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("ended after: " + heard);
            }
            heard.append((char) next);
        }
        return heard.toString();
    }
}
