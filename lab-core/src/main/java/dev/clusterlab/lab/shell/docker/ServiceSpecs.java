package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.lab.shell.Units;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Options of {@code service create} and {@code service update} as the service specification that they mean: field by
 * field what the docker program makes of them (docker/cli, {@code cli/command/service}), which leaves out what is empty
 * and sorts what has no order.
 */
final class ServiceSpecs {
    private static final long SECOND = 1_000_000_000L;

    /** What both commands understand. */
    private static final Flags COMMON = Flags.of(
            "--cap-add list Add Linux capabilities",
            "--cap-drop list Drop Linux capabilities",
            "-d, --detach bool Exit immediately instead of waiting for the service to converge",
            "--endpoint-mode string Endpoint mode: vip or dnsrr (default vip)",
            "--entrypoint string Overwrite the entry point of the image",
            "--health-cmd string Command to run to check health",
            "--health-interval period Time between running the check (ms|s|m|h)",
            "--health-retries int Consecutive failures needed to report unhealthy",
            "--health-start-interval period Time between running the check during the start period",
            "--health-start-period period Start period before counting retries towards unstable",
            "--health-timeout period Maximum time to allow one check to run",
            "--hostname string Container hostname",
            "--init bool Use an init inside each service container",
            "--limit-cpu decimal Limit CPUs",
            "--limit-memory bytes Limit memory",
            "--limit-pids int Limit maximum number of processes",
            "--log-driver string Logging driver for service",
            "--log-opt list Logging driver options",
            "--no-healthcheck bool Disable any container-specified HEALTHCHECK",
            "--no-resolve-image bool Do not query the registry to resolve image digest",
            "-q, --quiet bool Suppress progress output",
            "--read-only bool Mount the container's root filesystem as read only",
            "--replicas uint Number of tasks",
            "--replicas-max-per-node uint Maximum number of tasks per node (default 0 = unlimited)",
            "--reserve-cpu decimal Reserve CPUs",
            "--reserve-memory bytes Reserve memory",
            "--restart-condition string Restart when condition is met: none, on-failure, any (default any)",
            "--restart-delay duration Delay between restart attempts (default 5s)",
            "--restart-max-attempts uint Maximum number of restarts before giving up",
            "--restart-window duration Window used to evaluate the restart policy",
            "--rollback-delay duration Delay between task rollbacks (default 0s)",
            "--rollback-failure-action string Action on rollback failure: pause, continue (default pause)",
            "--rollback-max-failure-ratio float Failure rate to tolerate during a rollback (default 0)",
            "--rollback-monitor duration Duration after each task rollback to monitor for failure (default 5s)",
            "--rollback-order string Rollback order: start-first, stop-first (default stop-first)",
            "--rollback-parallelism uint Maximum number of tasks rolled back simultaneously (default 1)",
            "--stop-grace-period duration Time to wait before force killing a container (default 10s)",
            "--stop-signal string Signal to stop the container",
            "-t, --tty bool Allocate a pseudo-TTY",
            "--update-delay duration Delay between updates (default 0s)",
            "--update-failure-action string Action on update failure: pause, continue, rollback (default pause)",
            "--update-max-failure-ratio float Failure rate to tolerate during an update (default 0)",
            "--update-monitor duration Duration after each task update to monitor for failure (default 5s)",
            "--update-order string Update order: start-first, stop-first (default stop-first)",
            "--update-parallelism uint Maximum number of tasks updated simultaneously (default 1)",
            "-u, --user string Username or UID (format: <name|uid>[:<group|gid>])",
            "--with-registry-auth bool Send registry authentication details to swarm agents",
            "-w, --workdir string Working directory inside the container");

    static final Flags CREATE = Flags.of(
                    "--constraint list Placement constraints",
                    "--container-label list Container labels",
                    "--dns list Set custom DNS servers",
                    "--dns-option list Set DNS options",
                    "--dns-search list Set custom DNS search domains",
                    "-e, --env list Set environment variables",
                    "--host list Set custom host-to-IP mappings (host:ip)",
                    "-l, --label list Service labels",
                    "--mode string Service mode: replicated, global (default replicated)",
                    "--mount mount Attach a filesystem mount to the service",
                    "--name string Service name",
                    "--network network Network attachments",
                    "--placement-pref pref Add a placement preference",
                    "-p, --publish port Publish a port as a node port")
            .and(COMMON);

