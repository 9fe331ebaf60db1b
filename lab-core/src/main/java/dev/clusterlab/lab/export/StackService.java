package dev.clusterlab.lab.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A service as an entry of a stack file, by the words of the Compose file format 3, which {@code docker stack} reads. */
final class StackService {
    /** The units of durations, in nanoseconds, as Go writes them. */
    private static final Map<String, Long> UNITS = units();

    private final String name;
    private final Map<String, String> networkNames;
    private final List<Omission> omissions;
    private final SpecPart spec;
    private final SpecPart task;
    private final SpecPart container;
    private final Map<String, Object> entry = new LinkedHashMap<>();
    private final Set<String> networks = new TreeSet<>();
    private final Set<String> volumes = new TreeSet<>();
    private final Set<String> secrets = new TreeSet<>();
    private final Set<String> configs = new TreeSet<>();

    /**
     * @param service as the Docker API shows it
     * @param networkNames by identifier
     * @param omissions gets what the entry leaves out
     */
    StackService(JsonNode service, Map<String, String> networkNames, List<Omission> omissions) {
        this.name = service.at("/Spec/Name").asText();
        this.networkNames = networkNames;
        this.omissions = omissions;
        this.spec = new SpecPart(
                service.path("Spec") instanceof ObjectNode given
                        ? given.deepCopy()
                        : JsonNodeFactory.instance.objectNode());
        this.task = spec.part("TaskTemplate");
        this.container = task.part("ContainerSpec");
        write();
    }

    private static Map<String, Long> units() {
        var units = new LinkedHashMap<String, Long>();
        units.put("s", 1_000_000_000L);
        units.put("ms", 1_000_000L);
        units.put("us", 1_000L);
        units.put("ns", 1L);
        return units;
    }

    String name() {
        return name;
    }

    Map<String, Object> entry() {
        return entry;
    }

    Set<String> networks() {
        return networks;
    }

    Set<String> volumes() {
        return volumes;
    }

    Set<String> secrets() {
        return secrets;
    }

    Set<String> configs() {
        return configs;
    }

    private void write() {
        spec.drop("Name");
        container();
        ports();
        networks("TaskTemplate", task);
        networks("Spec", spec);
        var deploy = new LinkedHashMap<String, Object>();
        mode(deploy);
        spec.part("EndpointSpec")
                .text("Mode")
                .filter(mode -> !mode.equals("vip"))
                .ifPresent(mode -> deploy.put("endpoint_mode", mode));
        put(deploy, "labels", escaped(stackless(spec.map("Labels"))));
        put(deploy, "placement", placement());
        put(deploy, "resources", resources());
        put(deploy, "restart_policy", restart());
        put(deploy, "update_config", update("UpdateConfig"));
        put(deploy, "rollback_config", update("RollbackConfig"));
        put(entry, "deploy", deploy);
        SpecPart driver = task.part("LogDriver");
        var logging = new LinkedHashMap<String, Object>();
        driver.text("Name").ifPresent(value -> logging.put("driver", value));
        put(logging, "options", escaped(driver.map("Options")));
        put(entry, "logging", logging);
        task.drop("ForceUpdate", "Runtime");
        for (String left : spec.left()) {
            omissions.add(Omission.of(StackFile.NAME, "field", name, left));
        }
    }

    private void container() {
        String image = container.text("Image").orElse("");
        int digest = image.indexOf('@');
        entry.put("image", escaped(digest < 0 ? image : image.substring(0, digest)));
        put(entry, "entrypoint", escaped(container.texts("Command")));
        put(entry, "command", escaped(container.texts("Args")));
        text("hostname", container.text("Hostname"));
        put(entry, "environment", escaped(container.texts("Env")));
        text("working_dir", container.text("Dir"));
        text("user", container.text("User"));
        put(entry, "labels", escaped(stackless(container.map("Labels"))));
        container.truth("Init").filter(value -> value).ifPresent(value -> entry.put("init", true));
        text("stop_signal", container.text("StopSignal"));
        container.number("StopGracePeriod").ifPresent(nanos -> entry.put("stop_grace_period", duration(nanos)));
        container.truth("TTY").filter(value -> value).ifPresent(value -> entry.put("tty", true));
        container.truth("OpenStdin").filter(value -> value).ifPresent(value -> entry.put("stdin_open", true));
        container.truth("ReadOnly").filter(value -> value).ifPresent(value -> entry.put("read_only", true));
        put(entry, "cap_add", container.texts("CapabilityAdd"));
        put(entry, "cap_drop", container.texts("CapabilityDrop"));
        put(entry, "sysctls", escaped(container.map("Sysctls")));
        put(
                entry,
                "extra_hosts",
                container.texts("Hosts").stream().map(StackService::host).toList());
        SpecPart dns = container.part("DNSConfig");
        put(entry, "dns", dns.texts("Nameservers"));
        put(entry, "dns_search", dns.texts("Search"));
        health();
        mounts();
        put(entry, "secrets", files("Secrets", "SecretName", "SecretID", secrets));
        put(entry, "configs", files("Configs", "ConfigName", "ConfigID", configs));
        ulimits();
        text("isolation", container.text("Isolation").filter(isolation -> !isolation.equals("default")));
    }

