package dev.clusterlab.shell.language;

import java.util.regex.Pattern;

/** Patterns with {@code *}, {@code ?} and {@code […]}. */
public final class Glob {
    private Glob() {}

    public static boolean matches(String pattern, String text) {
        return regex(pattern).matcher(text).matches();
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

    public static String escape(String text) {
        return text.replaceAll("[\\\\*?\\[\\]]", "\\\\$0");
    }

    /** Cuts what matches off the beginning ({@code #}, {@code ##}) or the end ({@code %}, {@code %%}). */
    public static String trim(String text, String operator, String pattern) {
        Pattern regex = regex(pattern);
        boolean start = operator.startsWith("#");
        boolean longest = operator.length() == 2;
        for (int i = 0; i <= text.length(); i++) {
            int cut = longest ? text.length() - i : i;
            String piece = start ? text.substring(0, cut) : text.substring(text.length() - cut);
            if (regex.matcher(piece).matches()) {
                return start ? text.substring(cut) : text.substring(0, text.length() - cut);
            }
        }
        return text;
    }

    static Pattern regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            int close = c == '[' ? pattern.indexOf(']', i + 2) : -1;
            if (c == '\\' && i + 1 < pattern.length()) {
                i++;
                regex.append(Pattern.quote(String.valueOf(pattern.charAt(i))));
            } else if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else if (close > 0) {
                String set =
                        pattern.substring(i + 1, close).replace("\\", "\\\\").replace("[", "\\[");
                regex.append('[')
                        .append(set.startsWith("!") ? "^" + set.substring(1) : set)
                        .append(']');
                i = close;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
