package dev.clusterlab.lab.shell;

/** Small things with words. */
public final class Words {
    private Words() {}

    public static String capitalised(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
    }

    /** The first {@code length} characters at most, the last of them an ellipsis if something was cut. */
    public static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }

    public static String shortId(String id) {
        String plain = id.startsWith("sha256:") ? id.substring(7) : id;
        return plain.substring(0, Math.min(12, plain.length()));
    }
}