    static final Flags UPDATE = Flags.of(
                    "--args string Service command args",
                    "--constraint-add list Add a placement constraint",
                    "--constraint-rm list Remove a constraint",
                    "--container-label-add list Add or update a container label",
                    "--container-label-rm list Remove a container label by its key",
                    "--dns-add list Add a custom DNS server",
                    "--dns-option-add list Add a DNS option",
                    "--dns-option-rm list Remove a DNS option",
                    "--dns-rm list Remove a custom DNS server",
                    "--dns-search-add list Add a custom DNS search domain",
                    "--dns-search-rm list Remove a DNS search domain",
                    "--env-add list Add or update an environment variable",
                    "--env-rm list Remove an environment variable",
                    "--force bool Force update even if no changes require it",
                    "--host-add list Add a custom host-to-IP mapping (host:ip)",
                    "--host-rm list Remove a custom host-to-IP mapping (host:ip)",
                    "--image string Service image tag",
                    "--label-add list Add or update a service label",
                    "--label-rm list Remove a label by its key",
                    "--mount-add mount Add or update a mount on a service",
                    "--mount-rm list Remove a mount by its target path",
                    "--network-add network Add a network",
                    "--network-rm list Remove a network",
                    "--placement-pref-add pref Add a placement preference",
                    "--placement-pref-rm pref Remove a placement preference",
                    "--publish-add port Add or update a published port",
                    "--publish-rm port Remove a published port by its target port",
                    "--rollback bool Rollback to previous specification")
            .and(COMMON);

    private static final Pattern DOMAIN = Pattern.compile(
            "[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*\\.?\\s*");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private final DockerCall call;
    private final Flags.Given given;

    ServiceSpecs(DockerCall call) {
        this.call = call;
        this.given = call.given();
    }

    /** The specification of a new service. */
    ObjectNode create() throws InterruptedException {
        ObjectNode spec = DockerCall.object();
        text(spec, "Name", given.text("name", ""));
        DockerNetworkCommands.pairs(spec.putObject("Labels"), labels("label"));
        ObjectNode template = spec.putObject("TaskTemplate");
        ObjectNode container = template.putObject("ContainerSpec");
        container.put("Image", call.argument(0)).put("Init", false);
        strings(container, "Args", call.arguments().subList(1, call.arguments().size()));
        pairs(container, "Labels", labels("container-label"));
        strings(container, "Env", environment());
        strings(container, "Hosts", hosts("host"));
        ObjectNode dns = container.putObject("DNSConfig");
        strings(dns, "Nameservers", nameservers("dns"));
        strings(dns, "Search", domains("dns-search"));
        strings(dns, "Options", given.list("dns-option"));
        nodes(container, "Mounts", mounts("mount"));
        ObjectNode resources = template.putObject("Resources");
        resources.putObject("Limits");
        resources.putObject("Reservations");
        ObjectNode placement = template.putObject("Placement");
        strings(placement, "Constraints", given.list("constraint"));
        nodes(placement, "Preferences", preferences("placement-pref"));
        List<JsonNode> networks = new ArrayList<>();
        for (String text : given.list("network")) {
            networks.add(attachment("network", text));
        }
        networks.sort(Comparator.comparing(ServiceSpecs::target));
        nodes(template, "Networks", networks);
        template.put("ForceUpdate", 0);
        mode(spec);
        ObjectNode endpoint = spec.putObject("EndpointSpec").put("Mode", "vip");
        nodes(endpoint, "Ports", ports("publish"));
        common(spec);
        return spec;
    }

