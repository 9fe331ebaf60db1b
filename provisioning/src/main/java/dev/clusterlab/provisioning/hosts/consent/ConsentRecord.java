package dev.clusterlab.provisioning.hosts.consent;

import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.real.ProgramRun;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is kept on this computer of a test of a Swarm that exists: where helpers are.
 *
 * @param id eight hexadecimal digits
 * @param created when it began
 * @param program that runs it
 * @param hosts all that were given
 * @param ending whether somebody ends it from elsewhere
 * @param helped names of hosts that have a helper, or may have one; and whether its image was brought
 */
public record ConsentRecord(
        String id,
        Instant created,
        ProgramRun program,
        List<Host> hosts,
        boolean ending,
        SortedMap<String, Boolean> helped) {
    public ConsentRecord {
        hosts = List.copyOf(hosts);
        helped = Collections.unmodifiableSortedMap(new TreeMap<>(helped));
    }

    /** Whether the program that runs it still runs. */
    public boolean inUse() {
        return program.runs();
    }
}
