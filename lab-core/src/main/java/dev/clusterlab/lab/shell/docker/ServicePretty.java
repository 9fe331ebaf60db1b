package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.shell.Units;
import dev.clusterlab.lab.shell.text.GoTemplate;
import dev.clusterlab.shell.text.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What {@code docker service inspect --pretty} prints. */
final class ServicePretty {
    private final StringBuilder text = new StringBuilder();

    private ServicePretty() {}

    /** Finds the name of a network. */
    interface NetworkNames {
        String name(String id) throws InterruptedException;
    }

    static String write(JsonNode service, NetworkNames networks) throws InterruptedException {
        ServicePretty pretty = new ServicePretty();
        pretty.all(service, networks);
        return pretty.text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void all(JsonNode service, NetworkNames networks) throws InterruptedException {
        JsonNode spec = service.path("Spec");
        JsonNode template = spec.path("TaskTemplate");
        JsonNode container = template.path("ContainerSpec");
        line("\nID:\t\t" + service.path("ID").asText());
        line("Name:\t\t" + spec.path("Name").asText());
        if (!spec.path("Labels").isEmpty()) {
            line("Labels:");
            spec.path("Labels")
                    .properties()
                    .forEach(label ->
                            line(" " + label.getKey() + "=" + label.getValue().asText()));
        }
        boolean global = spec.path("Mode").has("Global");
        line("Service Mode:\t" + (global ? "Global" : "Replicated"));
        if (!global) {
            line(" Replicas:\t" + spec.at("/Mode/Replicated/Replicas").asInt(1));
        }
        JsonNode status = service.path("UpdateStatus");
        if (status.isObject() && !status.path("State").asText("").isEmpty()) {
            line("UpdateStatus:");
            line(" State:\t\t" + status.path("State").asText());
            line(" Started:\t" + status.path("StartedAt").asText());
            if (status.path("State").asText().equals("completed")) {
                line(" Completed:\t" + status.path("CompletedAt").asText());
            }
            line(" Message:\t" + status.path("Message").asText());
        }
        JsonNode placement = template.path("Placement");
        if (!placement.path("Constraints").isEmpty()
                || !placement.path("Preferences").isEmpty()
                || placement.path("MaxReplicas").asInt() > 0) {
            line("Placement:");
            if (!placement.path("Constraints").isEmpty()) {
                line(" Constraints:\t" + texts(placement.path("Constraints")));
            }
            if (!placement.path("Preferences").isEmpty()) {
                List<String> preferences = new ArrayList<>();
                placement
                        .path("Preferences")
                        .forEach(one -> preferences.add(
                                "spread=" + one.at("/Spread/SpreadDescriptor").asText()));
                line(" Preferences:\t" + String.join(", ", preferences));
            }
            if (placement.path("MaxReplicas").asInt() > 0) {
                line(" Max Replicas Per Node:\t" + placement.path("MaxReplicas").asInt());
            }
        }
        updating(spec, "UpdateConfig", "Update order:      ");
        updating(spec, "RollbackConfig", "Rollback order:    ");
        line("ContainerSpec:");
        line(" Image:\t\t" + container.path("Image").asText());
        several(container, "Command", " Command:\t");
        several(container, "Args", " Args:\t\t");
        several(container, "Env", " Env:\t\t");
        if (container.has("Dir")) {
            line(" Dir:\t\t" + container.path("Dir").asText());
        }
        if (container.has("User")) {
            line(" User: " + container.path("User").asText());
        }
        if (!container.path("Mounts").isEmpty()) {
            line("Mounts:");
            for (JsonNode mount : container.path("Mounts")) {
                line(" Target:\t" + mount.path("Target").asText());
                line("  Source:\t" + mount.path("Source").asText());
                line("  ReadOnly:\t" + mount.path("ReadOnly").asBoolean());
                line("  Type:\t\t" + mount.path("Type").asText());
            }
        }
        resources(template.path("Resources"));
        List<String> names = new ArrayList<>();
        for (JsonNode network : template.path("Networks")) {
            names.add(networks.name(network.path("Target").asText()));
        }
        if (!names.isEmpty()) {
            line("Networks: " + String.join(" ", names) + " ");
        }
        line("Endpoint Mode:\t"
                + service.at("/Endpoint/Spec/Mode")
                        .asText(spec.at("/EndpointSpec/Mode").asText("vip")));
        if (!service.at("/Endpoint/Ports").isEmpty()) {
            line("Ports:");
            for (JsonNode port : service.at("/Endpoint/Ports")) {
                line(" PublishedPort = " + port.path("PublishedPort").asInt());
                line("  Protocol = " + port.path("Protocol").asText("tcp"));
                line("  TargetPort = " + port.path("TargetPort").asInt());
                line("  PublishMode = " + port.path("PublishMode").asText("ingress"));
            }
        }
    }

    private void updating(JsonNode spec, String name, String order) {
        JsonNode config = spec.path(name);
        if (!config.isObject()) {
            return;
        }
        line(name + ":");
        line(" Parallelism:\t" + config.path("Parallelism").asInt());
        if (config.path("Delay").asLong() > 0) {
            line(" Delay:\t\t"
                    + GoDuration.format(Duration.ofNanos(config.path("Delay").asLong())));
        }
        line(" On failure:\t" + config.path("FailureAction").asText("pause"));
        if (config.path("Monitor").asLong() > 0) {
            line(" Monitoring Period: "
                    + GoDuration.format(Duration.ofNanos(config.path("Monitor").asLong())));
        }
        line(" Max failure ratio: "
                + GoTemplate.show(config.path("MaxFailureRatio").asDouble()));
        line(" " + order + config.path("Order").asText("stop-first"));
    }

    private void resources(JsonNode resources) {
        line("Resources:");
        for (String kind : List.of("Reservations", "Limits")) {
            JsonNode one = resources.path(kind);
            if (one.path("NanoCPUs").asLong() == 0 && one.path("MemoryBytes").asLong() == 0) {
                continue;
            }
            line(" " + kind + ":");
            if (one.path("NanoCPUs").asLong() > 0) {
                line("  CPU:\t\t" + GoTemplate.show(one.path("NanoCPUs").asLong() / 1e9));
            }
            if (one.path("MemoryBytes").asLong() > 0) {
                line("  Memory:\t" + Units.binarySize(one.path("MemoryBytes").asLong()));
            }
        }
    }

    private void several(JsonNode container, String field, String title) {
        if (!container.path(field).isEmpty()) {
            List<String> items = new ArrayList<>();
            container.path(field).forEach(item -> items.add(item.asText()));
            line(title + String.join(" ", items) + " ");
        }
    }

    private static String texts(JsonNode list) {
        List<String> items = new ArrayList<>();
        list.forEach(item -> items.add(item.asText()));
        return "[" + String.join(" ", items) + "]";
    }
}
