package dev.clusterlab.shell.language;

/** Escapes such as {@code \n}, as {@code echo -e}, {@code printf} and {@code $'…'} know them. */
public final class Escapes {
    private Escapes() {}

    /** The text with escapes replaced by what they stand for; what is none stays as it is. */
    public static String replaced(String text) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                result.append(c);
                continue;
            }
            char next = text.charAt(++i);
            switch (next) {
                case 'n' -> result.append('\n');
                case 't' -> result.append('\t');
                case 'r' -> result.append('\r');
                case 'e' -> result.append('\033');
                case '\\' -> result.append('\\');
                case '0' -> {
                    int stop = i + 1;
                    while (stop < text.length()
                            && stop < i + 4
                            && text.charAt(stop) >= '0'
                            && text.charAt(stop) <= '7') {
                        stop++;
                    }
                    result.append((char) (stop == i + 1 ? 0 : Integer.parseInt(text.substring(i + 1, stop), 8)));
                    i = stop - 1;
                }
                default -> result.append('\\').append(next);
            }
        }
        return result.toString();
    }
}
