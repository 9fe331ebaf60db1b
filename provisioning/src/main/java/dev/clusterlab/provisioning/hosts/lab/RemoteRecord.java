package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.real.ProgramRun;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is kept on this computer of a lab on hosts, so that they can be left as they were found whatever becomes of its program.
 *
 * @param id eight hexadecimal digits
 * @param created when it was made
 * @param program that has it
 * @param hosts all that were given, in their order
 */
public record RemoteRecord(String id, Instant created, ProgramRun program, List<Entry> hosts) {
    public RemoteRecord {
        hosts = List.copyOf(hosts);
    }

    /**
     * One host.
     *
     * @param taken empty while the lab has not touched it
     */
    public record Entry(Host host, Optional<Taken> taken) {}

    /**
     * A host that is a machine of the lab.
     *
     * @param machine its name in the lab
     * @param before what was on it
     * @param brought names of images that the lab brought there
     */
    record Taken(String machine, HostContents before, SortedSet<String> brought) {
        Taken {
            brought = Collections.unmodifiableSortedSet(new TreeSet<>(brought));
        }
    }

    /** Whether the program that has the lab still runs. */
    public boolean inUse() {
        return program.runs();
    }

    /** The machines of the lab, in the order of the hosts. */
    public List<String> machines() {
        return hosts.stream()
                .flatMap(entry -> entry.taken().stream())
                .map(Taken::machine)
                .toList();
    }
}
