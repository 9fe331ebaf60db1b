package dev.clusterlab.lab.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What may follow at the end of a line. */
final class Completion {
    private Completion() {}

    static List<String> complete(ShellState state, String line) {
        List<String> words = lastCommand(line);
        String last = words.getLast();
        while (words.size() > 1
                && words.getFirst().matches("[A-Za-z_]\\w*=.*|sudo|time|then|do|else|!|if|while|until|\\{")) {
            words.removeFirst();
        }
        TreeSet<String> candidates = new TreeSet<>();
        if (last.startsWith("$")) {
            state.variables().keySet().forEach(name -> candidates.add("$" + name));
        } else if (words.size() == 1) {
            candidates.addAll(state.commands().keySet());
            candidates.addAll(state.functions().keySet());
        } else {
            ShellCommand command = state.commands().get(words.getFirst());
            if (command != null) {
                candidates.addAll(command.complete(state, words.subList(1, words.size())));
            }
            if (candidates.isEmpty()) {
                candidates.addAll(state.files().keySet());
            }
        }
        return candidates.stream()
                .filter(candidate -> candidate.startsWith(last))
                .toList();
    }

    /** Words of the command at the end of the line, the last one perhaps empty; quotes are taken as they come. */
    private static List<String> lastCommand(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else if (c == '$' && i + 1 < line.length() && line.charAt(i + 1) == '(') {
                    words.clear();
                    word.setLength(0);
                    quote = 0;
                    i++;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == ' ' || c == '\t') {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else if (";|&\n(`".indexOf(c) >= 0) {
                words.clear();
                word.setLength(0);
            } else if (c != '\\') {
                word.append(c);
            }
        }
        words.add(word.toString());
        return words;
    }
}
