package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostFact;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.real.FaultSurvey;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What all hosts of a lab can do: what one of them lacks, the lab cannot have. Thread-safe. */
final class HostsAbilities {
    private final Scripts scripts;
    private final Map<String, List<String>> seen = new ConcurrentHashMap<>();

    /** Runs a shell script on a host and gives what it printed. */
    @FunctionalInterface
    interface Scripts {
        String run(LabHost host, String doing, String script);
    }

    HostsAbilities(Scripts scripts) {
        this.scripts = scripts;
    }

    /** Finds out what a host can do, by trying it. */
    void look(LabHost host) {
        seen.put(
                host.host().name(),
                scripts.run(host, "find out what " + host.host().name() + " can do", FaultSurvey.SCRIPT)
                        .lines()
                        .toList());
    }

    /**
     * As it is known now; returns at once.
     *
     * @param given all hosts of the lab
     * @param running those whose abilities count
     */
    HostAbilities of(Collection<LabHost> given, Collection<LabHost> running) {
        List<List<String>> looked = running.stream()
                .map(host -> seen.getOrDefault(host.host().name(), List.of()))
                .filter(lines -> !lines.isEmpty())
                .toList();
        boolean mesh = looked.stream().allMatch(lines -> lines.contains("ipvs"));
        boolean netem = looked.stream().allMatch(lines -> lines.contains("netem"));
        var lacks = new EnumMap<FaultKind, HostLack>(FaultKind.class);
        looked.forEach(lines -> lacks.putAll(FaultSurvey.unsupported(lines)));
        lacks.put(FaultKind.MACHINE_PAUSE, HostLack.HOST_NOT_FROZEN);
        lacks.put(FaultKind.MACHINE_UNPAUSE, HostLack.HOST_NOT_FROZEN);
        var facts = new EnumMap<HostTopic, HostFact>(HostTopic.class);
        facts.put(
                HostTopic.ENGINE,
                new HostFact.Text(
                        given.stream().map(host -> host.host().toString()).collect(Collectors.joining(", "))));
        if (!looked.isEmpty()) {
            facts.put(HostTopic.IPVS, mesh ? HostFact.Tried.WORKS : HostFact.Tried.LACKING);
            facts.put(HostTopic.NETEM, netem ? HostFact.Tried.WORKS : HostFact.Tried.LACKING);
        }
        return new HostAbilities(mesh, netem, lacks, facts);
    }
}