    private void mode(ObjectNode spec) {
        ObjectNode mode = spec.putObject("Mode");
        switch (given.text("mode", "replicated")) {
            case "global" -> {
                if (given.has("replicas")) {
                    throw new ShellFailure(1, "replicas can only be used with replicated or replicated-job mode");
                }
                mode.putObject("Global");
            }
            case "replicated" -> {
                ObjectNode replicated = mode.putObject("Replicated");
                if (given.has("replicas")) {
                    replicated.put("Replicas", given.number("replicas", 1));
                }
            }
            case "replicated-job", "global-job" ->
                throw new ShellFailure(1, "jobs are not modelled by this shell, only replicated and global services");
            default ->
                throw new ShellFailure(
                        1, "Unknown mode: " + given.text("mode", "") + ", only replicated and global supported");
        }
    }

    /** Changes an existing specification. */
    void update(ObjectNode spec) throws InterruptedException {
        ObjectNode template = spec.withObject("/TaskTemplate");
        ObjectNode container = template.withObject("/ContainerSpec");
        given.last("image").ifPresent(image -> container.put("Image", image));
        given.last("args").ifPresent(text -> strings(container, "Args", ShellWords.split(text)));
        updateLabels(spec, "label");
        updateLabels(container, "container-label");
        updateEnvironment(container);
        updateHosts(container);
        updateDns(container);
        updateMounts(container);
        updatePlacement(template);
        updateNetworks(template);
        updatePorts(spec);
        if (given.has("replicas")) {
            if (!(spec.at("/Mode/Replicated") instanceof ObjectNode replicated)) {
                throw new ShellFailure(1, "replicas can only be used with replicated mode");
            }
            replicated.put("Replicas", given.number("replicas", 1));
        }
        if (given.is("force")) {
            template.put("ForceUpdate", template.path("ForceUpdate").asLong() + 1);
        }
        common(spec);
    }

    private boolean any(String... names) {
        return Stream.of(names).anyMatch(given::has);
    }

    private void updateLabels(ObjectNode owner, String flag) {
        if (!any(flag + "-add", flag + "-rm")) {
            return;
        }
        ObjectNode labels = owner.get("Labels") instanceof ObjectNode existing ? existing : owner.putObject("Labels");
        given.list(flag + "-rm").forEach(labels::remove);
        DockerNetworkCommands.pairs(labels, labels(flag + "-add"));
    }

    private void updateEnvironment(ObjectNode container) {
        List<String> result = texts(container, "Env");
        result.removeIf(text -> given.list("env-rm").contains(key(text)));
        for (String text : variables("env-add")) {
            replace(result, old -> key(old).equals(key(text)), text);
        }
        strings(container, "Env", result);
    }

    private void updateHosts(ObjectNode container) {
        List<String> result = new ArrayList<>();
        for (String entry : texts(container, "Hosts")) {
            List<String> fields = List.of(entry.trim().split("\\s+"));
            List<String> names = fields.subList(1, fields.size()).stream()
                    .filter(name -> given.list("host-rm").stream()
                            .noneMatch(gone -> gone.equals(name) || gone.equals(name + ":" + fields.getFirst())))
                    .toList();
            if (!names.isEmpty()) {
                result.add(fields.getFirst() + " " + String.join(" ", names));
            }
        }
        result.addAll(hosts("host-add"));
        strings(container, "Hosts", result.stream().distinct().toList());
    }

    private void updateDns(ObjectNode container) {
        if (!any("dns-add", "dns-rm", "dns-search-add", "dns-search-rm", "dns-option-add", "dns-option-rm")) {
            return;
        }
        ObjectNode dns = container.withObject("/DNSConfig");
        updateSet(dns, "Nameservers", nameservers("dns-add"), given.list("dns-rm"));
        updateSet(dns, "Search", domains("dns-search-add"), given.list("dns-search-rm"));
        updateSet(dns, "Options", given.list("dns-option-add"), given.list("dns-option-rm"));
    }

    private static void updateSet(ObjectNode owner, String field, List<String> added, List<String> gone) {
        Set<String> result = new TreeSet<>(texts(owner, field));
        result.addAll(added);
        gone.forEach(result::remove);
        strings(owner, field, List.copyOf(result));
    }

