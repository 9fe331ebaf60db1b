package dev.clusterlab.provisioning.hosts.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** Bytes to and from something on a host. Reading and writing may go on at once, on a thread each. */
interface ByteStream extends AutoCloseable {
    InputStream input() throws IOException;

    OutputStream output() throws IOException;

    /** No more will be written; what comes can still be read. */
    void endOutput() throws IOException;

    /**
     * Once reading has ended: why, where whoever carried the stream knows more than that it ended. May wait a moment for it.
     */
    Optional<HostTrouble> trouble();

    /** Ends both ways; any thread. */
    @Override
    void close();
}
