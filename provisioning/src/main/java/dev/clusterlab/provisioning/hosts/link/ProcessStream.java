package dev.clusterlab.provisioning.hosts.link;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** What a program reads and writes, as a stream. Its errors are kept, up to a length. */
final class ProcessStream implements ByteStream {
    private static final int ERRORS_MAX = 8_000;
    private static final long END_MILLIS = 3_000;

    private final Process process;
    private final BiFunction<Integer, String, HostTrouble> words;
    private final StringBuilder errors = new StringBuilder();
    private final Thread reading;
    private volatile boolean closed;

    /** @param words what its exit status and its errors mean */
    ProcessStream(Process process, BiFunction<Integer, String, HostTrouble> words) {
        this.process = process;
        this.words = words;
        this.reading = Thread.ofVirtual().name("errors of ssh").start(this::readErrors);
    }

    private void readErrors() {
        try (var reader = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (errors) {
                    if (errors.length() < ERRORS_MAX) {
                        errors.append(line).append('\n');
                    }
                }
            }
        } catch (IOException e) {
            // It was ended: what it said until then is kept.
        }
    }

    @Override
    public InputStream input() {
        return process.getInputStream();
    }

    @Override
    public OutputStream output() {
        return process.getOutputStream();
    }

    @Override
    public void endOutput() throws IOException {
        process.getOutputStream().close();
    }

    @Override
    public Optional<HostTrouble> trouble() {
        if (closed) {
            return Optional.empty();
        }
        try {
            if (!process.waitFor(END_MILLIS, TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
            // A program in the background may keep its end open for longer.
            reading.join(END_MILLIS / 10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        synchronized (errors) {
            return Optional.of(words.apply(process.exitValue(), errors.toString()));
        }
    }

    @Override
    public void close() {
        closed = true;
        process.destroy();
    }
}
