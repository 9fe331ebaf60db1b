package dev.clusterlab.provisioning.hosts.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.MachineNames;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.docker.images.ImageSpace;
import dev.clusterlab.provisioning.docker.images.MachineImages;
import dev.clusterlab.provisioning.hosts.helper.OtherHelper;
import dev.clusterlab.provisioning.hosts.survey.HostDisk;
import dev.clusterlab.provisioning.hosts.survey.HostRoom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Which of the given hosts may be machines, and which of them is the next. Only looks. Thread-safe. */
final class HostChoice {
    private static final int API_MINOR_LEAST = 41;

    private final List<LabHost> hosts;
    private final Set<String> lent;
    private final RemoteRecords records;
    private final Map<LabHost, HostPlan> plans = new ConcurrentHashMap<>();

    /** @param records of the labs that this user's programs have or had */
    HostChoice(List<LabHost> hosts, Set<String> lent, RemoteRecords records) {
        this.hosts = List.copyOf(hosts);
        this.lent = lent;
        this.records = records;
    }

    /**
     * Looks at all of them.
     *
     * @param space of the images that a lab brings
     */
    void look(ImageSpace space) {
        Sweep.CONCURRENT.ask(hosts, host -> {
            HostPlan plan = looked(host, space);
            plans.put(host, plan);
            return plan;
        });
    }

    /** @throws LabException REFUSED if none can be taken, with the reason of each */
    void requireSome() {
        if (hosts.stream().noneMatch(this::usable)) {
            String each = hosts.stream().map(this::refusal).collect(Collectors.joining());
            throw new LabException(
                            Kind.REFUSED,
                            "None of the hosts can be taken:" + each,
                            "`clusterlab doctor --hosts …` tells of each what to do.")
                    .named("remote.none", each);
        }
    }

    private String refusal(LabHost host) {
        return "\n  "
                + plan(host)
                        .refused()
                        .map(e -> e.getMessage() + (e.advice().isEmpty() ? "" : " " + e.advice()))
                        .orElse("");
    }

    private HostPlan plan(LabHost host) {
        return plans.getOrDefault(host, new HostPlan(host.host(), "", 0, Optional.empty(), Optional.empty()));
    }

    /** In the order of the hosts. */
    List<HostPlan> plans() {
        return hosts.stream().map(this::plan).toList();
    }

    private boolean usable(LabHost host) {
        return plan(host).refused().isEmpty();
    }

    private HostPlan looked(LabHost host, ImageSpace space) {
        try {
            JsonNode info = host.identify();
            int containers = info.path("Containers").asInt();
            Optional<LabException> unfit = unfit(host, info, containers);
            Optional<HostRoom> room = host.disk()
                    .map(disk -> new HostRoom(disk, space.beside(MachineImages.names(host.daemon()))))
                    .filter(HostRoom::known);
            return new HostPlan(
                    host.host(),
                    host.ownName(),
                    containers,
                    room,
                    unfit.or(() ->
                            room.flatMap(found -> found.refused(host.host().toString()))));
        } catch (LabException e) {
            return new HostPlan(host.host(), "", 0, Optional.empty(), Optional.of(e));
        }
    }

