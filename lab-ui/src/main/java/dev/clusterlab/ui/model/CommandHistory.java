package dev.clusterlab.ui.model;

import dev.clusterlab.ui.model.kept.HistoryFile;
import java.util.ArrayList;
import java.util.List;

/**
 * What was entered before, and where somebody who goes back through it is. Going back with some words already written stops only
 * at commands that hold them, as fish does.
 */
final class CommandHistory {
    private static final int LENGTH_MAX = HistoryFile.LENGTH_MAX;

    private final List<String> commands = new ArrayList<>();
    private int cursor;
    private String draft = "";

    /** Begins with what was entered in earlier runs, the oldest first. */
    void begin(List<String> earlier) {
        List<String> since = List.copyOf(commands);
        commands.clear();
        earlier.forEach(this::add);
        since.forEach(this::add);
    }

    /** Takes up a command as the newest; the same one entered before is forgotten. */
    void add(String command) {
        if (!command.isBlank()) {
            commands.remove(command);
            commands.add(command);
            if (commands.size() > LENGTH_MAX) {
                commands.removeFirst();
            }
        }
        cursor = commands.size();
        draft = "";
    }

    /** The command before that holds what was written; {@code current} is kept to return to. */
    String older(String current) {
        if (cursor == commands.size()) {
            draft = current;
        }
        for (int i = cursor - 1; i >= 0; i--) {
            if (wanted(commands.get(i))) {
                cursor = i;
                return commands.get(i);
            }
        }
        return current;
    }

    /** The command after, at the end what was being written. */
    String newer(String current) {
        if (cursor >= commands.size()) {
            return current;
        }
        for (int i = cursor + 1; i < commands.size(); i++) {
            if (wanted(commands.get(i))) {
                cursor = i;
                return commands.get(i);
            }
        }
        cursor = commands.size();
        return draft;
    }

    private boolean wanted(String command) {
        return command.contains(draft) && !command.equals(draft);
    }
}
