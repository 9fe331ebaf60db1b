package dev.clusterlab.provisioning.embedded;

import com.github.dockerjava.transport.DockerHttpClient;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.endpoints.Answer;
import dev.clusterlab.simulator.endpoints.OutsideRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a simulated daemon on its way to a client in this program. It comes on the simulation's thread, and is read on the
 * client's, which waits as long as the daemon takes; {@link #close} from any thread ends that.
 */
final class DirectAnswer implements Answer, DockerHttpClient.Response {
    /** A piece of an answer. */
    private sealed interface Piece {
        record Head(int status, Map<String, List<String>> headers, boolean whole) implements Piece {}

        record Bytes(byte[] bytes) implements Piece {}

        record End() implements Piece {}

        record Broken(String why) implements Piece {}
    }

    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final Consumer<DirectAnswer> gone;
    private volatile @Nullable OutsideRequest request;
    /** Nothing of it is to come. */
    private volatile boolean ended;

    private volatile boolean closed;
    private Piece.@Nullable Head head;
    private InputStream body = InputStream.nullInputStream();

    /** @param gone called once it is closed */
    DirectAnswer(Consumer<DirectAnswer> gone) {
        this.gone = gone;
    }

    /** The request that it is the answer to, if it was let in. */
    void asked(Optional<OutsideRequest> asked) {
        request = asked.orElse(null);
        if (closed && !ended) {
            asked.ifPresent(OutsideRequest::abandon);
        }
    }

    /**
     * Waits for the head of the answer.
     *
     * @throws IOException if there will be none
     */
    DirectAnswer awaitHead() throws IOException {
        try {
            switch (next()) {
                case Piece.Head come -> {
                    head = come;
                    body = come.whole() ? wholeBody() : new Streamed();
                    return this;
                }
                case Piece.Broken(String why) -> throw new IOException(why);
                case Piece.Bytes _, Piece.End _ -> throw new IllegalStateException("body before its head");
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private InputStream wholeBody() throws IOException {
        return next() instanceof Piece.Bytes(byte[] bytes)
                ? new ByteArrayInputStream(bytes)
                : InputStream.nullInputStream();
    }

    /** As over a socket, an interrupt does not end the waiting. */
    private Piece next() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return pieces.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- on the simulation's thread

    @Override
    public void complete(HttpMessage.Response response) {
        ended = true;
        pieces.add(new Piece.Head(response.status(), headers(response), true));
        pieces.add(new Piece.Bytes(response.body()));
    }

    @Override
    public void head(HttpMessage.Response response) {
        pieces.add(new Piece.Head(response.status(), headers(response), false));
        bytes(response.body());
    }

    private static Map<String, List<String>> headers(HttpMessage.Response response) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        return headers;
    }

    @Override
    public void bytes(byte[] bytes) {
        if (bytes.length > 0) {
            pieces.add(new Piece.Bytes(bytes));
        }
    }

    @Override
    public void end() {
        ended = true;
        pieces.add(new Piece.End());
    }

    @Override
    public void failed(HttpExchange.Failure failure) {
        ended = true;
        pieces.add(new Piece.Broken("no answer: " + failure));
    }

    // ---- on the client's

    @Override
    public int getStatusCode() {
        return java.util.Objects.requireNonNull(head).status();
    }

    @Override
    public Map<String, List<String>> getHeaders() {
        return java.util.Objects.requireNonNull(head).headers();
    }

    @Override
    public InputStream getBody() {
        return body;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            OutsideRequest asked = request;
            if (asked != null && !ended) {
                asked.abandon();
            }
            pieces.add(new Piece.Broken("the connection was closed"));
            gone.accept(this);
        }
    }

    /** A body that comes in pieces. */
    private final class Streamed extends InputStream {
        private byte[] bytes = new byte[0];
        private int read;
        private boolean over;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (read == bytes.length && !over) {
                switch (next()) {
                    case Piece.Bytes(byte[] come) -> {
                        bytes = come;
                        read = 0;
                    }
                    case Piece.End _ -> over = true;
                    case Piece.Broken(String why) -> {
                        over = true;
                        throw new IOException(why);
                    }
                    case Piece.Head _ -> throw new IllegalStateException("second head");
                }
            }
            if (read == bytes.length) {
                return -1;
            }
            int count = Math.min(length, bytes.length - read);
            System.arraycopy(bytes, read, into, offset, count);
            read += count;
            return count;
        }

        @Override
        public int available() {
            return bytes.length - read;
        }
    }
}
