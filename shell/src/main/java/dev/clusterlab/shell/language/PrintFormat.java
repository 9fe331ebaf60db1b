package dev.clusterlab.shell.language;

import java.util.IllegalFormatException;
import java.util.List;
import java.util.Locale;

/** What {@code printf} prints: a format with {@code %s}, {@code %d} and a few more, repeated while there are values. */
public final class PrintFormat {
    private static final int WIDTH_DIGITS_MAX = 4;

    private PrintFormat() {}

    /** @throws ExpansionException if the format is not known, or a value is not what it asks for */
    public static String apply(String written, List<String> values) {
        String format = Escapes.replaced(written);
        StringBuilder text = new StringBuilder();
        int used = 0;
        do {
            int before = used;
            for (int i = 0; i < format.length(); i++) {
                char c = format.charAt(i);
                if (c != '%' || i + 1 == format.length()) {
                    text.append(c);
                    continue;
                }
                if (format.charAt(i + 1) == '%') {
                    text.append('%');
                    i++;
                    continue;
                }
                int stop = i + 1;
                int digits = 0;
                while (stop < format.length() && "-+ 0123456789.".indexOf(format.charAt(stop)) >= 0) {
                    digits = Character.isDigit(format.charAt(stop)) ? digits + 1 : 0;
                    if (digits > WIDTH_DIGITS_MAX) {
                        throw new ExpansionException(format.substring(i, stop + 1) + "…: too wide");
                    }
                    stop++;
                }
                if (stop == format.length() || "sdiufbx".indexOf(format.charAt(stop)) < 0) {
                    throw new ExpansionException("%" + format.substring(i + 1, Math.min(stop + 1, format.length()))
                            + ": only %s, %d, %i, %u, %x, %f and %b are known");
                }
                String value = used < values.size() ? values.get(used) : "";
                used++;
                text.append(formatted(format.substring(i, stop), format.charAt(stop), value));
                if (text.length() > WordExpansion.LENGTH_MAX) {
                    throw new ExpansionException("the text becomes too long");
                }
                i = stop;
            }
            if (used == before) {
                break;
            }
        } while (used < values.size());
        return text.toString();
    }

    private static String formatted(String head, char kind, String value) {
        try {
            return switch (kind) {
                case 's' -> String.format(Locale.ROOT, head + "s", value);
                case 'b' -> String.format(Locale.ROOT, head + "s", Escapes.replaced(value));
                case 'f' -> String.format(Locale.ROOT, head + "f", value.isEmpty() ? 0 : Double.parseDouble(value));
                case 'x' -> String.format(Locale.ROOT, head + "x", value.isEmpty() ? 0 : Long.parseLong(value));
                default -> String.format(Locale.ROOT, head + "d", value.isEmpty() ? 0 : Long.parseLong(value));
            };
        } catch (NumberFormatException e) {
            throw new ExpansionException(value + ": invalid number");
        } catch (IllegalFormatException e) {
            throw new ExpansionException(head + kind + ": invalid format");
        }
    }
}
