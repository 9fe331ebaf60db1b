package dev.clusterlab.ui.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Gives each service a colour number and a short sign, in the order in which services are first seen, and keeps them. */
public final class ServicePalette {
    /** How many colours the style sheet knows; afterwards they repeat, the signs do not. */
    public static final int COLOURS = 8;

    private final Map<String, Mark> marks = new LinkedHashMap<>();

    /** {@code colour} from 1 to {@link #COLOURS}; {@code sign} one or two letters, unique. */
    public record Mark(int colour, String sign) {}

    public Mark mark(String service) {
        return marks.computeIfAbsent(service, s -> new Mark(marks.size() % COLOURS + 1, freeSign(s)));
    }

    /** How many services were seen before this one. */
    public int arrival(String service) {
        mark(service);
        return List.copyOf(marks.keySet()).indexOf(service);
    }

    private String freeSign(String service) {
        String letters = service.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
        if (letters.isEmpty()) {
            letters = "X";
        }
        String first = letters.substring(0, 1);
        if (isFree(first)) {
            return first;
        }
        String[] words = service.toUpperCase(Locale.ROOT).split("[^A-Z0-9]+");
        if (words.length > 1 && !words[1].isEmpty() && isFree(first + words[1].charAt(0))) {
            return first + words[1].charAt(0);
        }
        for (int i = 1; i < letters.length(); i++) {
            String candidate = first + letters.charAt(i);
            if (isFree(candidate)) {
                return candidate;
            }
        }
        return first + (marks.size() + 1);
    }

    private boolean isFree(String sign) {
        return marks.values().stream().noneMatch(m -> m.sign().equals(sign));
    }
}
