package dev.clusterlab.lab.hosts;

import dev.clusterlab.lab.yaml.Section;
import dev.clusterlab.lab.yaml.YamlTree;
import dev.clusterlab.lab.yaml.YamlTree.Malformed;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.HostTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A file with a list of hosts, in YAML:
 *
 * <pre>{@code
 * hosts:
 *   leader1:
 *     url: ssh://lab@192.0.2.11
 *   worker1:
 *     url: tcp://192.0.2.21:2376
 *     certificates: certs/worker1     # from the folder of this file
 *     ports:
 *       8500: 127.0.0.1:18500         # where a published port is reached, if not at the host
 *     address: 192.0.2.21             # for labs: by which the other hosts reach it, if it cannot be found out
 *     stop: virsh shutdown worker1    # for labs: run on this computer; and start:, kill:
 *     start: virsh start worker1
 * }</pre>
 *
 * <p>A key that is not known is refused with its place and the nearest known one.
 */
public final class HostsFile {
    private static final long SIZE_MAX = 1_000_000;
    private static final List<String> TOP = List.of("hosts");
    private static final List<String> OF_HOST =
            List.of("url", "certificates", "ports", "address", "stop", "start", "kill");
    private static final String SHAPE =
            "hosts:, then names, and below each url:, and where needed certificates:, ports:, address:, stop:, start: and kill:";

    private final Path file;

    private HostsFile(Path file) {
        this.file = file;
    }

    /**
     * Reads one.
     *
     * @return in the order of the file
     * @throws LabException INPUT with file, line and what is expected
     */
    public static List<Host> read(Path file) {
        try {
            if (Files.size(file) > SIZE_MAX) {
                throw new LabException(
                                Kind.INPUT, file + " is too long for a list of hosts.", "Expected: " + SHAPE + ".")
                        .named("hosts.long", file.toString());
            }
            return new HostsFile(file).hosts(Files.readString(file));
        } catch (IOException e) {
            String reason = FileTrouble.reason(e);
            throw new LabException(
                            Kind.INPUT,
                            "Cannot read the hosts file " + file + ": " + reason + ".",
                            "Give a file that you may read, or hosts as NAME=URL,NAME=URL.",
                            e)
                    .named("hosts.unread", file.toString(), reason);
        }
    }

    private List<Host> hosts(String text) {
        try {
            Section top = Section.of("a list of hosts", TOP, YamlTree.read(text.replace("\r\n", "\n")));
            if (!(top.tree("hosts") instanceof YamlTree.Fields named)
                    || named.fields().isEmpty()) {
                throw new Malformed(top.tree("hosts").place(), "it lists no hosts", SHAPE).coded("nohosts");
            }
            var hosts = new ArrayList<Host>();
            for (Map.Entry<String, YamlTree.Field> each : named.fields().entrySet()) {
                hosts.add(host(each.getKey(), each.getValue()));
            }
            return List.copyOf(hosts);
        } catch (Malformed e) {
            throw e.refused(place(e.at()));
        }
    }

    private Host host(String name, YamlTree.Field field) throws Malformed {
        Section section = Section.of("the host " + name, OF_HOST, field.value());
        String url = section.text("url");
        Optional<Path> certificates = section.optionalText("certificates").map(this::folder);
        Map<Integer, String> ports = section.has("ports") ? ports(section.tree("ports")) : Map.of();
        var terms = new HostTerms(
                section.has("address") ? Optional.of(address(section)) : Optional.empty(),
                section.optionalText("stop"),
                section.optionalText("start"),
                section.optionalText("kill"));
        try {
            return new Host(name, HostAddress.parse(url, certificates), ports, terms);
        } catch (LabException e) {
            String at = place(section.field("url").key());
            throw new LabException(Kind.INPUT, at + ": " + e.getMessage(), e.advice(), e).named("hosts.file", at);
        }
    }

    private static String address(Section section) throws Malformed {
        String address = section.text("address");
        if (!address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
            throw section.malformed("address", "\"" + address + "\" is no address of IPv4", "such as 192.0.2.11")
                    .coded("address", address);
        }
        return address;
    }

    private Path folder(String written) {
        String home = System.getProperty("user.home", ".");
        Path folder = written.startsWith("~/") ? Path.of(home).resolve(written.substring(2)) : Path.of(written);
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? folder.toAbsolutePath() : parent.resolve(folder);
    }

    private static Map<Integer, String> ports(YamlTree tree) throws Malformed {
        Section section = Section.named("a list of ports", tree);
        var ports = new TreeMap<Integer, String>();
        for (String port : section.keys()) {
            YamlTree.Place place = section.field(port).key();
            String at = section.text(port);
            int colon = at.lastIndexOf(':');
            if (colon < 1 || !HostAddress.HOST.matcher(at.substring(0, colon)).matches()) {
                throw new Malformed(
                                place,
                                "\"" + at + "\" says not where a port is reached",
                                "such as 8500: 127.0.0.1:18500")
                        .coded("where", at);
            }
            port(place, at.substring(colon + 1));
            ports.put(port(place, port), at);
        }
        return ports;
    }

    private static int port(YamlTree.Place place, String text) throws Malformed {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65_535) {
            return Integer.parseInt(text);
        }
        throw new Malformed(place, "\"" + text + "\" is not a port", "a number from 1 to 65535").coded("port", text);
    }

    private String place(YamlTree.Place at) {
        return file + ":" + at.line();
    }
}
