package dev.clusterlab.provisioning;

import dev.clusterlab.provisioning.LabException.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be said about a fault besides whom it hits: name, unit and range, as shell, experiments and menus know it. */
public enum FaultParameter {
    SIGNAL("signal", Unit.SIGNAL, 0, 0),
    DELAY("delay", Unit.TIME, 0.001, 60),
    JITTER("jitter", Unit.TIME, 0, 60),
    /** Of packets, or of requests. */
    SHARE("share", Unit.PERCENT, 0.1, 100),
    /** Of the time; all of it would be a cut. */
    TIME_SHARE("share", Unit.PERCENT, 1, 90),
    BURST("burst", Unit.TIME, 0.01, 60),
    RATE("rate", Unit.BITS, 8_000, 10_000_000_000.0),
    BY("by", Unit.TIME, 0.001, 10),
    /** From the instant at which a program is told to the one at which it ends. */
    AFTER("after", Unit.TIME, 0, 60),
    /** Of a machine's processor time that is taken away. */
    CPU_SHARE("share", Unit.PERCENT, 1, 95),
    /** Of memory, beyond what is in use. */
    LEFT("left", Unit.BYTES, 8.0 * (1 << 20), 64.0 * (1 << 30)),
    /**
     * How far a clock is ahead, or behind. A certificate of a swarm is good from an hour before it was made: within that, no
     * connection fails by a clock that is off.
     */
    CLOCK_BY("by", Unit.SHIFT, -3_540, 3_540),
    /** As it is asked for, such as {@code consul} or {@code tasks.web}. */
    NAME("name", Unit.NAME, 0, 0),
    ONE_WAY("one-way", Unit.FLAG, 0, 1);

    /** How a value is written. */
    public enum Unit {
        /** {@code 200ms}, {@code 1m30s}; kept in seconds. */
        TIME,
        /** {@code 5%}; kept as a number of hundredths. */
        PERCENT,
        /** {@code 64kbit}, {@code 1mbit}; kept in bits a second. */
        BITS,
        /** {@code 64mb}, {@code 1gb}, each 1,024 times the one before; kept in bytes. */
        BYTES,
        /** A time with a sign, such as {@code +5m} or {@code -90s}; kept in seconds. */
        SHIFT,
        /** A host name of at most 253 letters, digits, dots, dashes and underscores. */
        NAME,
        /** The name of a signal, such as {@code TERM}. */
        SIGNAL,
        /** {@code true} or {@code false}; kept as 1 or 0. */
        FLAG
    }

    /** Those that a program in a container may be sent. */
    public static final List<String> SIGNALS = List.of("KILL", "TERM", "INT", "HUP", "QUIT", "USR1", "USR2");

