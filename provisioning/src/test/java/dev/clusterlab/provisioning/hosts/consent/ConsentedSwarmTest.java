package dev.clusterlab.provisioning.hosts.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.FaultConsent;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.ProbePort;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.client.ContainerLogs;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.FaultService;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.link.RecordingProxy;
import dev.clusterlab.provisioning.observe.EmbeddedLab;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leaves to Swarms of the embedded engine, which are to this engine as any other: each byte passes a proxy that keeps it. */
class ConsentedSwarmTest {
    @TempDir
    private Path folder;

    @Test
    void letsOutNothingButReadingAndWhatFaultsOnLabelledServicesNeed() throws Exception {
        var proxies = new TreeMap<String, RecordingProxy>();
        String web;
        try (var lab = new EmbeddedLab(4)) {
            lab.swarm(1, List.of("m1", "w1"));
            lab.post("m1", "/networks/create", "{\"Name\": \"lab\", \"Driver\": \"overlay\"}");
            service(lab, "web", true);
            service(lab, "shop", false);
            lab.pass(Duration.ofSeconds(10));
            try (ConsentedSwarm swarm = attach(lab, proxies);
                    var docker = new DockerClients(swarm);
                    var faults = new FaultService(swarm, System::nanoTime)) {
                web = container(lab, "web");
                String shop = container(lab, "shop");
                FaultConsent consent = swarm.consent().orElseThrow();
                assertThat(consent.service("web")).isTrue();
                assertThat(consent.service("shop")).isFalse();
                assertThat(consent.machine("w1")).isFalse();

                faults.inject(new Fault.ContainerKill("w1", web));
                assertThatThrownBy(() -> faults.inject(new Fault.ContainerKill("w1", shop)))
                        .isInstanceOf(LabException.class)
                        .hasMessageContaining("containers of shop are not allowed")
                        .hasMessageContaining("docker service update --label-add dev.clusterlab.faults=allowed shop");
                for (Runnable change : changes(docker, shop)) {
                    assertThatThrownBy(change::run).hasMessageContaining("Nothing changes this Swarm");
                }
                assertThatThrownBy(() -> faults.inject(
                                new Fault.NetworkPartition(List.of(Set.of("w1"), Set.of("m1")), Optional.empty())))
                        .hasMessageContaining("Faults on m1, w1 are not allowed");
                assertThatThrownBy(() -> faults.inject(new Fault.NodeDrain("w1")))
                        .hasMessageContaining("nothing on its hosts would undo this");
                assertThatThrownBy(() -> swarm.killMachine("w1")).isInstanceOf(LabException.class);
            }
        } finally {
            for (RecordingProxy proxy : proxies.values()) {
                proxy.close();
            }
        }
        List<String> changing = proxies.values().stream()
                .flatMap(proxy -> proxy.sent().stream())
                .flatMap(String::lines)
                .filter(line -> line.contains(" HTTP/1.1") && !line.startsWith("GET /"))
                .toList();
        assertThat(changing)
                .hasSize(1)
                .allMatch(line ->
                        line.matches("POST /v1\\.[0-9]+/containers/[0-9a-f]{64}/kill(\\?signal=SIGKILL)? HTTP/1.1"));
        assertThat(changing.getFirst()).contains(web);
    }

