package dev.clusterlab.lab.yaml;

import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.lab.yaml.YamlTree.Malformed;
import dev.clusterlab.lab.yaml.YamlTree.Place;
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
public final class Section {
    private static final int TEXT_MAX = 20_000;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(\\.\\d{1,6})?");

    private final String called;
    private final YamlTree.Fields fields;

    private Section(String called, YamlTree.Fields fields) {
        this.called = called;
        this.fields = fields;
    }

    /**
     * A mapping that has no other keys than those.
     *
     * @param called what messages call it, such as {@code a step}
     * @param known the keys that it may have, in the order in which messages list them
     * @throws Malformed if it is no mapping, or has another key, with the nearest known one
     */
    public static Section of(String called, List<String> known, YamlTree tree) throws Malformed {
        if (!(tree instanceof YamlTree.Fields)) {
            throw new Malformed(tree.place(), "this is not " + called, "the keys " + String.join(", ", known))
                    .coded("keys", String.join(", ", known));
        }
        Section section = named(called, tree);
        for (var field : section.fields.fields().entrySet()) {
            if (!known.contains(field.getKey())) {
                throw new Malformed(
                                field.getValue().key(),
                                "unknown key \"" + YamlTree.shown(field.getKey()) + "\" in " + called,
                                Suggestions.nearest(field.getKey(), known)
                                        .map(near -> "\"" + near + "\"? The keys here are " + String.join(", ", known))
                                        .orElse("one of " + String.join(", ", known)))
                        .coded("unknown", YamlTree.shown(field.getKey()), String.join(", ", known));
            }
        }
        return section;
    }

    /** A mapping whose keys are names that the writer chose. */
    public static Section named(String called, YamlTree tree) throws Malformed {
        if (!(tree instanceof YamlTree.Fields fields)) {
            throw new Malformed(tree.place(), "this is not " + called, "keys with values").coded("mapping");
        }
        return new Section(called, fields);
    }

    /** The keys that are there, in the order of the file. */
    public List<String> keys() {
        return List.copyOf(fields.fields().keySet());
    }

    public Place place() {
        return fields.place();
    }

    public boolean has(String key) {
        return fields.fields().containsKey(key);
    }

    /** The keys that are there, of those. */
    public List<String> given(List<String> keys) {
        return keys.stream().filter(this::has).toList();
    }

    /** Of which one, and only one, must be there. */
    public String oneOf(List<String> keys) throws Malformed {
        List<String> given = given(keys);
        if (given.size() != 1) {
            throw new Malformed(
                    given.isEmpty() ? place() : field(given.getLast()).key(),
                    given.isEmpty()
                            ? called + " says not what it is"
                            : "\"" + given.get(0) + "\" and \"" + given.get(1) + "\" do not go together",
                    "one of " + String.join(", ", keys));
        }
        return given.getFirst();
    }

    /** Refuses keys that do not go with another. */
    public void only(String with, List<String> allowed) throws Malformed {
        for (String key : fields.fields().keySet()) {
            if (!key.equals(with) && !allowed.contains(key)) {
                throw new Malformed(
                        field(key).key(),
                        "\"" + key + "\" does not go with \"" + with + "\"",
                        allowed.isEmpty() ? "\"" + with + "\" alone" : "beside it only " + String.join(", ", allowed));
            }
        }
    }

    public Malformed malformed(String key, String what, String expected) {
        YamlTree.Field field = fields.fields().get(key);
        return new Malformed(field == null ? place() : field.value().place(), what, expected);
    }

    public YamlTree.Field field(String key) throws Malformed {
        YamlTree.@Nullable Field field = fields.fields().get(key);
        if (field == null) {
            throw new Malformed(place(), "the key \"" + key + "\" is missing in " + called, key + ": and its value")
                    .coded("missing", key);
        }
        return field;
    }

    public YamlTree tree(String key) throws Malformed {
        return field(key).value();
    }

    /** One line or several; not blank. */
    public String text(String key) throws Malformed {
        return text(key, tree(key));
    }

    public Optional<String> optionalText(String key) throws Malformed {
        return has(key) ? Optional.of(text(key)) : Optional.empty();
    }

    public static String text(String key, YamlTree tree) throws Malformed {
        if (!(tree instanceof YamlTree.Scalar scalar) || scalar.text().isBlank()) {
            throw new Malformed(tree.place(), "the value of \"" + key + "\" is no text", key + ": and a text")
                    .coded("text", key);
        }
        if (scalar.text().length() > TEXT_MAX) {
            throw new Malformed(
                    tree.place(), "the value of \"" + key + "\" is too long", "at most " + TEXT_MAX + " characters");
        }
        return scalar.text().strip();
    }

    public List<YamlTree> items(String key, int atLeast, int atMost) throws Malformed {
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

    public List<String> words(String key, int atMost) throws Malformed {
        List<String> words = new ArrayList<>();
        for (YamlTree item : items(key, 1, atMost)) {
            words.add(text(key, item));
        }
        return words;
    }

    public Duration time(String key, Duration min, Duration max, Duration otherwise) throws Malformed {
        return has(key) ? time(key, min, max) : otherwise;
    }

    public Duration time(String key, Duration min, Duration max) throws Malformed {
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

    public long whole(String key, long min, long max, long otherwise) throws Malformed {
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
    public double percent(String key) throws Malformed {
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
    public int perSecond(String key, int max) throws Malformed {
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