    private Optional<LabException> unfit(LabHost host, JsonNode info, int containers) {
        String named = host.host().toString();
        Optional<LabException> other = containers > 0 ? otherLab(host) : Optional.empty();
        if (other.isPresent()) {
            return other;
        }
        if (!info.path("Swarm").path("LocalNodeState").asText("inactive").equals("inactive")) {
            return Optional.of(new LabException(
                            Kind.REFUSED,
                            named + " is in a Swarm already.",
                            "A lab makes a Swarm of its own, and could not put the host back into this one. `clusterlab watch` shows it;"
                                    + " `docker swarm leave` on the host takes it out for good.")
                    .named("remote.swarm", named));
        }
        if (containers > 0 && !lent.contains(host.host().name())) {
            return Optional.of(new LabException(
                            Kind.REFUSED,
                            named + " has containers (" + containers + ").",
                            "Where a lab may run beside them: --take "
                                    + host.host().name() + ". It touches none of them.")
                    .named(
                            "remote.containers",
                            named,
                            String.valueOf(containers),
                            host.host().name()));
        }
        if (!info.path("OSType").asText("linux").equals("linux")
                || info.path("SecurityOptions").toString().contains("name=rootless")
                || DockerConnection.minor(host.daemon().apiVersion()) < API_MINOR_LEAST) {
            return Optional.of(new LabException(
                            Kind.REFUSED,
                            named + " has a Docker that no lab can use: "
                                    + info.path("ServerVersion").asText("") + ", "
                                    + info.path("OSType").asText("") + ".",
                            "It needs Docker 20.10 or newer, of Linux, run by root: a rootless one has no overlay networks.")
                    .named("remote.unfit", named, info.path("ServerVersion").asText("")));
        }
        return Optional.empty();
    }

    /** Not even one that is lent beside other containers: what keeps faults there is one for a host. */
    private Optional<LabException> otherLab(LabHost host) {
        return OtherHelper.among(host.daemon().getJson("/containers/json?all=true"), "")
                .map(other -> records.read(other.labId())
                        .map(known -> RemoteLabs.hasAlready(known, host.host().toString()))
                        .orElseGet(() -> other.inTheWay(host.host().toString())));
    }

    /**
     * Another one may have come since it was looked at.
     *
     * @throws LabException CONFLICT with whose lab or test has it
     */
    void requireAlone(LabHost host) {
        otherLab(host).ifPresent(why -> {
            throw why;
        });
    }

    /**
     * Where nobody could look before how much of its disk is free, the helper does: what it takes itself is a kilobyte.
     *
     * @throws LabException REFUSED if a lab finds no room there
     */
    void requireRoom(LabHost host, HostTools tools, RemoteSettings settings) {
        if (plan(host).room().isEmpty()) {
            String seen = tools.run(host, "look at the disk of " + host.host().name(), HostDisk.SCRIPT);
            new HostRoom(
                            HostDisk.read(seen.lines().toList()),
                            settings.space().beside(MachineImages.names(host.daemon())))
                    .refused(host.host().toString())
                    .ifPresent(why -> {
                        throw why;
                    });
        }
    }

    /**
     * The host that is to be the machine of this name: the one that is called so, or else the next free one.
     *
     * @throws LabException REFUSED if there is none, with what there is
     */
    LabHost free(String machine) {
        List<LabHost> free =
                hosts.stream().filter(host -> host.taken().isEmpty()).toList();
        Optional<LabHost> named = free.stream()
                .filter(host -> host.host().name().equals(machine))
                .findFirst()
                .or(() -> free.stream()
                        .filter(host -> host.ownName().equals(machine))
                        .findFirst());
        if (named.isPresent()) {
            plan(named.get()).refused().ifPresent(why -> {
                throw why;
            });
            return named.get();
        }
        return free.stream().filter(this::usable).findFirst().orElseThrow(() -> full(machine));
    }

    private LabException full(String machine) {
        long taken = hosts.stream().filter(host -> host.taken().isPresent()).count();
        String refused =
                hosts.stream().filter(host -> !usable(host)).map(this::refusal).collect(Collectors.joining());
        return new LabException(
                        Kind.REFUSED,
                        "No host is free for " + machine + ": this needs " + (taken + 1) + ", and " + taken
                                + " can be had." + (refused.isEmpty() ? "" : " Not taken:" + refused),
                        "Give more with --hosts, or give one back: docker-machine rm NAME.")
                .named("remote.full", machine, String.valueOf(taken + 1), String.valueOf(taken));
    }

    /** @throws LabException INPUT if it is no name for a machine, CONFLICT if there is one of that name */
    void requireNew(String machine) {
        MachineNames.require(machine);
        if (hosts.stream()
                .anyMatch(host -> host.taken()
                        .filter(taken -> taken.machine().equals(machine))
                        .isPresent())) {
            throw MachineNames.taken(machine);
        }
    }
}
