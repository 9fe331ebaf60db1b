package dev.clusterlab.lab.shell.lab;

import java.net.URI;

/** Addresses as people write them. */
final class WrittenAddress {
    private WrittenAddress() {}

    /** @throws IllegalArgumentException if it names no host */
    static URI parse(String address, int portOtherwise) {
        URI uri = URI.create(address);
        if (uri.getHost() == null) {
            throw new IllegalArgumentException(address);
        }
        return uri.getPort() > 0 ? uri : URI.create("http://" + uri.getHost() + ":" + portOtherwise);
    }
}
