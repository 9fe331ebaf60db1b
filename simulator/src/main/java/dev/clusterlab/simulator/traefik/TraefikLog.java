package dev.clusterlab.simulator.traefik;

import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.programs.ProgramContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Writes log lines as Traefik does: {@code TIME INF text key=value}, or {@code time=… level=… msg=…} in 2017. */
final class TraefikLog {
    private static final List<String> LEVELS = List.of("DEBUG", "INFO", "WARN", "ERROR");

    private static final System.Logger REPORT = System.getLogger(TraefikLog.class.getName());

    private final ProgramContext context;
    private final boolean legacy;
    private final int threshold;

    TraefikLog(ProgramContext context, String level, boolean legacy) {
        this.context = context;
        this.legacy = legacy;
        this.threshold = Math.max(0, LEVELS.indexOf(level));
    }

    void info(String text) {
        write(1, text, Map.of());
    }

    void warn(String text, Map<String, String> fields) {
        write(2, text, fields);
    }

    void error(String text, Map<String, String> fields) {
        write(3, text, fields);
    }

    /** What is logged whatever the level, such as how an old option was understood. */
    void always(String text) {
        write(threshold, text, Map.of());
    }

    /**
     * Carries out one unit of a provider's work: whatever is wrong in it is logged, and the provider goes on, as
     * Traefik's do (its {@code safe.Go} recovers from a panic).
     */
    void guarded(String provider, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | StackOverflowError e) {
            REPORT.log(System.Logger.Level.WARNING, "A configuration from " + provider + " could not be taken up", e);
            error(
                    "Cannot take up the configuration",
                    Ordered.map("error", "it cannot be worked with in this lab", "providerName", provider));
        }
    }

    private void write(int level, String text, Map<String, String> fields) {
        if (level < threshold) {
            return;
        }
        Instant time = context.now().truncatedTo(ChronoUnit.SECONDS);
        var line = new StringBuilder();
        if (legacy) {
            String name = List.of("debug", "info", "warning", "error").get(level);
            line.append("time=\"")
                    .append(time)
                    .append("\" level=")
                    .append(name)
                    .append(" msg=")
                    .append(quoted(text));
        } else {
            String name = List.of("DBG", "INF", "WRN", "ERR").get(level);
            line.append(time).append(' ').append(name).append(' ').append(text);
        }
        fields.forEach((key, value) -> line.append(' ')
                .append(key)
                .append('=')
                .append(value.matches("[A-Za-z0-9@./:_-]+") ? value : quoted(value)));
        context.stdout(line.toString());
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