    private void updateMounts(ObjectNode container) {
        List<JsonNode> result = new ArrayList<>();
        container.path("Mounts").forEach(result::add);
        for (JsonNode mount : mounts("mount-add")) {
            replace(result, old -> target(old).equals(target(mount)), mount);
        }
        result.removeIf(mount -> given.list("mount-rm").contains(target(mount)));
        result.sort(Comparator.<JsonNode, String>comparing(
                        mount -> mount.path("Source").asText())
                .thenComparing(ServiceSpecs::target));
        nodes(container, "Mounts", result);
    }

    private void updatePlacement(ObjectNode template) {
        if (any("constraint-add", "constraint-rm")) {
            ObjectNode placement = template.withObject("/Placement");
            List<String> constraints = texts(placement, "Constraints");
            constraints.addAll(given.list("constraint-add"));
            constraints.removeAll(given.list("constraint-rm"));
            strings(placement, "Constraints", constraints.stream().sorted().toList());
        }
        if (any("placement-pref-add", "placement-pref-rm")) {
            ObjectNode placement = template.withObject("/Placement");
            List<JsonNode> preferences = new ArrayList<>();
            placement.path("Preferences").forEach(preferences::add);
            preferences.removeAll(preferences("placement-pref-rm"));
            preferences.addAll(preferences("placement-pref-add"));
            nodes(placement, "Preferences", preferences);
        }
    }

    private void updateNetworks(ObjectNode template) throws InterruptedException {
        if (!any("network-add", "network-rm")) {
            return;
        }
        List<String> gone = new ArrayList<>();
        for (String name : given.list("network-rm")) {
            gone.add(networkId(name));
        }
        List<JsonNode> result = new ArrayList<>();
        for (JsonNode old : template.path("Networks")) {
            if (!gone.contains(target(old))) {
                result.add(old);
            }
        }
        for (String text : given.list("network-add")) {
            JsonNode added = attachment("network-add", text);
            if (result.stream().anyMatch(old -> target(old).equals(target(added)))) {
                throw new ShellFailure(1, "service is already attached to network " + text);
            }
            result.add(added);
        }
        result.sort(Comparator.comparing(ServiceSpecs::target));
        nodes(template, "Networks", result);
    }

    private void updatePorts(ObjectNode spec) {
        if (!any("publish-add", "publish-rm")) {
            return;
        }
        List<ObjectNode> gone = ports("publish-rm");
        ObjectNode endpoint = spec.withObject("/EndpointSpec");
        List<JsonNode> result = new ArrayList<>();
        Set<String> known = new TreeSet<>();
        for (JsonNode old : endpoint.path("Ports")) {
            if (known.add(ServicePorts.described(old))
                    && gone.stream().noneMatch(one -> ServicePorts.sameTarget(one, old))) {
                result.add(old);
            }
        }
        for (JsonNode added : ports("publish-add")) {
            if (!known.contains(ServicePorts.described(added))) {
                result.add(added);
            }
        }
        result.sort(Comparator.comparing(ServicePorts::described));
        nodes(endpoint, "Ports", result);
    }

    // ---- what both do alike

    private void common(ObjectNode spec) {
        ObjectNode template = spec.withObject("/TaskTemplate");
        ObjectNode container = template.withObject("/ContainerSpec");
        given.last("hostname").ifPresent(value -> text(container, "Hostname", value));
        given.last("user").ifPresent(value -> text(container, "User", value));
        given.last("workdir").ifPresent(value -> text(container, "Dir", value));
        given.last("stop-signal").ifPresent(value -> text(container, "StopSignal", value));
        given.last("entrypoint").ifPresent(value -> strings(container, "Command", ShellWords.split(value)));
        flag("tty", container, "TTY");
        flag("read-only", container, "ReadOnly");
        if (given.has("init")) {
            container.put("Init", given.is("init"));
        }
        if (given.has("stop-grace-period")) {
            container.put("StopGracePeriod", given.nanoseconds("stop-grace-period", 0));
        }
        capabilities(container);
        health(container);
        resources(template);
        restart(template);
        given.last("log-driver").filter(name -> !name.isEmpty()).ifPresent(name -> {
            ObjectNode driver = template.putObject("LogDriver").put("Name", name);
            pairs(driver, "Options", given.list("log-opt"));
        });
        if (given.has("replicas-max-per-node")) {
            number(template.withObject("/Placement"), "MaxReplicas", given.number("replicas-max-per-node", 0));
        }
        updating(spec, "update", "UpdateConfig");
        updating(spec, "rollback", "RollbackConfig");
        given.last("endpoint-mode")
                .ifPresent(mode -> spec.withObject("/EndpointSpec").put("Mode", mode));
    }

