package dev.clusterlab.simulator.traefik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.programs.ProgramLab;
import dev.clusterlab.simulator.programs.ProgramLab.Container;
import dev.clusterlab.traefik.DynamicConfiguration.HealthCheck;
import dev.clusterlab.traefik.DynamicConfiguration.PassiveHealthCheck;
import dev.clusterlab.traefik.DynamicConfiguration.Server;
import dev.clusterlab.traefik.DynamicConfiguration.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Balances as Traefik's {@code pkg/server/service/loadbalancer/wrr} does: earliest deadline first, where a server's deadline
 * moves on by 1/weight each time that it is its turn. Expected sequences are those of its {@code wrr_test.go}.
 */
class BalancerTest {
    private final ProgramLab lab = new ProgramLab(1);
    private final Container traefik = lab.container("traefik");
    private final Container a = lab.container("a");
    private final Container b = lab.container("b");

    private Balancer balancer(ProgramLab.Container in, Service service) {
        return new Balancer(in, new TraefikLog(in, "INFO", false), service, in.scope());
    }

    private Balancer balancer(Service service) {
        return balancer(traefik, service);
    }

    private static Service service(Server... servers) {
        return Service.of(List.of(servers));
    }

    private static Service checked(@Nullable HealthCheck active, @Nullable PassiveHealthCheck passive) {
        return new Service(List.of(Server.of("http://a:80"), Server.of("http://b:80")), "wrr", true, active, passive);
    }

    private static HealthCheck everySecond(String path, int status) {
        return new HealthCheck(path, Duration.ofSeconds(1), null, Duration.ofMillis(500), "GET", status, 0);
    }

    private static Balancer.Server next(Balancer balancer) {
        return Objects.requireNonNull(balancer.next(), "no server is up");
    }

