package dev.clusterlab.provisioning.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostFact;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Finds out what the host of the machines can do, by trying it inside one of them. */
final class HostSurvey {
    /** Each line that it prints begins with a word for what was found. */
    private static final String SCRIPT = ResourceScripts.FUNCTIONS + """
            [ -e /proc/net/ip_vs ] || modprobe ip_vs 2>/dev/null
            [ -e /proc/net/ip_vs ] && echo ipvs
            if command -v tc >/dev/null; then
              tc qdisc add dev lo root netem delay 1ms 2>/dev/null && tc qdisc del dev lo root && echo netem
              if tc qdisc add dev lo root handle 1: htb default 0 2>/dev/null; then
                tc class add dev lo parent 1: classid 1:1 htb rate 10gbit quantum 60000 2>/dev/null &&
                  tc filter add dev lo parent 1: protocol ip prio 1 u32 match ip dst 127.9.9.9/32 flowid 1:1 2>/dev/null &&
                  echo classes &&
                  tc qdisc add dev lo parent 1:1 handle 2: tbf rate 8kbit burst 1600 limit 4800 2>/dev/null && echo tbf
                tc qdisc del dev lo root
              fi
            else
              echo no-tc
            fi
            if command -v iptables >/dev/null; then
              iptables -w -N clusterlab-probe 2>/dev/null
              iptables -w -A clusterlab-probe -m statistic --mode random --probability 0.5 -j DROP 2>/dev/null && echo statistic
              iptables -w -F clusterlab-probe 2>/dev/null
              iptables -w -X clusterlab-probe 2>/dev/null
            else
              echo no-iptables
            fi
            if command -v nsenter >/dev/null; then echo nsenter; fi
            iptables -w -N clusterlab-probe 2>/dev/null
            iptables -w -A clusterlab-probe -p udp -m string --algo bm --icase --from 40 --to 45 --hex-string '|0377656200|' \\
              -j REJECT 2>/dev/null && echo string
            iptables -w -F clusterlab-probe 2>/dev/null
            iptables -w -X clusterlab-probe 2>/dev/null
            for limit in cpu.max cpu.cfs_quota_us; do [ -w $(group cpu)/$limit ] && echo cpu-group; done
            for limit in memory.max memory.limit_in_bytes; do [ -w $(group memory)/$limit ] && echo memory-group; done
            df -Pk /var/lib/docker | awk 'NR == 2 {print "disk", $4}'
            """;

    private static final List<FaultKind> CUTS = List.of(
            FaultKind.NETWORK_PARTITION, FaultKind.NETWORK_ONE_WAY, FaultKind.NETWORK_BRIDGE, FaultKind.NETWORK_RING);

    private HostSurvey() {}

    /** @param inside runs a shell script in a machine and gives what it printed */
    static HostAbilities of(HostDocker host, NodeIsolation isolation, UnaryOperator<String> inside) {
        JsonNode info = host.get("ask the Docker Engine about itself", "/info");
        List<String> seen = inside.apply(SCRIPT).lines().toList();
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
        return new HostAbilities(routingMesh, netem, unsupported(seen), facts);
    }

    /** @param seen what the script printed */
    static Map<FaultKind, HostLack> unsupported(Collection<String> seen) {
        var unsupported = new EnumMap<>(DockerFaults.NEVER);
        boolean iptables = !seen.contains("no-iptables");
        if (!iptables) {
            CUTS.forEach(kind -> unsupported.put(kind, HostLack.NO_IPTABLES));
        }
        if (!seen.contains("statistic")) {
            HostLack lack = iptables ? HostLack.NO_STATISTIC : HostLack.NO_IPTABLES;
            unsupported.put(FaultKind.NETWORK_LOSS, lack);
            unsupported.put(FaultKind.NETWORK_BURST, lack);
        }
        if (!seen.contains("nsenter")) {
            unsupported.put(FaultKind.DNS_NOT_FOUND, HostLack.NO_NSENTER);
        } else if (!seen.contains("string")) {
            unsupported.put(FaultKind.DNS_NOT_FOUND, iptables ? HostLack.NO_STRING_MATCH : HostLack.NO_IPTABLES);
        }
        if (!seen.contains("cpu-group")) {
            unsupported.put(FaultKind.MACHINE_CPU, HostLack.NO_CPU_GROUP);
        }
        if (!seen.contains("memory-group")) {
            unsupported.put(FaultKind.MACHINE_MEMORY, HostLack.NO_MEMORY_GROUP);
        }
        if (seen.contains("no-tc")) {
            unsupported.put(FaultKind.NETWORK_LATENCY, HostLack.NO_TC);
            unsupported.put(FaultKind.NETWORK_BANDWIDTH, HostLack.NO_TC);
            return unsupported;
        }
        if (!seen.contains("netem")) {
            unsupported.put(FaultKind.NETWORK_LATENCY, HostLack.NO_NETEM);
        } else if (!seen.contains("classes")) {
            unsupported.put(FaultKind.NETWORK_LATENCY, HostLack.NO_QUEUES);
        }
        if (!seen.contains("tbf")) {
            unsupported.put(FaultKind.NETWORK_BANDWIDTH, HostLack.NO_QUEUES);
        }
        return unsupported;
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
