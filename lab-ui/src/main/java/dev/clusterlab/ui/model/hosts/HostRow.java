package dev.clusterlab.ui.model.hosts;

import dev.clusterlab.provisioning.hosts.Host;

/**
 * A host that can be chosen.
 *
 * @param number of the row, for as long as the list lives
 * @param origin who named it
 * @param listed its name there
 * @param host under the name that the person wants for it
 */
public record HostRow(int number, Origin origin, String listed, Host host, boolean chosen) {
    /** Who named a host. */
    public enum Origin {
        CONTEXT,
        MACHINE,
        /** A hosts file that the person chose. */
        FILE,
        /** The person, by its address. */
        TYPED
    }

    HostRow withChosen(boolean changed) {
        return new HostRow(number, origin, listed, host, changed);
    }

    HostRow withName(String name) {
        return new HostRow(number, origin, listed, new Host(name, host.address(), host.ports(), host.terms()), chosen);
    }
}
