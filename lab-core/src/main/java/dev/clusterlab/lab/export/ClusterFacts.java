package dev.clusterlab.lab.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.client.LabHttp;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What a cluster has of what can be taken along, as its APIs show it.
 *
 * @param services in the order of their names, as are networks and nodes
 * @param keys of Consul
 */
record ClusterFacts(List<JsonNode> services, List<JsonNode> networks, List<JsonNode> nodes, Keys keys) {
    /** What Consul's agents say of its keys. */
    sealed interface Keys {
        /** All of them, with their values in Base64. */
        record Told(List<JsonNode> keys) implements Keys {
            public Told {
                keys = List.copyOf(keys);
            }
        }

        /** No agent is published at its usual ports, or none answers. */
        record Unknown() implements Keys {}
    }

    /** Of engine time: longer than a manager without a leader takes to say so. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final List<Integer> CONSUL_PORTS = List.of(8500, 8501);

    ClusterFacts {
        services = List.copyOf(services);
        networks = List.copyOf(networks);
        nodes = List.copyOf(nodes);
    }

    /**
     * Asks the first manager that answers, and the first agent of Consul.
     *
     * @throws LabException REFUSED if no manager answers
     */
    static ClusterFacts read(Engine engine) {
        List<String> troubles = new ArrayList<>();
        try (var daemons = new DockerClients(engine);
                var http = new LabHttp(engine)) {
            for (Machine machine : engine.machines()) {
                if (machine.state() != Machine.State.RUNNING) {
                    continue;
                }
                try {
                    DockerConnection daemon = daemons.of(machine);
                    // Workers refuse the first of these.
                    List<JsonNode> nodes = list(daemon, "/nodes", "/Description/Hostname");
                    return new ClusterFacts(
                            list(daemon, "/services", "/Spec/Name"),
                            list(daemon, "/networks", "/Name"),
                            nodes,
                            keys(engine, http));
                } catch (LabException e) {
                    troubles.add(machine.name() + ": " + e.getMessage());
                }
            }
        }
        throw new LabException(
                        Kind.REFUSED,
                        "No manager of a swarm answers, so there is nothing to take along."
                                + (troubles.isEmpty() ? "" : " " + String.join(" ", troubles)),
                        "Build something first, or start a manager again.")
                .named("export.nothing");
    }

    private static List<JsonNode> list(DockerConnection daemon, String path, String name) {
        List<JsonNode> all = new ArrayList<>();
        daemon.getJson(path, LIMIT).forEach(all::add);
        all.sort(Comparator.comparing(each -> each.at(name).asText()));
        return all;
    }

    private static Keys keys(Engine engine, LabHttp http) {
        for (int port : CONSUL_PORTS) {
            for (Machine machine : engine.machines()) {
                String at = machine.ports().get(port);
                if (machine.state() != Machine.State.RUNNING || at == null) {
                    continue;
                }
                var asked = new LabHttp.Request(
                        "GET", URI.create("http://" + at + "/v1/kv/?recurse=true"), Map.of(), new byte[0], LIMIT);
                if (http.send(asked) instanceof LabHttp.Result.Answer answer) {
                    if (answer.status() == 404) {
                        return new Keys.Told(List.of());
                    }
                    if (answer.status() == 200) {
                        try {
                            List<JsonNode> keys = new ArrayList<>();
                            LoopbackHttp.JSON.readTree(answer.body()).forEach(keys::add);
                            return new Keys.Told(keys);
                        } catch (IOException e) {
                            // Something else answers there.
                        }
                    }
                }
            }
        }
        return new Keys.Unknown();
    }

    /** The image of a service, with the digest that it was pinned to, if any. */
    static String image(JsonNode service) {
        return service.at("/Spec/TaskTemplate/ContainerSpec/Image").asText();
    }
}
