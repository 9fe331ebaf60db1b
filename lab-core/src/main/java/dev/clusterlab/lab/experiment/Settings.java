package dev.clusterlab.lab.experiment;

import dev.clusterlab.lab.yaml.Section;
import dev.clusterlab.lab.yaml.YamlTree;
import dev.clusterlab.lab.yaml.YamlTree.Malformed;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Other values for some of an experiment's settings, laid over the tree of its file. What is not there stays as it is; a list is replaced
 * as a whole.
 */
final class Settings {
    private static final int REPLACEMENTS_MAX = 50;

    private final Section section;
    private final Set<YamlTree.Place> places = Collections.newSetFromMap(new IdentityHashMap<>());

    private Settings(Section section) {
        this.section = section;
    }

    static Settings of(YamlTree tree) throws Malformed {
        var settings = new Settings(ExperimentKeys.section(ExperimentKeys.SETTINGS, tree));
        settings.collect(tree);
        return settings;
    }

    private void collect(YamlTree tree) {
        places.add(tree.place());
        switch (tree) {
            case YamlTree.Scalar _ -> {}
            case YamlTree.Items(var _, List<YamlTree> items) -> items.forEach(this::collect);
            case YamlTree.Fields(var _, Map<String, YamlTree.Field> fields) ->
                fields.values().forEach(field -> {
                    places.add(field.key());
                    collect(field.value());
                });
        }
    }

    /** Whether a place in a tree that {@link #over} made is of these settings, not of the experiment. */
    boolean have(YamlTree.Place place) {
        return places.contains(place);
    }

    /** The tree of the experiment that has them. */
    YamlTree over(YamlTree experiment) throws Malformed {
        if (!(experiment instanceof YamlTree.Fields base)) {
            return experiment;
        }
        Map<String, YamlTree.Field> fields = new LinkedHashMap<>(base.fields());
        for (String key : section.given(ExperimentKeys.of(ExperimentKeys.SETTINGS))) {
            YamlTree.Field given = section.field(key);
            YamlTree.Field before = base.fields().get(key);
            YamlTree value = given.value();
            if (key.equals(ExperimentKeys.PLATFORM)) {
                value = platform(before, given.value());
            } else if (before != null
                    && before.value() instanceof YamlTree.Fields old
                    && value instanceof YamlTree.Fields other
                    && List.of(ExperimentKeys.TRAFFIC, ExperimentKeys.HYPOTHESIS)
                            .contains(key)) {
                value = merged(old, other);
            }
            fields.put(key, new YamlTree.Field(given.key(), value));
        }
        return new YamlTree.Fields(base.place(), fields);
    }

    private static YamlTree.Fields merged(YamlTree.Fields old, YamlTree.Fields other) {
        Map<String, YamlTree.Field> fields = new LinkedHashMap<>(old.fields());
        fields.putAll(other.fields());
        return new YamlTree.Fields(other.place(), fields);
    }

    private static YamlTree platform(YamlTree.@org.jspecify.annotations.Nullable Field before, YamlTree given)
            throws Malformed {
        Section other = ExperimentKeys.section(ExperimentKeys.OTHER_PLATFORM, given);
        if (before == null
                || !(before.value() instanceof YamlTree.Fields old)
                || !(given instanceof YamlTree.Fields fields)) {
            return given;
        }
        if (!other.has("replace")) {
            return merged(old, fields);
        }
        other.only("replace", List.of("lab", "before", "after"));
        YamlTree.Field script = old.fields().get("script");
        String text = script != null && script.value() instanceof YamlTree.Scalar scalar ? scalar.text() : "";
        for (YamlTree item : other.items("replace", 1, REPLACEMENTS_MAX)) {
            text = replaced(text, ExperimentKeys.section(ExperimentKeys.REPLACEMENT, item));
        }
        Map<String, YamlTree.Field> changed =
                new LinkedHashMap<>(merged(old, fields).fields());
        YamlTree.Field replace = java.util.Objects.requireNonNull(changed.remove("replace"));
        changed.put(
                "script",
                new YamlTree.Field(
                        replace.key(), new YamlTree.Scalar(replace.value().place(), text)));
        return new YamlTree.Fields(given.place(), changed);
    }

    private static String replaced(String script, Section replacement) throws Malformed {
        String text = replacement.text("text");
        if (!script.contains(text)) {
            throw replacement.malformed(
                    "text",
                    "the script of the platform does not have this text",
                    "a text that stands there letter by letter");
        }
        return script.replace(text, replacement.optionalText("by").orElse(""));
    }
}
