package dev.clusterlab.lab.shell.text;

import dev.clusterlab.lab.shell.Invocation;
import java.util.List;

/** POSIX regular expressions, basic and extended, as those that the lab can search for: see {@link TextPattern}. */
final class Regex {
    private static final String SPECIAL = "+?|(){}";

    private Regex() {}

    /**
     * An expression of the shell.
     *
     * @param extended whether {@code + ? | ( ) { }} mean something without a backslash
     * @throws dev.clusterlab.lab.shell.ShellFailure if it is none
     */
    static TextPattern compile(Invocation call, String posix, boolean extended, boolean ignoreCase) {
        return compile(call, List.of(posix), extended, ignoreCase, "", "");
    }

    /** Several expressions of which one must be found, between two pieces in RE2's syntax such as {@code \b}. */
    static TextPattern compile(
            Invocation call, List<String> posix, boolean extended, boolean ignoreCase, String before, String after) {
        boolean refersBack = posix.stream().anyMatch(Regex::refersBack);
        String expression = before + "(?:"
                + String.join(
                        "|",
                        posix.stream()
                                .map(each -> translated(each, extended, refersBack))
                                .toList()) + ")" + after;
        try {
            return TextPattern.posix(expression, refersBack, ignoreCase);
        } catch (IllegalArgumentException e) {
            throw call.failure(2, "not a regular expression: " + e.getMessage());
        }
    }

    /** A text that stands for itself. */
    static String quoted(String text) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            result.append("\\.[]*^$".indexOf(c) >= 0 ? "\\" : "").append(c);
        }
        return result.toString();
    }

    /** Whether {@code \1} to {@code \9} stands outside brackets. */
    private static boolean refersBack(String posix) {
        for (int i = 0; i + 1 < posix.length(); i++) {
            if (posix.charAt(i) == '[') {
                i = Math.max(i, bracketEnd(posix, i));
            } else if (posix.charAt(i) == '\\') {
                i++;
                if (posix.charAt(i) >= '1' && posix.charAt(i) <= '9') {
                    return true;
                }
            }
        }
        return false;
    }

    /** Where the bracket that opens here is closed; -1 if it is not. */
    private static int bracketEnd(String pattern, int open) {
        int at = open + 1;
        if (at < pattern.length() && pattern.charAt(at) == '^') {
            at++;
        }
        if (at < pattern.length() && pattern.charAt(at) == ']') {
            at++;
        }
        while (at < pattern.length()) {
            if (pattern.startsWith("[:", at)) {
                int close = pattern.indexOf(":]", at + 2);
                at = close < 0 ? at + 1 : close + 2;
            } else if (pattern.charAt(at) == ']') {
                return at;
            } else {
                at++;
            }
        }
        return -1;
    }

    private static String translated(String pattern, boolean extended, boolean java) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '[') {
                int close = bracketEnd(pattern, i);
                if (close > 0) {
                    result.append('[')
                            .append(set(pattern.substring(i + 1, close), java))
                            .append(']');
                    i = close;
                    continue;
                }
                result.append('[');
            } else if (c == '\\' && i + 1 < pattern.length()) {
                char next = pattern.charAt(++i);
                if (!extended && SPECIAL.indexOf(next) >= 0) {
                    result.append(next);
                } else if (next == '<' || next == '>') {
                    result.append("\\b");
                } else {
                    result.append(next < 128 ? "\\" : "").append(next);
                }
            } else if (!extended && SPECIAL.indexOf(c) >= 0) {
                result.append('\\').append(c);
            } else if (c == '*' && (result.isEmpty() || "(|^".indexOf(result.charAt(result.length() - 1)) >= 0)) {
                result.append("\\*");
            } else if (c == '*' && pattern.charAt(i - 1) == '*') {
                continue;
            } else if (extended && c == '{' && !repeats(pattern, i)) {
                result.append("\\{");
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }

    /** Whether {@code {N}}, {@code {N,}} or {@code {N,M}} stands here. */
    private static boolean repeats(String pattern, int open) {
        int at = open + 1;
        int first = at;
        while (at < pattern.length() && Character.isDigit(pattern.charAt(at))) {
            at++;
        }
        if (at == first) {
            return false;
        }
        if (at < pattern.length() && pattern.charAt(at) == ',') {
            at++;
            while (at < pattern.length() && Character.isDigit(pattern.charAt(at))) {
                at++;
            }
        }
        return at < pattern.length() && pattern.charAt(at) == '}';
    }

    private static String set(String content, boolean java) {
        StringBuilder result = new StringBuilder();
        int at = 0;
        if (content.startsWith("^")) {
            result.append('^');
            at = 1;
        }
        if (content.startsWith("]", at)) {
            result.append("\\]");
            at++;
        }
        while (at < content.length()) {
            char c = content.charAt(at);
            int close = content.startsWith("[:", at) ? content.indexOf(":]", at + 2) : -1;
            if (close > at + 2) {
                String name = content.substring(at + 2, close);
                result.append(java ? javaClass(name) : "[:" + name + ":]");
                at = close + 2;
                continue;
            }
            if (c == '[' || (c == '&' && java)) {
                result.append('\\');
            }
            result.append(c);
            if (c == '\\' && at + 1 < content.length()) {
                result.append(content.charAt(++at));
            } else if (c == '\\') {
                result.append('\\');
            }
            at++;
        }
        return result.toString();
    }

    private static String javaClass(String name) {
        return switch (name) {
            case "digit" -> "\\d";
            case "space" -> "\\s";
            case "xdigit" -> "\\p{XDigit}";
            default -> "\\p{" + Character.toUpperCase(name.charAt(0)) + name.substring(1) + "}";
        };
    }
}
