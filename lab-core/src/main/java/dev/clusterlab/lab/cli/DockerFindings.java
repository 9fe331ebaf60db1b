package dev.clusterlab.lab.cli;

import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostFact;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.HostReport;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import dev.clusterlab.provisioning.docker.images.LabImages;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
                "engine " + report.fact(HostTopic.VERSION).orElse("of unknown version") + " answers at "
                        + engine.endpoint()
                        + " (" + engine.source() + "), API "
                        + report.fact(HostTopic.API).orElse("unknown")));
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
        report.fact(HostTopic.SYSTEM).ifPresent(parts::add);
        report.fact(HostTopic.CGROUP_VERSION).ifPresent(version -> parts.add("control groups of version " + version));
        report.fact(HostTopic.PROCESSORS).ifPresent(count -> parts.add(count + " processors"));
        report.fact(HostTopic.MEMORY).ifPresent(memory -> parts.add(memory + " of memory"));
        report.fact(HostTopic.FREE_DISK).ifPresent(disk -> parts.add(disk + " of disk free"));
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
        var findings = new ArrayList<Finding>();
        findings.add(Finding.good(
                "Docker machine",
                String.format(
                                Locale.ROOT,
                                "one was made and removed again in %.1f s",
                                (System.nanoTime() - began) / 1e9)
                        + "; isolation " + known(abilities, HostTopic.ISOLATION) + ", "
                        + known(abilities, HostTopic.FREE_DISK) + " of disk free in it"));
        findings.add(ability("Docker IPVS", abilities.fact(HostTopic.IPVS), "services get dnsrr and host-mode ports"));
        findings.add(ability("Docker netem", abilities.fact(HostTopic.NETEM), "packets cannot be delayed"));
        abilities
                .unsupportedFaults()
                .forEach((fault, reason) ->
                        findings.add(Finding.note("Docker fault", fault.code() + ": " + reason.sentence(), "")));
        return findings;
    }

    private static String known(HostAbilities abilities, HostTopic topic) {
        return abilities.fact(topic).map(HostFact::english).orElse("unknown");
    }

    /** @param consequence of its lack */
    private static Finding ability(String subject, Optional<HostFact> found, String consequence) {
        return switch (found.orElse(HostFact.Tried.LACKING)) {
            case HostFact.Tried tried when tried == HostFact.Tried.WORKS -> Finding.good(subject, tried.english());
            case HostFact.Tried tried
            when tried == HostFact.Tried.NO_TOOL ->
                Finding.note(subject, tried.english() + ": the node image has no tc", "");
            case HostFact lacking -> Finding.note(subject, lacking.english() + ": " + consequence, "");
        };
    }
}
