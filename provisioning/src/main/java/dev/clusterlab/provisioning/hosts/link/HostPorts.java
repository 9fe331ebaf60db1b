package dev.clusterlab.provisioning.hosts.link;

import dev.clusterlab.provisioning.hosts.Host;

/** Where published ports of hosts are reached: at the host, unless its owner says otherwise. */
final class HostPorts {
    private HostPorts() {}

    static ByteStream dial(Host host, Dialer dialer, int port) throws HostUnreachableException {
        String given = host.ports().get(port);
        if (given == null) {
            return dialer.port(port);
        }
        int colon = given.lastIndexOf(':');
        return SocketDialer.connect(host, given.substring(0, colon), Integer.parseInt(given.substring(colon + 1)));
    }
}