    /** Adding wins over dropping; of what a service has already, each takes back what the other did. */
    private void capabilities(ObjectNode container) {
        if (!any("cap-add", "cap-drop")) {
            return;
        }
        Set<String> added = new TreeSet<>(texts(container, "CapabilityAdd"));
        Set<String> dropped = new TreeSet<>(texts(container, "CapabilityDrop"));
        Set<String> toAdd = capabilities("cap-add", added);
        Set<String> toDrop = capabilities("cap-drop", dropped);
        toDrop.removeAll(toAdd);
        toDrop.removeIf(added::remove);
        toAdd.removeIf(dropped::remove);
        added.addAll(toAdd);
        dropped.addAll(toDrop);
        strings(container, "CapabilityAdd", added.contains("ALL") ? List.of("ALL") : List.copyOf(added));
        strings(container, "CapabilityDrop", dropped.contains("ALL") ? List.of("ALL") : List.copyOf(dropped));
    }

    /** @param existing forgotten if the option says {@code RESET} */
    private Set<String> capabilities(String flag, Set<String> existing) {
        Set<String> result = new TreeSet<>();
        for (String text : given.list(flag)) {
            String name = text.trim().toUpperCase(Locale.ROOT);
            if (name.equals("RESET")) {
                existing.clear();
            } else {
                result.add(name.equals("ALL") || name.startsWith("CAP_") ? name : "CAP_" + name);
            }
        }
        return result;
    }

    private void health(ObjectNode container) {
        boolean any = any(
                "health-cmd",
                "health-interval",
                "health-retries",
                "health-start-interval",
                "health-start-period",
                "health-timeout");
        if (given.is("no-healthcheck")) {
            if (any) {
                throw new ShellFailure(1, "--no-healthcheck conflicts with --health-* options");
            }
            container.putObject("Healthcheck").putArray("Test").add("NONE");
            return;
        }
        if (!any) {
            return;
        }
        ObjectNode check = container.withObject("/Healthcheck");
        if (check.at("/Test/0").asText().equals("NONE")) {
            check.remove("Test");
        }
        given.last("health-cmd")
                .ifPresent(command ->
                        strings(check, "Test", command.isEmpty() ? List.of() : List.of("CMD-SHELL", command)));
        time("health-interval", check, "Interval");
        time("health-timeout", check, "Timeout");
        time("health-start-period", check, "StartPeriod");
        time("health-start-interval", check, "StartInterval");
        if (given.has("health-retries")) {
            number(check, "Retries", given.number("health-retries", 0));
        }
    }

    private void resources(ObjectNode template) {
        for (String kind : List.of("limit", "reserve")) {
            String name = "/Resources/" + (kind.equals("limit") ? "Limits" : "Reservations");
            given.last(kind + "-cpu")
                    .ifPresent(value -> number(
                            template.withObject(name),
                            "NanoCPUs",
                            new BigDecimal(value).movePointRight(9).longValueExact()));
            given.last(kind + "-memory")
                    .ifPresent(value -> number(template.withObject(name), "MemoryBytes", Units.bytes(value)));
        }
        if (given.has("limit-pids")) {
            number(template.withObject("/Resources/Limits"), "Pids", given.number("limit-pids", 0));
        }
    }

    private void restart(ObjectNode template) {
        if (!any("restart-condition", "restart-delay", "restart-max-attempts", "restart-window")) {
            return;
        }
        ObjectNode policy = template.get("RestartPolicy") instanceof ObjectNode existing
                ? existing
                : template.putObject("RestartPolicy")
                        .put("Condition", "any")
                        .put("Delay", 5 * SECOND)
                        .put("MaxAttempts", 0);
        given.last("restart-condition").ifPresent(value -> policy.put("Condition", value));
        if (given.has("restart-delay")) {
            policy.put("Delay", given.nanoseconds("restart-delay", 0));
        }
        if (given.has("restart-window")) {
            policy.put("Window", given.nanoseconds("restart-window", 0));
        }
        if (given.has("restart-max-attempts")) {
            policy.put("MaxAttempts", given.number("restart-max-attempts", 0));
        }
    }

