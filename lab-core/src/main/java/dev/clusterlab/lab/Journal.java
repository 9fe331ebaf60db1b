package dev.clusterlab.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficBucket;
import dev.clusterlab.provisioning.observe.Observer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What happened in a run, as JSON Lines: one object a line with {@code t} (seconds of engine time since the engine began)
 * and {@code type}. Fields whose name begins with {@code wall} tell the wall's time and differ from run to run; all others
 * are the same for the same seed. Secrets never get in. Thread-safe.
 */
public final class Journal implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Writer writer;
    private final List<Map<String, Object>> entries = new ArrayList<>();

    private Journal(Writer writer) {
        this.writer = writer;
    }

    /** Writes to a file, replacing it. */
    public static Journal toFile(Path file) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            return new Journal(new BufferedWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "Cannot write the journal " + file + ": " + FileTrouble.reason(e) + ".",
                    "Give another file with --journal.",
                    e);
        }
    }

    /** Keeps entries in memory only. */
    public static Journal inMemory() {
        return new Journal(Writer.nullWriter());
    }

    /**
     * Reads a journal back.
     *
     * @throws LabException INPUT with the line that is not a journal's
     */
    public static List<Map<String, Object>> read(Path file) {
        List<Map<String, Object>> read = new ArrayList<>();
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                @SuppressWarnings("unchecked")
                Map<String, Object> entry = JSON.readValue(line, Map.class);
                if (!(entry.get("t") instanceof Number) || !(entry.get("type") instanceof String)) {
                    throw unreadable(file, number, "an object with t and type");
                }
                read.add(entry);
            }
            return read;
        } catch (JsonProcessingException e) {
            throw unreadable(file, number, "one JSON object");
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "Cannot read the journal " + file + ": " + FileTrouble.reason(e) + ".",
                    "Look at whether it exists and is a text file.",
                    e);
        }
    }

    private static LabException unreadable(Path file, int line, String expected) {
        return new LabException(
                LabException.Kind.INPUT,
                "The journal " + file + " cannot be read: line " + line + " is not a journal's.",
                "Expected: " + expected + ". A journal is what run --journal FILE writes.");
    }

    /** Adds an entry; {@code fields} are names and values in turn, values being texts, numbers, booleans, lists or maps. */
    public synchronized void add(Duration elapsed, String type, Object... fields) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("t", elapsed.toMillis() / 1000.0);
        entry.put("type", type);
        for (int i = 0; i + 1 < fields.length; i += 2) {
            Object value = fields[i + 1];
            entry.put(String.valueOf(fields[i]), value instanceof String text ? Secrets.blot(text) : value);
        }
        entries.add(java.util.Collections.unmodifiableMap(entry));
        try {
            writer.write(JSON.writeValueAsString(entry));
            writer.write('\n');
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds every event that the observer tells, and each second of traffic, until the result is closed. */
    public AutoCloseable follow(Observer observer) {
        var traffic = new TrafficEntries();
        AutoCloseable subscription = observer.onSnapshot((snapshot, events) -> {
            events.forEach(this::add);
            traffic.add(snapshot.traffic().buckets(), snapshot.elapsed().toSeconds());
        });
        return () -> {
            subscription.close();
            traffic.add(observer.latest().traffic().buckets(), Long.MAX_VALUE);
        };
    }

    private void add(ClusterEvent event) {
        add(
                event.elapsed(),
                "event",
                "kind",
                event.kind().name(),
                "severity",
                event.severity().name(),
                "subject",
                event.subject(),
                "text",
                event.text(),
                "cause",
                event.cause().orElse(""));
    }

    /** Writes each second of traffic once, when it is over. */
    private final class TrafficEntries {
        private long written = -1;

        synchronized void add(List<TrafficBucket> buckets, long now) {
            for (TrafficBucket bucket : buckets) {
                if (bucket.second() > written && bucket.second() < now) {
                    written = bucket.second();
                    Journal.this.add(
                            Duration.ofSeconds(bucket.second()),
                            "traffic",
                            "answers",
                            bucket.byStatus(),
                            "latencyMsMedian",
                            bucket.latencyMsMedian());
                }
            }
        }
    }

    /** What has been written so far. */
    public synchronized List<Map<String, Object>> entries() {
        return List.copyOf(entries);
    }

    @Override
    public synchronized void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
