package dev.clusterlab.lab.shell.text;

import dev.clusterlab.lab.shell.Invocation;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** POSIX regular expressions as Java's. */
final class Regex {
    private Regex() {}

    /** @param extended whether {@code + ? | ( ) { }} mean something without a backslash */
    static String java(String pattern, boolean extended) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '[') {
                int close = pattern.indexOf(']', i + 2);
                while (close > 0 && pattern.substring(i, close).matches(".*\\[:[a-z]+:")) {
                    close = pattern.indexOf(']', close + 1);
                }
                if (close > 0) {
                    result.append('[')
                            .append(set(pattern.substring(i + 1, close)))
                            .append(']');
                    i = close;
                    continue;
                }
                result.append('[');
            } else if (c == '\\' && i + 1 < pattern.length()) {
                char next = pattern.charAt(++i);
                if (!extended && "+?|(){}".indexOf(next) >= 0) {
                    result.append(next);
                } else if (next == '<' || next == '>') {
                    result.append("\\b");
                } else {
                    result.append('\\').append(next);
                }
            } else if (!extended && "+?|(){}".indexOf(c) >= 0) {
                result.append('\\').append(c);
            } else if (c == '*' && (result.isEmpty() || result.charAt(result.length() - 1) == '(')) {
                result.append("\\*");
            } else if (extended && c == '{' && !pattern.substring(i).matches("\\{\\d+(,\\d*)?}.*")) {
                result.append("\\{");
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }

    private static String set(String content) {
        return content.replace("[:alpha:]", "\\p{Alpha}")
                .replace("[:digit:]", "\\d")
                .replace("[:alnum:]", "\\p{Alnum}")
                .replace("[:space:]", "\\s")
                .replace("[:upper:]", "\\p{Upper}")
                .replace("[:lower:]", "\\p{Lower}")
                .replace("[:punct:]", "\\p{Punct}")
                .replace("[", "\\[")
                .replace("&&", "&\\&");
    }

    static Pattern compile(Invocation call, String pattern, boolean ignoreCase) {
        try {
            return Pattern.compile(pattern, ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0);
        } catch (PatternSyntaxException e) {
            throw call.failure(2, "not a regular expression: " + e.getDescription());
        }
    }
}
