package dev.clusterlab.traefik;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 15s}, {@code 1m30s}, {@code 500ms}. */
public final class GoDuration {
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|ms|s|m|h)");
    private static final Map<String, Long> NANOS = units();

    private GoDuration() {}

    /**
     * Reads a duration; a bare number means seconds, as everywhere in Traefik.
     *
     * @throws ConfigurationException if the text is not a duration
     */
    public static Duration parse(String text) {
        String trimmed = text.strip();
        if (trimmed.matches("[0-9]+")) {
            return Duration.ofSeconds(Long.parseLong(trimmed));
        }
        Matcher matcher = PART.matcher(trimmed);
        BigDecimal nanos = BigDecimal.ZERO;
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            Long unit = NANOS.get(matcher.group(2));
            if (unit == null) {
                break;
            }
            nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)));
            end = matcher.end();
        }
        if (trimmed.isEmpty() || end != trimmed.length()) {
            throw new ConfigurationException("time: invalid duration \"" + text + "\"");
        }
        return Duration.ofNanos(nanos.longValue());
    }

    /** Writes a duration as short as Go would accept it. */
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.toNanos() % 1_000_000_000L != 0) {
            return duration.toNanos() % 1_000_000L == 0 ? duration.toMillis() + "ms" : duration.toNanos() + "ns";
        }
        long seconds = duration.toSeconds();
        var text = new StringBuilder();
        if (seconds >= 3600) {
            text.append(seconds / 3600).append('h');
        }
        if (seconds % 3600 >= 60) {
            text.append(seconds % 3600 / 60).append('m');
        }
        if (seconds % 60 > 0) {
            text.append(seconds % 60).append('s');
        }
        return text.toString();
    }

    private static Map<String, Long> units() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("ns", 1L);
        units.put("us", 1_000L);
        units.put("µs", 1_000L);
        units.put("ms", 1_000_000L);
        units.put("s", 1_000_000_000L);
        units.put("m", 60_000_000_000L);
        units.put("h", 3_600_000_000_000L);
        return units;
    }
}
