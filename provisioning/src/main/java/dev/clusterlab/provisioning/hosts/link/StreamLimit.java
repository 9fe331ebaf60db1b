package dev.clusterlab.provisioning.hosts.link;

import java.time.Duration;

/** Closes a stream that lasts too long, so that whoever reads from it or writes to it goes on. */
final class StreamLimit implements AutoCloseable {
    private final Thread patience;

    /** @param limit of wall-clock time */
    StreamLimit(ByteStream stream, Duration limit) {
        this.patience = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(limit);
                stream.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** The stream is closed by nobody else any more. */
    @Override
    public void close() {
        patience.interrupt();
    }
}
