package dev.clusterlab.provisioning.hosts.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.RealHosts;
import dev.clusterlab.provisioning.docker.RealStack;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.link.HostLinks;
import dev.clusterlab.provisioning.hosts.survey.HostFacts;
import dev.clusterlab.provisioning.hosts.survey.HostFacts.SwarmPart;
import dev.clusterlab.provisioning.hosts.survey.HostSurveys;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.provisioning.observe.ObserverService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real hosts behind a real ssh server and behind TLS, in a Swarm that a plain script of docker commands made. */
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealHostsTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    private static Path folder;

    private static RealHosts hosts;

    @BeforeAll
    static void makeASwarm() throws Exception {
        RealStack.require();
        hosts = RealHosts.create(folder, List.of("h1", "h2"));
        hosts.provide(hosts.consulImage());
        hosts.inside("h1", "docker swarm init --advertise-addr " + hosts.address("h1"));
        String token = hosts.inside("h1", "docker swarm join-token -q worker").strip();
        hosts.inside("h2", "docker swarm join --token " + token + " " + hosts.address("h1") + ":2377");
        hosts.inside("h1", "docker network create -d overlay lab");
        hosts.inside(
                "h1",
                "docker service create -d --name consul --network lab --endpoint-mode dnsrr --no-resolve-image"
                        + " --constraint node.role==manager --publish mode=host,target=8500,published=8500 "
                        + hosts.consulImage() + " agent -dev -client=0.0.0.0");
    }

    @AfterAll
    static void removeAll() {
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void watchesThroughSshWhatAScriptBuiltAndGoesOnWhenTheConnectionsAreCut() throws Exception {
        String before = state();
        try (WatchedSwarm swarm = attach(List.of(
                        host("one", hosts.ssh("root", "h1"), Optional.empty()),
                        host("two", hosts.ssh("root", "h2"), Optional.empty())));
                var observer = new ObserverService(swarm)) {
            ClusterSnapshot seen = awaited(
                    swarm,
                    observer,
                    s -> s.consul().filter(c -> !c.leader().isEmpty()).isPresent());
            assertThat(seen.swarm().orElseThrow().nodes())
                    .extracting(NodeView::hostname)
                    .containsExactly("h1", "h2");
            assertThat(seen.swarm().orElseThrow().services())
                    .extracting(ServiceView::name, ServiceView::replicas)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("consul", 1));
            assertThat(seen.machines())
                    .extracting(view -> view.machine().name(), MachineView::manager)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("h1", true),
                            org.assertj.core.groups.Tuple.tuple("h2", false));

            hosts.inside("h1", "kill $(pgrep -f 'sshd: root')");
            hosts.inside("h1", "docker service update -d --label-add seen=yes consul");
            assertThat(awaited(
                                    swarm,
                                    observer,
                                    s -> s.swarm()
                                            .flatMap(view -> view.service("consul"))
                                            .filter(service -> service.labels().containsKey("seen"))
                                            .isPresent())
                            .machine("h1")
                            .orElseThrow()
                            .answering())
                    .isTrue();
            hosts.inside("h1", "docker service update -d --label-rm seen consul");
        }
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void watchesThroughTls() {
        try (WatchedSwarm swarm = attach(List.of(
                        host("one", hosts.tcp("h1"), Optional.of(hosts.tls().folder()))));
                var observer = new ObserverService(swarm)) {
            assertThat(observer.observe().swarm().orElseThrow().nodes()).hasSize(2);
        }
        assertThatThrownBy(() -> attach(List.of(host("one", hosts.tcp("h1"), Optional.empty()))))
                .isInstanceOf(LabException.class);
    }

    @Test
    void saysOfEachHostWhatItIsAndCanDo() {
        List<HostSurveys.Result> results = HostSurveys.of(
                List.of(
                        host("one", hosts.ssh("root", "h1"), Optional.empty()),
                        host("two", hosts.ssh("root", "h2"), Optional.empty())),
                environment("key", "known_hosts"),
                "Linux",
                InstantSource.system());
        assertThat(results).allSatisfy(result -> {
            HostFacts facts = ((HostSurveys.Result.Reached) result).facts();
            assertThat(facts.engineVersion()).matches("[0-9]+\\..*");
            assertThat(facts.clockAhead().abs()).isLessThan(Duration.ofSeconds(30));
            assertThat(facts.inside().orElseThrow().mtu()).isNotEmpty();
            assertThat(facts.inside().orElseThrow().disk().dataBytes()).isNotEmpty();
            assertThat(facts.inside().orElseThrow().disk().runBytes()).isNotEmpty();
            assertThat(facts.inside().orElseThrow().closed()).isEmpty();
        });
        assertThat(((HostSurveys.Result.Reached) results.getFirst()).facts().swarm())
                .isEqualTo(SwarmPart.MANAGER);
        assertThat(((HostSurveys.Result.Reached) results.getLast()).facts().swarm())
                .isEqualTo(SwarmPart.WORKER);
        assertThat(((HostSurveys.Result.Reached) results.getFirst())
                        .facts()
                        .inside()
                        .orElseThrow()
                        .listening())
                .contains("2377/tcp", "7946/tcp");
    }

    @ParameterizedTest
    @CsvSource({
        "key, none, root, does not know the key of this host",
        "other, known_hosts, root, none of the keys",
        "key, known_hosts, guest, not use its Docker",
        "key, known_hosts, bare, no docker program"
    })
    void tellsWhatKeepsFromAHost(String key, String known, String user, String sentence) {
        assertThatThrownBy(() -> WatchedSwarm.attach(
                        List.of(host("one", hosts.ssh(user, "h1"), Optional.empty())),
                        environment(key, known),
                        "Linux",
                        InstantSource.system()))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void tellsAClosedPort() {
        assertThatThrownBy(() -> attach(List.of(host("one", "ssh://root@127.0.0.1:1", Optional.empty()))))
                .hasMessageContaining("nobody listens");
    }

    /** What a change would change. */
    private static String state() {
        return hosts.inside(
                "h1",
                "docker service ls -q; docker network ls -q | sort; docker node ls -q; docker ps -aq; docker volume ls -q;"
                        + " docker images -q | sort");
    }

    private static ClusterSnapshot awaited(WatchedSwarm swarm, Observer observer, Predicate<ClusterSnapshot> condition)
            throws InterruptedException {
        assertThat(swarm.clock().await(() -> condition.test(observer.observe()), LIMIT))
                .as(() -> "seen at last: " + observer.latest())
                .isTrue();
        return observer.latest();
    }

    private static WatchedSwarm attach(List<Host> given) {
        return WatchedSwarm.attach(given, environment("key", "known_hosts"), "Linux", InstantSource.system());
    }

    private static Map<String, String> environment(String key, String known) {
        return Map.of(HostLinks.SSH, hosts.program(key, known));
    }

    private static Host host(String name, String url, Optional<Path> certificates) {
        return new Host(name, HostAddress.parse(url, certificates));
    }
}
