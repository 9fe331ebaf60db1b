package dev.clusterlab.ui;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javafx.application.Platform;
import org.HdrHistogram.Histogram;

/** Measures how long the toolkit's thread lets others wait; written down, not judged: a busy computer is no failure. */
final class Latency implements AutoCloseable {
    private static final long PERIOD_MS = 20;

    private final Histogram waitsUs = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private final Path file;

    Latency(Path file) {
        this.file = file;
        thread = Thread.ofPlatform().daemon().name("latency").start(this::measure);
    }

    private void measure() {
        try {
            while (!ended.await(PERIOD_MS, TimeUnit.MILLISECONDS)) {
                long askedNanos = System.nanoTime();
                CountDownLatch answered = new CountDownLatch(1);
                Platform.runLater(answered::countDown);
                answered.await();
                waitsUs.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - askedNanos));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(
                    file,
                    String.format(
                            Locale.ROOT,
                            "wait for the toolkit's thread, ms: median %.1f, 99 %% %.1f, 99.9 %% %.1f, longest %.1f (%d)%n",
                            waitsUs.getValueAtPercentile(50) / 1000.0,
                            waitsUs.getValueAtPercentile(99) / 1000.0,
                            waitsUs.getValueAtPercentile(99.9) / 1000.0,
                            waitsUs.getMaxValue() / 1000.0,
                            waitsUs.getTotalCount()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
