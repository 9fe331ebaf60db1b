package dev.clusterlab.lab.shell;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What somebody probably meant. */
final class Suggestions {
    private Suggestions() {}

    static String unknownCommand(String name, Collection<String> known) {
        String text = name + ": command not found";
        Optional<String> near = nearest(name, known);
        return text
                + near.map(value -> "; did you mean '" + value + "'?").orElse("")
                + "\nThis shell has docker, docker-machine, consul, curl, fault, traffic and a few more: type 'help'.";
    }

    /** The nearest of {@code known} by edit distance, if it is near enough to be meant. */
    static Optional<String> nearest(String word, Collection<String> known) {
        int limit = Math.max(1, Math.min(3, word.length() / 3 + 1));
        return known.stream()
                .filter(candidate -> distance(word, candidate) <= limit)
                .min(Comparator.comparingInt((String candidate) -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int next = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + cost);
                diagonal = row[j];
                row[j] = next;
            }
        }
        return row[b.length()];
    }
}
