package dev.clusterlab.lab.experiment;

import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.lab.experiment.YamlTree.Malformed;
import dev.clusterlab.lab.experiment.YamlTree.Place;
import dev.clusterlab.shell.text.GoDuration;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of one mapping, by their types; what does not fit is refused with its place. */
final class Section {
    private static final int TEXT_MAX = 20_000;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(\\.\\d{1,6})?");

    private final String name;
    private final YamlTree.Fields fields;

    private Section(String name, YamlTree.Fields fields) {
        this.name = name;
        this.fields = fields;
    }

    /**
     * A mapping that has no other keys than those of its section.
     *
     * @param name as in {@link ExperimentKeys}
     */
    static Section of(String name, YamlTree tree) throws Malformed {
        List<String> known = ExperimentKeys.of(name);
        if (!(tree instanceof YamlTree.Fields fields)) {
            throw new Malformed(tree.place(), "this is not " + called(name), "the keys " + String.join(", ", known));
        }
        for (var field : fields.fields().entrySet()) {
            if (!known.contains(field.getKey())) {
                throw new Malformed(
                        field.getValue().key(),
                        "unknown key \"" + YamlTree.shown(field.getKey()) + "\" in " + called(name),
                        Suggestions.nearest(field.getKey(), known)
                                .map(near -> "\"" + near + "\"? The keys here are " + String.join(", ", known))
                                .orElse("one of " + String.join(", ", known)));
            }
        }
        return new Section(name, fields);
    }

    private static String called(String name) {
        return switch (name) {
            case ExperimentKeys.TOP -> "the experiment";
            case ExperimentKeys.EXPECTATION -> "an expectation";
            case ExperimentKeys.STEP -> "a step";
            case ExperimentKeys.TARGET -> "a target";
            case ExperimentKeys.ROLLBACK -> "a rollback";
            case ExperimentKeys.SETTINGS -> "settings";
            case ExperimentKeys.OTHER_PLATFORM -> "the settings of \"platform\"";
            case ExperimentKeys.REPLACEMENT -> "a replacement";
            default -> "\"" + name + "\"";
        };
    }

    Place place() {
        return fields.place();
    }

    boolean has(String key) {
        return fields.fields().containsKey(key);
    }

    /** The keys that are there, of those. */
    List<String> given(List<String> keys) {
        return keys.stream().filter(this::has).toList();
    }

    /** Of which one, and only one, must be there. */
    String oneOf(List<String> keys) throws Malformed {
        List<String> given = given(keys);
        if (given.size() != 1) {
            throw new Malformed(
                    given.isEmpty() ? place() : field(given.getLast()).key(),
                    given.isEmpty()
                            ? called(name) + " says not what it is"
                            : "\"" + given.get(0) + "\" and \"" + given.get(1) + "\" do not go together",
                    "one of " + String.join(", ", keys));
        }
        return given.getFirst();
    }

    /** Refuses keys that do not go with another. */
    void only(String with, List<String> allowed) throws Malformed {
        for (String key : fields.fields().keySet()) {
            if (!key.equals(with) && !allowed.contains(key)) {
                throw new Malformed(
                        field(key).key(),
                        "\"" + key + "\" does not go with \"" + with + "\"",
                        allowed.isEmpty() ? "\"" + with + "\" alone" : "beside it only " + String.join(", ", allowed));
            }
        }
    }

    Malformed malformed(String key, String what, String expected) {
        YamlTree.Field field = fields.fields().get(key);
        return new Malformed(field == null ? place() : field.value().place(), what, expected);
    }

    YamlTree.Field field(String key) throws Malformed {
        YamlTree.@Nullable Field field = fields.fields().get(key);
        if (field == null) {
            throw new Malformed(
                    place(), "the key \"" + key + "\" is missing in " + called(name), key + ": and its value");
        }
        return field;
    }

    YamlTree tree(String key) throws Malformed {
        return field(key).value();
    }

    /** One line or several; not blank. */
    String text(String key) throws Malformed {
        return text(key, tree(key));
    }

    Optional<String> optionalText(String key) throws Malformed {
        return has(key) ? Optional.of(text(key)) : Optional.empty();
    }

