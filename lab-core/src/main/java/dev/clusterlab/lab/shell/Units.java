package dev.clusterlab.lab.shell;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as the Docker command line reads and writes them. */
public final class Units {
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h)");
    private static final Pattern BYTES = Pattern.compile("(\\d+(?:\\.\\d+)?) ?([kKmMgGtT]?)(?:[iI]?[bB])?");
    private static final Map<String, Long> NANOSECONDS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private Units() {}

    /** @throws IllegalArgumentException in the words of the real command line */
    public static long nanoseconds(String text) {
        if (text.equals("0")) {
            return 0;
        }
        Matcher matcher = DURATION.matcher(text);
        boolean negative = text.startsWith("-");
        int begin = negative || text.startsWith("+") ? 1 : 0;
        int at = begin;
        BigDecimal total = BigDecimal.ZERO;
        while (at < text.length() && matcher.find(at) && matcher.start() == at) {
            long unit = NANOSECONDS.getOrDefault(matcher.group(2), 1L);
            total = total.add(new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)));
            at = matcher.end();
        }
        if (at < text.length() || at == begin) {
            throw new IllegalArgumentException(
                    text.matches("\\d+(\\.\\d+)?")
                            ? "time: missing unit in duration \"" + text + "\""
                            : "time: invalid duration \"" + text + "\"");
        }
        return negative ? -total.longValue() : total.longValue();
    }

    /** @throws IllegalArgumentException in the words of the real command line */
    public static long bytes(String text) {
        Matcher matcher = BYTES.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("invalid size: '" + text + "'");
        }
        int power = "kmgt".indexOf(matcher.group(2).toLowerCase(Locale.ROOT)) + 1;
        if (matcher.group(2).isEmpty()) {
            power = 0;
        }
        return new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(1024).pow(power))
                .longValue();
    }

    /** As Go prints a duration: {@code 1m30s}, {@code 1.5s}, {@code 0s}. */
    public static String duration(long nanoseconds) {
        if (nanoseconds == 0) {
            return "0s";
        }
        if (nanoseconds < 1_000_000_000L) {
            return nanoseconds % 1_000_000 == 0
                    ? nanoseconds / 1_000_000 + "ms"
                    : BigDecimal.valueOf(nanoseconds, 6).stripTrailingZeros().toPlainString() + "ms";
        }
        long minutes = nanoseconds / 60_000_000_000L;
        String seconds = BigDecimal.valueOf(nanoseconds % 60_000_000_000L, 9)
                        .stripTrailingZeros()
                        .toPlainString() + "s";
        if (minutes == 0) {
            return seconds;
        }
        return minutes >= 60 ? minutes / 60 + "h" + minutes % 60 + "m" + seconds : minutes + "m" + seconds;
    }

    /** As the Docker command line says how long something has been so: {@code About a minute}. */
    public static String human(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 1) {
            return "Less than a second";
        }
        if (seconds == 1) {
            return "1 second";
        }
        if (seconds < 60) {
            return seconds + " seconds";
        }
        long minutes = duration.toMinutes();
        if (minutes == 1) {
            return "About a minute";
        }
        if (minutes < 60) {
            return minutes + " minutes";
        }
        long hours = Math.round(seconds / 3600.0);
        if (hours == 1) {
            return "About an hour";
        }
        if (hours < 48) {
            return hours + " hours";
        }
        if (hours < 24 * 7 * 2) {
            return hours / 24 + " days";
        }
        if (hours < 24 * 30 * 2) {
            return hours / 24 / 7 + " weeks";
        }
        return hours < 24 * 365 * 2 ? hours / 24 / 30 + " months" : hours / 24 / 365 + " years";
    }

    public static String ago(Instant now, String timestamp) {
        return human(Duration.between(instant(timestamp, now), now)) + " ago";
    }

    public static Instant instant(String timestamp, Instant otherwise) {
        try {
            return timestamp.isEmpty() ? otherwise : Instant.parse(timestamp);
        } catch (DateTimeParseException e) {
            return otherwise;
        }
    }

    /** Decimal units with three figures: {@code 187MB}. */
    public static String size(long bytes) {
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        BigDecimal value = BigDecimal.valueOf(bytes);
        int unit = 0;
        while (value.compareTo(BigDecimal.valueOf(1000)) >= 0 && unit < units.length - 1) {
            value = value.movePointLeft(3);
            unit++;
        }
        return value.round(new java.math.MathContext(3, RoundingMode.HALF_UP))
                        .stripTrailingZeros()
                        .toPlainString()
                + units[unit];
    }

    /** Binary units: {@code 3.828GiB}. */
    public static String binarySize(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        BigDecimal value = BigDecimal.valueOf(bytes);
        int unit = 0;
        while (value.compareTo(BigDecimal.valueOf(1024)) >= 0 && unit < units.length - 1) {
            value = value.divide(BigDecimal.valueOf(1024), 6, RoundingMode.HALF_UP);
            unit++;
        }
        return value.round(new java.math.MathContext(4, RoundingMode.HALF_UP))
                        .stripTrailingZeros()
                        .toPlainString()
                + units[unit];
    }
}