    private void updating(ObjectNode spec, String prefix, String name) {
        if (!any(
                prefix + "-delay",
                prefix + "-failure-action",
                prefix + "-max-failure-ratio",
                prefix + "-monitor",
                prefix + "-order",
                prefix + "-parallelism")) {
            return;
        }
        ObjectNode config = spec.get(name) instanceof ObjectNode existing
                ? existing
                : spec.putObject(name)
                        .put("Parallelism", 1)
                        .put("FailureAction", "pause")
                        .put("Monitor", 5 * SECOND)
                        .put("MaxFailureRatio", 0)
                        .put("Order", "stop-first");
        if (given.has(prefix + "-parallelism")) {
            config.put("Parallelism", given.number(prefix + "-parallelism", 1));
        }
        time(prefix + "-delay", config, "Delay");
        time(prefix + "-monitor", config, "Monitor");
        given.last(prefix + "-failure-action").ifPresent(value -> config.put("FailureAction", value));
        given.last(prefix + "-order").ifPresent(value -> config.put("Order", value));
        given.last(prefix + "-max-failure-ratio")
                .ifPresent(value -> config.put("MaxFailureRatio", Double.parseDouble(value)));
    }

    // ---- values of options

    private List<String> labels(String flag) {
        return checked(
                flag, text -> text.isEmpty() || text.startsWith("=") ? "invalid label '" + text + "': empty name" : "");
    }

    private List<String> nameservers(String flag) {
        return checked(
                flag, text -> ADDRESS.matcher(text).matches() ? "" : "IP address is not correctly formatted: " + text);
    }

    private List<String> domains(String flag) {
        return checked(flag, text -> DOMAIN.matcher(text).matches() ? "" : text + " is not a valid domain");
    }

    /** {@code host:ip} as the API wants it: {@code ip host}. */
    private List<String> hosts(String flag) {
        List<String> result = new ArrayList<>();
        for (String text : given.list(flag)) {
            int split = text.indexOf('=') >= 0 ? text.indexOf('=') : text.indexOf(':');
            if (split < 1) {
                throw given.invalid(flag, text, "bad format for add-host: \"" + text + "\"");
            }
            String address = text.substring(split + 1);
            if (address.startsWith("[") && address.endsWith("]")) {
                address = address.substring(1, address.length() - 1);
            }
            if (!address.equals("host-gateway") && !ADDRESS.matcher(address).matches()) {
                throw given.invalid(flag, text, "invalid IP address in add-host: \"" + address + "\"");
            }
            result.add(address + " " + text.substring(0, split));
        }
        return result;
    }

    /** A name without a value gets the shell's; without that either, it stays a name. */
    private List<String> variables(String flag) {
        return checked(
                        flag,
                        text -> text.isEmpty() || text.startsWith("=") ? "invalid environment variable: " + text : "")
                .stream()
                .map(text -> text.contains("=")
                        ? text
                        : call.invocation()
                                .environment(text)
                                .map(value -> text + "=" + value)
                                .orElse(text))
                .toList();
    }

    /** Of the same variable twice, the last one. */
    private List<String> environment() {
        List<String> result = new ArrayList<>();
        for (String text : variables("env")) {
            if (!result.contains(text)) {
                result.removeIf(old -> old.startsWith(key(text) + "="));
            }
            result.add(text);
        }
        return result;
    }

    /** @param trouble what is wrong with a value; empty if nothing is */
    private List<String> checked(String flag, Function<String, String> trouble) {
        for (String text : given.list(flag)) {
            String why = trouble.apply(text);
            if (!why.isEmpty()) {
                throw given.invalid(flag, text, why);
            }
        }
        return given.list(flag);
    }

    private List<ObjectNode> mounts(String flag) {
        return given.list(flag).stream()
                .map(text -> new ServiceMount(text, given, flag).read())
                .toList();
    }

