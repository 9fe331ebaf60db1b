package dev.clusterlab.traefik;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.clusterlab.shell.text.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options by dotted name, from whatever source: TOML, flags, environment, tags, a key-value store. Names are compared
 * without regard to case, as Traefik does. Every read is remembered, so that what nobody has read can be reported.
 */
public final class Options {
    /** Most parts of a name; the deepest that Traefik has is nine deep. */
    static final int DEPTH_MAX = 50;

    private static final TomlMapper TOML = new TomlMapper();

    private final String path;
    private final String name;
    private final Map<String, Options> children = new LinkedHashMap<>();
    private @Nullable String value;
    private boolean used;

    private Options(String path, String name) {
        this.path = path;
        this.name = name;
    }

    public static Options empty() {
        return new Options("", "");
    }

    /**
     * Reads TOML.
     *
     * @param file name for messages
     * @throws ConfigurationException with file and line if it is not TOML
     */
    public static Options ofToml(String file, String text) {
        Options options = empty();
        try {
            options.add(TOML.readTree(text), 0);
        } catch (StackOverflowError e) {
            throw tooDeep();
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? file
                    : file + ":" + e.getLocation().getLineNr() + ":"
                            + e.getLocation().getColumnNr();
            throw new ConfigurationException(where + ": not valid TOML", e);
        }
        return options;
    }

    /** Sets {@code dotted.name[0].option} to a value. */
    public Options set(String dottedName, String newValue) {
        return set(List.of(dottedName.replace("[", ".").replace("]", "").split("\\.")), newValue);
    }

    /** Sets a value by the parts of its name. */
    public Options set(List<String> parts, String newValue) {
        if (parts.size() > DEPTH_MAX) {
            throw tooDeep();
        }
        Options node = this;
        for (String part : parts) {
            node = node.child(part);
        }
        node.value = newValue;
        return this;
    }

    /** Takes over every value of {@code other}; its values win. */
    public void merge(Options other) {
        if (other.value != null) {
            value = other.value;
        }
        other.children.values().forEach(each -> child(each.name).merge(each));
    }

    /** Whether anything is set at or below the name. */
    public boolean has(String dottedName) {
        return find(dottedName) != null;
    }

    /** The part below a name; empty if there is none. */
    public Options at(String dottedName) {
        Options found = find(dottedName);
        if (found == null) {
            return new Options(dottedName, dottedName);
        }
        if (found.value != null && found.children.isEmpty()) {
            found.used = true;
        }
        return found;
    }

    /** The names directly below, as they were written. */
    public List<String> names() {
        return children.values().stream().map(child -> child.name).toList();
    }

    public @Nullable String text(String dottedName) {
        Options found = find(dottedName);
        if (found == null) {
            return null;
        }
        found.used = true;
        return found.value;
    }

    public String text(String dottedName, String otherwise) {
        String found = text(dottedName);
        return found == null ? otherwise : found;
    }

    /** A switch; present without a value means true. */
    public boolean flag(String dottedName, boolean otherwise) {
        String found = text(dottedName);
        if (found == null) {
            return otherwise;
        }
        return switch (found.strip().toLowerCase(Locale.ROOT)) {
            case "", "true", "1", "t" -> true;
            case "false", "0", "f" -> false;
            default ->
                throw new ConfigurationException(full(dottedName) + ": neither true nor false: \"" + found + "\"");
        };
    }

    public int number(String dottedName, int otherwise) {
        String found = text(dottedName);
        if (found == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(found.strip());
        } catch (NumberFormatException e) {
            throw new ConfigurationException(full(dottedName) + ": not a number: \"" + found + "\"", e);
        }
    }

    /** A duration as Go writes it; a bare number means seconds, as everywhere in Traefik. */
    public Duration duration(String dottedName, Duration otherwise) {
        String found = text(dottedName);
        if (found == null) {
            return otherwise;
        }
        try {
            String text = found.strip();
            return text.matches("[0-9]{1,9}") ? Duration.ofSeconds(Long.parseLong(text)) : GoDuration.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(full(dottedName) + ": " + e.getMessage(), e);
        }
    }

    /** A list: one value split at commas, or values numbered from 0. */
    public List<String> list(String dottedName, List<String> otherwise) {
        Options found = find(dottedName);
        if (found == null) {
            return otherwise;
        }
        found.used = true;
        List<String> values = new ArrayList<>();
        if (found.value != null) {
            for (String each : found.value.split(",", -1)) {
                if (!each.isBlank()) {
                    values.add(each.strip());
                }
            }
        }
        for (Options child : found.children.values()) {
            if (child.value != null) {
                child.used = true;
                values.add(child.value);
            }
        }
        return values;
    }

    /** Text by text: everything directly below a name. */
    public Map<String, String> map(String dottedName) {
        Map<String, String> values = new LinkedHashMap<>();
        Options found = find(dottedName);
        if (found != null) {
            found.used = true;
            for (Options child : found.children.values()) {
                child.used = true;
                values.put(child.name, child.value == null ? "" : child.value);
            }
        }
        return values;
    }

    /** Full names of everything that is set but was never read. */
    public List<String> unread() {
        List<String> found = new ArrayList<>();
        collectUnread(found);
        return found;
    }

    /** Marks everything here as read: known, but deliberately not acted on. Gives the full names. */
    public List<String> ignoreAll() {
        List<String> found = new ArrayList<>(unread());
        markUsed();
        return found;
    }

    /** As {@link #ignoreAll} of what is set at or below a name. */
    public List<String> ignore(String dottedName) {
        Options found = find(dottedName);
        return found == null ? List.of() : found.ignoreAll();
    }

    private void markUsed() {
        used = true;
        children.values().forEach(Options::markUsed);
    }

    private void collectUnread(List<String> found) {
        if (value != null && !used) {
            found.add(path);
        }
        children.values().forEach(child -> child.collectUnread(found));
    }

    private static ConfigurationException tooDeep() {
        return new ConfigurationException("an option is nested more than " + DEPTH_MAX + " deep");
    }

    private void add(JsonNode tree, int depth) {
        if (depth > DEPTH_MAX) {
            throw tooDeep();
        }
        if (tree.isObject()) {
            tree.properties().forEach(entry -> child(entry.getKey()).add(entry.getValue(), depth + 1));
        } else if (tree.isArray()) {
            if (tree.isEmpty()) {
                value = "";
            }
            for (int i = 0; i < tree.size(); i++) {
                child(Integer.toString(i)).add(tree.get(i), depth + 1);
            }
        } else {
            value = tree.asText();
        }
    }

    private Options child(String part) {
        return children.computeIfAbsent(
                part.toLowerCase(Locale.ROOT), key -> new Options(path.isEmpty() ? part : path + "." + part, part));
    }

    private @Nullable Options find(String dottedName) {
        Options node = this;
        for (String part : dottedName.split("\\.")) {
            node = node.children.get(part.toLowerCase(Locale.ROOT));
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    private String full(String dottedName) {
        return path.isEmpty() ? dottedName : path + "." + dottedName;
    }
}
