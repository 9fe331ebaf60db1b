package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.hosts.Host;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The hosts that a lab may have.
 *
 * @param hosts in the order in which they are taken
 * @param lent names of those that may be taken although containers are on them
 */
public record LabHosts(List<Host> hosts, Set<String> lent) {
    public static final LabHosts NONE = new LabHosts(List.of(), Set.of());

    public LabHosts {
        hosts = List.copyOf(hosts);
        lent = java.util.Collections.unmodifiableSet(new TreeSet<>(lent));
    }
}