    private static Map<String, String> stackless(Map<String, String> labels) {
        labels.keySet().removeIf(label -> label.startsWith("com.docker.stack."));
        return labels;
    }

    private void text(String key, Optional<String> value) {
        value.ifPresent(text -> entry.put(key, escaped(text)));
    }

    /** {@code IP name other} as {@code name:IP}. */
    private static String host(String line) {
        int space = line.indexOf(' ');
        return space < 0 ? line : escaped(line.substring(space + 1).strip() + ":" + line.substring(0, space));
    }

    private void health() {
        SpecPart check = container.part("Healthcheck");
        List<String> test = check.texts("Test");
        var health = new LinkedHashMap<String, Object>();
        if (test.equals(List.of("NONE"))) {
            health.put("disable", true);
        } else {
            put(health, "test", escaped(test));
        }
        check.number("Interval").ifPresent(nanos -> health.put("interval", duration(nanos)));
        check.number("Timeout").ifPresent(nanos -> health.put("timeout", duration(nanos)));
        check.number("StartPeriod").ifPresent(nanos -> health.put("start_period", duration(nanos)));
        check.number("Retries").ifPresent(count -> health.put("retries", count));
        put(entry, "healthcheck", health);
    }

    private void mounts() {
        List<Object> mounts = new ArrayList<>();
        for (SpecPart mount : container.parts("Mounts")) {
            var written = new LinkedHashMap<String, Object>();
            String type = mount.text("Type").orElse("volume");
            written.put("type", type);
            Optional<String> source = mount.text("Source");
            source.ifPresent(value -> written.put("source", escaped(value)));
            mount.text("Target").ifPresent(value -> written.put("target", escaped(value)));
            mount.truth("ReadOnly").filter(value -> value).ifPresent(value -> written.put("read_only", true));
            mount.part("BindOptions")
                    .text("Propagation")
                    .ifPresent(value -> written.put("bind", Map.of("propagation", value)));
            mount.part("VolumeOptions")
                    .truth("NoCopy")
                    .filter(value -> value)
                    .ifPresent(value -> written.put("volume", Map.of("nocopy", true)));
            mount.part("TmpfsOptions")
                    .number("SizeBytes")
                    .ifPresent(value -> written.put("tmpfs", Map.of("size", value)));
            if (type.equals("volume")) {
                source.ifPresent(volumes::add);
            } else if (type.equals("bind")) {
                omissions.add(Omission.of(StackFile.NAME, "bind", name, source.orElse("")));
            }
            mounts.add(written);
        }
        put(entry, "volumes", mounts);
    }

    private List<Object> files(String field, String nameField, String idField, Set<String> names) {
        List<Object> files = new ArrayList<>();
        for (SpecPart reference : container.parts(field)) {
            reference.drop(idField);
            var written = new LinkedHashMap<String, Object>();
            reference.text(nameField).ifPresent(value -> {
                written.put("source", value);
                names.add(value);
            });
            SpecPart file = reference.part("File");
            file.text("Name").ifPresent(value -> written.put("target", escaped(value)));
            file.text("UID").ifPresent(value -> written.put("uid", value));
            file.text("GID").ifPresent(value -> written.put("gid", value));
            file.number("Mode").ifPresent(value -> written.put("mode", value));
            files.add(written);
        }
        return files;
    }

    private void ulimits() {
        var limits = new LinkedHashMap<String, Object>();
        for (SpecPart limit : container.parts("Ulimits")) {
            String what = limit.text("Name").orElse("");
            limits.put(
                    what,
                    Map.of(
                            "soft",
                            limit.number("Soft").orElse(0L),
                            "hard",
                            limit.number("Hard").orElse(0L)));
        }
        put(entry, "ulimits", limits);
    }

    private void ports() {
        List<Object> ports = new ArrayList<>();
        for (SpecPart port : spec.part("EndpointSpec").parts("Ports")) {
            var written = new LinkedHashMap<String, Object>();
            port.number("TargetPort").ifPresent(value -> written.put("target", value));
            port.number("PublishedPort").ifPresent(value -> written.put("published", value));
            written.put("protocol", port.text("Protocol").orElse("tcp"));
            written.put("mode", port.text("PublishMode").orElse("ingress"));
            port.drop("Name");
            ports.add(written);
        }
        put(entry, "ports", ports);
    }

