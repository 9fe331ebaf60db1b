package dev.clusterlab.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.AnatomyWatch;
import dev.clusterlab.provisioning.anatomy.WatchPlan;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficBucket;
import dev.clusterlab.provisioning.observe.Observer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a run, as JSON Lines: one object a line with {@code t} (seconds of engine time since the engine began)
 * and {@code type}. The first line names the version of the format, which {@code docs/journal.md} describes. Fields whose name
 * begins with {@code wall} tell wall-clock time and differ from run to run; all others are the same for the same seed. Secrets
 * never get in. Thread-safe.
 */
public final class Journal implements AutoCloseable {

    /** Changes when a reader of the last format would misunderstand a journal; new types and fields alone do not change it. */
    static final int FORMAT = 2;

    /** The latest time that a line may have: three hundred years, more than engine time has. */
    private static final double SECONDS_MAX = 1e10;

    /** What a file of a journal holds. */
    public record Contents(List<Map<String, Object>> entries, boolean cutOff) {
        public Contents {
            entries = List.copyOf(entries);
        }
    }

    private final Writer writer;
    /** For messages. */
    private final String name;

    private @Nullable String lost;
    private final List<Map<String, Object>> entries = new ArrayList<>();

    /** Writes to a writer; {@code name} is what messages call it. */
    Journal(Writer writer, String name) {
        this.writer = writer;
        this.name = name;
        add(Duration.ZERO, "journal", "format", FORMAT);
    }

