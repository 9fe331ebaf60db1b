package dev.clusterlab.ui.model.kept;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Keeps what the person answered in each lab, in a file of its own: whatever becomes of it, how far the person came is not lost with
 * it. A file that cannot be read or written is no reason to stop. Thread-safe; blocks on the disk.
 */
public final class AnswerFile {
    private static final String WORDS = ".words";
    private static final String SHOWN = ".shown";
    private static final String MEASURED = ".measured";

    private final KeptFile file;

    public AnswerFile(Path path) {
        this(new KeptFile(path, "answers"));
    }

    private AnswerFile(KeptFile file) {
        this.file = file;
    }

    /** One that keeps nothing. */
    public static AnswerFile none() {
        return new AnswerFile(KeptFile.none());
    }

    /** The answers in a lab, by the names of the questions. */
    public synchronized Map<String, KeptAnswer> read(String lab) {
        Properties kept = file.read();
        Map<String, KeptAnswer> answers = new TreeMap<>();
        for (String name : kept.stringPropertyNames()) {
            String begin = lab + ".";
            int end = Math.max(name.lastIndexOf(WORDS), name.lastIndexOf(SHOWN));
            if (name.startsWith(begin) && end > begin.length() && end + WORDS.length() == name.length()) {
                String key = name.substring(0, end);
                answers.put(
                        key.substring(begin.length()),
                        new KeptAnswer(
                                kept.getProperty(key + WORDS, ""),
                                "yes".equals(kept.getProperty(key + SHOWN)),
                                number(kept.getProperty(key + MEASURED, ""))));
            }
        }
        return answers;
    }

    private static Optional<Double> number(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Double.valueOf(text));
        } catch (NumberFormatException e) {
            // Somebody wrote in it; it is measured again.
            return Optional.empty();
        }
    }

    public synchronized void write(String lab, Map<String, KeptAnswer> answers) {
        Properties kept = file.read();
        answers.forEach((question, answer) -> {
            String key = lab + "." + question;
            kept.setProperty(key + WORDS, answer.words());
            kept.setProperty(key + SHOWN, answer.shown() ? "yes" : "no");
            answer.measured().ifPresent(value -> kept.setProperty(key + MEASURED, value.toString()));
        });
        file.write(kept);
    }

    /** Forgets what the person answered in a lab. */
    public synchronized void forget(String lab) {
        file.forget(lab + ".");
    }
}
