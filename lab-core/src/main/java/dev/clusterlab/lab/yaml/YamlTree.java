package dev.clusterlab.lab.yaml;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A YAML document as values that know where they stand. Of YAML it takes mappings, sequences and scalars; anchors and aliases,
 * tags, a second document and a key that is there twice are refused. Size and depth have limits.
 */
public sealed interface YamlTree {
    /** Longest file, in characters. */
    int LENGTH_MAX = 200_000;

    int DEPTH_MAX = 20;

    /** Where it begins. */
    Place place();

    /** Both from 1. */
    record Place(int line, int column) {}

    record Scalar(Place place, String text) implements YamlTree {}

    record Items(Place place, List<YamlTree> items) implements YamlTree {
        public Items {
            items = List.copyOf(items);
        }
    }

    record Fields(Place place, Map<String, Field> fields) implements YamlTree {
        public Fields {
            fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /** @param key where the key stands */
    record Field(Place key, YamlTree value) {}

    /** What is not taken, with its place, and what would be, as words to follow "Expected:". */
    final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Place at;
        private final String expected;
        private String code = "";
        private transient List<String> words = List.of();

        public Malformed(Place at, String what, String expected) {
            super(what);
            this.at = at;
            this.expected = expected;
        }

        /**
         * Gives it a code, for whoever says it in another language than English.
         *
         * @param about what the sentence is about, such as a key
         */
        public Malformed coded(String code, String... about) {
            this.code = code;
            words = List.of(about);
            return this;
        }

        /**
         * As an error.
         *
         * @param where file and place, as messages begin with them
         */
        public LabException refused(String where) {
            var all = new ArrayList<>(List.of(where, what(), expected));
            all.addAll(words);
            return new LabException(
                            LabException.Kind.INPUT, where + ": " + what() + ".", "Expected: " + expected + ".", this)
                    .named("yaml." + code, all.toArray(String[]::new));
        }

        public Place at() {
            return at;
        }

        public String what() {
            return String.valueOf(getMessage());
        }

        public String expected() {
            return expected;
        }
    }

    /** Reads a document. */
    static YamlTree read(String text) throws Malformed {
        if (text.length() > LENGTH_MAX) {
            throw new Malformed(new Place(1, 1), "the file is too long", "at most " + LENGTH_MAX + " characters")
                    .coded("long", String.valueOf(LENGTH_MAX));
        }
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            if (parser.nextToken() == null) {
                throw new Malformed(new Place(1, 1), "the file is empty", "keys and values").coded("empty");
            }
            YamlTree tree = value(parser, text.lines().toList(), 1);
            if (parser.nextToken() != null) {
                throw new Malformed(place(parser), "a second document begins here", "one document in a file")
                        .coded("second");
            }
            return tree;
        } catch (StreamConstraintsException e) {
            throw new Malformed(new Place(1, 1), "the file goes beyond a limit", "shorter texts and numbers");
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String first =
                    String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("not YAML");
            throw new Malformed(
                            at == null ? new Place(1, 1) : place(at),
                            "this is not YAML (" + first.strip() + ")",
                            "keys and values; a value that holds a colon or a brace is put in quotes or after |")
                    .coded("syntax", first.strip());
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory cannot fail to be read", e);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
            // Of the library, for escapes and numbers that are none.
            throw new Malformed(new Place(1, 1), "this is not YAML", "keys and values in UTF-8 text").coded("none");
        }
    }

    private static YamlTree value(YAMLParser parser, List<String> lines, int depth) throws IOException, Malformed {
        Place place = place(parser);
        if (depth > DEPTH_MAX) {
            throw new Malformed(place, "this is nested too deeply", "at most " + DEPTH_MAX + " levels");
        }
        if (parser.isCurrentAlias()
                || parser.getObjectId() != null
                || parser.getTypeId() != null
                || anchored(lines, place)) {
            throw new Malformed(
                    place, "anchors, aliases and tags of YAML are not used here", "the value itself, written out");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> fields(parser, lines, place, depth);
            case START_ARRAY -> {
                List<YamlTree> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser, lines, depth + 1));
                }
                yield new Items(place, items);
            }
            case VALUE_NULL -> new Scalar(place, "");
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
                new Scalar(place, String.valueOf(parser.getText()));
            case FIELD_NAME, END_OBJECT, END_ARRAY, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new Malformed(place, "this is not a value", "a text, a number, a list or keys with values");
        };
    }

    private static Fields fields(YAMLParser parser, List<String> lines, Place place, int depth)
            throws IOException, Malformed {
        Map<String, Field> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            Place key = place(parser);
            String name = String.valueOf(parser.currentName());
            parser.nextToken();
            if (fields.put(name, new Field(key, value(parser, lines, depth + 1))) != null) {
                throw new Malformed(key, "the key \"" + shown(name) + "\" is there twice", "each key once")
                        .coded("twice", shown(name));
            }
        }
        return new Fields(place, fields);
    }

    /** The parser does not tell of the anchor of a scalar; no value without one begins with its sign. */
    private static boolean anchored(List<String> lines, Place place) {
        String line = place.line() <= lines.size() ? lines.get(place.line() - 1) : "";
        return place.column() <= line.codePointCount(0, line.length())
                && line.codePointAt(line.offsetByCodePoints(0, place.column() - 1)) == '&';
    }

    /** A text of the file as messages have it: not longer than a line. */
    static String shown(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > 60 ? line.substring(0, 60) + "…" : line;
    }

    private static Place place(YAMLParser parser) {
        return place(parser.currentTokenLocation());
    }

    private static Place place(JsonLocation at) {
        return new Place(Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
    }
}