    /** Writes to a file, replacing it. */
    public static Journal toFile(Path file) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            return new Journal(
                    new BufferedWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8)), file.toString());
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
        return new Journal(Writer.nullWriter(), "in memory");
    }

    /**
     * Reads a journal back. Types and fields that are not known are kept for those who know them. A last line that was cut off,
     * as by a power cut or a full disk, is left out.
     *
     * @throws LabException INPUT with the line that is not a journal's, or for a format that is newer than this program
     */
    public static List<Map<String, Object>> read(Path file) {
        return contents(file).entries();
    }

    /** As {@link #read}, with whether the last line was cut off. */
    public static Contents contents(Path file) {
        try {
            // A cut may go through a character, so that what is no UTF-8 is no error yet.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            List<String> lines = text.lines().toList();
            List<Map<String, Object>> read = new ArrayList<>();
            boolean cutOff = false;
            for (int i = 0; i < lines.size(); i++) {
                boolean cut = i == lines.size() - 1 && !text.endsWith("\n");
                Optional<Map<String, Object>> entry = entry(lines.get(i));
                if (entry.isEmpty() && !cut) {
                    throw unreadable(file, i + 1);
                }
                entry.ifPresent(read::add);
                cutOff |= entry.isEmpty();
            }
            if (read.isEmpty()) {
                throw new LabException(
                        LabException.Kind.INPUT,
                        "The journal " + file + " holds nothing that can be read.",
                        "A journal is what run --journal FILE writes.");
            }
            read.stream().findFirst().ifPresent(first -> requireKnownFormat(file, first));
            return new Contents(read, cutOff);
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "Cannot read the journal " + file + ": " + FileTrouble.reason(e) + ".",
                    "Look at whether it exists and is a text file.",
                    e);
        }
    }

    /** Empty if it is not a line of a journal. */
    private static Optional<Map<String, Object>> entry(String line) {
        try {
            @SuppressWarnings("unchecked")
            Map<String, Object> entry = Json.MAPPER.readValue(line, Map.class);
            boolean good = entry != null
                    && entry.get("t") instanceof Number t
                    && t.doubleValue() >= 0
                    && t.doubleValue() <= SECONDS_MAX
                    && entry.get("type") instanceof String;
            return good ? Optional.of(entry) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static void requireKnownFormat(Path file, Map<String, Object> first) {
        if (first.get("format") instanceof Number format && format.intValue() > FORMAT) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "The journal " + file + " is of format " + format + "; this program knows those up to " + FORMAT
                            + ".",
                    "Use the version of Cluster Lab that wrote it, or a newer one.");
        }
    }

    private static LabException unreadable(Path file, int line) {
        return new LabException(
                LabException.Kind.INPUT,
                "The journal " + file + " cannot be read: line " + line + " is not a journal's.",
                "Expected: one JSON object with t and type. A journal is what run --journal FILE writes.");
    }

    /** Notes that a lab begins; {@code verify}: whether its checks must fail before their step. */
    public void begin(Duration elapsed, Lab lab, boolean verify) {
        add(
                elapsed,
                "lab.begin",
                "lab",
                lab.id(),
                "title",
                lab.title(),
                "steps",
                lab.steps().size(),
                "verify",
                verify);
    }

    /** Adds an entry; {@code fields} are names and values in turn, values being texts, numbers, booleans, lists or maps. */
    public void add(Duration elapsed, String type, Object... fields) {
        Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i + 1 < fields.length; i += 2) {
            named.put(String.valueOf(fields[i]), fields[i + 1]);
        }
        add(elapsed, type, named);
    }

    /** As {@link #add(Duration, String, Object...)}. */
    synchronized void add(Duration elapsed, String type, Map<String, Object> fields) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("t", JournalEvents.seconds(elapsed));
        entry.put("type", type);
        fields.forEach((name, value) -> entry.put(name, withoutSecrets(value)));
        entries.add(java.util.Collections.unmodifiableMap(entry));
        if (lost != null) {
            return;
        }
        try {
            writer.write(Json.MAPPER.writeValueAsString(entry));
            writer.write('\n');
            writer.flush();
        } catch (IOException e) {
            lost = "ends at " + entry.get("t") + " s: " + FileTrouble.reason(e);
        }
    }

    private static @Nullable Object withoutSecrets(@Nullable Object value) {
        return switch (value) {
            case String text -> Secrets.blot(text);
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> blotted = new LinkedHashMap<>();
                map.forEach((name, part) -> blotted.put(name, withoutSecrets(part)));
                yield blotted;
            }
            case List<?> list -> list.stream().map(Journal::withoutSecrets).toList();
            case null, default -> value;
        };
    }

    /**
     * Adds every event that the observer reports, each second of traffic, and what became of each fault when its watch ends, until the
     * result is closed: the watches that have not ended by then end with it.
     */
    public AutoCloseable follow(Observer observer) {
        var anatomies = new AnatomyWatch(observer, WatchPlan.STANDARD);
        var traffic = new TrafficEntries();
        AutoCloseable subscription = observer.onSnapshot((snapshot, events) -> {
            events.forEach(this::add);
            traffic.add(snapshot.traffic().buckets(), snapshot.elapsed().toSeconds());
        });
        // After the events that it is made of.
        anatomies.begin();
        anatomies.onEnd(this::add);
        return () -> {
            anatomies.close();
            anatomies.all().stream()
                    .filter(anatomy -> !anatomy.over())
                    .forEach(anatomy -> add(observer.latest().elapsed(), anatomy));
            subscription.close();
            traffic.add(observer.latest().traffic().buckets(), Long.MAX_VALUE);
        };
    }

    /** Adds every command that is typed on a machine, at its end, until the result is closed. */
    public AutoCloseable follow(LoginShell shell, EngineClock clock) {
        return shell.onEnd(end -> add(
                clock.elapsed(),
                "login.command",
                "machine",
                shell.machine(),
                "command",
                end.command(),
                "status",
                end.status()));
    }

    /** Adds what became of a fault, as it was known at a time. */
    private void add(Duration elapsed, Anatomy anatomy) {
        add(elapsed, "anatomy", JournalAnatomies.fields(anatomy));
    }

    /** Adds an event. */
    void add(ClusterEvent event) {
        add(event.elapsed(), "event", JournalEvents.fields(event));
    }

    /** Writes each second of traffic once, when it is over. */
    private final class TrafficEntries {
        private long written = -1;

        synchronized void add(List<TrafficBucket> buckets, long now) {
            for (TrafficBucket bucket : buckets) {
                if (bucket.second() > written && bucket.second() < now) {
                    written = bucket.second();
                    var fields = new LinkedHashMap<String, @Nullable Object>();
                    fields.put("answers", bucket.byStatus());
                    fields.put("latencyMsMedian", bucket.latencyMsMedian());
                    if (bucket.missed() > 0) {
                        fields.put("missed", bucket.missed());
                    }
                    Journal.this.add(Duration.ofSeconds(bucket.second()), "traffic", fields);
                }
            }
        }
    }

    /**
     * What to say if the file could not be written to its end. The run goes on without it, and what happened stays in
     * memory for its report.
     *
     * @throws LabException ENVIRONMENT if it could not
     */
    public synchronized void requireWhole() {
        if (lost != null) {
            throw new LabException(
                    LabException.Kind.ENVIRONMENT,
                    "The journal " + name + " " + lost + ".",
                    "The run itself went on to its end. Make room, and run it again with the same seed.");
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
            if (lost == null) {
                lost = "may lack its end: " + FileTrouble.reason(e);
            }
        }
    }
}
