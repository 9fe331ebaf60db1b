package dev.clusterlab.shell.language;

import java.util.ArrayList;
import java.util.List;

/**
 * Patterns with {@code *}, {@code ?} and {@code […]}; a backslash takes the meaning from what follows it. A pattern is
 * followed through a text once, with all ways to match at the same time: what it costs is the product of their lengths,
 * whatever they are.
 */
public final class Glob {
    private final List<Element> elements;

    private Glob(List<Element> elements) {
        this.elements = elements;
    }

    /** What one place of a pattern stands for. */
    private sealed interface Element {
        record One(char wanted) implements Element {}

        record AnyOne() implements Element {}

        record Many() implements Element {}

        /** {@code ranges} holds the first and the last character of each. */
        record Set(boolean negated, List<String> ranges) implements Element {}
    }

    /** Whether the whole of {@code text} is what the pattern describes. */
    public static boolean matches(String pattern, String text) {
        return parse(pattern).matches(text);
    }

    /** Whether anything in it stands for more than itself. */
    public static boolean isPattern(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '*' || c == '?' || (c == '[' && pattern.indexOf(']', i) > 0)) {
                return true;
            }
        }
        return false;
    }

    /** The text as a pattern that stands for nothing but itself. */
    public static String escape(String text) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if ("\\*?[]".indexOf(text.charAt(i)) >= 0) {
                result.append('\\');
            }
            result.append(text.charAt(i));
        }
        return result.toString();
    }

    /** Cuts what matches off the beginning ({@code #}, {@code ##}) or the end ({@code %}, {@code %%}). */
    public static String trim(String text, String operator, String pattern) {
        Glob glob = parse(pattern);
        boolean start = operator.startsWith("#");
        int cut = (start ? glob : glob.reversed()).length(text, !start, operator.length() == 2);
        if (cut < 0) {
            return text;
        }
        return start ? text.substring(cut) : text.substring(0, text.length() - cut);
    }

    static Glob parse(String pattern) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            int close = c == '[' ? end(pattern, i) : -1;
            if (c == '\\' && i + 1 < pattern.length()) {
                i++;
                elements.add(new Element.One(pattern.charAt(i)));
            } else if (c == '*') {
                if (elements.isEmpty() || !(elements.getLast() instanceof Element.Many)) {
                    elements.add(new Element.Many());
                }
            } else if (c == '?') {
                elements.add(new Element.AnyOne());
            } else if (close > 0) {
                elements.add(set(pattern.substring(i + 1, close)));
                i = close;
            } else {
                elements.add(new Element.One(c));
            }
        }
        return new Glob(elements);
    }

    /** Where the set that begins at {@code open} is closed; negative if it is not. A bracket that comes first is in it. */
    private static int end(String pattern, int open) {
        int at = open + 1;
        if (at < pattern.length() && "!^".indexOf(pattern.charAt(at)) >= 0) {
            at++;
        }
        return pattern.indexOf(']', at + 1);
    }

    private static Element set(String content) {
        boolean negated = content.startsWith("!") || content.startsWith("^");
        List<String> ranges = new ArrayList<>();
        for (int i = negated ? 1 : 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '\\' && i + 1 < content.length()) {
                i++;
                c = content.charAt(i);
            }
            boolean range = i + 2 < content.length() && content.charAt(i + 1) == '-';
            ranges.add("" + c + (range ? content.charAt(i + 2) : c));
            i += range ? 2 : 0;
        }
        return new Element.Set(negated, List.copyOf(ranges));
    }

    private Glob reversed() {
        return new Glob(elements.reversed());
    }

    private boolean matches(String text) {
        return length(text, false, true) == text.length();
    }

    /**
     * How many characters from the text's beginning the pattern matches.
     *
     * @param backwards from its end instead; the pattern is reversed as well
     * @param longest the most there are, or else the fewest
     * @return negative if it matches none
     */
    private int length(String text, boolean backwards, boolean longest) {
        int places = elements.size();
        // reached[i]: everything before element i has been matched.
        boolean[] reached = new boolean[places + 1];
        reached[0] = true;
        passStars(reached);
        int found = -1;
        for (int taken = 0; ; taken++) {
            if (reached[places]) {
                found = taken;
                if (!longest) {
                    return found;
                }
            }
            if (taken == text.length() || !step(reached, text.charAt(backwards ? text.length() - 1 - taken : taken))) {
                return found;
            }
        }
    }

    /** Takes one character; returns whether there is any way left to go on. */
    private boolean step(boolean[] reached, char c) {
        boolean any = false;
        for (int i = elements.size(); i >= 0; i--) {
            boolean stays = i < elements.size() && reached[i] && elements.get(i) instanceof Element.Many;
            boolean comes = i > 0 && reached[i - 1] && takes(elements.get(i - 1), c);
            reached[i] = stays || comes;
            any |= reached[i];
        }
        passStars(reached);
        return any;
    }

    /** A star may stand for nothing. */
    private void passStars(boolean[] reached) {
        for (int i = 0; i < elements.size(); i++) {
            if (reached[i] && elements.get(i) instanceof Element.Many) {
                reached[i + 1] = true;
            }
        }
    }

    private static boolean takes(Element element, char c) {
        return switch (element) {
            case Element.One one -> one.wanted() == c;
            case Element.AnyOne any -> true;
            case Element.Many many -> false;
            case Element.Set set ->
                set.negated() != set.ranges().stream().anyMatch(range -> range.charAt(0) <= c && c <= range.charAt(1));
        };
    }
}
