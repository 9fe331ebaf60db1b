package dev.clusterlab.lab.shell.text;

import com.google.re2j.Pattern;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.shell.text.LinearPattern;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that a person wrote into the shell. It is searched in linear time ({@link LinearPattern}) where it
 * refers to nothing back, and by {@link java.util.regex} where it does; in both cases on a budget for the whole command,
 * and an interrupt ends it. For one thread.
 */
final class TextPattern {
    /** What one command may spend on one expression: characters looked at times the length of the program. */
    static final long STEPS_MAX = 5_000_000_000L;

    /** What a character costs that a search with references back readings at; such a search goes over a text many times. */
    private static final int BACKTRACKING_COST = 100;

    private static final int CHARACTERS_BETWEEN_CHECKS = 1_024;

    /**
     * A search through one text, from its beginning on. Positions are in characters, by group; -1 for one that took no part.
     *
     * @param find goes to the next place; false if there is none
     */
    private record Search(BooleanSupplier find, IntUnaryOperator start, IntUnaryOperator end, int groups) {}

    /** A place in a text; the group 0 is the whole. */
    record Found(List<Group> groups) {
        record Group(int start, int end) {}

        int start() {
            return groups.getFirst().start();
        }

        int end() {
            return groups.getFirst().end();
        }
    }

    private final @Nullable LinearPattern linear;
    private final java.util.regex.@Nullable Pattern backtracking;
    private final int cost;
    private long spent;

    private TextPattern(@Nullable LinearPattern linear, java.util.regex.@Nullable Pattern backtracking) {
        this.linear = linear;
        this.backtracking = backtracking;
        this.cost = linear == null ? BACKTRACKING_COST : Math.max(1, linear.programLength());
    }

    /**
     * A POSIX expression: of several matches that begin at one place the longest counts.
     *
     * @param expression in Java's syntax if it refers back, else in RE2's
     * @throws IllegalArgumentException if it is none, in a few words
     */
    static TextPattern posix(String expression, boolean refersBack, boolean ignoreCase) {
        int fold = ignoreCase ? Pattern.CASE_INSENSITIVE : 0;
        return refersBack ? backtracking(expression, fold, 0) : linear(expression, fold | Pattern.LONGEST_MATCH);
    }

    /** An expression with Perl's rules, as jq has them: looking around and references back are searched on a budget. */
    static TextPattern perl(String expression, int flags, boolean withComments) {
        if (withComments) {
            return backtracking(expression, flags, java.util.regex.Pattern.COMMENTS);
        }
        try {
            return linear(expression.replaceAll("\\(\\?<(?![=!])", "(?P<"), flags);
        } catch (IllegalArgumentException e) {
            return backtracking(expression, flags, 0);
        }
    }

    private static TextPattern linear(String expression, int flags) {
        return new TextPattern(LinearPattern.compile(expression, flags), null);
    }

    private static TextPattern backtracking(String expression, int flags, int more) {
        int own = more
                | ((flags & Pattern.CASE_INSENSITIVE) != 0
                        ? java.util.regex.Pattern.CASE_INSENSITIVE | java.util.regex.Pattern.UNICODE_CASE
                        : 0)
                | ((flags & Pattern.DOTALL) != 0 ? java.util.regex.Pattern.DOTALL : 0);
        if (expression.length() > LinearPattern.LENGTH_MAX) {
            throw new IllegalArgumentException("expression too large");
        }
        try {
            return new TextPattern(null, java.util.regex.Pattern.compile(expression, own));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getDescription(), e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("expression nests too deeply", e);
        }
    }

    /** The names of groups, by number; empty texts for those without one. */
    List<String> groupNames() {
        if (linear != null) {
            return linear.groupNames();
        }
        java.util.regex.Pattern pattern = Objects.requireNonNull(backtracking);
        List<String> names =
                new ArrayList<>(Collections.nCopies(pattern.matcher("").groupCount(), ""));
        pattern.namedGroups().forEach((name, number) -> names.set(number - 1, name));
        return names;
    }

    boolean find(String text) {
        return !all(text, 1).isEmpty();
    }

    /**
     * The places, from left to right; an empty one right behind another is none, as in sed.
     *
     * @throws ShellFailure if the search takes too much, or the thread was interrupted
     */
    List<Found> all(String text, int countMax) {
        List<Found> result = new ArrayList<>();
        try {
            Search search = search(text);
            int last = -1;
            while (result.size() < countMax && search.find().getAsBoolean()) {
                if (search.start().applyAsInt(0) == search.end().applyAsInt(0)
                        && search.start().applyAsInt(0) == last) {
                    continue;
                }
                List<Found.Group> groups = new ArrayList<>();
                for (int i = 0; i <= search.groups(); i++) {
                    groups.add(new Found.Group(
                            search.start().applyAsInt(i), search.end().applyAsInt(i)));
                }
                result.add(new Found(List.copyOf(groups)));
                last = search.end().applyAsInt(0);
            }
        } catch (StackOverflowError e) {
            throw new ShellFailure(2, "the expression goes too deep for this text");
        }
        return result;
    }

    private Search search(String text) {
        var watched = new Watched(text, 0, text.length());
        if (linear != null) {
            com.google.re2j.Matcher matcher = linear.matcher(watched);
            return new Search(matcher::find, matcher::start, matcher::end, matcher.groupCount());
        }
        java.util.regex.Matcher matcher = Objects.requireNonNull(backtracking).matcher(watched);
        return new Search(matcher::find, matcher::start, matcher::end, matcher.groupCount());
    }

    /** A text that counts how often a character is read. */
    private final class Watched implements CharSequence {
        private final String text;
        private final int from;
        private final int to;
        private int readings;

        Watched(String text, int from, int to) {
            this.text = text;
            this.from = from;
            this.to = to;
        }

        @Override
        public int length() {
            return to - from;
        }

        @Override
        public char charAt(int index) {
            spent += cost;
            if (spent > STEPS_MAX) {
                throw new ShellFailure(2, "the expression takes too long for this text");
            }
            if (++readings % CHARACTERS_BETWEEN_CHECKS == 0
                    && Thread.currentThread().isInterrupted()) {
                throw new ShellFailure(130, "interrupted");
            }
            return text.charAt(from + index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Watched(text, from + start, from + end);
        }

        @Override
        public String toString() {
            return text.substring(from, to);
        }
    }
}