    private void networks(String where, SpecPart of) {
        var attached = new LinkedHashMap<String, Object>();
        for (SpecPart attachment : of.parts("Networks")) {
            String id = attachment.text("Target").orElse("");
            String network = networkNames.get(id);
            List<String> aliases = attachment.texts("Aliases");
            if (network == null) {
                omissions.add(Omission.of(StackFile.NAME, "network", name, id));
            } else {
                networks.add(network);
                attached.put(network, aliases.isEmpty() ? Map.of() : Map.of("aliases", aliases));
            }
            for (String left : attachment.left()) {
                omissions.add(Omission.of(StackFile.NAME, "field", name, where + ".Networks." + left));
            }
        }
        of.drop("Networks");
        put(entry, "networks", attached);
    }

    private void mode(Map<String, Object> deploy) {
        SpecPart mode = spec.part("Mode");
        if (mode.has("Global")) {
            deploy.put("mode", "global");
        } else if (mode.has("Replicated")) {
            deploy.put("mode", "replicated");
            deploy.put("replicas", mode.part("Replicated").number("Replicas").orElse(0L));
        }
    }

    private Map<String, Object> placement() {
        SpecPart given = task.part("Placement");
        var placement = new LinkedHashMap<String, Object>();
        put(placement, "constraints", escaped(given.texts("Constraints")));
        List<Object> preferences = new ArrayList<>();
        for (SpecPart preference : given.parts("Preferences")) {
            preference
                    .part("Spread")
                    .text("SpreadDescriptor")
                    .ifPresent(value -> preferences.add(Map.of("spread", value)));
        }
        put(placement, "preferences", preferences);
        given.number("MaxReplicas").ifPresent(value -> placement.put("max_replicas_per_node", value));
        // The registry says again for which platforms an image is.
        given.drop("Platforms");
        return placement;
    }

    private Map<String, Object> resources() {
        SpecPart given = task.part("Resources");
        var resources = new LinkedHashMap<String, Object>();
        for (Map.Entry<String, String> each :
                List.of(Map.entry("Limits", "limits"), Map.entry("Reservations", "reservations"))) {
            SpecPart part = given.part(each.getKey());
            var written = new LinkedHashMap<String, Object>();
            part.number("NanoCPUs")
                    .ifPresent(nanos -> written.put(
                            "cpus",
                            new BigDecimal(nanos)
                                    .movePointLeft(9)
                                    .stripTrailingZeros()
                                    .toPlainString()));
            part.number("MemoryBytes").ifPresent(bytes -> written.put("memory", String.valueOf(bytes)));
            part.number("Pids").ifPresent(count -> written.put("pids", count));
            put(resources, each.getValue(), written);
        }
        return resources;
    }

    private Map<String, Object> restart() {
        SpecPart given = task.part("RestartPolicy");
        var policy = new LinkedHashMap<String, Object>();
        given.text("Condition").ifPresent(value -> policy.put("condition", value));
        given.number("Delay").ifPresent(nanos -> policy.put("delay", duration(nanos)));
        given.number("MaxAttempts").ifPresent(count -> policy.put("max_attempts", count));
        given.number("Window").ifPresent(nanos -> policy.put("window", duration(nanos)));
        return policy;
    }

    private Map<String, Object> update(String field) {
        SpecPart given = spec.part(field);
        var config = new LinkedHashMap<String, Object>();
        if (given.has("Parallelism")) {
            // None is not left out: it means all at once.
            config.put("parallelism", given.number("Parallelism").orElse(0L));
        }
        given.number("Delay").ifPresent(nanos -> config.put("delay", duration(nanos)));
        given.text("FailureAction").ifPresent(value -> config.put("failure_action", value));
        given.number("Monitor").ifPresent(nanos -> config.put("monitor", duration(nanos)));
        given.share("MaxFailureRatio").ifPresent(value -> config.put("max_failure_ratio", value));
        given.text("Order").ifPresent(value -> config.put("order", value));
        return config;
    }

    private static void put(Map<String, Object> into, String key, Object value) {
        boolean empty = switch (value) {
            case Map<?, ?> map -> map.isEmpty();
            case List<?> list -> list.isEmpty();
            default -> false;
        };
        if (!empty) {
            into.put(key, value);
        }
    }

    private static String duration(long nanos) {
        for (Map.Entry<String, Long> unit : UNITS.entrySet()) {
            if (nanos % unit.getValue() == 0) {
                return nanos / unit.getValue() + unit.getKey();
            }
        }
        return nanos + "ns";
    }

    /** {@code docker stack} replaces variables. */
    private static String escaped(String text) {
        return text.replace("$", "$$");
    }

    private static List<String> escaped(List<String> texts) {
        return texts.stream().map(StackService::escaped).toList();
    }

    static Map<String, String> escaped(Map<String, String> texts) {
        var escaped = new LinkedHashMap<String, String>();
        texts.forEach((key, value) -> escaped.put(key, escaped(value)));
        return escaped;
    }
}
