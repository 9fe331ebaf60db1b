package dev.clusterlab.simulator.endpoints;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** What comes in on one connection, buffered. Used by one thread at a time. */
final class ConnectionInput {
    private static final int BUFFER_BYTES = 4096;
    private static final int POLL_MILLIS = 20;

    private final Socket socket;
    private final InputStream stream;
    private final EdgeTimes times;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int end;
    /** Whether a request is being read, which must be there in time. */
    private boolean hurried;

    private long deadlineNanos;
    private boolean ended;

    ConnectionInput(Socket socket, EdgeTimes times) throws IOException {
        this.socket = socket;
        this.stream = socket.getInputStream();
        this.times = times;
    }

    /** A request begins: from now on bytes must come in time. */
    void hurry() {
        hurried = true;
        deadlineNanos = System.nanoTime() + times.request().toNanos();
    }

    /** A request is there as a whole: the next byte may take as long as it likes. */
    void relax() {
        hurried = false;
    }

    /**
     * Waits until there is something to read.
     *
     * @throws EOFException at the end of the input
     * @throws SocketTimeoutException if a request takes too long
     */
    void await() throws IOException {
        if (next < end) {
            return;
        }
        next = 0;
        end = 0;
        fill(timeoutMillis());
    }

    /**
     * Waits until the input ends, or more has come than is kept for later, or something has come and {@code wanted} says no
     * more.
     *
     * @throws IOException at the end of the input; what had come before it can still be read
     */
    void awaitEnd(BooleanSupplier wanted) throws IOException {
        while (end - next < buffer.length && (wanted.getAsBoolean() || !holds())) {
            if (next > 0) {
                System.arraycopy(buffer, next, buffer, 0, end - next);
                end -= next;
                next = 0;
            }
            try {
                // With something in hand, only so long that whoever wants it does not wait for it noticeably.
                fill(holds() ? POLL_MILLIS : 0);
            } catch (SocketTimeoutException e) {
                continue;
            }
        }
    }

    /** Whether it is full: nothing more is kept for later. */
    boolean full() {
        return end - next == buffer.length;
    }

    /** Whether there is something to read without waiting. */
    boolean holds() {
        return next < end;
    }

    private void fill(int timeoutMillis) throws IOException {
        if (ended) {
            throw new EOFException();
        }
        socket.setSoTimeout(timeoutMillis);
        int count = stream.read(buffer, end, buffer.length - end);
        if (count < 0) {
            ended = true;
            throw new EOFException();
        }
        end += count;
    }

    private int timeoutMillis() throws SocketTimeoutException {
        if (!hurried) {
            return 0;
        }
        long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
            throw new SocketTimeoutException("the request takes too long");
        }
        return (int) Math.min(leftMillis, times.silence().toMillis());
    }

    /** The next byte. */
    int read() throws IOException {
        await();
        return buffer[next++] & 0xff;
    }

    /** What there is, at least one byte and at most {@code max}. */
    byte[] readSome(int max) throws IOException {
        await();
        int count = Math.min(max, end - next);
        byte[] bytes = Arrays.copyOfRange(buffer, next, next + count);
        next += count;
        return bytes;
    }

    /** At least one byte into {@code target} from {@code offset}, at most {@code max}; how many. */
    int readInto(byte[] target, int offset, int max) throws IOException {
        await();
        int count = Math.min(max, end - next);
        System.arraycopy(buffer, next, target, offset, count);
        next += count;
        return count;
    }

    /** Throws away what still comes, for as long as is said; never fails. */
    void drain(int bytesMax, int millis) {
        long until = System.nanoTime() + millis * 1_000_000L;
        try {
            int left = bytesMax - (end - next);
            next = end;
            while (left > 0) {
                long leftMillis = (until - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    return;
                }
                socket.setSoTimeout((int) leftMillis);
                int count = stream.read(buffer);
                if (count < 0) {
                    return;
                }
                left -= count;
            }
        } catch (IOException e) {
            // The peer has closed, or takes its time: it has had its answer.
        }
    }
}