    private static List<String> hosts(Balancer balancer, int count) {
        var hosts = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            hosts.add(next(balancer).host);
        }
        return hosts;
    }

    @Test
    void spreadsHeavyServersEvenlyFromTheStart() {
        Balancer balancer = balancer(service(new Server("http://a:80", 11), new Server("http://b:80", 3)));
        assertThat(String.join("", hosts(balancer, 14))).isEqualTo("aaabaaaabaaaba");
    }

    @Test
    void sharesByWeight() {
        Balancer balancer = balancer(service(new Server("http://a:80", 3), new Server("http://b:80", 1)));
        List<String> turns = hosts(balancer, 400);
        assertThat(turns.stream().filter("a"::equals)).hasSize(300);
        assertThat(turns.stream().filter("b"::equals)).hasSize(100);
    }

    @Test
    void takesServersOfOneWeightInTurns() {
        Balancer balancer =
                balancer(service(Server.of("http://a:80"), Server.of("http://b:80"), Server.of("http://c:80")));
        for (int round = 0; round < 5; round++) {
            assertThat(hosts(balancer, 3)).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    @Test
    void givesNothingToAServerOfWeightZero() {
        Balancer balancer = balancer(service(Server.of("http://a:80"), new Server("http://b:80", 0)));
        assertThat(hosts(balancer, 3)).containsExactly("a", "a", "a");
        assertThat(balancer(service(new Server("http://a:80", 0))).next()).isNull();
    }

    @Test
    void severalTraefiksDoNotAllBeginWithTheSameServer() {
        Service service = service(Server.of("http://a:80"), Server.of("http://b:80"), Server.of("http://c:80"));
        var first = new HashSet<String>();
        for (int i = 0; i < 20; i++) {
            first.add(next(balancer(lab.container("traefik" + i), service)).host);
        }
        assertThat(first).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void hasNoServerIfThereIsNone() {
        assertThat(balancer(service()).next()).isNull();
    }

    @Test
    void readsHostPortAndPathOfAServersAddress() {
        Balancer.Server plain = next(balancer(service(Server.of("http://10.0.0.9"))));
        assertThat(plain.host).isEqualTo("10.0.0.9");
        assertThat(plain.port).isEqualTo(80);
        assertThat(plain.path).isEmpty();
        Balancer.Server whole = next(balancer(service(Server.of("https://host/base/"))));
        assertThat(whole.port).isEqualTo(443);
        assertThat(whole.path).isEqualTo("/base");
        assertThat(next(balancer(service(Server.of("no address")))).host).isEmpty();
    }

    // ---- health checks

    @Test
    void passesOverAServerWhileItsCheckFails() {
        a.serve(80, exchange -> exchange.respond(Response.empty(200)));
        b.serve(80, exchange -> exchange.respond(Response.empty(503)));
        Balancer balancer = balancer(checked(everySecond("/health", 0), null));
        assertThat(balancer.status()).isEqualTo(Map.of("http://a:80", "UP", "http://b:80", "UP"));
        lab.await("b to be down", () -> "DOWN".equals(balancer.status().get("http://b:80")));
        assertThat(hosts(balancer, 4)).containsOnly("a");
        assertThat(b.requests.getFirst().path()).isEqualTo("/health");
        assertThat(b.requests.getFirst().header("host")).isEqualTo("b:80");
        assertThat(traefik.wrote("Health check failed. ")).isTrue();
        assertThat(traefik.wrote("error=\"received error status code: 503\"")).isTrue();
    }

    @Test
    void aServerThatComesBackGetsItsShareAndNoMore() {
        int[] status = {503};
        a.serve(80, exchange -> exchange.respond(Response.empty(200)));
        b.serve(80, exchange -> exchange.respond(Response.empty(status[0])));
        Balancer balancer = balancer(checked(everySecond("/", 0), null));
        lab.await("b to be down", () -> "DOWN".equals(balancer.status().get("http://b:80")));
        assertThat(hosts(balancer, 30)).containsOnly("a");
        status[0] = 200;
        lab.await("b to be up", () -> "UP".equals(balancer.status().get("http://b:80")));
        assertThat(hosts(balancer, 2)).containsExactlyInAnyOrder("a", "b");
        assertThat(hosts(balancer, 2)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void takesAnyTwoOrThreeHundredOrTheOneStatusThatIsAskedFor() {
        a.serve(80, exchange -> exchange.respond(Response.empty(302)));
        b.serve(80, exchange -> exchange.respond(Response.empty(204)));
        Balancer any = balancer(checked(everySecond("/", 0), null));
        Balancer one = balancer(checked(everySecond("/", 204), null));
        lab.run(Duration.ofSeconds(3));
        assertThat(any.status()).containsValues("UP").doesNotContainValue("DOWN");
        assertThat(one.status()).isEqualTo(Map.of("http://a:80", "DOWN", "http://b:80", "UP"));
    }

    @Test
    void aServerThatDoesNotAnswerItsCheckIsDownAfterTheTimeout() {
        a.serve(80, exchange -> exchange.respond(Response.empty(200)));
        b.failing(HttpExchange.Failure.TIMEOUT);
        Balancer balancer = balancer(checked(everySecond("/", 0), null));
        lab.run(Duration.ofMillis(1400));
        assertThat(balancer.status()).doesNotContainValue("DOWN");
        lab.run(Duration.ofMillis(200));
        assertThat(balancer.status().get("http://b:80")).isEqualTo("DOWN");
    }

    @Test
    void nobodyIsAskedAfterTheConfigurationIsReplaced() {
        a.serve(80, exchange -> exchange.respond(Response.empty(200)));
        var scope = traefik.scope().child("configuration");
        new Balancer(traefik, new TraefikLog(traefik, "INFO", false), checked(everySecond("/", 0), null), scope);
        lab.run(Duration.ofMillis(2500));
        assertThat(a.requests).hasSize(2);
        scope.close();
        lab.run(Duration.ofSeconds(5));
        assertThat(a.requests).hasSize(2);
    }

    @Test
    void leavesAServerAloneForTheWindowAfterTooManyFailures() {
        Balancer balancer = balancer(checked(null, new PassiveHealthCheck(Duration.ofSeconds(10), 2)));
        Balancer.Server server = next(balancer);
        balancer.observed(server, true);
        balancer.observed(server, false);
        assertThat(balancer.status()).doesNotContainValue("DOWN");
        balancer.observed(server, true);
        assertThat(balancer.status().get(server.url)).isEqualTo("DOWN");
        assertThat(hosts(balancer, 4)).doesNotContain(server.host);
        lab.run(Duration.ofMillis(9_999));
        assertThat(balancer.status().get(server.url)).isEqualTo("DOWN");
        lab.run(Duration.ofMillis(1));
        assertThat(balancer.status().get(server.url)).isEqualTo("UP");
        assertThat(hosts(balancer, 4)).contains(server.host);
    }

    @Test
    void forgetsFailuresOutsideTheWindow() {
        Balancer balancer = balancer(checked(null, new PassiveHealthCheck(Duration.ofSeconds(10), 2)));
        Balancer.Server server = next(balancer);
        balancer.observed(server, true);
        lab.run(Duration.ofSeconds(11));
        balancer.observed(server, true);
        assertThat(balancer.status()).doesNotContainValue("DOWN");
    }

    @Test
    @Timeout(20)
    void theTurnsOfAServerThatIsDownPassAtOnceHoweverHeavyItIs() {
        Balancer balancer = balancer(new Service(
                List.of(new Server("http://a:80", Integer.MAX_VALUE), new Server("http://b:80", 1)),
                "wrr",
                true,
                null,
                new PassiveHealthCheck(Duration.ofHours(1), 1)));
        for (int i = 0; i < 3; i++) {
            Balancer.Server server = next(balancer);
            if (server.host.equals("a")) {
                balancer.observed(server, true);
            }
        }
        assertThat(hosts(balancer, 5)).containsOnly("b");
    }

    @Test
    @Timeout(20)
    void anIntervalThatIsNotPositiveIsTheDefaultAndAShortOneLetsTimeGoOn() {
        balancer(checked(
                new HealthCheck("/h", Duration.ofSeconds(-5), Duration.ZERO, Duration.ofMillis(5), "GET", 0, 0), null));
        balancer(checked(new HealthCheck("/h", Duration.ofNanos(1), null, Duration.ofMillis(5), "GET", 0, 0), null));
        lab.run(Duration.ofMinutes(1));
    }
}
