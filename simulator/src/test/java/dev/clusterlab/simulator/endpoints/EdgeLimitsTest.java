package dev.clusterlab.simulator.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Simulation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody outside gets more of the edge than its budget has, and the next one is answered. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EdgeLimitsTest {
    private static final EdgeTimes SHORT =
            new EdgeTimes(Duration.ofMinutes(1), Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final SimulationDriver driver =
            new SimulationDriver(new Simulation(1, Instant.parse("2026-01-01T00:00:00Z")), new Pace.OnDemand());
    private final List<HttpEdge> edges = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        edges.forEach(HttpEdge::close);
        driver.close();
    }

    @Test
    void bodiesThatAreAnnouncedAndDoNotComeTakeNoMemory() throws Exception {
        var budget = new EdgeBudget(1000, 64L << 20, 64L << 20, EdgeTimes.USUAL);
        HttpEdge edge = open(budget, EdgeLimitsTest::greet);
        for (int i = 0; i < 50; i++) {
            say(connect(edge), "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16000000\r\n\r\n");
        }
        await(() -> budget.connections() == 50);
        Socket chunked = connect(edge);
        say(chunked, "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nF00000\r\nabc");
        await(() -> budget.receivedBytes() > 0);
        assertThat(budget.receivedBytes()).isLessThanOrEqualTo(16 * 1024);
        assertThat(status(edge, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .isEqualTo(200);
        for (Socket socket : sockets) {
            socket.close();
        }
        await(() -> budget.receivedBytes() == 0 && budget.connections() == 0);
    }

    @Test
    void allBodiesTogetherKeepToTheBudget() throws Exception {
        var budget = new EdgeBudget(1000, 1L << 20, 64L << 20, EdgeTimes.USUAL);
        HttpEdge edge = open(
                budget,
                exchange -> exchange.respond(HttpMessage.Response.text(
                        200, String.valueOf(exchange.request().body().length))));
        Socket first = connect(edge);
        say(first, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(900_000));
        await(() -> budget.receivedBytes() >= 900_000);
        assertThat(status(
                        edge,
                        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400000\r\n\r\n" + "x".repeat(400_000)))
                .isEqualTo(503);
        say(first, "x".repeat(100_000));
        assertThat(hear(first, "1000000")).startsWith("HTTP/1.1 200 ");
        await(() -> budget.receivedBytes() == 0);
        assertThat(status(edge, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16777217\r\n\r\n"))
                .isEqualTo(413);
        assertThat(status(edge, "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n"))
                .isEqualTo(413);
    }

    @Test
    void tooMuchOfAHeadIsRefused() throws Exception {
        HttpEdge edge = open(new EdgeBudget(1000, 1L << 20, 1L << 20, EdgeTimes.USUAL), EdgeLimitsTest::greet);
        assertThat(status(edge, "GET / HTTP/1.1\r\nHost: localhost\r\n" + "a: b\r\n".repeat(200) + "\r\n"))
                .isEqualTo(431);
        assertThat(status(edge, "GET / HTTP/1.1\r\nHost: localhost\r\nA: " + "b".repeat(20_000) + "\r\n\r\n"))
                .isEqualTo(431);
        assertThat(status(
                        edge,
                        "GET / HTTP/1.1\r\nHost: localhost\r\n" + ("a: " + "b".repeat(15_000) + "\r\n").repeat(5)
                                + "\r\n"))
                .isEqualTo(431);
        assertThat(status(edge, "GET / HTTP/1.1\r\nHost: localhost\nA: b\r\n\r\n"))
                .isEqualTo(400);
        assertThat(status(edge, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +5\r\n\r\nabcde"))
                .isEqualTo(400);
        assertThat(status(edge, "GET / HTTP/1.1\r\n\r\n")).isEqualTo(400);
    }

    @Test
    void whoDribblesARequestIsToldThatItTakesTooLong() throws Exception {
        HttpEdge edge = open(new EdgeBudget(1000, 1L << 20, 1L << 20, SHORT), EdgeLimitsTest::greet);
        Socket silent = connect(edge);
        say(silent, "GET / HTTP/1.1\r\nHo");
        Socket body = connect(edge);
        say(body, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab");
        assertThat(hear(silent, "time\"}")).startsWith("HTTP/1.1 408 ");
        assertThat(hear(body, "time\"}")).startsWith("HTTP/1.1 408 ");

        Socket dribbling = connect(edge);
        Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < 1000; i++) {
                    say(dribbling, "x");
                    LockSupport.parkNanos(50_000_000);
                }
            } catch (IOException e) {
                // The edge has had enough.
            }
        });
        assertThat(hear(dribbling, "time\"}")).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void aNewConnectionTakesThePlaceOfTheOneThatIsIdleLongest() throws Exception {
        var budget = new EdgeBudget(10, 1L << 20, 1L << 20, EdgeTimes.USUAL);
        HttpEdge edge = open(budget, EdgeLimitsTest::greet);
        Socket oldest = connect(edge);
        await(() -> budget.connections() == 1);
        for (int i = 0; i < 30; i++) {
            Socket socket = connect(edge);
            say(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(hear(socket, "hello")).startsWith("HTTP/1.1 200 ");
        }
        assertThat(budget.connections()).isLessThanOrEqualTo(10);
        assertThat(oldest.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void whereAllConnectionsAreBusyOneMoreIsRefused() throws Exception {
        var budget = new EdgeBudget(3, 1L << 20, 1L << 20, EdgeTimes.USUAL);
        HttpEdge edge = open(budget, HttpExchange::longPoll);
        for (int i = 0; i < 3; i++) {
            Socket socket = connect(edge);
            say(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        driver.run(() -> {});
        await(() -> budget.connections() == 3);
        LockSupport.parkNanos(100_000_000);
        assertThat(status(edge, "")).isEqualTo(503);
    }

    @Test
    void whoReadsNothingIsCutOff() throws Exception {
        var budget = new EdgeBudget(1000, 1L << 20, 64L << 20, SHORT);
        HttpEdge edge = open(
                budget,
                exchange -> exchange.respond(new HttpMessage.Response(200, java.util.Map.of(), new byte[30_000_000])));
        Socket deaf = connect(edge);
        say(deaf, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await(() -> budget.unsentBytes() > 0);
        await(() -> budget.unsentBytes() == 0 && budget.connections() == 0);
    }

    @Test
    void unreadAnswersTogetherKeepToTheBudget() throws Exception {
        var budget = new EdgeBudget(1000, 1L << 20, 50_000_000, EdgeTimes.USUAL);
        HttpEdge edge = open(
                budget,
                exchange -> exchange.respond(new HttpMessage.Response(200, java.util.Map.of(), new byte[30_000_000])));
        Socket deaf = connect(edge);
        say(deaf, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await(() -> budget.unsentBytes() == 30_000_000);
        Socket second = connect(edge);
        say(second, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(second.getInputStream().read()).isEqualTo(-1);
        assertThat(budget.unsentBytes()).isEqualTo(30_000_000);
    }

    private static void greet(HttpExchange exchange) {
        exchange.respond(HttpMessage.Response.text(200, "hello"));
    }

    private HttpEdge open(EdgeBudget budget, HttpService service) {
        HttpEdge edge = HttpEdge.open(
                0,
                HostPolicy.published(host -> false),
                (request, answer) -> driver.request(request, service, answer),
                budget);
        edges.add(edge);
        return edge;
    }

    private Socket connect(HttpEdge edge) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port());
        socket.setSoTimeout(10_000);
        sockets.add(socket);
        return socket;
    }

    private int status(HttpEdge edge, String request) throws IOException {
        try (Socket socket = connect(edge)) {
            say(socket, request);
            String answer = new String(socket.getInputStream().readNBytes(12), UTF_8);
            return Integer.parseInt(answer.substring(9));
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    private static String hear(Socket socket, String until) throws IOException {
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

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("it never came to that");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