    @Test
    void readsWhichServerAFailedRequestMetFromTheLogsOfTraefiksAndFromNoOthers() throws Exception {
        var proxies = new TreeMap<String, RecordingProxy>();
        try (var lab = new EmbeddedLab(4)) {
            lab.swarm(1, List.of("m1", "w1"));
            lab.platform("m1");
            lab.service("m1", "gate", "traefik:v3", "\"Global\": {}", 80, 80, """
                    ["--providers.consulcatalog=true", "--providers.consulcatalog.endpoint.address=consul-nodes:8500",
                     "--providers.consulcatalog.defaultrule=Host(`{{ .Name }}.localhost`)", "--entrypoints.web.address=:80",
                     "--accesslog.filters.statuscodes=400-599", "--accesslog.fields.headers.names.User-Agent=keep"]""", "[]");
            lab.pass(Duration.ofSeconds(30));
            try (ConsentedSwarm swarm = attach(lab, proxies);
                    var others = new ContainerLogs(swarm)) {
                assertThat(swarm.accessLogs())
                        .as("two that tell, and the platform's own")
                        .containsExactlyInAnyOrder(TraefikLog.TELLS, TraefikLog.TELLS, TraefikLog.SILENT);
                Set<String> failed = ConcurrentHashMap.newKeySet();
                Map<String, String> servers = new ConcurrentHashMap<>();
                swarm.probes().begin(nowhere(), new ProbePort.Listener() {
                    @Override
                    public void ended(RequestSample request) {
                        failed.add(request.mark());
                    }

                    @Override
                    public void missed(Duration due) {
                        // It is asked often enough.
                    }

                    @Override
                    public void passedOn(String mark, String server) {
                        servers.put(mark, server);
                    }
                });
                assertThat(swarm.clock()
                                .await(
                                        () -> !failed.isEmpty()
                                                && servers.keySet().equals(failed),
                                        Duration.ofSeconds(30)))
                        .as("%s of %s", servers, failed)
                        .isTrue();
                assertThat(servers.values()).allMatch(server -> server.matches("http://10\\.1\\.9\\.[0-9]+:[0-9]+"));

                String consul = container(lab, "consul-nodes");
                assertThatThrownBy(() -> others.tail("w1", consul, 10))
                        .hasMessageContaining("prints is not read: it is no Traefik");
            }
        } finally {
            for (RecordingProxy proxy : proxies.values()) {
                proxy.close();
            }
        }
        assertThat(proxies.values().stream()
                        .flatMap(proxy -> proxy.sent().stream())
                        .flatMap(String::lines)
                        .filter(line -> line.contains("/logs?")))
                .isNotEmpty()
                .allMatch(line -> line.matches("GET /v1\\.[0-9]+/containers/[0-9a-f]{64}/logs\\?[a-z0-9=&]+ HTTP/1.1"));
    }

    /** Nobody has that page. */
    private static ProbePlan nowhere() {
        return new ProbePlan(
                3,
                Duration.ofSeconds(1),
                List.of("m1"),
                ProbePlan.HTTP,
                "/nowhere",
                Map.of("Host", "hello.localhost"),
                Duration.ofSeconds(10));
    }

    private static List<Runnable> changes(DockerClients docker, String container) {
        JsonNode empty = LoopbackHttp.parse("{}".getBytes(StandardCharsets.UTF_8));
        return List.of(
                () -> docker.of("m1").postJson("/services/create", empty),
                () -> docker.of("m1").delete("/services/web"),
                () -> docker.of("w1").delete("/containers/" + container + "?force=true"),
                () -> docker.of("w1").postJson("/containers/" + container + "/exec", empty),
                () -> docker.of("w1").postJson("/containers/create?name=clusterlab-00000000-helper", empty),
                () -> docker.of("w1").post("/swarm/leave?force=true"),
                () -> docker.of("w1").post("/containers/" + container + "/kill?signal=SIGSTOP"),
                () -> docker.of("w1").post("/containers/" + container + "/restart"));
    }

    private static void service(EmbeddedLab lab, String name, boolean allowed) {
        lab.post(
                "m1", "/services/create", """
                {"Name": "%s", "Labels": {%s}, "Mode": {"Replicated": {"Replicas": 1}},
                 "TaskTemplate": {"ContainerSpec": {"Image": "busybox", "Args": ["sleep", "100000"]},
                                  "Placement": {"Constraints": ["node.role==worker"]}}}""".formatted(name, allowed ? "\"dev.clusterlab.faults\": \"allowed\"" : ""));
    }

    private static String container(EmbeddedLab lab, String service) {
        for (JsonNode container : lab.get("w1", "/containers/json")) {
            if (container
                    .path("Labels")
                    .path("com.docker.swarm.service.name")
                    .asText()
                    .equals(service)) {
                return container.path("Id").asText();
            }
        }
        throw new AssertionError("no container of " + service);
    }

    private ConsentedSwarm attach(EmbeddedLab lab, Map<String, RecordingProxy> proxies) throws IOException {
        var hosts = new ArrayList<Host>();
        for (Machine machine : lab.engine.machines()) {
            var proxy =
                    new RecordingProxy(machine.dockerEndpoint().orElseThrow().getAuthority());
            proxies.put(machine.name(), proxy);
            hosts.add(new Host(
                    machine.name(),
                    HostAddress.parse("tcp://" + proxy.hostAndPort(), Optional.empty()),
                    machine.ports()));
        }
        return ConsentedSwarm.attach(
                hosts,
                new ConsentSettings(folder, Map.of(), "Linux", OptionalInt.empty(), false, InstantSource.system()));
    }
}