    private List<ObjectNode> ports(String flag) {
        return given.list(flag).stream()
                .flatMap(text -> new ServicePorts(text, given, flag).read().stream())
                .toList();
    }

    private List<ObjectNode> preferences(String flag) {
        List<ObjectNode> result = new ArrayList<>();
        for (String text : given.list(flag)) {
            String[] sides = text.split("=", -1);
            if (sides.length != 2) {
                throw given.invalid(flag, text, "placement preference must be of the format \"<strategy>=<arg>\"");
            }
            if (!sides[0].equals("spread")) {
                throw given.invalid(
                        flag, text, "unsupported placement preference " + sides[0] + " (only spread is supported)");
            }
            ObjectNode preference = DockerCall.object();
            preference.putObject("Spread").put("SpreadDescriptor", sides[1]);
            result.add(preference);
        }
        return result;
    }

    private ObjectNode attachment(String flag, String text) throws InterruptedException {
        String name = text;
        List<String> aliases = new ArrayList<>();
        List<String> driverOptions = new ArrayList<>();
        if (text.contains("=")) {
            name = "";
            for (String field : OptionFields.of(text.toLowerCase(Locale.ROOT))) {
                String value = field.substring(field.indexOf('=') + 1).trim();
                switch (key(field).trim()) {
                    case "name" -> name = value;
                    case "alias" -> aliases.add(value);
                    case "driver-opt" -> driverOptions.add(value);
                    default -> throw given.invalid(flag, text, "invalid field key " + key(field));
                }
            }
            if (name.isEmpty()) {
                throw given.invalid(flag, text, "network name/id is not specified");
            }
        }
        ObjectNode result = DockerCall.object().put("Target", networkId(name));
        strings(result, "Aliases", aliases);
        pairs(result, "DriverOpts", driverOptions);
        return result;
    }

    private String networkId(String name) throws InterruptedException {
        return call.api()
                .get("/networks/" + DockerCall.id(name) + "?scope=swarm")
                .path("Id")
                .asText();
    }

    // ---- fields: what is empty is left out

    private void time(String flag, ObjectNode target, String field) {
        if (given.has(flag)) {
            number(target, field, given.nanoseconds(flag, 0));
        }
    }

    private void flag(String flag, ObjectNode target, String field) {
        if (given.is(flag)) {
            target.put(field, true);
        } else if (given.has(flag)) {
            target.remove(field);
        }
    }

    private static void number(ObjectNode target, String field, long value) {
        if (value == 0) {
            target.remove(field);
        } else {
            target.put(field, value);
        }
    }

    private static void text(ObjectNode target, String field, String value) {
        if (value.isEmpty()) {
            target.remove(field);
        } else {
            target.put(field, value);
        }
    }

    private static void strings(ObjectNode target, String field, List<String> values) {
        target.remove(field);
        if (!values.isEmpty()) {
            values.forEach(target.putArray(field)::add);
        }
    }

    private static void nodes(ObjectNode target, String field, List<? extends JsonNode> values) {
        target.remove(field);
        if (!values.isEmpty()) {
            ArrayNode array = target.putArray(field);
            values.forEach(array::add);
        }
    }

    private static void pairs(ObjectNode target, String field, List<String> texts) {
        if (!texts.isEmpty()) {
            DockerNetworkCommands.pairs(target.putObject(field), texts);
        }
    }

    private static List<String> texts(ObjectNode owner, String field) {
        List<String> result = new ArrayList<>();
        owner.path(field).forEach(node -> result.add(node.asText()));
        return result;
    }

    /** Puts it in the place of the first that goes, or at the end. */
    private static <T> void replace(List<T> list, Predicate<? super T> goes, T added) {
        int index = 0;
        while (index < list.size() && !goes.test(list.get(index))) {
            index++;
        }
        list.removeIf(goes);
        list.add(Math.min(index, list.size()), added);
    }

    private static String target(JsonNode node) {
        return node.path("Target").asText();
    }

    private static String key(String text) {
        int equal = text.indexOf('=');
        return equal < 0 ? text : text.substring(0, equal);
    }
}
