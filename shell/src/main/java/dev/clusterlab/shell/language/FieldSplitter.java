package dev.clusterlab.shell.language;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Splits text into fields as POSIX says (2.6.5): blanks of IFS separate however many there are, any other character of
 * IFS ends a field, which may be empty.
 */
public record FieldSplitter(String separators) {
    private static final String BLANKS = " \t\n";

    public static FieldSplitter of(Optional<String> ifs) {
        return new FieldSplitter(ifs.orElse(BLANKS));
    }

    boolean blank(char c) {
        return BLANKS.indexOf(c) >= 0 && separators.indexOf(c) >= 0;
    }

    boolean separator(char c) {
        return separators.indexOf(c) >= 0;
    }

    /**
     * Tells the pieces of {@code text} and where a field ends.
     *
     * @param begun whether a field has begun before this text
     */
    public void split(String text, boolean begun, Consumer<String> piece, Runnable end) {
        boolean open = begun;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!separator(c)) {
                open = true;
                continue;
            }
            if (i > from) {
                piece.accept(text.substring(from, i));
            }
            if (!blank(c) && !open) {
                piece.accept("");
            }
            // A blank after which another separator comes belongs to that one.
            boolean belongs = blank(c) && open && endsByOther(text, i);
            if (open || !blank(c)) {
                if (!belongs) {
                    end.run();
                    open = false;
                }
            }
            from = i + 1;
        }
        if (from < text.length()) {
            piece.accept(text.substring(from));
        }
    }

    private boolean endsByOther(String text, int at) {
        int next = at;
        while (next < text.length() && blank(text.charAt(next))) {
            next++;
        }
        return next < text.length() && separator(text.charAt(next));
    }

    /**
     * The first {@code count} fields of a line; the last takes the rest of the line as it is.
     *
     * @return exactly {@code count} texts
     */
    public String[] fields(String line, int count) {
        String[] result = new String[count];
        int at = 0;
        for (int i = 0; i < count; i++) {
            while (at < line.length() && blank(line.charAt(at))) {
                at++;
            }
            if (i == count - 1) {
                int stop = line.length();
                while (stop > at && blank(line.charAt(stop - 1))) {
                    stop--;
                }
                result[i] = line.substring(at, stop);
                break;
            }
            int start = at;
            while (at < line.length() && !separator(line.charAt(at))) {
                at++;
            }
            result[i] = line.substring(start, at);
            while (at < line.length() && blank(line.charAt(at))) {
                at++;
            }
            if (at < line.length() && separator(line.charAt(at))) {
                at++;
            }
        }
        return result;
    }
}
