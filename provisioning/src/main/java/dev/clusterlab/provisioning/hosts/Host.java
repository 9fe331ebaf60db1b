package dev.clusterlab.provisioning.hosts;

import dev.clusterlab.provisioning.MachineNames;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Docker host, as its owner gave it.
 *
 * @param name 1 to 63 lower-case letters, digits and inner hyphens
 * @param ports where published TCP ports are reached that neither the host's address nor ssh leads to: the port on the
 *     host → {@code ADDRESS:PORT} as this computer sees it. All others are asked for at the host itself.
 * @param terms what its owner says for labs on it
 */
public record Host(String name, HostAddress address, Map<Integer, String> ports, HostTerms terms) {
    /** @throws dev.clusterlab.provisioning.LabException INPUT if the name is none */
    public Host {
        MachineNames.require(name);
        ports = Collections.unmodifiableMap(new TreeMap<>(ports));
    }

    /** A host of which nothing is said for labs. */
    public Host(String name, HostAddress address, Map<Integer, String> ports) {
        this(name, address, ports, HostTerms.NONE);
    }

    /** A host whose ports are reached at the host itself. */
    public Host(String name, HostAddress address) {
        this(name, address, Map.of());
    }

    /** Its name and where it is, as people read it. */
    @Override
    public String toString() {
        return name + " (" + address.url() + ")";
    }
}
