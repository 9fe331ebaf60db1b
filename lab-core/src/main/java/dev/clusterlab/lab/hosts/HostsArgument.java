package dev.clusterlab.lab.hosts;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.HostFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Hosts as they are named on a command line. */
public final class HostsArgument {
    private static final Pattern PAIR = Pattern.compile("([^=/:,]+)=([a-z]+://.*)");

    private HostsArgument() {}

    /**
     * Reads the value of {@code --hosts}: a file, or {@code NAME=URL,NAME=URL}.
     *
     * @throws LabException INPUT for what is neither, or a mistake in either
     */
    public static List<Host> of(String value) {
        if (!value.contains("://")) {
            return HostsFile.read(Path.of(value));
        }
        var hosts = new ArrayList<Host>();
        var names = new HashSet<String>();
        for (String each : value.split(",", -1)) {
            var pair = PAIR.matcher(each.strip());
            if (!pair.matches()) {
                throw new LabException(
                                Kind.INPUT,
                                "\"" + each.strip() + "\" names no host.",
                                "Write NAME=URL,NAME=URL, such as leader1=ssh://lab@192.0.2.11, or the name of a hosts file.")
                        .named("hosts.pair", each.strip());
            }
            if (!names.add(pair.group(1))) {
                throw sameName(pair.group(1));
            }
            hosts.add(new Host(pair.group(1), HostAddress.parse(pair.group(2), Optional.empty())));
        }
        return List.copyOf(hosts);
    }

    /** Of two hosts, under the name that both were given. */
    public static LabException sameName(String name) {
        return new LabException(Kind.INPUT, "Two hosts are called " + name + ".", "Give each a name of its own.")
                .named("hosts.two", name);
    }

    /**
     * The hosts of docker contexts.
     *
     * @param names of the contexts
     * @throws LabException NOT_FOUND or INPUT as {@link HostFinder#context}
     */
    public static List<Host> ofContexts(List<String> names, HostFinder finder) {
        return names.stream().map(String::strip).map(finder::context).toList();
    }

    /** What this user's programs know, and how to name it, as an error of a command that was given no host. */
    public static LabException missing(HostFinder finder) {
        HostFinder.Result result = finder.find();
        var listed = new StringBuilder();
        result.found()
                .forEach(found -> listed.append("\n  ")
                        .append(found.source().called())
                        .append(' ')
                        .append(found.name())
                        .append(": ")
                        .append(found.host().address().url()));
        result.skipped().forEach(skipped -> listed.append("\n  skipped ").append(skipped));
        String text = "No host is given." + (listed.isEmpty() ? "" : " Found on this computer:" + listed);
        return new LabException(
                        Kind.INPUT,
                        text,
                        "Name a context with --context NAME, or hosts with --hosts FILE or --hosts NAME=URL,NAME=URL.")
                .named("hosts.missing" + (listed.isEmpty() ? "" : ".found"), listed.toString());
    }
}
