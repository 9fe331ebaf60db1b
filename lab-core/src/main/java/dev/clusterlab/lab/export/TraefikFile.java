package dev.clusterlab.lab.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The static configuration of a Traefik that is configured by its command line, as a file. */
final class TraefikFile {
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_-]+");
    /** Settings that are lists, which the command line separates by commas. */
    private static final Pattern LISTS = Pattern.compile(
            "^--[^=]*\\.(?:endpoints|statuscodes|trustedips|excludedips|namespaces|resolvers|buckets|sans)=",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern LITERAL = Pattern.compile("true|false|0|[1-9][0-9]{0,17}");

    private TraefikFile() {}

    /**
     * Of each service whose image says so.
     *
     * @param heading before each
     */
    static List<Made> of(ClusterFacts facts, String heading) {
        List<JsonNode> traefiks = facts.services().stream()
                .filter(service -> ClusterFacts.image(service).contains("traefik"))
                .toList();
        List<Made> made = new ArrayList<>();
        for (JsonNode service : traefiks) {
            String name = traefiks.size() == 1
                    ? "traefik.toml"
                    : service.at("/Spec/Name").asText() + ".toml";
            made.add(one(name, service, heading));
        }
        return made;
    }

    private static Made one(String name, JsonNode service, String heading) {
        var omissions = new ArrayList<Omission>();
        var settings = new TreeMap<String, String>();
        for (JsonNode argument : service.at("/Spec/TaskTemplate/ContainerSpec/Args")) {
            String text = argument.asText();
            Optional<String> setting = setting(text);
            if (setting.isEmpty()) {
                omissions.add(Omission.of(name, "argument", text));
                continue;
            }
            int equal = text.indexOf('=');
            String value = equal < 0 ? "true" : text.substring(equal + 1);
            settings.put(setting.get(), LISTS.matcher(text).find() ? list(value) : value(value));
            if (value.contains(",") && !LISTS.matcher(text).find()) {
                omissions.add(Omission.of(name, "comma", text));
            }
        }
        for (JsonNode variable : service.at("/Spec/TaskTemplate/ContainerSpec/Env")) {
            if (variable.asText().startsWith("TRAEFIK_")) {
                omissions.add(Omission.of(name, "argument", variable.asText()));
            }
        }
        omissions.add(Omission.of(name, "dynamic"));
        var text = new StringBuilder(heading);
        settings.forEach(
                (key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        return new Made(ExportedFile.of(name, text.toString()), omissions);
    }

    /** The name of a setting as TOML writes it; empty if it is none. */
    private static Optional<String> setting(String argument) {
        if (!argument.startsWith("--") || argument.length() == 2) {
            return Optional.empty();
        }
        int equal = argument.indexOf('=');
        String name = argument.substring(2, equal < 0 ? argument.length() : equal);
        List<String> parts = new ArrayList<>();
        for (String part : name.split("\\.", -1)) {
            // Elements of lists are counted on the command line, and are not in a file.
            if (part.isEmpty() || part.contains("[")) {
                return Optional.empty();
            }
            parts.add(BARE.matcher(part).matches() ? part : quoted(part));
        }
        return Optional.of(String.join(".", parts));
    }

    private static String list(String text) {
        return Stream.of(text.split(",", -1)).map(TraefikFile::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String value(String text) {
        return LITERAL.matcher(text).matches() ? text : quoted(text);
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '"' || each == '\\') {
                quoted.append('\\').append(each);
            } else if (each < ' ' || each == 0x7f) {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
            } else {
                quoted.append(each);
            }
        }
        return quoted.append('"').toString();
    }
}
