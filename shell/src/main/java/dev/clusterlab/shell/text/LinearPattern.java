package dev.clusterlab.shell.text;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A regular expression in the syntax of Go's {@code regexp} (RE2), for patterns that a person or a request brings: what a
 * search costs is the product of the lengths of program and text, whatever they are, where {@link java.util.regex} can
 * take for ever or exhaust the stack. It has no references back and no looking around. Thread-safe.
 */
public final class LinearPattern {
    /** Longest expression, in characters. */
    public static final int LENGTH_MAX = 10_000;

    /** Deepest nesting of groups; as in Go ({@code regexp/syntax}, maxHeight). */
    public static final int DEPTH_MAX = 1_000;

    /** Longest program that an expression may become, in instructions: {@code (abc){1000}} becomes 3,000. */
    public static final int PROGRAM_MAX = 10_000;

    /** What the parts of an expression may at most be repeated, taken together; a limit of RE2's own. */
    private static final int REPEATS_MAX = 1_000;

    /** Longest program that is built to be measured. */
    private static final int ESTIMATE_MAX = 1_000_000;

    private final Pattern pattern;

    private LinearPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException in Go's words: {@code error parsing regexp: missing closing ): `(`} */
    public static LinearPattern compile(String expression) {
        return compile(expression, 0);
    }

    /**
     * With flags of {@link Pattern}, such as {@link Pattern#LONGEST_MATCH}.
     *
     * @throws IllegalArgumentException in Go's words: {@code error parsing regexp: missing closing ): `(`}
     */
    public static LinearPattern compile(String expression, int flags) {
        refuseHuge(expression);
        try {
            Pattern pattern = Pattern.compile(expression, flags);
            if (pattern.programSize() > PROGRAM_MAX) {
                throw tooLarge(expression);
            }
            return new LinearPattern(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static void refuseHuge(String expression) {
        int depth = 0;
        long repeats = 1;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '(') {
                if (++depth > DEPTH_MAX) {
                    throw new IllegalArgumentException(
                            "error parsing regexp: expression nests too deeply: `" + shown(expression) + "`");
                }
            } else if (c == ')') {
                depth--;
            } else if (c == '{') {
                repeats = Math.min(REPEATS_MAX, repeats * Math.max(1, count(expression, i + 1)));
            }
        }
        if (expression.length() > LENGTH_MAX || expression.length() * repeats > ESTIMATE_MAX) {
            throw tooLarge(expression);
        }
    }

    /** The larger number of {@code N,M}} at this place. */
    private static long count(String expression, int from) {
        long largest = 0;
        long number = 0;
        for (int i = from; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == ',') {
                number = 0;
            } else if (c < '0' || c > '9') {
                break;
            } else {
                number = Math.min(REPEATS_MAX, number * 10 + c - '0');
                largest = Math.max(largest, number);
            }
        }
        return largest;
    }

    private static IllegalArgumentException tooLarge(String expression) {
        return new IllegalArgumentException("error parsing regexp: expression too large: `" + shown(expression) + "`");
    }

    private static String shown(String expression) {
        return expression.length() > 100 ? expression.substring(0, 100) + "…" : expression;
    }

    /** Whether some part of the text is what the expression describes. */
    public boolean find(CharSequence text) {
        return pattern.matcher(text).find();
    }

    /** How long its program is, in instructions: what a character of a text costs at most. */
    public int programLength() {
        return pattern.programSize();
    }

    /** The names of its groups in order, empty where a group has none. */
    public List<String> groupNames() {
        List<String> names = new ArrayList<>(Collections.nCopies(pattern.groupCount(), ""));
        pattern.namedGroups().forEach((name, number) -> names.set(number - 1, name));
        return names;
    }

    /** Whether the whole text is what the expression describes. */
    public boolean matches(CharSequence text) {
        return pattern.matcher(text).matches();
    }

    /** For those who need the places of what was found. */
    public Matcher matcher(CharSequence text) {
        return pattern.matcher(text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LinearPattern that && pattern.equals(that.pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    /** The expression as it was written. */
    @Override
    public String toString() {
        return pattern.pattern();
    }
}
