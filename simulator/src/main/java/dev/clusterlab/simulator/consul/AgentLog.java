package dev.clusterlab.simulator.consul;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The agent's log in the style of today's Consul or, for the old image, in that of Consul 0.5 to 0.7. */
final class AgentLog {
    private static final DateTimeFormatter MODERN = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter LEGACY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR");

    private final InstantSource clock;
    private final boolean legacy;
    private final int threshold;
    private final Consumer<String> output;

    AgentLog(InstantSource clock, boolean legacy, String level, Consumer<String> output) {
        this.clock = clock;
        this.legacy = legacy;
        String wanted = level.toUpperCase(Locale.ROOT);
        this.threshold = Math.max(0, LEVELS.indexOf(wanted.equals("ERR") ? "ERROR" : wanted));
        this.output = output;
    }

    void debug(String component, String message, Object... keysAndValues) {
        write("DEBUG", component, message, keysAndValues);
    }

    void info(String component, String message, Object... keysAndValues) {
        write("INFO", component, message, keysAndValues);
    }

    void warn(String component, String message, Object... keysAndValues) {
        write("WARN", component, message, keysAndValues);
    }

    void error(String component, String message, Object... keysAndValues) {
        write("ERROR", component, message, keysAndValues);
    }

    private void write(String level, String component, String message, Object... keysAndValues) {
        if (LEVELS.indexOf(level) < threshold) {
            return;
        }
        Instant now = clock.instant();
        var line = new StringBuilder();
        if (legacy) {
            line.append("    ").append(LEGACY.format(now)).append(" [").append(level.equals("ERROR") ? "ERR" : level);
            line.append("] ").append(legacyComponent(component)).append(message);
            for (int i = 1; i < keysAndValues.length; i += 2) {
                line.append(i == 1 ? " '" : ", '").append(keysAndValues[i]).append('\'');
            }
        } else {
            line.append(MODERN.format(now)).append(" [").append(level).append("] ");
            line.append(" ".repeat(5 - level.length()))
                    .append(component)
                    .append(": ")
                    .append(message);
            for (int i = 0; i + 1 < keysAndValues.length; i += 2) {
                line.append(i == 0 ? ": " : " ").append(keysAndValues[i]).append('=');
                line.append(quoted(String.valueOf(keysAndValues[i + 1])));
            }
        }
        output.accept(line.toString());
    }

    private static String quoted(String value) {
        return value.isEmpty() || value.indexOf(' ') >= 0 || value.indexOf('\n') >= 0
                ? '"' + value.replace("\n", "\\n") + '"'
                : value;
    }

    private static String legacyComponent(String component) {
        if (component.contains("serf")) {
            return "";
        }
        if (component.startsWith("agent.server.raft")) {
            return "raft: ";
        }
        return component.startsWith("agent.server") ? "consul: " : "agent: ";
    }
}
