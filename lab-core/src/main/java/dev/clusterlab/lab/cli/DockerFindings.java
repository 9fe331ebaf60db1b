package dev.clusterlab.lab.cli;

import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.HostReport;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import dev.clusterlab.provisioning.docker.images.LabImages;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the doctor finds of real Docker. Labs run without it, so nothing here is worse than a note. */
final class DockerFindings {
    private static final String SUBJECT = "Docker";

    private final Surroundings computer;

    DockerFindings(Surroundings computer) {
        this.computer = computer;
    }

    /** @param deep whether one machine is made, and removed again, to try what the host can do */
    List<Finding> find(boolean deep) {
        HostReport report;
        try {
            report = HostReport.read(computer.environment(), computer.home(), computer.operatingSystem());
        } catch (LabException e) {
            return List.of(Finding.note(SUBJECT, String.valueOf(e.getMessage()), e.advice()));
        }
        var findings = new ArrayList<Finding>();
        HostEngine engine = report.engine();
        findings.add(Finding.good(
                SUBJECT,
                "engine " + report.fact("version").orElse("of unknown version") + " answers at " + engine.endpoint()
                        + " (" + engine.source() + "), API "
                        + report.fact("API").orElse("unknown")));
        for (HostEngine.Skipped skipped : engine.skipped()) {
            findings.add(Finding.note("Docker skipped", skipped.toString(), ""));
        }
        findings.add(Finding.good("Docker host", host(report)));
        findings.add(images(report.images()));
        if (deep) {
            findings.addAll(machine());
        }
        return findings;
    }

    private static String host(HostReport report) {
        var parts = new ArrayList<String>();
        report.fact("system").ifPresent(parts::add);
        report.fact("cgroup version").ifPresent(version -> parts.add("control groups of version " + version));
        report.fact("processors").ifPresent(count -> parts.add(count + " processors"));
        report.fact("memory").ifPresent(memory -> parts.add(memory + " of memory"));
        report.fact("free disk").ifPresent(disk -> parts.add(disk + " of disk free"));
        return String.join("; ", parts);
    }

    private static Finding images(List<LabImages.Entry> images) {
        List<String> missing = images.stream()
                .filter(LabImages.Entry::missing)
                .map(LabImages.Entry::name)
                .toList();
        List<String> there = images.stream()
                .filter(image -> image.there().isPresent())
                .map(LabImages.Entry::name)
                .toList();
        String present = there.isEmpty() ? "" : "there: " + String.join(", ", there);
        return missing.isEmpty()
                ? Finding.good("Docker images", present)
                : Finding.note(
                        "Docker images",
                        "missing: " + String.join(", ", missing) + (present.isEmpty() ? "" : "; " + present),
                        "clusterlab images pull gets them before a lab needs them; clusterlab images list tells more.");
    }

    private List<Finding> machine() {
        long began = System.nanoTime();
        HostAbilities abilities;
        try {
            abilities = HostReport.tryMachine(
                    computer.environment(), computer.home(), computer.operatingSystem(), computer.folders());
        } catch (LabException e) {
            return List.of(Finding.note("Docker machine", String.valueOf(e.getMessage()), e.advice()));
        }
        Map<String, String> facts = abilities.facts();
        var findings = new ArrayList<Finding>();
        findings.add(Finding.good(
                "Docker machine",
                String.format(
                                Locale.ROOT,
                                "one was made and removed again in %.1f s",
                                (System.nanoTime() - began) / 1e9)
                        + "; isolation " + facts.getOrDefault("isolation", "unknown") + ", "
                        + facts.getOrDefault("free disk", "unknown") + " of disk free in it"));
        findings.add(ability("IPVS", abilities.routingMesh(), facts));
        findings.add(ability("netem", abilities.netem(), facts));
        abilities
                .unsupportedFaults()
                .forEach((fault, reason) ->
                        findings.add(Finding.note("Docker fault", fault.code() + ": " + reason.sentence(), "")));
        return findings;
    }

    private static Finding ability(String topic, boolean there, Map<String, String> facts) {
        String found = facts.getOrDefault(topic, there ? "yes" : "no");
        return there ? Finding.good("Docker " + topic, found) : Finding.note("Docker " + topic, found, "");
    }
}
