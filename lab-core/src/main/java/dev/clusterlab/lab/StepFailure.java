package dev.clusterlab.lab;

import dev.clusterlab.lab.words.ReportWords;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Why a step did not pass. */
public sealed interface StepFailure {
    /**
     * A command block ended badly.
     *
     * @param block counted from 1
     * @param status its exit status
     */
    record BlockFailed(int block, int status) implements StepFailure {}

    /**
     * In verification: checks held before the step was done.
     *
     * @param checks their titles, in the language of the lab
     */
    record HeldAlready(List<String> checks) implements StepFailure {
        public HeldAlready {
            checks = List.copyOf(checks);
        }
    }

    /**
     * The time for the checks was over.
     *
     * @param limit engine time that they had
     * @param missing what each says of what it lacks, in the language of the lab; empty if each held at some time, but not all
     *     at once
     */
    record StillMissing(Duration limit, List<String> missing) implements StepFailure {
        public StillMissing {
            missing = List.copyOf(missing);
        }
    }

    /**
     * What a journal says in words alone, as those of older versions do.
     *
     * @param words in English
     */
    record InWords(String words) implements StepFailure {}

    /** For people, a part of a sentence. */
    default String text(ReportWords words) {
        return switch (this) {
            case BlockFailed(int block, int status) ->
                words.get("failure.block", String.valueOf(block), String.valueOf(status));
            case HeldAlready(List<String> checks) ->
                words.get(
                        "failure.early",
                        String.join(
                                ", ",
                                checks.stream()
                                        .map(check -> words.get("quoted", check))
                                        .toList()));
            case StillMissing(Duration limit, List<String> missing) ->
                words.get(
                        "failure.missing",
                        words.seconds(limit.toSeconds(), 0),
                        missing.isEmpty() ? words.get("failure.together") : String.join("; ", missing));
            case InWords(String text) -> text;
        };
    }

    /** For the command line and logs, which are English. */
    default String english() {
        return text(ReportWords.of(Locale.ENGLISH));
    }

    /** As the journal keeps it; read back by {@link #read}. */
    default Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        switch (this) {
            case BlockFailed(int block, int status) -> {
                fields.put("kind", "BlockFailed");
                fields.put("block", block);
                fields.put("status", status);
            }
            case HeldAlready(List<String> checks) -> {
                fields.put("kind", "HeldAlready");
                fields.put("checks", checks);
            }
            case StillMissing(Duration limit, List<String> missing) -> {
                fields.put("kind", "StillMissing");
                fields.put("limit", JournalEvents.seconds(limit));
                fields.put("missing", missing);
            }
            case InWords(String words) -> {
                fields.put("kind", "InWords");
                fields.put("words", words);
            }
        }
        return fields;
    }

    /** Of a journal's line {@code step.end}; empty if the step passed. */
    static Optional<StepFailure> read(Map<String, Object> entry) {
        String words = entry.get("failure") instanceof String text ? text : "";
        Optional<StepFailure> typed =
                entry.get("reason") instanceof Map<?, ?> reason ? typed(reason) : Optional.empty();
        return typed.or(() -> words.isEmpty() ? Optional.empty() : Optional.of(new InWords(words)));
    }

    private static Optional<StepFailure> typed(Map<?, ?> reason) {
        return switch (String.valueOf(reason.get("kind"))) {
            case "BlockFailed" ->
                reason.get("block") instanceof Number block && reason.get("status") instanceof Number status
                        ? Optional.of(new BlockFailed(block.intValue(), status.intValue()))
                        : Optional.empty();
            case "HeldAlready" -> Optional.of(new HeldAlready(texts(reason.get("checks"))));
            case "StillMissing" ->
                reason.get("limit") instanceof Number limit
                        ? Optional.of(new StillMissing(
                                Duration.ofMillis(Math.round(limit.doubleValue() * 1000)),
                                texts(reason.get("missing"))))
                        : Optional.empty();
            // A newer version's: its words are all that can be shown.
            default -> Optional.empty();
        };
    }

    private static List<String> texts(@org.jspecify.annotations.Nullable Object list) {
        return list instanceof List<?> values
                ? values.stream().map(String::valueOf).toList()
                : List.of();
    }
}
