package dev.clusterlab.provisioning.hosts.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.link.RecordingProxy;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.EmbeddedLab;
import dev.clusterlab.provisioning.observe.ObserverService;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Swarms of the embedded engine, seen from outside over their sockets as any other. */
class WatchedSwarmTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void seesWhatTheLabItselfSeesAndSendsNothingButReadingRequests() throws Exception {
        var proxies = new TreeMap<String, RecordingProxy>();
        try (var lab = new EmbeddedLab(3)) {
            lab.swarm(1, List.of("m1", "w1"));
            lab.platform("m1");
            try (var own = new ObserverService(lab.engine);
                    WatchedSwarm swarm = attach(hosts(lab, proxies));
                    var observer = new ObserverService(swarm)) {
                assertThat(swarm.clock()
                                .await(
                                        () -> {
                                            ClusterSnapshot seen = observer.observe();
                                            return seen.consul()
                                                            .filter(consul -> consul.sources()
                                                                                    .size()
                                                                            > 1
                                                                    && !consul.healthy("hello")
                                                                            .isEmpty())
                                                            .isPresent()
                                                    && !seen.traefik().isEmpty();
                                        },
                                        LIMIT))
                        .as("Consul and Traefik are found")
                        .isTrue();
                ClusterSnapshot there = own.observe();
                ClusterSnapshot seen = observer.observe();

                assertThat(seen.swarm()).isEqualTo(there.swarm());
                assertThat(seen.machines())
                        .extracting(
                                MachineView::manager,
                                MachineView::nodeId,
                                view -> view.belief().leader())
                        .isEqualTo(there.machines().stream()
                                .map(view -> org.assertj.core.groups.Tuple.tuple(
                                        view.manager(),
                                        view.nodeId(),
                                        view.belief().leader()))
                                .toList());
                assertThat(seen.consul().orElseThrow().services().keySet())
                        .isEqualTo(there.consul().orElseThrow().services().keySet());
                assertThat(seen.traefik().getFirst().routers())
                        .isEqualTo(there.traefik().getFirst().routers());

                try (var clients = new DockerClients(swarm)) {
                    assertThatThrownBy(() ->
                                    clients.of("m1").postJson("/services/create", LoopbackHttp.parse("{}".getBytes())))
                            .hasMessageContaining("only watched");
                    assertThatThrownBy(() -> clients.of("m1").delete("/services/web"))
                            .hasMessageContaining("only watched");
                    assertThatThrownBy(() -> clients.of("m1").getJson("/swarm"))
                            .hasMessageContaining("not among what is read");
                }
            }
        } finally {
            for (RecordingProxy proxy : proxies.values()) {
                proxy.close();
            }
        }
        List<String> requests = proxies.values().stream()
                .flatMap(proxy -> proxy.sent().stream())
                .flatMap(sent -> sent.lines().filter(line -> line.contains(" HTTP/1.1")))
                .toList();
        assertThat(requests).hasSizeGreaterThan(20).allMatch(line -> line.startsWith("GET /"));
        assertThat(proxies.values().stream().flatMap(proxy -> proxy.sent().stream()))
                .allMatch(sent -> sent.isEmpty() || sent.endsWith("\r\n\r\n"), "no body follows a head");
    }

    @Test
    void namesItsMachinesAsTheirSwarmDoesAndRefusesEveryChangeInASentence() throws IOException {
        try (var lab = new EmbeddedLab(1)) {
            lab.swarm(1, List.of("m1", "w1"));
            try (WatchedSwarm swarm = attach(List.of(host("first", at(lab, "m1"), Map.of())))) {
                assertThat(swarm.machines()).extracting(Machine::name).containsExactly("m1");
                assertThat(swarm.unsupportedFaults()).containsOnlyKeys(FaultKind.values());
                assertThatThrownBy(() -> swarm.killMachine("m1"))
                        .isInstanceOf(LabException.class)
                        .hasMessageContaining("only watched");
                assertThatThrownBy(() -> swarm.createMachine("m2")).hasMessageContaining("only watched");
                try (var observer = new ObserverService(swarm)) {
                    ClusterSnapshot seen = observer.observe();
                    assertThat(seen.swarm().orElseThrow().nodes()).hasSize(2);
                    assertThat(seen.machines()).hasSize(1);
                }
            }
        }
    }

    @Test
    void showsAHostThatIsAwayWithTheReasonAndFindsItAgain() throws Exception {
        try (var lab = new EmbeddedLab(1)) {
            lab.swarm(1, List.of("m1", "w1"));
            try (var proxy = new RecordingProxy(at(lab, "m1"));
                    WatchedSwarm swarm = attach(
                            List.of(host("m1", proxy.hostAndPort(), Map.of()), host("away", "127.0.0.1:1", Map.of())));
                    var observer = new ObserverService(swarm)) {
                MachineView away = observer.observe().machine("away").orElseThrow();
                assertThat(away.answering()).isFalse();
                assertThat(swarm.troubles().get("away").sentence()).contains("nobody listens");

                proxy.drop();
                assertThat(swarm.clock()
                                .await(
                                        () -> observer.observe()
                                                .machine("m1")
                                                .filter(MachineView::answering)
                                                .isPresent(),
                                        LIMIT))
                        .isTrue();
            }
        }
    }

    @Test
    void keepsThePictureAliveOverASlowLinkThatBreaksAgainAndAgain() throws Exception {
        try (var lab = new EmbeddedLab(1)) {
            lab.swarm(1, List.of("m1", "w1"));
            try (var slow = new RecordingProxy(at(lab, "m1"), Duration.ofMillis(200));
                    WatchedSwarm swarm = attach(
                            List.of(host("m1", slow.hostAndPort(), Map.of()), host("w1", at(lab, "w1"), Map.of())));
                    var observer = new ObserverService(swarm)) {
                for (int i = 1; i <= 5; i++) {
                    String label = "broken-" + i;
                    slow.drop();
                    lab.post("m1", "/networks/create", "{\"Name\": \"" + label + "\", \"Driver\": \"overlay\"}");
                    assertThat(swarm.clock()
                                    .await(
                                            () -> observer.observe().swarm().stream()
                                                    .flatMap(view -> view.networks().stream())
                                                    .anyMatch(network ->
                                                            network.name().equals(label)),
                                            LIMIT))
                            .as(label)
                            .isTrue();
                    assertThat(observer.latest().machine("w1").orElseThrow().answering())
                            .as("who is near does not wait for who is far")
                            .isTrue();
                }
            }
        }
    }

    @Test
    void refusesHostsOfTwoSwarmsAndHostsOfWhichNoneAnswers() {
        try (var one = new EmbeddedLab(1);
                var other = new EmbeddedLab(2)) {
            one.swarm(1, List.of("a1"));
            other.swarm(1, List.of("b1"));
            assertThatThrownBy(() ->
                            attach(List.of(host("a1", at(one, "a1"), Map.of()), host("b1", at(other, "b1"), Map.of()))))
                    .hasMessageContaining("different Swarms");
        }
        assertThatThrownBy(
                        () -> attach(List.of(host("x", "127.0.0.1:1", Map.of()), host("y", "127.0.0.1:1", Map.of()))))
                .hasMessageContaining("None of the hosts")
                .hasMessageContaining("x (tcp://127.0.0.1:1)")
                .hasMessageContaining("y (tcp://127.0.0.1:1)");
    }

    private static WatchedSwarm attach(List<Host> hosts) {
        return WatchedSwarm.attach(hosts, Map.of(), "Linux", InstantSource.system());
    }

    /** Every machine of the lab, all that goes to it through a proxy. */
    private static List<Host> hosts(EmbeddedLab lab, Map<String, RecordingProxy> proxies) throws IOException {
        var hosts = new ArrayList<Host>();
        for (Machine machine : lab.engine.machines()) {
            var ports = new TreeMap<Integer, String>();
            for (Map.Entry<Integer, String> port : machine.ports().entrySet()) {
                var proxy = new RecordingProxy(port.getValue());
                proxies.put(machine.name() + ":" + port.getKey(), proxy);
                ports.put(port.getKey(), proxy.hostAndPort());
            }
            var proxy = new RecordingProxy(at(lab, machine.name()));
            proxies.put(machine.name(), proxy);
            hosts.add(host(machine.name(), proxy.hostAndPort(), ports));
        }
        return hosts;
    }

    private static String at(EmbeddedLab lab, String machine) {
        return lab.engine
                .machine(machine)
                .orElseThrow()
                .dockerEndpoint()
                .orElseThrow()
                .getAuthority();
    }

    private static Host host(String name, String hostAndPort, Map<Integer, String> ports) {
        return new Host(name, HostAddress.parse("tcp://" + hostAndPort, Optional.empty()), ports);
    }
}
