package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.ApiException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and numbers of the signals that matter. */
final class Signals {
    private static final Map<String, Integer> NUMBERS = new LinkedHashMap<>();

    static {
        NUMBERS.put("SIGHUP", 1);
        NUMBERS.put("SIGINT", 2);
        NUMBERS.put("SIGQUIT", 3);
        NUMBERS.put("SIGABRT", 6);
        NUMBERS.put("SIGKILL", 9);
        NUMBERS.put("SIGUSR1", 10);
        NUMBERS.put("SIGUSR2", 12);
        NUMBERS.put("SIGTERM", 15);
        NUMBERS.put("SIGCONT", 18);
        NUMBERS.put("SIGSTOP", 19);
        NUMBERS.put("SIGWINCH", 28);
    }

    private Signals() {}

    /** The full name of {@code TERM}, {@code SIGTERM} or {@code 15}; SIGKILL for null or nothing. */
    static String name(@Nullable String signal) {
        if (signal == null || signal.isEmpty()) {
            return "SIGKILL";
        }
        String upper = signal.toUpperCase(Locale.ROOT);
        for (Map.Entry<String, Integer> entry : NUMBERS.entrySet()) {
            if (entry.getKey().equals(upper)
                    || entry.getKey().equals("SIG" + upper)
                    || String.valueOf(entry.getValue()).equals(signal)) {
                return entry.getKey();
            }
        }
        throw ApiException.badRequest("invalid signal: " + signal);
    }

    static int number(String name) {
        return NUMBERS.getOrDefault(name, 9);
    }
}
