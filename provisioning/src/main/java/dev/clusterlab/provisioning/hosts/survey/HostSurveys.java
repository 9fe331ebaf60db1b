package dev.clusterlab.provisioning.hosts.survey;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.docker.images.MachineImages;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.link.HostLink;
import dev.clusterlab.provisioning.hosts.link.HostLinks;
import dev.clusterlab.provisioning.hosts.link.HostUnreachableException;
import dev.clusterlab.provisioning.hosts.survey.HostFacts.Closed;
import dev.clusterlab.provisioning.hosts.survey.HostFacts.Inside;
import dev.clusterlab.provisioning.hosts.survey.HostFacts.SwarmPart;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Looks at hosts, all at once, and changes nothing on them. */
public final class HostSurveys {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int LOOK_SECONDS = 20;

    /** Ports by which the members of a Swarm speak: to managers, gossip, and packets of overlay networks. */
    public static final List<String> SWARM_PORTS = List.of("2377/tcp", "7946/tcp", "7946/udp", "4789/udp");

    /** Those of them that can be tried from outside: nobody answers to a packet of UDP that it does not understand. */
    private static final List<Integer> TRIED = List.of(2377, 7946);

    /** Each line that it writes begins with a word for what was found. It reads, and writes nothing. */
    private static final String SCRIPT = HostDisk.SCRIPT + """
            PATH=$PATH:/usr/sbin:/sbin
            has() {
              [ -n "$(find "/lib/modules/$(uname -r)" -name "$1.ko*" 2>/dev/null | head -n 1)" ] && return 0
              grep -q "/$1.ko" "/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null && return 0
              grep -q "^$1 " /proc/modules 2>/dev/null
            }
            if [ -e /proc/net/ip_vs ] || has ip_vs; then echo ipvs yes; elif [ -d "/lib/modules/$(uname -r)" ]; then echo ipvs no; fi
            if has sch_netem; then echo netem yes; elif [ -d "/lib/modules/$(uname -r)" ]; then echo netem no; fi
            device=$(ip -o route show default 2>/dev/null | awk '{for (i = 1; i < NF; i++) if ($i == "dev") {print $(i + 1); exit}}')
            [ -n "$device" ] && [ -r "/sys/class/net/$device/mtu" ] && echo mtu "$(cat "/sys/class/net/$device/mtu")"
            if command -v ss >/dev/null 2>&1; then
              ss -Hltn 2>/dev/null | awk '{n = split($4, p, ":"); if (p[n] == 2377 || p[n] == 7946) print "listens", p[n] "/tcp"}' | sort -u
              ss -Hlun 2>/dev/null | awk '{n = split($4, p, ":"); if (p[n] == 7946 || p[n] == 4789) print "listens", p[n] "/udp"}' | sort -u
            fi
            echo addresses $(hostname -I 2>/dev/null)
            echo end
            """;

    private HostSurveys() {}

    /** What came of looking at one host. */
    public sealed interface Result {
        Host host();

        record Reached(Host host, HostFacts facts) implements Result {}

        record Unreached(Host host, LabException why) implements Result {}
    }

    /** A host with what its script wrote. */
    private record Looked(HostLink link, Result result, List<String> lines) {}

    /**
     * Looks at all of them.
     *
     * @param environment of this process, see {@link HostLinks#SSH}
     * @param operatingSystem as Java names it
     * @return in the order of the hosts
     * @throws LabException INPUT for no hosts or two of one name
     */
    public static List<Result> of(
            List<Host> hosts, Map<String, String> environment, String operatingSystem, InstantSource time) {
        try (HostLinks links = HostLinks.open(hosts, environment, operatingSystem)) {
            List<Looked> looked = Sweep.CONCURRENT.ask(links.all(), link -> look(link, time));
            return Sweep.CONCURRENT.ask(looked, each -> withPorts(each, looked));
        }
    }

    private static Looked look(HostLink link, InstantSource time) {
        HostFacts facts;
        try (DockerConnection daemon =
                DockerConnection.open(link.host().name(), link.docker(), Optional.empty(), LIMIT)) {
            facts = facts(daemon, time);
        } catch (LabException e) {
            LabException why =
                    link.trouble().map(trouble -> trouble.exception()).orElse(e);
            return new Looked(link, new Result.Unreached(link.host(), why), List.of());
        }
        List<String> lines = script(link, SCRIPT);
        if (lines.contains("end")) {
            facts = facts.withInside(inside(lines));
        }
        return new Looked(link, new Result.Reached(link.host(), facts), lines);
    }

    private static List<String> script(HostLink link, String script) {
        try {
            return link.look(script, LOOK_SECONDS)
                    .map(text -> text.lines().toList())
                    .orElse(List.of());
        } catch (HostUnreachableException e) {
            // Its daemon was reached, but it lets nobody in who would look: then nothing more is known.
            return List.of();
        }
    }

