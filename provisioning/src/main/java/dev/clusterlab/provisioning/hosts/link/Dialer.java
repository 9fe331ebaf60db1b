package dev.clusterlab.provisioning.hosts.link;

/** Opens streams to one host. Thread-safe; blocks for as long as a connection takes. */
interface Dialer extends AutoCloseable {
    /** To the host's Docker daemon. */
    ByteStream docker() throws HostUnreachableException;

    /** To a TCP port that the host publishes. */
    ByteStream port(int port) throws HostUnreachableException;

    /** Ends what streams share, so that the next one begins anew; streams that are open may end too. */
    void forget();

    /** As {@link #forget}, for good; streams that are open end too. */
    @Override
    void close();
}
