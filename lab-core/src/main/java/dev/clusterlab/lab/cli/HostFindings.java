package dev.clusterlab.lab.cli;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.images.ImageSpace;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.survey.HostFacts;
import dev.clusterlab.provisioning.hosts.survey.HostFacts.Closed;
import dev.clusterlab.provisioning.hosts.survey.HostFacts.Inside;
import dev.clusterlab.provisioning.hosts.survey.HostRoom;
import dev.clusterlab.provisioning.hosts.survey.HostSurveys.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the doctor finds of Docker hosts, with what to open or change. */
final class HostFindings {
    /** Docker Engine 20.10. */
    private static final int API_MINOR_MIN = 41;
    /** Certificates of a Swarm are valid from an hour before they are made; logs and elections suffer from less. */
    private static final Duration SKEW_NOTED = Duration.ofSeconds(2);

    private static final long DISK_FEW_BYTES = 3_000_000_000L;
    /** What an overlay network puts around a packet. */
    private static final int OVERLAY_BYTES = 50;

    private HostFindings() {}

    /** @param space of the images that a lab brings to a host */
    static List<Finding> of(List<Result> results, ImageSpace space) {
        var findings = new ArrayList<Finding>();
        for (Result result : results) {
            switch (result) {
                case Result.Unreached(Host host, LabException why) ->
                    findings.add(Finding.missing(host.name(), String.valueOf(why.getMessage()), why.advice()));
                case Result.Reached(Host host, HostFacts facts) -> reached(findings, host.name(), facts, space);
            }
        }
        closed(findings, results);
        mtu(findings, results);
        return findings;
    }

    private static void reached(List<Finding> findings, String name, HostFacts facts, ImageSpace space) {
        findings.add(Finding.good(name, summary(facts)));
        if (!facts.linux()) {
            findings.add(Finding.missing(name, "its containers are not of Linux", "Take a host with Linux."));
        }
        if (minor(facts.apiVersion()) < API_MINOR_MIN) {
            findings.add(Finding.missing(
                    name,
                    "its engine " + facts.engineVersion() + " is too old",
                    "Update Docker there to 20.10 or newer."));
        }
        if (facts.rootless()) {
            findings.add(Finding.note(
                    name,
                    "its daemon runs without root: Swarm has no overlay networks there",
                    "Use the host's daemon with root for a Swarm."));
        }
        swarm(findings, name, facts);
        if (facts.clockAhead().abs().compareTo(SKEW_NOTED) > 0) {
            findings.add(Finding.note(
                    name,
                    String.format(
                            Locale.ROOT,
                            "its clock is %.1f s %s this computer's",
                            facts.clockAhead().abs().toMillis() / 1000.0,
                            facts.clockAhead().isNegative() ? "behind" : "ahead of"),
                    "Let both keep time by NTP (`timedatectl set-ntp true`): times of events are compared."));
        }
        facts.inside()
                .ifPresentOrElse(
                        inside -> {
                            inside(findings, name, facts, inside);
                            disk(findings, name, facts, new HostRoom(inside.disk(), space.beside(facts.images())));
                        },
                        () -> findings.add(Finding.note(
                                name,
                                "IPVS, netem, disk, MTU and ports could not be looked at",
                                "Only ssh:// with a shell lets one look at them; nothing else needs it.")));
    }

    private static String summary(HostFacts facts) {
        var parts = new ArrayList<String>();
        parts.add("engine " + facts.engineVersion() + ", API " + facts.apiVersion());
        parts.add(facts.system() + ", kernel " + facts.kernel());
        if (!facts.cgroupVersion().isEmpty()) {
            parts.add("control groups of version " + facts.cgroupVersion());
        }
        parts.add(facts.processors() + " processors");
        parts.add(String.format(Locale.ROOT, "%.1f GB of memory", facts.memoryBytes() / 1e9));
        facts.inside()
                .map(inside -> inside.disk().dataBytes())
                .filter(OptionalLong::isPresent)
                .ifPresent(free -> parts.add(HostRoom.size(free.getAsLong()) + " of disk free"));
        parts.add(String.format(
                Locale.ROOT, "answers in %.1f ms", facts.roundTrip().toNanos() / 1e6));
        return String.join("; ", parts);
    }