    private static HostFacts facts(DockerConnection daemon, InstantSource time) {
        JsonNode version = daemon.getJson("/version", LIMIT);
        long beganNanos = System.nanoTime();
        daemon.getJson("/version", LIMIT);
        Duration roundTrip = Duration.ofNanos(System.nanoTime() - beganNanos);
        Instant asked = time.instant();
        JsonNode info = daemon.getJson("/info", LIMIT);
        Duration took = Duration.between(asked, time.instant());
        var security = new ArrayList<String>();
        info.path("SecurityOptions").forEach(option -> security.add(option.asText()));
        return new HostFacts(
                info.path("ServerVersion").asText(""),
                version.path("ApiVersion").asText(""),
                info.path("OperatingSystem").asText(""),
                info.path("KernelVersion").asText(""),
                info.path("CgroupVersion").asText(""),
                info.path("NCPU").asInt(),
                info.path("MemTotal").asLong(),
                security.stream().anyMatch(option -> option.contains("name=rootless")),
                info.path("OSType").asText("linux").equals("linux"),
                part(info.path("Swarm")),
                info.path("ContainersRunning").asInt(),
                info.path("Containers").asInt(),
                MachineImages.names(daemon),
                roundTrip,
                ahead(info.path("SystemTime").asText(""), asked.plus(took.dividedBy(2))),
                Optional.empty());
    }

    private static SwarmPart part(JsonNode swarm) {
        return switch (swarm.path("LocalNodeState").asText("inactive")) {
            case "inactive" -> SwarmPart.NONE;
            case "active" -> swarm.path("ControlAvailable").asBoolean(false) ? SwarmPart.MANAGER : SwarmPart.WORKER;
            default -> SwarmPart.UNSETTLED;
        };
    }

    private static Duration ahead(String there, Instant here) {
        try {
            return Duration.between(here, OffsetDateTime.parse(there).toInstant());
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }

    /** @param lines what the script wrote */
    static Inside inside(List<String> lines) {
        return new Inside(
                first(lines, "ipvs").map("yes"::equals),
                first(lines, "netem").map("yes"::equals),
                HostDisk.read(lines),
                first(lines, "mtu")
                        .filter(HostSurveys::number)
                        .map(text -> OptionalInt.of(Integer.parseInt(text)))
                        .orElse(OptionalInt.empty()),
                lines.stream()
                        .filter(line -> line.startsWith("listens "))
                        .map(line -> line.substring("listens ".length()))
                        .filter(SWARM_PORTS::contains)
                        .toList(),
                List.of());
    }

    private static boolean number(String text) {
        return text.matches("[0-9]{1,9}");
    }

    private static Optional<String> first(List<String> lines, String word) {
        return lines.stream()
                .filter(line -> line.startsWith(word + " "))
                .map(line -> line.substring(word.length() + 1).strip())
                .findFirst();
    }

    /** Tries the ports of the others from within. A port at which nobody listens answers too, by a refusal: then the way is open. */
    private static Result withPorts(Looked from, List<Looked> all) {
        if (!(from.result() instanceof Result.Reached(Host host, HostFacts facts))
                || facts.inside().isEmpty()) {
            return from.result();
        }
        var script = new StringBuilder("command -v timeout >/dev/null && command -v bash >/dev/null || exit 0\n");
        for (Looked to : all) {
            Optional<String> address = to == from ? Optional.empty() : address(to);
            address.ifPresent(at -> TRIED.forEach(
                    port -> script.append(attempt(at, port, to.link().host().name()))));
        }
        script.append("wait\n");
        List<Closed> closed = script(from.link(), script.toString()).stream()
                .map(line -> line.split(" ", -1))
                .filter(words -> words.length == 3 && words[0].equals("closed") && number(words[2]))
                .map(words -> new Closed(words[1], Integer.parseInt(words[2])))
                .toList();
        return new Result.Reached(host, facts.withInside(facts.inside().get().withClosed(closed)));
    }

    private static String attempt(String address, int port, String name) {
        return "( m=$(timeout 3 bash -c 'exec 3<>/dev/tcp/" + address + "/" + port + "' 2>&1); case \"$? $m\" in"
                + " 124*|*'No route'*|*unreachable*|*prohibited*) echo closed " + name + " " + port + ";; esac ) &\n";
    }

    /** Of a host, as others may reach it: what it says itself, or else where this computer reaches it. */
    private static Optional<String> address(Looked host) {
        Optional<String> said = first(host.lines(), "addresses")
                .flatMap(text -> Arrays.stream(text.split(" ", -1))
                        .filter(each -> each.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}"))
                        .findFirst());
        return said.or(() -> switch (host.link().host().address()) {
            case HostAddress.Tcp tcp when !tcp.loopback() -> Optional.of(tcp.host());
            case HostAddress.Tcp tcp -> Optional.empty();
            case HostAddress.Ssh ssh -> Optional.empty();
            case HostAddress.Unix unix -> Optional.empty();
        });
    }
}
