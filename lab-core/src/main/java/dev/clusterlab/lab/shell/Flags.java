package dev.clusterlab.lab.shell;

import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.shell.text.GoDuration;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of a command, written as its help shows them: {@code "-d, --detach bool Exit at once"}, {@code "--name
 * string Service name"}. Parsed as the real command line does: {@code --name=x}, {@code --name x}, {@code -dq}, {@code
 * -ex}.
 */
public final class Flags {
    /**
     * {@code letter} is 0 where there is none; {@code type} is bool, string, list, uint, duration, period (which is a
     * duration that is not negative), …
     */
    public record Flag(String name, char letter, String type, String help) {
        boolean flag() {
            return type.equals("bool");
        }

        private String shownType() {
            return type.equals("period") ? "duration" : type;
        }

        String shown() {
            return letter == 0 ? "--" + name : "-" + letter + ", --" + name;
        }
    }

    /** An option that is not as it should be; {@code text} in the words of the real command line. */
    public static final class Mistake extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Mistake(String message) {
            super(message);
        }

        public String text() {
            return String.valueOf(getMessage());
        }
    }

    private final Map<String, Flag> byName = new LinkedHashMap<>();

    private Flags() {}

    public static Flags of(String... lines) {
        Flags flags = new Flags();
        for (String line : lines) {
            char letter = 0;
            String rest = line;
            if (rest.startsWith("-") && !rest.startsWith("--")) {
                letter = rest.charAt(1);
                rest = rest.substring(rest.indexOf("--"));
            }
            String[] pieces = rest.split(" ", 3);
            String name = pieces[0].substring(2);
            flags.byName.put(name, new Flag(name, letter, pieces[1], pieces.length > 2 ? pieces[2] : ""));
        }
        return flags;
    }

    public Flags and(Flags others) {
        Flags flags = new Flags();
        flags.byName.putAll(byName);
        flags.byName.putAll(others.byName);
        return flags;
    }

    /** What Go reads as true or false. */
    public static Optional<Boolean> bool(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
            case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    public List<Flag> all() {
        return List.copyOf(byName.values());
    }

    /** What was given. */
    public static final class Given {
        private final Flags flags;
        private final Map<String, List<String>> values = new LinkedHashMap<>();
        private List<String> arguments = List.of();

        private Given(Flags flags) {
            this.flags = flags;
        }

        public List<String> arguments() {
            return arguments;
        }

        public boolean has(String name) {
            return values.containsKey(name);
        }

        /** Whether nothing was given but these. */
        public boolean all(List<String> names) {
            return names.containsAll(values.keySet());
        }

        public boolean is(String name) {
            return last(name).filter(value -> value.equals("true")).isPresent();
        }

        public Optional<String> last(String name) {
            List<String> all = values.get(name);
            return all == null ? Optional.empty() : Optional.of(all.getLast());
        }

        public String text(String name, String otherwise) {
            return last(name).orElse(otherwise);
        }

        public List<String> list(String name) {
            return values.getOrDefault(name, List.of());
        }

        public long number(String name, long otherwise) {
            return last(name).map(Long::parseLong).orElse(otherwise);
        }

        /** Nanoseconds of an option such as {@code 10s}. */
        public long nanoseconds(String name, long otherwise) {
            Optional<String> value = last(name);
            return value.isPresent() ? GoDuration.parse(value.get()).toNanos() : otherwise;
        }

        /** Refuses a value, in the words of the real command line. */
        public Mistake invalid(String name, String value, String why) {
            Flag flag = flags.byName.get(name);
            return new Mistake("invalid argument \"" + value + "\" for \"" + (flag == null ? name : flag.shown())
                    + "\" flag: " + why);
        }

        /** Exponents would make numbers of billions of digits out of a few characters. */
        private static BigDecimal decimal(String value) {
            if (value.length() > 40 || value.chars().anyMatch(c -> c == 'e' || c == 'E')) {
                throw new NumberFormatException(value);
            }
            return new BigDecimal(value);
        }

        private void put(Flag flag, String text) {
            String value = text;
            switch (flag.type()) {
                case "bool" ->
                    value = bool(text)
                            .map(String::valueOf)
                            .orElseThrow(() -> invalid(
                                    flag.name(), text, "strconv.ParseBool: parsing \"" + text + "\": invalid syntax"));
                case "uint", "int" -> {
                    try {
                        if (Long.parseLong(value) < 0 && flag.type().equals("uint")) {
                            throw new NumberFormatException(value);
                        }
                    } catch (NumberFormatException e) {
                        throw invalid(
                                flag.name(),
                                value,
                                "strconv.Parse" + (flag.type().equals("uint") ? "Uint" : "Int") + ": parsing \"" + value
                                        + "\": invalid syntax");
                    }
                }
                case "duration", "period" -> {
                    try {
                        if (GoDuration.parse(value).isNegative() && flag.type().equals("period")) {
                            throw invalid(flag.name(), value, "duration cannot be negative");
                        }
                    } catch (IllegalArgumentException e) {
                        throw invalid(flag.name(), value, String.valueOf(e.getMessage()));
                    }
                }
                case "bytes" -> {
                    try {
                        Units.bytes(value);
                    } catch (IllegalArgumentException e) {
                        throw invalid(flag.name(), value, String.valueOf(e.getMessage()));
                    }
                }
                case "decimal" -> {
                    try {
                        decimal(value).movePointRight(9).longValueExact();
                    } catch (NumberFormatException e) {
                        throw invalid(flag.name(), value, "failed to parse " + value + " as a rational number");
                    } catch (ArithmeticException e) {
                        throw invalid(flag.name(), value, "value is too precise");
                    }
                }
                case "float" -> {
                    try {
                        Double.parseDouble(value);
                    } catch (NumberFormatException e) {
                        throw invalid(
                                flag.name(), value, "strconv.ParseFloat: parsing \"" + value + "\": invalid syntax");
                    }
                }
                default -> {}
            }
            values.computeIfAbsent(flag.name(), key -> new ArrayList<>()).add(value);
        }
    }

    /**
     * @param interspersed whether options may follow arguments
     * @throws Mistake for an unknown option or a bad value
     */
    public Given parse(List<String> words, boolean interspersed) {
        Given given = new Given(this);
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                arguments.addAll(words.subList(i + 1, words.size()));
                break;
            }
            if (word.startsWith("--")) {
                int equal = word.indexOf('=');
                String name = equal < 0 ? word.substring(2) : word.substring(2, equal);
                Flag flag = byName.get(name);
                if (flag == null) {
                    throw new Mistake("unknown flag: --" + name + near(name));
                }
                if (equal >= 0) {
                    given.put(flag, word.substring(equal + 1));
                } else if (flag.flag()) {
                    given.put(flag, "true");
                } else if (++i < words.size()) {
                    given.put(flag, words.get(i));
                } else {
                    throw new Mistake("flag needs an argument: --" + name);
                }
            } else if (word.length() > 1 && word.startsWith("-")) {
                i = letters(given, words, i);
            } else if (interspersed) {
                arguments.add(word);
            } else {
                arguments.addAll(words.subList(i, words.size()));
                break;
            }
        }
        given.arguments = List.copyOf(arguments);
        return given;
    }

    private int letters(Given given, List<String> words, int index) {
        String word = words.get(index);
        for (int at = 1; at < word.length(); at++) {
            char letter = word.charAt(at);
            Flag flag = byName.values().stream()
                    .filter(candidate -> candidate.letter() == letter)
                    .findFirst()
                    .orElseThrow(() -> new Mistake("unknown shorthand flag: '" + letter + "' in " + word));
            if (flag.flag()) {
                if (at + 1 < word.length() && word.charAt(at + 1) == '=') {
                    given.put(flag, word.substring(at + 2));
                    return index;
                }
                given.put(flag, "true");
                continue;
            }
            String rest = word.substring(at + 1);
            if (rest.startsWith("=")) {
                rest = rest.substring(1);
            }
            if (!rest.isEmpty()) {
                given.put(flag, rest);
                return index;
            }
            if (index + 1 >= words.size()) {
                throw new Mistake("flag needs an argument: '" + letter + "' in " + word);
            }
            given.put(flag, words.get(index + 1));
            return index + 1;
        }
        return index;
    }

    private String near(String name) {
        return Suggestions.nearest(name, byName.keySet())
                .map(value -> " (did you mean --" + value + "?)")
                .orElse("");
    }

    /** The options' part of a help text. */
    public String help() {
        StringBuilder text = new StringBuilder("Options:\n");
        int width = byName.values().stream()
                .mapToInt(flag -> flag.name().length()
                        + (flag.flag() ? 0 : flag.shownType().length() + 1))
                .max()
                .orElse(0);
        for (Flag flag : byName.values()) {
            String left = flag.name() + (flag.flag() ? "" : " " + flag.shownType());
            text.append(flag.letter() == 0 ? "      --" : "  -" + flag.letter() + ", --")
                    .append(left)
                    .append(" ".repeat(width - left.length() + 3))
                    .append(flag.help())
                    .append('\n');
        }
        return text.toString();
    }
}
