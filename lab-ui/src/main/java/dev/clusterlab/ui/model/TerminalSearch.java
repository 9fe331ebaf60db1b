package dev.clusterlab.ui.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a text occurs in the lines of the terminal, upper and lower case alike. Lines are counted from the first that there ever
 * was, so that places stay what they are when old lines are dropped. For one thread.
 */
public final class TerminalSearch {
    private final List<Match> matches = new ArrayList<>();
    private String wanted = "";
    private int current = -1;

    /** {@code start}: characters before it in its line. */
    public record Match(long line, int start, int length) {}

    /** Looks for another text; the last place of it becomes the current one, for what was printed last is what is asked for. */
    public void find(String text, long firstLine, List<String> lines) {
        wanted = text.toLowerCase(Locale.ROOT);
        matches.clear();
        added(firstLine, lines);
        current = matches.size() - 1;
    }

    /** Looks through lines that came since. */
    public void added(long firstLine, List<String> lines) {
        if (wanted.isEmpty()) {
            return;
        }
        long line = firstLine;
        for (String text : lines) {
            String lower = text.toLowerCase(Locale.ROOT);
            for (int at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length())) {
                matches.add(new Match(line, at, wanted.length()));
            }
            line++;
        }
        if (current < 0 && !matches.isEmpty()) {
            current = 0;
        }
    }

    /** Forgets what stood before this line. */
    public void dropped(long firstLine) {
        int gone = 0;
        while (gone < matches.size() && matches.get(gone).line() < firstLine) {
            gone++;
        }
        matches.subList(0, gone).clear();
        current = matches.isEmpty() ? -1 : Math.max(0, current - gone);
    }

    public int count() {
        return matches.size();
    }

    /** Which of them is the current one, from 1; 0 if there is none. */
    public int position() {
        return current + 1;
    }

    public Optional<Match> current() {
        return current < 0 ? Optional.empty() : Optional.of(matches.get(current));
    }

    /** Goes on to the next one; after the last one comes the first. */
    public void next() {
        move(1);
    }

    public void previous() {
        move(-1);
    }

    private void move(int by) {
        if (!matches.isEmpty()) {
            current = Math.floorMod(current + by, matches.size());
        }
    }
}
