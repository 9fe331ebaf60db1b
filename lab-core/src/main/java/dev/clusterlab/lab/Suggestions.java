package dev.clusterlab.lab;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What somebody probably meant. */
public final class Suggestions {
    /** Commands of other shells that people will try, and what to do here instead. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("cd", "its files live in memory, in one folder"),
            Map.entry("pwd", "its files live in memory, in one folder"),
            Map.entry("mkdir", "its files live in memory, in one folder; just write the file"),
            Map.entry("cp", "write cat OLD > NEW"),
            Map.entry("mv", "write cat OLD > NEW, then rm OLD"),
            Map.entry("touch", "write : > FILE"),
            Map.entry("find", "ls lists the files in memory"),
            Map.entry("trap", "the lab cleans up after itself"),
            Map.entry("alias", "write a function: NAME() { …; }"),
            Map.entry("declare", "write NAME=VALUE"),
            Map.entry("typeset", "write NAME=VALUE"),
            Map.entry("readonly", "write NAME=VALUE"),
            Map.entry("let", "write NAME=$((…))"),
            Map.entry("getopts", "read $1 and shift"),
            Map.entry("exec", "write the command itself, with its redirections"),
            Map.entry("jobs", "commands run one after another"),
            Map.entry("wait", "commands run one after another"),
            Map.entry("bg", "commands run one after another"),
            Map.entry("fg", "commands run one after another"),
            Map.entry("nohup", "commands run one after another"),
            Map.entry("kill", "there are no processes here; docker kill and docker-machine kill there are"),
            Map.entry("ps", "there are no processes here; write docker ps"),
            Map.entry("sudo", "nothing here needs it; write the command alone"),
            Map.entry("ssh", "write docker-machine ssh MACHINE COMMAND"),
            Map.entry("wget", "write curl"),
            Map.entry("python", "there are grep, sed, awk and jq"),
            Map.entry("python3", "there are grep, sed, awk and jq"),
            Map.entry("vi", "write a file with cat > FILE <<EOF"),
            Map.entry("nano", "write a file with cat > FILE <<EOF"),
            Map.entry("docker-compose", "write docker service create"),
            Map.entry("watch", "write while true; do COMMAND; sleep 2; done, or wait-for COMMAND"));

    private Suggestions() {}

    public static String unknownCommand(String name, Collection<String> known) {
        String reason = ELSEWHERE.get(name);
        if (reason != null) {
            return name + ": not supported by this shell: " + reason;
        }
        String text = name + ": command not found";
        Optional<String> near = nearest(name, known);
        return text
                + near.map(value -> "; did you mean '" + value + "'?").orElse("")
                + "\nThis shell has docker, docker-machine, consul, curl, fault, traffic and a few more: type 'help'.";
    }

    /** A sentence that names the nearest of {@code known}, or nothing. */
    public static String sentence(String word, Collection<String> known) {
        return nearest(word, known)
                .map(near -> "Did you mean \"" + near + "\"? ")
                .orElse("");
    }

    /** The nearest of {@code known} by edit distance, if it is near enough to be meant. */
    public static Optional<String> nearest(String word, Collection<String> known) {
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
