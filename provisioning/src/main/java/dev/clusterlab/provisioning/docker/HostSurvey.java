package dev.clusterlab.provisioning.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostFact;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import dev.clusterlab.provisioning.real.FaultSurvey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Finds out what the host of the machines can do, by trying it inside one of them. */
final class HostSurvey {
    private HostSurvey() {}

    /** @param inside runs a shell script in a machine and gives what it printed */
    static HostAbilities of(HostDocker host, NodeIsolation isolation, UnaryOperator<String> inside) {
        JsonNode info = host.get("ask the Docker Engine about itself", "/info");
        List<String> seen = inside.apply(FaultSurvey.SCRIPT).lines().toList();
        boolean routingMesh = seen.contains("ipvs");
        boolean netem = seen.contains("netem");
        var facts = new EnumMap<>(facts(host.found(), info));
        facts.put(HostTopic.ISOLATION, new HostFact.Text(isolation.name().toLowerCase(Locale.ROOT)));
        facts.put(HostTopic.IPVS, routingMesh ? HostFact.Tried.WORKS : HostFact.Tried.LACKING);
        facts.put(
                HostTopic.NETEM,
                netem
                        ? HostFact.Tried.WORKS
                        : seen.contains("no-tc") ? HostFact.Tried.NO_TOOL : HostFact.Tried.LACKING);
        disk(seen).ifPresent(free -> facts.put(HostTopic.FREE_DISK, free));
        return new HostAbilities(routingMesh, netem, FaultSurvey.unsupported(seen), facts);
    }

    /** What is known without a machine. */
    static Map<HostTopic, HostFact> facts(HostEngine found, JsonNode info) {
        var facts = new EnumMap<HostTopic, HostFact>(HostTopic.class);
        put(facts, HostTopic.ENGINE, found.endpoint() + " (" + found.source() + ")");
        var skipped = new ArrayList<String>();
        found.skipped().forEach(place -> skipped.add(place.toString()));
        put(facts, HostTopic.SKIPPED, String.join("; ", skipped));
        put(facts, HostTopic.VERSION, info.path("ServerVersion").asText(""));
        put(
                facts,
                HostTopic.SYSTEM,
                info.path("OperatingSystem").asText("") + ", kernel "
                        + info.path("KernelVersion").asText(""));
        put(facts, HostTopic.CGROUP_VERSION, info.path("CgroupVersion").asText(""));
        put(facts, HostTopic.PROCESSORS, info.path("NCPU").asText(""));
        facts.put(HostTopic.MEMORY, new HostFact.Size(info.path("MemTotal").asLong()));
        ownDisk(found, info).ifPresent(free -> facts.put(HostTopic.FREE_DISK, free));
        return facts;
    }

    private static void put(Map<HostTopic, HostFact> facts, HostTopic topic, String text) {
        if (!text.isBlank()) {
            facts.put(topic, new HostFact.Text(text));
        }
    }

    /** Of the engine, where its folder is one of this computer and not of a virtual machine. */
    private static Optional<HostFact> ownDisk(HostEngine found, JsonNode info) {
        String folder = info.path("DockerRootDir").asText("");
        if (!"unix".equals(found.endpoint().getScheme()) || folder.isEmpty() || !Files.isDirectory(Path.of(folder))) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new HostFact.Size(Files.getFileStore(Path.of(folder)).getUsableSpace()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<HostFact> disk(List<String> seen) {
        return seen.stream()
                .filter(line -> line.matches("disk [0-9]+"))
                .<HostFact>map(line -> new HostFact.Size(Long.parseLong(line.substring("disk ".length())) * 1024))
                .findFirst();
    }
}
