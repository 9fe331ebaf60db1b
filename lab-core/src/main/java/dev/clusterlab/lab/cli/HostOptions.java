package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.hosts.HostsArgument;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostFinder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that name Docker hosts. */
final class HostOptions {
    @Option(
            names = "--hosts",
            paramLabel = "FILE|NAME=URL,…",
            description =
                    "Docker hosts: a file that lists them, or names with addresses: ssh://USER@HOST, tcp://HOST:2376,"
                            + " unix:///PATH.")
    private @Nullable String hosts;

    @Option(names = "--context", split = ",", paramLabel = "NAME", description = "Docker contexts whose hosts to take.")
    private List<String> contexts = new ArrayList<>();

    /** Whether any was given. */
    boolean given() {
        return hosts != null || !contexts.isEmpty();
    }

    /** @throws LabException INPUT for none, with what there is, and for mistakes */
    List<Host> read() {
        HostFinder finder = HostFinder.ofThisUser();
        if (!given()) {
            throw HostsArgument.missing(finder);
        }
        var read = new ArrayList<Host>();
        if (hosts != null) {
            read.addAll(HostsArgument.of(hosts));
        }
        read.addAll(HostsArgument.ofContexts(contexts, finder));
        return read;
    }
}