    private static void swarm(List<Finding> findings, String name, HostFacts facts) {
        String part = switch (facts.swarm()) {
            case NONE -> "";
            case MANAGER -> "it is a manager of a Swarm";
            case WORKER -> "it is a worker of a Swarm; a manager tells more";
            case UNSETTLED -> "it is neither in a Swarm nor out of it: locked, joining, leaving or in an error";
        };
        if (!part.isEmpty()) {
            findings.add(Finding.note(name, part, "`clusterlab watch` looks at a Swarm without changing it."));
        }
        if (facts.containersRunning() > 0) {
            findings.add(Finding.note(
                    name,
                    facts.containersRunning() + " containers run on it (" + facts.containers() + " there are)",
                    ""));
        }
    }

    private static void inside(List<Finding> findings, String name, HostFacts facts, Inside inside) {
        if (inside.ipvs().equals(Optional.of(false))) {
            findings.add(
                    Finding.note(
                            name,
                            "its kernel has no IPVS: virtual addresses of services and the routing mesh do not work there",
                            "Install a kernel with ip_vs (Debian, Ubuntu: linux-modules-extra), or use dnsrr and host-mode ports."));
        }
        if (inside.netem().equals(Optional.of(false))) {
            findings.add(Finding.note(
                    name,
                    "its kernel has no netem: packets cannot be delayed there",
                    "Install a kernel with sch_netem, if slow links are to be tried."));
        }
        if (facts.swarm() == HostFacts.SwarmPart.NONE && !inside.listening().isEmpty()) {
            findings.add(Finding.note(
                    name,
                    "another program listens at " + String.join(", ", inside.listening()) + ", which a Swarm needs",
                    "Find it with `ss -lntup` there, and end it before a Swarm begins."));
        }
    }

    /** A host in a Swarm is one to look at: no lab takes it. */
    private static void disk(List<Finding> findings, String name, HostFacts facts, HostRoom room) {
        Optional<LabException> refused = room.refused("it");
        if (refused.isPresent()) {
            String why = String.valueOf(refused.get().getMessage()).replaceFirst("\\.$", "");
            String advice = refused.get().advice();
            findings.add(
                    facts.swarm() == HostFacts.SwarmPart.NONE
                            ? Finding.missing(name, why, advice)
                            : Finding.note(name, why, advice));
        } else if (room.known() && room.free().dataBytes().getAsLong() < DISK_FEW_BYTES) {
            findings.add(
                    Finding.note(
                            name,
                            "only " + HostRoom.size(room.free().dataBytes().getAsLong())
                                    + " of disk are free; a lab needs up to "
                                    + HostRoom.size(room.need().bytes()) + ", " + room.source(),
                            "It will do, if nothing else fills the disk meanwhile: `docker system df` shows what Docker keeps there."));
        }
    }

    private static void closed(List<Finding> findings, List<Result> results) {
        for (Result result : results) {
            if (result instanceof Result.Reached(Host host, HostFacts facts)
                    && facts.inside().isPresent()) {
                var byHost = facts.inside().get().closed().stream()
                        .collect(Collectors.groupingBy(
                                Closed::host,
                                java.util.TreeMap::new,
                                Collectors.mapping(Closed::port, Collectors.toList())));
                byHost.forEach((to, ports) -> findings.add(Finding.note(
                        host.name(),
                        "nothing comes back from " + to + " at TCP port "
                                + ports.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                        "Open 2377/tcp (to managers), 7946/tcp, 7946/udp and 4789/udp between the hosts.")));
            }
        }
        boolean several =
                results.stream().filter(Result.Reached.class::isInstance).count() > 1;
        if (several) {
            findings.add(Finding.note(
                    "Ports",
                    "7946/udp and 4789/udp cannot be tried without a Swarm",
                    "Open them between the hosts, where a firewall stands between."));
        }
    }

    private static void mtu(List<Finding> findings, List<Result> results) {
        var sizes = new TreeSet<Integer>();
        for (Result result : results) {
            if (result instanceof Result.Reached(Host host, HostFacts facts)) {
                facts.inside().ifPresent(inside -> inside.mtu().ifPresent(sizes::add));
            }
        }
        if (sizes.isEmpty()) {
            return;
        }
        int overlay = sizes.first() - OVERLAY_BYTES;
        if (sizes.size() > 1 || sizes.first() < 1500) {
            findings.add(Finding.note(
                    "MTU",
                    "of the hosts' networks: "
                            + sizes.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                    "Create overlay networks with --opt com.docker.network.driver.mtu=" + overlay
                            + ", and the ingress network anew with it; packets that are too long vanish."));
        } else {
            findings.add(Finding.good("MTU", sizes.first() + " on all hosts that tell"));
        }
    }

    private static int minor(String version) {
        String text = version.substring(version.indexOf('.') + 1);
        return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    }
}
