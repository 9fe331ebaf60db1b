package dev.clusterlab.lab.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The services and networks of a swarm as a stack file for {@code docker stack deploy}. */
final class StackFile {
    static final String NAME = "stack.yaml";

    /** The last of format 3, which Docker 20.10 knows and newer ones read too. */
    private static final String FORMAT = "3.9";

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES));

    private final ClusterFacts facts;
    private final List<Omission> omissions = new ArrayList<>();

    private StackFile(ClusterFacts facts) {
        this.facts = facts;
    }

    static Made of(ClusterFacts facts, String heading) {
        var stack = new StackFile(facts);
        String text = stack.write();
        return new Made(ExportedFile.of(NAME, heading + text), stack.omissions);
    }

    private String write() {
        var networkNames = new TreeMap<String, String>();
        facts.networks()
                .forEach(network -> networkNames.put(
                        network.path("Id").asText(), network.path("Name").asText()));
        var services = new LinkedHashMap<String, Object>();
        Set<String> networks = new TreeSet<>();
        Set<String> volumes = new TreeSet<>();
        Set<String> secrets = new TreeSet<>();
        Set<String> configs = new TreeSet<>();
        for (JsonNode service : facts.services()) {
            JsonNode mode = service.at("/Spec/Mode");
            if (!mode.has("Global") && !mode.has("Replicated")) {
                omissions.add(Omission.of(NAME, "job", service.at("/Spec/Name").asText()));
                continue;
            }
            var written = new StackService(service, networkNames, omissions);
            services.put(written.name(), written.entry());
            networks.addAll(written.networks());
            volumes.addAll(written.volumes());
            secrets.addAll(written.secrets());
            configs.addAll(written.configs());
        }
        if (facts.services().stream()
                .anyMatch(service -> ClusterFacts.image(service).contains("@"))) {
            omissions.add(Omission.of(NAME, "digests"));
        }
        var stack = new LinkedHashMap<String, Object>();
        stack.put("version", FORMAT);
        stack.put("services", services);
        if (!networks.isEmpty()) {
            stack.put("networks", networks(networks));
        }
        if (!volumes.isEmpty()) {
            var named = new LinkedHashMap<String, Object>();
            volumes.forEach(volume -> named.put(volume, Map.of("name", volume)));
            stack.put("volumes", named);
            volumes.forEach(volume -> omissions.add(Omission.of(NAME, "volume", volume)));
        }
        external(stack, "secrets", "secret", secrets);
        external(stack, "configs", "config", configs);
        try {
            return YAML.writeValueAsString(stack);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and texts can be written", e);
        }
    }

    private void external(Map<String, Object> stack, String key, String what, Set<String> names) {
        if (!names.isEmpty()) {
            var declared = new LinkedHashMap<String, Object>();
            for (String name : names) {
                declared.put(name, Map.of("external", true));
                omissions.add(Omission.of(NAME, what, name));
            }
            stack.put(key, declared);
        }
    }

    private Map<String, Object> networks(Set<String> used) {
        var networks = new LinkedHashMap<String, Object>();
        for (JsonNode network : facts.networks()) {
            String name = network.path("Name").asText();
            if (!used.contains(name)) {
                if (!network.path("Ingress").asBoolean()
                        && network.path("Scope").asText().equals("swarm")) {
                    omissions.add(Omission.of(NAME, "unused", name));
                }
                continue;
            }
            networks.put(name, network instanceof ObjectNode given ? network(name, given.deepCopy()) : Map.of());
        }
        return networks;
    }

    private Map<String, Object> network(String name, ObjectNode given) {
        var network = new LinkedHashMap<String, Object>();
        var part = new SpecPart(given);
        network.put("name", name);
        part.text("Driver").ifPresent(driver -> network.put("driver", driver));
        part.truth("Attachable").filter(value -> value).ifPresent(value -> network.put("attachable", true));
        part.truth("Internal").filter(value -> value).ifPresent(value -> network.put("internal", true));
        Map<String, String> options = new LinkedHashMap<>();
        given.path("Options")
                .properties()
                .forEach(each -> options.put(each.getKey(), each.getValue().asText()));
        // The swarm gives the number anew.
        options.remove("com.docker.network.driver.overlay.vxlanid_list");
        if (!options.isEmpty()) {
            network.put("driver_opts", StackService.escaped(options));
        }
        List<Object> subnets = new ArrayList<>();
        for (SpecPart config : part.part("IPAM").parts("Config")) {
            config.text("Subnet").ifPresent(subnet -> subnets.add(Map.of("subnet", subnet)));
            config.drop("Gateway");
            config.left().forEach(left -> omissions.add(Omission.of(NAME, "network.field", name, "IPAM." + left)));
        }
        if (!subnets.isEmpty()) {
            network.put("ipam", Map.of("config", subnets));
        }
        Map<String, String> labels = part.map("Labels");
        labels.keySet().removeIf(label -> label.startsWith("com.docker.stack."));
        if (!labels.isEmpty()) {
            network.put("labels", StackService.escaped(labels));
        }
        if (part.truth("EnableIPv6").orElse(false)) {
            omissions.add(Omission.of(NAME, "network.field", name, "EnableIPv6"));
        }
        return network;
    }
}
