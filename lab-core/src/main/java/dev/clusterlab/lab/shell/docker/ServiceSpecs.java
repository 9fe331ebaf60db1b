package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.lab.shell.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Options of {@code service create} and {@code service update} as the service specification that they mean. */
final class ServiceSpecs {
    private static final long SECOND = 1_000_000_000L;

    /** What both commands understand. */
    static final Flags COMMON = Flags.of(
            "-d, --detach bool Exit immediately instead of waiting for the service to converge",
            "--endpoint-mode string Endpoint mode: vip or dnsrr (default vip)",
            "--entrypoint string Overwrite the entry point of the image",
            "--health-cmd string Command to run to check health",
            "--health-interval duration Time between running the check (ms|s|m|h)",
            "--health-retries int Consecutive failures needed to report unhealthy",
            "--health-start-period duration Start period before counting retries towards unstable",
            "--health-timeout duration Maximum time to allow one check to run",
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
                    "--cap-add list Add Linux capabilities",
                    "--cap-drop list Drop Linux capabilities",
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
                    "--dns-rm list Remove a custom DNS server",
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

    private final DockerCall call;
    private final Flags.Given given;

    ServiceSpecs(DockerCall call) {
        this.call = call;
        this.given = call.given();
    }

    /** The specification of a new service. */
    ObjectNode create() throws InterruptedException {
        ObjectNode spec = DockerCall.object();
        spec.put("Name", given.text("name", ""));
        DockerNetworkCommands.pairs(spec.putObject("Labels"), given.list("label"));
        ObjectNode template = spec.putObject("TaskTemplate");
        ObjectNode container = template.putObject("ContainerSpec");
        container.put("Image", call.argument(0));
        List<String> command = call.arguments().subList(1, call.arguments().size());
        if (!command.isEmpty()) {
            command.forEach(container.putArray("Args")::add);
        }
        DockerNetworkCommands.pairs(container.putObject("Labels"), given.list("container-label"));
        strings(container, "Env", environment(given.list("env")));
        strings(
                container,
                "Hosts",
                given.list("host").stream().map(ServiceSpecs::host).toList());
        strings(container, "CapabilityAdd", given.list("cap-add"));
        strings(container, "CapabilityDrop", given.list("cap-drop"));
        if (given.has("dns") || given.has("dns-search") || given.has("dns-option")) {
            ObjectNode dns = container.putObject("DNSConfig");
            strings(dns, "Nameservers", given.list("dns"));
            strings(dns, "Search", given.list("dns-search"));
            strings(dns, "Options", given.list("dns-option"));
        }
        if (given.has("mount")) {
            ArrayNode mounts = container.putArray("Mounts");
            given.list("mount").forEach(text -> mounts.add(mount("mount", text)));
        }
        template.putObject("Resources");
        ObjectNode placement = template.putObject("Placement");
        strings(placement, "Constraints", given.list("constraint"));
        for (String preference : given.list("placement-pref")) {
            placement.withArray("/Preferences").add(preference("placement-pref", preference));
        }
        if (given.has("network")) {
            ArrayNode networks = template.putArray("Networks");
            for (String network : given.list("network")) {
                networks.add(attachment(network));
            }
        }
        template.put("ForceUpdate", 0);
        mode(spec);
        ObjectNode endpoint = spec.putObject("EndpointSpec");
        endpoint.put("Mode", "vip");
        ArrayNode ports = endpoint.putArray("Ports");
        for (String port : given.list("publish")) {
            ports(port, "publish").forEach(ports::add);
        }
        if (ports.isEmpty()) {
            endpoint.remove("Ports");
        }
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
            case "replicated" -> mode.putObject("Replicated").put("Replicas", given.number("replicas", 1));
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
        if (given.has("args")) {
            ArrayNode arguments = container.putArray("Args");
            for (String word : given.text("args", "").split(" +")) {
                if (!word.isEmpty()) {
                    arguments.add(word);
                }
            }
        }
        labels(spec, "label");
        labels(container, "container-label");
        if (given.has("env-add") || given.has("env-rm")) {
            List<String> added = environment(given.list("env-add"));
            List<String> gone = new ArrayList<>(given.list("env-rm"));
            added.forEach(text -> gone.add(key(text)));
            replace(container, "Env", text -> gone.contains(key(text)), added);
        }
        replace(
                container,
                "Hosts",
                given.list("host-rm").stream().map(ServiceSpecs::host).toList()::contains,
                given.list("host-add").stream().map(ServiceSpecs::host).toList());
        if (given.has("dns-add") || given.has("dns-rm")) {
            replace(
                    container.withObject("/DNSConfig"),
                    "Nameservers",
                    given.list("dns-rm")::contains,
                    given.list("dns-add"));
        }
        mounts(container);
        if (given.has("constraint-add") || given.has("constraint-rm")) {
            List<String> gone = given.list("constraint-rm").stream()
                    .map(ServiceSpecs::dense)
                    .toList();
            replace(
                    template.withObject("/Placement"),
                    "Constraints",
                    text -> gone.contains(dense(text)),
                    given.list("constraint-add"));
        }
        preferences(template);
        networks(template);
        publishing(spec);
        if (given.has("replicas")) {
            if (!spec.path("Mode").has("Replicated")) {
                throw new ShellFailure(1, "replicas can only be used with replicated or replicated-job mode");
            }
            ((ObjectNode) spec.at("/Mode/Replicated")).put("Replicas", given.number("replicas", 1));
        }
        if (given.is("force")) {
            template.put("ForceUpdate", template.path("ForceUpdate").asLong() + 1);
        }
        common(spec);
    }

    private void labels(ObjectNode owner, String flag) {
        if (!given.has(flag + "-add") && !given.has(flag + "-rm")) {
            return;
        }
        ObjectNode labels = owner.get("Labels") instanceof ObjectNode existing ? existing : owner.putObject("Labels");
        given.list(flag + "-rm").forEach(labels::remove);
        DockerNetworkCommands.pairs(labels, given.list(flag + "-add"));
    }

    private void mounts(ObjectNode container) {
        if (!given.has("mount-add") && !given.has("mount-rm")) {
            return;
        }
        List<JsonNode> added = given.list("mount-add").stream()
                .<JsonNode>map(text -> mount("mount-add", text))
                .toList();
        List<String> gone = new ArrayList<>(given.list("mount-rm"));
        added.forEach(mount -> gone.add(mount.path("Target").asText()));
        replaceNodes(
                container, "Mounts", old -> gone.contains(old.path("Target").asText()), added);
    }

    private void preferences(ObjectNode template) {
        if (!given.has("placement-pref-add") && !given.has("placement-pref-rm")) {
            return;
        }
        List<JsonNode> gone = given.list("placement-pref-rm").stream()
                .<JsonNode>map(text -> preference("placement-pref-rm", text))
                .toList();
        replaceNodes(
                template.withObject("/Placement"),
                "Preferences",
                gone::contains,
                given.list("placement-pref-add").stream()
                        .<JsonNode>map(text -> preference("placement-pref-add", text))
                        .toList());
    }

    private void networks(ObjectNode template) throws InterruptedException {
        if (!given.has("network-add") && !given.has("network-rm")) {
            return;
        }
        List<String> gone = new ArrayList<>();
        for (String name : given.list("network-rm")) {
            gone.add(attachment(name).path("Target").asText());
        }
        List<JsonNode> added = new ArrayList<>();
        for (String name : given.list("network-add")) {
            ObjectNode one = attachment(name);
            for (JsonNode old : template.path("Networks")) {
                if (old.path("Target").equals(one.path("Target"))) {
                    throw new ShellFailure(1, "service is already attached to network " + name);
                }
            }
            added.add(one);
        }
        replaceNodes(
                template, "Networks", old -> gone.contains(old.path("Target").asText()), added);
    }

    private void publishing(ObjectNode spec) {
        if (!given.has("publish-add") && !given.has("publish-rm")) {
            return;
        }
        List<JsonNode> added = new ArrayList<>();
        for (String text : given.list("publish-add")) {
            added.addAll(ports(text, "publish-add"));
        }
        List<String> gone = new ArrayList<>();
        for (String text : given.list("publish-rm")) {
            String target = text.contains("target=")
                    ? ports(text, "publish-rm").getFirst().path("TargetPort").asText()
                    : text.replaceFirst("^.*:", "").replaceFirst("/.*$", "");
            gone.add(target);
        }
        replaceNodes(
                spec.withObject("/EndpointSpec"),
                "Ports",
                old -> gone.contains(old.path("TargetPort").asText())
                        || added.stream()
                                .anyMatch(one -> one.path("PublishedPort").asInt() != 0
                                        && one.path("PublishedPort").equals(old.path("PublishedPort"))),
                added);
    }

    private void common(ObjectNode spec) {
        ObjectNode template = spec.withObject("/TaskTemplate");
        ObjectNode container = template.withObject("/ContainerSpec");
        given.last("hostname").ifPresent(value -> container.put("Hostname", value));
        given.last("user").ifPresent(value -> container.put("User", value));
        given.last("workdir").ifPresent(value -> container.put("Dir", value));
        given.last("stop-signal").ifPresent(value -> container.put("StopSignal", value));
        given.last("entrypoint").ifPresent(value -> strings(container, "Command", List.of(value.split(" +"))));
        flag("tty", container, "TTY");
        flag("read-only", container, "ReadOnly");
        flag("init", container, "Init");
        time("stop-grace-period", container, "StopGracePeriod");
        health(container);
        resources(template);
        restart(template);
        if (given.has("log-driver") || given.has("log-opt")) {
            ObjectNode driver = template.putObject("LogDriver");
            driver.put("Name", given.text("log-driver", ""));
            DockerNetworkCommands.pairs(driver.putObject("Options"), given.list("log-opt"));
        }
        if (given.has("replicas-max-per-node")) {
            template.withObject("/Placement").put("MaxReplicas", given.number("replicas-max-per-node", 0));
        }
        updating(spec, "update", "UpdateConfig");
        updating(spec, "rollback", "RollbackConfig");
        Optional<String> endpointMode = given.last("endpoint-mode");
        endpointMode.ifPresent(mode -> spec.withObject("/EndpointSpec").put("Mode", mode));
    }

    private void health(ObjectNode container) {
        if (given.is("no-healthcheck")) {
            container.putObject("Healthcheck").putArray("Test").add("NONE");
            return;
        }
        boolean any = List.of("cmd", "interval", "retries", "start-period", "timeout").stream()
                .anyMatch(name -> given.has("health-" + name));
        if (!any) {
            return;
        }
        ObjectNode check = container.withObject("/Healthcheck");
        given.last("health-cmd")
                .ifPresent(command -> check.putArray("Test").add("CMD-SHELL").add(command));
        time("health-interval", check, "Interval");
        time("health-timeout", check, "Timeout");
        time("health-start-period", check, "StartPeriod");
        if (given.has("health-retries")) {
            check.put("Retries", given.number("health-retries", 3));
        }
    }

    private void resources(ObjectNode template) {
        for (String kind : List.of("limit", "reserve")) {
            String name = "/Resources/" + (kind.equals("limit") ? "Limits" : "Reservations");
            given.last(kind + "-cpu")
                    .ifPresent(value ->
                            template.withObject(name).put("NanoCPUs", Math.round(Double.parseDouble(value) * SECOND)));
            given.last(kind + "-memory")
                    .ifPresent(value -> template.withObject(name).put("MemoryBytes", Units.bytes(value)));
        }
        if (given.has("limit-pids")) {
            template.withObject("/Resources/Limits").put("Pids", given.number("limit-pids", 0));
        }
    }

    private void restart(ObjectNode template) {
        if (List.of("condition", "delay", "max-attempts", "window").stream()
                .noneMatch(name -> given.has("restart-" + name))) {
            return;
        }
        ObjectNode policy = template.withObject("/RestartPolicy");
        given.last("restart-condition").ifPresent(value -> policy.put("Condition", value));
        time("restart-delay", policy, "Delay");
        time("restart-window", policy, "Window");
        if (given.has("restart-max-attempts")) {
            policy.put("MaxAttempts", given.number("restart-max-attempts", 0));
        }
    }

    private void updating(ObjectNode spec, String prefix, String name) {
        boolean any =
                List.of("delay", "failure-action", "max-failure-ratio", "monitor", "order", "parallelism").stream()
                        .anyMatch(option -> given.has(prefix + "-" + option));
        if (!any) {
            return;
        }
        boolean fresh = !(spec.get(name) instanceof ObjectNode);
        ObjectNode config = fresh ? spec.putObject(name) : (ObjectNode) spec.get(name);
        if (fresh) {
            config.put("Parallelism", 1)
                    .put("FailureAction", "pause")
                    .put("Monitor", 5 * SECOND)
                    .put("MaxFailureRatio", 0)
                    .put("Order", "stop-first");
        }
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

    // ---- pieces

    private void time(String flag, ObjectNode target, String field) {
        if (given.has(flag)) {
            target.put(field, given.nanoseconds(flag, 0));
        }
    }

    private void flag(String flag, ObjectNode target, String field) {
        if (given.has(flag)) {
            target.put(field, given.is(flag));
        }
    }

    private static void strings(ObjectNode target, String field, List<String> values) {
        if (!values.isEmpty()) {
            values.forEach(target.putArray(field)::add);
        }
    }

    private static void replace(ObjectNode owner, String field, Predicate<String> gone, List<String> added) {
        List<JsonNode> nodes = new ArrayList<>();
        for (String text : added) {
            boolean known = false;
            for (JsonNode old : owner.path(field)) {
                known |= old.asText().equals(text) && !gone.test(text);
            }
            if (!known) {
                nodes.add(Json.MAPPER.getNodeFactory().textNode(text));
            }
        }
        replaceNodes(owner, field, node -> gone.test(node.asText()), nodes);
    }

    private static void replaceNodes(ObjectNode owner, String field, Predicate<JsonNode> gone, List<JsonNode> added) {
        ArrayNode result = Json.MAPPER.createArrayNode();
        for (JsonNode old : owner.path(field)) {
            if (!gone.test(old)) {
                result.add(old);
            }
        }
        added.forEach(result::add);
        if (!result.isEmpty() || owner.has(field)) {
            owner.set(field, result);
        }
    }

    private List<String> environment(List<String> texts) {
        return texts.stream()
                .map(text -> text.contains("=")
                        ? text
                        : text + "=" + call.invocation().environment(text).orElse(""))
                .toList();
    }

    private static String key(String text) {
        int equal = text.indexOf('=');
        return equal < 0 ? text : text.substring(0, equal);
    }

    private static String dense(String text) {
        return text.replace(" ", "");
    }

    /** {@code host:ip} as the API wants it: {@code ip host}. */
    private static String host(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new ShellFailure(1, "bad format for add-host: \"" + text + "\"");
        }
        return text.substring(colon + 1) + " " + text.substring(0, colon);
    }

    private ObjectNode attachment(String text) throws InterruptedException {
        String name = text;
        List<String> aliases = new ArrayList<>();
        if (text.contains("=")) {
            for (String field : text.split(",")) {
                String value = field.substring(field.indexOf('=') + 1);
                if (field.startsWith("name=")) {
                    name = value;
                } else if (field.startsWith("alias=")) {
                    aliases.add(value);
                } else {
                    throw given.invalid("network", text, "invalid field key " + key(field));
                }
            }
        }
        JsonNode network = call.api().get("/networks/" + DockerCall.id(name) + "?scope=swarm");
        ObjectNode result = DockerCall.object().put("Target", network.path("Id").asText());
        strings(result, "Aliases", aliases);
        return result;
    }

    private ObjectNode preference(String flag, String text) {
        int equal = text.indexOf('=');
        if (equal < 1 || !text.substring(0, equal).equals("spread")) {
            throw given.invalid(
                    flag,
                    text,
                    equal < 1
                            ? "placement preference must be of the format \"<strategy>=<arg>\""
                            : "unsupported placement preference " + text.substring(0, equal)
                                    + " (only spread is supported)");
        }
        ObjectNode result = DockerCall.object();
        result.putObject("Spread").put("SpreadDescriptor", text.substring(equal + 1));
        return result;
    }

    private ObjectNode mount(String flag, String text) {
        ObjectNode mount = DockerCall.object().put("Type", "volume");
        for (String field : text.split(",")) {
            int equal = field.indexOf('=');
            String key = (equal < 0 ? field : field.substring(0, equal)).toLowerCase(Locale.ROOT);
            String value = equal < 0 ? "" : field.substring(equal + 1);
            if (equal < 0 && !key.equals("readonly") && !key.equals("ro") && !key.equals("volume-nocopy")) {
                throw given.invalid(flag, text, "invalid field '" + field + "' must be a key=value pair");
            }
            switch (key) {
                case "type" -> mount.put("Type", value.toLowerCase(Locale.ROOT));
                case "source", "src" -> mount.put("Source", value);
                case "target", "dst", "destination" -> mount.put("Target", value);
                case "readonly", "ro" -> mount.put("ReadOnly", equal < 0 || value.equals("true") || value.equals("1"));
                case "bind-propagation" -> mount.putObject("BindOptions").put("Propagation", value);
                case "volume-nocopy" -> mount.withObject("/VolumeOptions").put("NoCopy", true);
                case "volume-driver" ->
                    mount.withObject("/VolumeOptions/DriverConfig").put("Name", value);
                case "volume-label" ->
                    DockerNetworkCommands.pairs(mount.withObject("/VolumeOptions/Labels"), List.of(value));
                case "volume-opt" ->
                    DockerNetworkCommands.pairs(
                            mount.withObject("/VolumeOptions/DriverConfig/Options"), List.of(value));
                case "tmpfs-size" -> mount.withObject("/TmpfsOptions").put("SizeBytes", Units.bytes(value));
                default -> throw given.invalid(flag, text, "unexpected key '" + key + "' in '" + field + "'");
            }
        }
        if (mount.path("Target").asText("").isEmpty()) {
            throw given.invalid(flag, text, "target is required");
        }
        if (mount.path("Type").asText().equals("bind") && !mount.has("Source")) {
            throw given.invalid(flag, text, "source is required when type is bind");
        }
        return mount;
    }

    private List<JsonNode> ports(String text, String flag) {
        return text.contains("=") ? List.of(longPort(text, flag)) : shortPorts(text, flag);
    }

    private ObjectNode longPort(String text, String flag) {
        ObjectNode port = DockerCall.object().put("Protocol", "tcp").put("PublishMode", "ingress");
        for (String field : text.split(",")) {
            int equal = field.indexOf('=');
            if (equal < 0) {
                throw given.invalid(flag, text, "invalid field: " + field);
            }
            String value = field.substring(equal + 1);
            switch (field.substring(0, equal).toLowerCase(Locale.ROOT)) {
                case "published" -> port.put("PublishedPort", number(text, flag, value, "published port"));
                case "target" -> port.put("TargetPort", number(text, flag, value, "target port"));
                case "protocol" -> port.put("Protocol", value);
                case "mode" -> {
                    if (!value.equals("ingress") && !value.equals("host")) {
                        throw given.invalid(
                                flag,
                                text,
                                "invalid publish mode value (" + value + "): must be either 'ingress' or 'host'");
                    }
                    port.put("PublishMode", value);
                }
                default -> throw given.invalid(flag, text, "invalid field key: " + field.substring(0, equal));
            }
        }
        if (!port.has("TargetPort")) {
            throw given.invalid(flag, text, "missing mandatory field 'target'");
        }
        return port;
    }

    private int number(String text, String flag, String value, String what) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw given.invalid(
                    flag, text, "invalid " + what + " (" + value + "): value must be an integer: invalid syntax");
        }
        throw given.invalid(flag, text, "invalid " + what + " (" + value + "): value must be at most 65535");
    }

    private List<JsonNode> shortPorts(String text, String flag) {
        String rest = text;
        String protocol = "tcp";
        int slash = rest.indexOf('/');
        if (slash >= 0) {
            protocol = rest.substring(slash + 1).toLowerCase(Locale.ROOT);
            rest = rest.substring(0, slash);
            if (!List.of("tcp", "udp", "sctp").contains(protocol)) {
                throw given.invalid(flag, text, "invalid proto: " + protocol);
            }
        }
        String[] pieces = rest.split(":", -1);
        if (pieces.length > 2) {
            throw given.invalid(flag, text, "hostip is not supported");
        }
        int[] target = range(text, flag, pieces[pieces.length - 1], "containerPort");
        int[] published = pieces.length == 2 && !pieces[0].isEmpty()
                ? range(text, flag, pieces[0], "hostPort")
                : new int[] {0, target[1] - target[0]};
        if (published[1] - published[0] != target[1] - target[0]) {
            throw given.invalid(
                    flag,
                    text,
                    "invalid ranges specified for container and host Ports: " + pieces[pieces.length - 1] + " and "
                            + pieces[0]);
        }
        List<JsonNode> result = new ArrayList<>();
        for (int i = 0; i <= target[1] - target[0]; i++) {
            ObjectNode port = DockerCall.object().put("Protocol", protocol).put("TargetPort", target[0] + i);
            if (pieces.length == 2 && !pieces[0].isEmpty()) {
                port.put("PublishedPort", published[0] + i);
            }
            result.add(port.put("PublishMode", "ingress"));
        }
        return result;
    }

    private int[] range(String text, String flag, String value, String what) {
        String[] ends = value.split("-", 2);
        try {
            int from = Integer.parseInt(ends[0]);
            int to = ends.length == 2 ? Integer.parseInt(ends[1]) : from;
            if (from >= 0 && to <= 65_535 && from <= to) {
                return new int[] {from, to};
            }
        } catch (NumberFormatException e) {
            throw given.invalid(flag, text, "invalid " + what + ": " + value);
        }
        throw given.invalid(flag, text, "invalid " + what + ": " + value);
    }
}
