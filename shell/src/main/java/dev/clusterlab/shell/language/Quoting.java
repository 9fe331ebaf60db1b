package dev.clusterlab.shell.language;

import java.util.regex.Pattern;

/** Writes a word so that the shell reads it back as it is. */
public final class Quoting {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private Quoting() {}

    public static String quote(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