    static String text(String key, YamlTree tree) throws Malformed {
        if (!(tree instanceof YamlTree.Scalar scalar) || scalar.text().isBlank()) {
            throw new Malformed(tree.place(), "the value of \"" + key + "\" is no text", key + ": and a text");
        }
        if (scalar.text().length() > TEXT_MAX) {
            throw new Malformed(
                    tree.place(), "the value of \"" + key + "\" is too long", "at most " + TEXT_MAX + " characters");
        }
        return scalar.text().strip();
    }

    /** A text, or one for each language. */
    Texts texts(String key) throws Malformed {
        YamlTree tree = tree(key);
        if (!(tree instanceof YamlTree.Fields languages)) {
            return Texts.english(text(key));
        }
        var texts = new java.util.TreeMap<String, String>();
        for (var language : languages.fields().entrySet()) {
            if (!language.getKey().matches("[a-z]{2}")) {
                throw new Malformed(
                        language.getValue().key(),
                        "\"" + YamlTree.shown(language.getKey()) + "\" is no code of a language",
                        "two letters, such as en or fr");
            }
            texts.put(language.getKey(), text(key, language.getValue().value()));
        }
        if (texts.isEmpty()) {
            throw new Malformed(tree.place(), "\"" + key + "\" has no text", "en: and a text");
        }
        return new Texts(texts);
    }

    List<YamlTree> items(String key, int atLeast, int atMost) throws Malformed {
        YamlTree tree = tree(key);
        if (!(tree instanceof YamlTree.Items list)
                || list.items().size() < atLeast
                || list.items().size() > atMost) {
            throw new Malformed(
                    tree.place(),
                    "\"" + key + "\" is not a list of such a length",
                    "a list of " + atLeast + " to " + atMost + " items, each behind a hyphen");
        }
        return list.items();
    }

    List<String> words(String key, int atMost) throws Malformed {
        List<String> words = new ArrayList<>();
        for (YamlTree item : items(key, 1, atMost)) {
            words.add(text(key, item));
        }
        return words;
    }

    Duration time(String key, Duration min, Duration max, Duration otherwise) throws Malformed {
        return has(key) ? time(key, min, max) : otherwise;
    }

    Duration time(String key, Duration min, Duration max) throws Malformed {
        String expected = "a time with its unit from " + GoDuration.format(min) + " to " + GoDuration.format(max)
                + ", such as 30s, 1m30s or 500ms";
        try {
            Duration time = GoDuration.parse(text(key));
            if (time.compareTo(min) >= 0 && time.compareTo(max) <= 0) {
                return time;
            }
            throw malformed(key, "\"" + key + "\" is out of range", expected);
        } catch (IllegalArgumentException e) {
            throw malformed(key, "the value of \"" + key + "\" is no time", expected);
        }
    }

    long whole(String key, long min, long max, long otherwise) throws Malformed {
        if (!has(key)) {
            return otherwise;
        }
        String text = text(key);
        if (text.matches("\\d{1,19}")) {
            var number = new BigInteger(text);
            if (number.compareTo(BigInteger.valueOf(min)) >= 0 && number.compareTo(BigInteger.valueOf(max)) <= 0) {
                return number.longValueExact();
            }
        }
        throw malformed(key, "the value of \"" + key + "\" does not fit", "a whole number from " + min + " to " + max);
    }

    /** Such as {@code 5 %}. */
    double percent(String key) throws Malformed {
        String text = text(key);
        if (text.endsWith("%")) {
            String number = text.substring(0, text.length() - 1).strip();
            if (NUMBER.matcher(number).matches() && new BigDecimal(number).compareTo(BigDecimal.valueOf(100)) <= 0) {
                return Double.parseDouble(number);
            }
        }
        throw malformed(key, "the value of \"" + key + "\" is no share", "a share from 0 % to 100 %, such as 2 %");
    }

    /** Such as {@code 10/s}. */
    int perSecond(String key, int max) throws Malformed {
        String text = text(key);
        if (text.endsWith("/s")) {
            String number = text.substring(0, text.length() - 2).strip();
            if (number.matches("\\d{1,6}") && Integer.parseInt(number) >= 1 && Integer.parseInt(number) <= max) {
                return Integer.parseInt(number);
            }
        }
        throw malformed(
                key,
                "the value of \"" + key + "\" is no rate",
                "requests a second from 1/s to " + max + "/s, such as 10/s");
    }
}