    private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)(ms|s|m|h)");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?) ?%?");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,12})?) ?(k|m|g)?b");
    private static final Pattern NAMES = Pattern.compile(
            "(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");
    private static final Pattern BITS = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?) ?(k|m|g)?bit(?:/s)?");

    private final String word;
    private final Unit unit;
    private final double least;
    private final double most;

    FaultParameter(String word, Unit unit, double least, double most) {
        this.word = word;
        this.unit = unit;
        this.least = least;
        this.most = most;
    }

    /** As it is written in files, and with two dashes before it in commands. */
    public String word() {
        return word;
    }

    public Unit unit() {
        return unit;
    }

    /** The values that it may have, in words, such as {@code 1ms to 1m}. */
    public String range() {
        return switch (unit) {
            case TIME, PERCENT, BITS, BYTES, SHIFT -> text(least) + " to " + text(most);
            case NAME -> "a host name, such as consul or tasks.web";
            case SIGNAL -> String.join(", ", SIGNALS);
            case FLAG -> "true or false";
        };
    }

    /**
     * The number behind what somebody wrote, in the unit in which it is kept.
     *
     * @throws LabException INPUT with the range, if it is no value of this parameter
     */
    public double number(String written) {
        Optional<Double> number = switch (unit) {
            case TIME -> seconds(written);
            case PERCENT -> matched(PERCENT, written).map(found -> Double.parseDouble(found.group(1)));
            case BITS ->
                matched(BITS, written.toLowerCase(Locale.ROOT))
                        .map(found -> Double.parseDouble(found.group(1)) * scale(found.group(2)));
            case BYTES ->
                matched(BYTES, written.toLowerCase(Locale.ROOT))
                        .map(found -> Double.parseDouble(found.group(1)) * binary(found.group(2)));
            case SHIFT -> shift(written.strip());
            case NAME -> matched(NAMES, name(written)).map(found -> 0.0);
            case SIGNAL -> SIGNALS.contains(signal(written)) ? Optional.of(0.0) : Optional.empty();
            case FLAG ->
                switch (written) {
                    case "true" -> Optional.of(1.0);
                    case "false" -> Optional.of(0.0);
                    default -> Optional.empty();
                };
        };
        return number.filter(value -> value >= least && value <= most)
                .orElseThrow(() -> new LabException(
                                Kind.INPUT,
                                "\"" + written + "\" is no value for " + word + ".",
                                "It is from this range: " + range() + ".")
                        .named("fault.value", written, word, range()));
    }

    /** What somebody wrote, in the form that is shown: {@code 1m30s} of {@code 90s}. */
    public String canonical(String written) {
        double number = number(written);
        return switch (unit) {
            case SIGNAL -> signal(written);
            case NAME -> name(written);
            case TIME, PERCENT, BITS, BYTES, SHIFT, FLAG -> text(number);
        };
    }

    private String text(double number) {
        return switch (unit) {
            case TIME -> time(Duration.ofNanos(Math.round(number * 1e9)));
            case PERCENT -> plain(number) + " %";
            case BITS -> bits(number);
            case BYTES -> bytes(number);
            case SHIFT -> (number < 0 ? "-" : "+") + time(Duration.ofNanos(Math.round(Math.abs(number) * 1e9)));
            case SIGNAL, NAME -> "";
            case FLAG -> number == 0 ? "false" : "true";
        };
    }

    private static String signal(String written) {
        String upper = written.toUpperCase(Locale.ROOT);
        return upper.startsWith("SIG") ? upper.substring(3) : upper;
    }

    /** Names differ by neither case nor a dot at their end. */
    private static String name(String written) {
        String name = written.strip().toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static Optional<Double> shift(String written) {
        boolean behind = written.startsWith("-");
        Optional<Double> seconds = seconds(behind || written.startsWith("+") ? written.substring(1) : written);
        return behind ? seconds.map(each -> -each) : seconds;
    }

    private static Optional<Matcher> matched(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text.strip());
        return matcher.matches() ? Optional.of(matcher) : Optional.empty();
    }

    private static Optional<Double> seconds(String written) {
        String text = written.strip();
        if (text.equals("0")) {
            return Optional.of(0.0);
        }
        Matcher matcher = TIME.matcher(text);
        double sum = 0;
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            sum += Double.parseDouble(matcher.group(1)) * unitSeconds(matcher.group(2));
            end = matcher.end();
        }
        return end == text.length() && end > 0 ? Optional.of(sum) : Optional.empty();
    }

    private static double unitSeconds(String unit) {
        return switch (unit) {
            case "ms" -> 0.001;
            case "s" -> 1;
            case "m" -> 60;
            default -> 3600;
        };
    }

    private static double scale(@org.jspecify.annotations.Nullable String prefix) {
        return switch (prefix) {
            case "k" -> 1e3;
            case "m" -> 1e6;
            case "g" -> 1e9;
            case null, default -> 1;
        };
    }

    private static double binary(@org.jspecify.annotations.Nullable String prefix) {
        return switch (prefix) {
            case "k" -> 1 << 10;
            case "m" -> 1 << 20;
            case "g" -> 1 << 30;
            case null, default -> 1;
        };
    }

    private static String bytes(double number) {
        if (number >= 1 << 30) {
            return plain(number / (1 << 30)) + "gb";
        }
        return number >= 1 << 20 ? plain(number / (1 << 20)) + "mb" : plain(number / (1 << 10)) + "kb";
    }

    private static String time(Duration time) {
        if (time.isZero()) {
            return "0s";
        }
        var text = new StringBuilder();
        if (time.toMinutes() > 0) {
            text.append(time.toMinutes()).append('m');
        }
        if (time.toSecondsPart() > 0) {
            text.append(time.toSecondsPart()).append('s');
        }
        double millis = time.toNanosPart() / 1e6;
        if (millis > 0) {
            text.append(plain(millis)).append("ms");
        }
        return text.toString();
    }

    private static String bits(double number) {
        if (number >= 1e9) {
            return plain(number / 1e9) + "gbit";
        }
        if (number >= 1e6) {
            return plain(number / 1e6) + "mbit";
        }
        return number >= 1e3 ? plain(number / 1e3) + "kbit" : plain(number) + "bit";
    }

    private static String plain(double number) {
        return new java.math.BigDecimal(Double.toString(number))
                .stripTrailingZeros()
                .toPlainString();
    }

    @Override
    public String toString() {
        return word;
    }

    /** Every word that a parameter goes by. */
    public static List<String> words() {
        return Arrays.stream(values()).map(FaultParameter::word).distinct().toList();
    }
}
