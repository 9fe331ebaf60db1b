package dev.clusterlab.simulator.endpoints;

/** Where something inside is reached from outside, by a number that it has for life. Thread-safe. */
interface Door extends AutoCloseable {
    /** Its number. */
    int port();

    /** Whether it lets anybody in. */
    boolean listens();

    /** Lets nobody in until {@link #reopen}. */
    void shut();

    /** Lets in again; without effect if it does. */
    void reopen();

    /** Lets nobody in any more. */
    @Override
    void close();
}
