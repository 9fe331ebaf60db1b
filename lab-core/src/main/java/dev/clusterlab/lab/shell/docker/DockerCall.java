package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.PrettyJson;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.lab.shell.text.GoTemplate;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One call of a {@code docker} command: its options and arguments, and the daemon it talks to. */
record DockerCall(Invocation invocation, DockerApi api, DockerCommand command, Flags.Given given) {
    void line(String text) {
        invocation.line(text);
    }

    void error(String text) {
        invocation.error(text);
    }

    List<String> arguments() {
        return given.arguments();
    }

    String argument(int index) {
        return given.arguments().get(index);
    }

    Instant now() {
        return invocation.clock().now();
    }

    static ObjectNode object() {
        return Json.MAPPER.createObjectNode();
    }

    /** Something that is done to one named thing. */
    interface Action {
        void run(String name) throws InterruptedException;
    }

    /** Does it to each argument; goes on after a failure, as the real command does. */
    int each(Action action) throws InterruptedException {
        int status = 0;
        for (String name : arguments()) {
            try {
                action.run(name);
            } catch (DockerRefusedException e) {
                error("Error response from daemon: " + e.text());
                status = 1;
            }
        }
        return status;
    }

    /** {@code ?filters=…} of the {@code --filter} options, {@code key=value}. */
    Map<String, String> filters() {
        Map<String, List<String>> filters = new TreeMap<>();
        for (String filter : given.list("filter")) {
            int equal = filter.indexOf('=');
            if (equal < 1) {
                throw given.invalid("filter", filter, "bad format of filter (expected name=value)");
            }
            filters.computeIfAbsent(filter.substring(0, equal), key -> new ArrayList<>())
                    .add(filter.substring(equal + 1));
        }
        return filters.isEmpty() ? Map.of() : Map.of("filters", filterJson(filters));
    }

    static String filterJson(Map<String, List<String>> filters) {
        ObjectNode json = object();
        filters.forEach((key, values) -> values.forEach(json.withArray(key)::add));
        return json.toString();
    }

    /** A path segment. */
    static String id(String name) {
        return DockerApi.encode(name);
    }

    /** Prints each as {@code inspect} does: a JSON array, or one line a template. */
    int inspect(Lookup lookup) throws InterruptedException {
        List<JsonNode> found = new ArrayList<>();
        int status = 0;
        List<String> errors = new ArrayList<>();
        for (String name : arguments()) {
            try {
                found.add(lookup.find(name));
            } catch (DockerRefusedException e) {
                errors.add("Error response from daemon: " + e.text());
                status = 1;
            } catch (ShellFailure e) {
                errors.add(e.text());
                status = 1;
            }
        }
        printInspected(found);
        errors.forEach(this::error);
        return status;
    }

    /** Finds what is inspected. */
    interface Lookup {
        JsonNode find(String name) throws InterruptedException;
    }

    void printInspected(List<JsonNode> found) {
        Optional<String> format = given.last("format").filter(text -> !text.isEmpty());
        if (format.isPresent() && !format.get().equals("json")) {
            GoTemplate template = new GoTemplate(format.get(), true);
            for (JsonNode node : found) {
                line(template.apply(node));
            }
            return;
        }
        if (format.isPresent()) {
            line(Json.MAPPER.valueToTree(found).toString());
            return;
        }
        line(PrettyJson.write(Json.MAPPER.valueToTree(found)));
    }
}
