package dev.clusterlab.lab.shell;

import dev.clusterlab.shell.text.HumanDuration;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and instants as the Docker command line reads and writes them. */
public final class Units {
    private static final Pattern BYTES = Pattern.compile("(\\d+(?:\\.\\d+)?) ?([kKmMgGtT]?)(?:[iI]?[bB])?");

    private static final int DIGITS_MAX = 40;
    private static final BigDecimal SIZE_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    private Units() {}

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
        BigDecimal bytes = matcher.group(1).length() > DIGITS_MAX
                ? SIZE_MAX
                : new BigDecimal(matcher.group(1))
                        .multiply(BigDecimal.valueOf(1024).pow(power));
        if (bytes.compareTo(SIZE_MAX) >= 0) {
            throw new IllegalArgumentException("invalid size: '" + text + "'");
        }
        return bytes.longValue();
    }

    public static String ago(Instant now, String timestamp) {
        return HumanDuration.ago(Duration.between(instant(timestamp, now), now));
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
