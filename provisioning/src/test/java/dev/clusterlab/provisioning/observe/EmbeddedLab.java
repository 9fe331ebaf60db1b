package dev.clusterlab.provisioning.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.EngineOptions;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.embedded.EmbeddedEngine;
import dev.clusterlab.provisioning.engines.Engines;
import dev.clusterlab.provisioning.fault.FaultService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** An unattended embedded engine, and what tests of its observers say to it. */
public final class EmbeddedLab implements AutoCloseable {
    private static final String BIND =
            "-bind={{ GetPrivateInterfaces | include \\\"network\\\" \\\"10.1.9.0/24\\\" | attr \\\"address\\\" }}";

    public final EmbeddedEngine engine;
    public final FaultService faults;
    private final DockerClients docker;

    public EmbeddedLab(long seed) {
        engine = (EmbeddedEngine) Engines.create(
                EngineOptions.unattended().withName(EngineNames.EMBEDDED).withSeed(seed));
        faults = new FaultService(engine, System::nanoTime);
        docker = new DockerClients(engine);
    }

    public void pass(Duration time) throws InterruptedException {
        engine.clock().sleep(time);
    }

    public JsonNode get(String machine, String path) {
        return docker.of(machine).getJson(path);
    }

    public JsonNode post(String machine, String path, String body) {
        return docker.of(machine).postJson(path, LoopbackHttp.parse(body.getBytes(StandardCharsets.UTF_8)));
    }

    /** The first machine begins a swarm; the next {@code managers - 1} join as managers and the rest as workers. */
    public void swarm(int managers, List<String> machines) {
        engine.createMachines(machines);
        String first = machines.getFirst();
        String leader = ip(first);
        post(first, "/swarm/init", "{\"ListenAddr\": \"0.0.0.0:2377\", \"AdvertiseAddr\": \"" + leader + "\"}");
        JsonNode tokens = get(first, "/swarm").path("JoinTokens");
        for (int i = 1; i < machines.size(); i++) {
            post(
                    machines.get(i),
                    "/swarm/join",
                    "{\"ListenAddr\": \"0.0.0.0:2377\", \"AdvertiseAddr\": \"" + ip(machines.get(i))
                            + "\", \"RemoteAddrs\": [\"" + leader + ":2377\"], \"JoinToken\": \""
                            + tokens.path(i < managers ? "Manager" : "Worker").asText() + "\"}");
        }
    }

    private String ip(String machine) {
        return engine.machine(machine).orElseThrow().ip();
    }

    /** Consul, one agent on each machine, the hello service and Traefik. */
    public void platform(String manager) throws InterruptedException {
        post(
                manager,
                "/networks/create",
                "{\"Name\": \"lab\", \"Driver\": \"overlay\","
                        + " \"IPAM\": {\"Config\": [{\"Subnet\": \"10.1.9.0/24\"}]}}");
        service(
                manager,
                "consul-leader",
                "hashicorp/consul:1.20",
                "\"Replicated\": {\"Replicas\": 1}",
                8500,
                8501,
                "[\"agent\", \"-server\", \"-bootstrap-expect=1\", \"-client=0.0.0.0\", \"" + BIND + "\"]",
                "[]");
        pass(Duration.ofSeconds(20));
        service(
                manager,
                "consul-nodes",
                "hashicorp/consul:1.20",
                "\"Global\": {}",
                8500,
                8500,
                "[\"agent\", \"-server\", \"-retry-join=tasks.consul-leader\", \"-retry-interval=2s\","
                        + " \"-client=0.0.0.0\", \"" + BIND + "\"]",
                "[]");
        pass(Duration.ofSeconds(20));
        service(
                manager,
                "web",
                "clusterlab/hello",
                "\"Replicated\": {\"Replicas\": 2}",
                0,
                0,
                "[]",
                "[\"CONSUL_HOST=consul-nodes\", \"CONSUL_PORT=8500\", \"NETWORK=10.1.9\", \"SERVICE_NAME=hello\","
                        + " \"CHECK_INTERVAL=PT5S\"]");
        service(
                manager,
                "traefik",
                "traefik:v3",
                "\"Replicated\": {\"Replicas\": 1}",
                8080,
                8080,
                "[\"--providers.consulcatalog=true\", \"--providers.consulcatalog.endpoint.address=consul-nodes:8500\","
                        + " \"--providers.consulcatalog.defaultrule=Host(`{{ .Name }}.localhost`)\","
                        + " \"--entrypoints.web.address=:80\", \"--api.insecure=true\"]",
                "[]");
        pass(Duration.ofSeconds(30));
    }

    /** @param published in host mode; 0 for none */
    public void service(
            String manager,
            String name,
            String image,
            String mode,
            int target,
            int published,
            String arguments,
            String environment) {
        post(manager, "/services/create", """
                {"Name": "%s", "Mode": {%s},
                 "TaskTemplate": {"ContainerSpec": {"Image": "%s", "Args": %s, "Env": %s},
                                  "Networks": [{"Target": "lab"}]},
                 "EndpointSpec": {"Ports": [%s]}}""".formatted(
                        name,
                        mode,
                        image,
                        arguments,
                        environment,
                        published == 0
                                ? ""
                                : "{\"Protocol\": \"tcp\", \"PublishMode\": \"host\", \"TargetPort\": " + target
                                        + ", \"PublishedPort\": " + published + "}"));
    }

    /** {@code docker service scale}. */
    public void scale(String manager, String service, int replicas) {
        JsonNode known = get(manager, "/services/" + service);
        var spec = (com.fasterxml.jackson.databind.node.ObjectNode) known.path("Spec");
        spec.withObject("/Mode/Replicated").put("Replicas", replicas);
        docker.of(manager)
                .postJson(
                        "/services/" + service + "/update?version="
                                + known.path("Version").path("Index").asLong(),
                        spec);
    }

    /** {@code docker node update --availability}. */
    public void availability(String manager, String node, String availability) {
        JsonNode known = get(manager, "/nodes/" + node);
        var spec = (com.fasterxml.jackson.databind.node.ObjectNode) known.path("Spec");
        spec.put("Availability", availability);
        docker.of(manager)
                .postJson(
                        "/nodes/" + node + "/update?version="
                                + known.path("Version").path("Index").asLong(),
                        spec);
    }

    @Override
    public void close() {
        docker.close();
        faults.close();
        engine.close();
    }
}
