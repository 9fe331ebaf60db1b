package dev.clusterlab.shell.text;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Durations as Go's {@code time.ParseDuration} reads and {@code time.Duration.String} writes them. */
public final class GoDuration {
    private static final Map<String, Long> NANOSECONDS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "\u00b5s", 1_000L, // the sign for micro
            "\u03bcs", 1_000L, // the Greek letter
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private GoDuration() {}

    /**
     * Reads {@code 1h15m30.918s}, {@code -1.5h}, {@code 300ms}, {@code 0}.
     *
     * @throws IllegalArgumentException in Go's words: {@code time: missing unit in duration "5"}
     */
    public static Duration parse(String text) {
        boolean negative = text.startsWith("-");
        int at = negative || text.startsWith("+") ? 1 : 0;
        if (text.substring(at).equals("0")) {
            return Duration.ZERO;
        }
        if (at == text.length()) {
            throw invalid(text);
        }
        BigInteger total = BigInteger.ZERO;
        while (at < text.length()) {
            int dot = digits(text, at);
            int numberEnd = dot < text.length() && text.charAt(dot) == '.' ? digits(text, dot + 1) : dot;
            String whole = text.substring(at, dot);
            String fraction = numberEnd > dot ? text.substring(dot + 1, numberEnd) : "";
            if (whole.isEmpty() && fraction.isEmpty()) {
                throw invalid(text);
            }
            int unitEnd = numberEnd;
            while (unitEnd < text.length() && text.charAt(unitEnd) != '.' && !isDigit(text.charAt(unitEnd))) {
                unitEnd++;
            }
            if (unitEnd == numberEnd) {
                throw new IllegalArgumentException("time: missing unit in duration " + quoted(text));
            }
            Long unit = NANOSECONDS.get(text.substring(numberEnd, unitEnd));
            if (unit == null) {
                throw new IllegalArgumentException("time: unknown unit " + quoted(text.substring(numberEnd, unitEnd))
                        + " in duration " + quoted(text));
            }
            total = total.add(part(whole, fraction, unit));
            at = unitEnd;
        }
        try {
            return Duration.ofNanos((negative ? total.negate() : total).longValueExact());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("time: invalid duration " + quoted(text), e);
        }
    }

    /** As {@link #parse}, but null if the text is no duration. */
    public static @Nullable Duration parseOrNull(String text) {
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static BigInteger part(String whole, String fraction, long unit) {
        BigInteger result =
                whole.isEmpty() ? BigInteger.ZERO : new BigInteger(whole).multiply(BigInteger.valueOf(unit));
        if (fraction.isEmpty()) {
            return result;
        }
        // As Go computes it: figures beyond 63 bits are left out, and what is less than a nanosecond is cut off.
        String figures = fraction.substring(0, Math.min(fraction.length(), 18));
        double scale = Math.pow(10, figures.length());
        return result.add(BigInteger.valueOf((long) (Long.parseLong(figures) * (unit / scale))));
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("time: invalid duration " + quoted(text));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Writes {@code 72h3m0.5s}, {@code 1.5s}, {@code 300ms}, {@code 0s}. */
    public static String format(Duration duration) {
        long nanoseconds = duration.toNanos();
        if (nanoseconds == 0) {
            return "0s";
        }
        if (nanoseconds < 0) {
            return nanoseconds == Long.MIN_VALUE ? "-2562047h47m16.854775808s" : "-" + positive(-nanoseconds);
        }
        return positive(nanoseconds);
    }

    private static String positive(long nanoseconds) {
        if (nanoseconds < 1_000L) {
            return nanoseconds + "ns";
        }
        if (nanoseconds < 1_000_000L) {
            return decimal(nanoseconds, 3) + "\u00b5s";
        }
        if (nanoseconds < 1_000_000_000L) {
            return decimal(nanoseconds, 6) + "ms";
        }
        long minutes = nanoseconds / 60_000_000_000L;
        String seconds = decimal(nanoseconds % 60_000_000_000L, 9) + "s";
        if (minutes == 0) {
            return seconds;
        }
        return minutes < 60 ? minutes + "m" + seconds : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
    }

    /** A number with the last {@code places} figures behind the point, without zeros at its end. */
    private static String decimal(long value, int places) {
        long unit = 1;
        for (int i = 0; i < places; i++) {
            unit *= 10;
        }
        long fraction = value % unit;
        if (fraction == 0) {
            return String.valueOf(value / unit);
        }
        String figures = String.valueOf(unit + fraction).substring(1);
        return value / unit + "." + figures.replaceFirst("0+$", "");
    }
}
