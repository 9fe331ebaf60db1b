package dev.clusterlab.shell.consul;

import dev.clusterlab.shell.text.TextTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@code consul} prints of an answer: columns, order and words as in {@code command/} of hashicorp/consul, version
 * 1.15.4.
 */
final class ConsulReport {
    /** {@code serf.MemberStatus}: the place in the list is the API's number. */
    private static final List<String> STATUSES = List.of("none", "alive", "leaving", "left", "failed");

    /** Go's {@code tabwriter} of {@code kv get -detailed} and {@code catalog services -tags}. */
    private static final int TAB_GAP = 6;

    /** Whether the program is one that knows partitions and segments (Consul 1.10 and later). */
    private final boolean segments;

    ConsulReport(boolean segments) {
        this.segments = segments;
    }

    /** What the call ends with, {@code answer} being that to {@code question}. */
    ConsulOutput of(ConsulQuestion question, ConsulAnswer answer) {
        return switch (question) {
            case ConsulQuestion.Members asked ->
                read(question, answer, "Error retrieving members: ", tree -> members(asked, tree));
            case ConsulQuestion.Nodes asked ->
                read(
                        question,
                        answer,
                        asked.service().isEmpty() ? "Error listing nodes: " : "Error listing nodes for service: ",
                        tree -> nodes(asked, tree));
            case ConsulQuestion.Services asked ->
                read(
                        question,
                        answer,
                        asked.node().isEmpty() ? "Error listing services: " : "Error listing services for node: ",
                        tree -> services(asked, tree));
            case ConsulQuestion.Datacenters asked -> datacenters(asked, answer);
            case ConsulQuestion.KeyValue asked -> keyValue(asked, answer);
            case ConsulQuestion.KeyValues asked ->
                keys(question, answer, tree -> keyValues(AnswerTree.list(tree), asked.detailed(), asked.base64()));
            case ConsulQuestion.KeyNames asked -> keys(question, answer, ConsulReport::lines);
            case ConsulQuestion.PutKey asked -> put(asked, answer);
            case ConsulQuestion.DeleteKey asked -> deleted(asked, answer);
            case ConsulQuestion.DeleteKeys(String prefix) ->
                read(
                        question,
                        answer,
                        "Error! Did not delete prefix " + prefix + ": ",
                        tree -> line("Success! Deleted keys with prefix: " + prefix));
            case ConsulQuestion.Info asked -> read(question, answer, "Error querying agent: ", ConsulReport::info);
            case ConsulQuestion.Version asked ->
                read(question, answer, "Error querying agent: ", ConsulReport::version);
            case ConsulQuestion.RaftPeers asked ->
                read(
                        question,
                        answer,
                        "Error getting peers: Failed to retrieve raft configuration: ",
                        tree -> peers(AnswerTree.list(AnswerTree.field(tree, "Servers"))));
            case ConsulQuestion.AutopilotConfiguration asked ->
                read(question, answer, "Error querying Autopilot configuration: ", ConsulReport::configuration);
            case ConsulQuestion.AutopilotState asked ->
                read(question, answer, "Error querying Autopilot state: ", ConsulReport::autopilot);
            case ConsulQuestion.Join(String address) ->
                read(question, answer, "Error joining address '" + address + "': ", tree -> ConsulOutput.ok(""));
            case ConsulQuestion.Leave asked ->
                read(question, answer, "Error leaving: ", tree -> line("Graceful leave complete"));
            case ConsulQuestion.ForceLeave asked ->
                read(question, answer, "Error force leaving: ", tree -> ConsulOutput.ok(""));
        };
    }

    /** Why there is no usable answer, in the words of Consul's and Go's HTTP clients; null if there is one. */
    private static @Nullable String error(ConsulQuestion question, ConsulAnswer answer) {
        return switch (answer) {
            case ConsulAnswer.Reply(int status, String text, Object tree) ->
                status == 200 ? null : "Unexpected response code: " + status + " (" + text.strip() + ")";
            case ConsulAnswer.NoAnswer none -> unanswered(question.request(), none);
        };
    }

    private static String unanswered(ConsulRequest request, ConsulAnswer.NoAnswer none) {
        String address = none.address();
        String method =
                request.method().charAt(0) + request.method().substring(1).toLowerCase(Locale.ROOT);
        String why = switch (none.failure()) {
            case REFUSED -> "dial tcp " + address + ": connect: connection refused";
            case UNREACHABLE -> "dial tcp " + address + ": connect: no route to host";
            case UNKNOWN_HOST -> "dial tcp: lookup " + address.replaceFirst(":\\d+$", "") + ": no such host";
            case TIMEOUT -> "context deadline exceeded";
            case EMPTY_REPLY -> "EOF";
            case RESET -> "read: connection reset by peer";
        };
        return method + " \"http://" + address + request.target() + "\": " + why;
    }

    private static ConsulOutput read(
            ConsulQuestion question,
            ConsulAnswer answer,
            String complaint,
            Function<@Nullable Object, ConsulOutput> show) {
        String error = error(question, answer);
        return error == null ? show.apply(tree(answer)) : ConsulOutput.failed(complaint + error);
    }

    private static @Nullable Object tree(ConsulAnswer answer) {
        return answer instanceof ConsulAnswer.Reply reply ? reply.tree() : null;
    }

    private static boolean absent(ConsulAnswer answer) {
        return answer instanceof ConsulAnswer.Reply reply && reply.status() == 404;
    }

    private static ConsulOutput line(String text) {
        return ConsulOutput.ok(text + "\n");
    }

    private static ConsulOutput lines(@Nullable Object tree) {
        StringBuilder text = new StringBuilder();
        AnswerTree.list(tree)
                .forEach(entry -> text.append(AnswerTree.text(entry)).append('\n'));
        return ConsulOutput.ok(text.toString());
    }

    // ---- members and catalog

    private ConsulOutput members(ConsulQuestion.Members asked, @Nullable Object tree) {
        List<Member> members = AnswerTree.list(tree).stream()
                .map(this::member)
                .filter(member -> asked.status().find(member.status()))
                .sorted(Comparator.comparing((Member member) -> !member.server())
                        .thenComparing(member -> member.tags().getOrDefault("segment", ""))
                        .thenComparing(Member::name))
                .toList();
        if (members.isEmpty()) {
            return new ConsulOutput(2, "", "");
        }
        TextTable table = TextTable.consul();
        if (asked.detailed()) {
            table.row("Node", "Address", "Status", "Tags");
            members.forEach(member ->
                    table.row(member.name(), member.address(), member.status(), AnswerTree.pairs(member.tags(), ",")));
        } else {
            table.row(shortened(
                    List.of("Node", "Address", "Status", "Type", "Build", "Protocol", "DC", "Partition", "Segment")));
            members.forEach(member -> table.row(shortened(member.cells())));
        }
        return ConsulOutput.ok(table.toString());
    }

    private List<String> shortened(List<String> cells) {
        return segments ? cells : cells.subList(0, cells.size() - 2);
    }

    private Member member(@Nullable Object tree) {
        Map<String, String> tags = new TreeMap<>();
        AnswerTree.object(AnswerTree.field(tree, "Tags"))
                .forEach((name, value) -> tags.put(name, AnswerTree.text(value)));
        if (segments) {
            tags.putIfAbsent("ap", "default");
            if ("consul".equals(tags.get("role"))) {
                tags.put("segment", "<all>");
            } else if (tags.getOrDefault("segment", "").isEmpty()) {
                tags.put("segment", "<default>");
            }
        }
        String host = AnswerTree.text(tree, "Addr");
        String code = AnswerTree.number(tree, "Status");
        int number = code.length() == 1 ? Character.digit(code.charAt(0), 10) : -1;
        return new Member(
                AnswerTree.text(tree, "Name"),
                (host.contains(":") ? "[" + host + "]" : host) + ":" + AnswerTree.number(tree, "Port"),
                number >= 0 && number < STATUSES.size() ? STATUSES.get(number) : "unknown status: " + code,
                tags);
    }

    private record Member(String name, String address, String status, Map<String, String> tags) {
        boolean server() {
            return "consul".equals(tags.get("role"));
        }

        List<String> cells() {
            String role = tags.getOrDefault("role", "");
            if (!server() && !role.equals("node")) {
                return List.of(name, address, status, "unknown", "", "", "", "", "");
            }
            String build = tags.getOrDefault("build", "");
            return List.of(
                    name,
                    address,
                    status,
                    server() ? "server" : "client",
                    build.isEmpty() ? "< 0.3" : build.replaceFirst(":.*", ""),
                    tags.getOrDefault("vsn", ""),
                    tags.getOrDefault("dc", ""),
                    tags.getOrDefault("ap", ""),
                    tags.getOrDefault("segment", ""));
        }
    }

    private static ConsulOutput nodes(ConsulQuestion.Nodes asked, @Nullable Object tree) {
        List<?> nodes = AnswerTree.list(tree);
        if (nodes.isEmpty()) {
            return new ConsulOutput(0, "", "No nodes match the given query - try expanding your search.\n");
        }
        TextTable table = TextTable.consul();
        table.row(
                asked.detailed()
                        ? List.of("Node", "ID", "Address", "DC", "TaggedAddresses", "Meta")
                        : List.of("Node", "ID", "Address", "DC"));
        for (Object node : nodes) {
            String id = AnswerTree.text(node, "ID");
            List<String> cells = new ArrayList<>(List.of(
                    AnswerTree.text(node, "Node"),
                    asked.detailed() ? id : id.replaceFirst("(?<=.)-.*", ""),
                    AnswerTree.text(node, "Address"),
                    AnswerTree.text(node, "Datacenter")));
            if (asked.detailed()) {
                // An entry of /v1/catalog/service calls the node's own NodeMeta.
                String meta = asked.service().isEmpty() ? "Meta" : "NodeMeta";
                cells.add(AnswerTree.pairs(AnswerTree.field(node, "TaggedAddresses"), ", "));
                cells.add(AnswerTree.pairs(AnswerTree.field(node, meta), ", "));
            }
            table.row(cells);
        }
        return ConsulOutput.ok(table.toString());
    }

    private static ConsulOutput services(ConsulQuestion.Services asked, @Nullable Object tree) {
        Map<String, List<String>> services = new TreeMap<>();
        if (asked.node().isEmpty()) {
            AnswerTree.object(tree).forEach((name, tags) -> addTags(services, name, tags));
        } else {
            AnswerTree.object(AnswerTree.field(tree, "Services"))
                    .values()
                    .forEach(service ->
                            addTags(services, AnswerTree.text(service, "Service"), AnswerTree.field(service, "Tags")));
        }
        if (services.isEmpty()) {
            return new ConsulOutput(0, "", "No services match the given query - try expanding your search.\n");
        }
        if (!asked.tags()) {
            return ConsulOutput.ok(String.join("\n", services.keySet()) + "\n");
        }
        TextTable table = new TextTable(0, TAB_GAP);
        services.forEach((name, tags) ->
                table.row(name, String.join(",", tags.stream().sorted().toList())));
        return line(table.toString().strip());
    }

    private static void addTags(Map<String, List<String>> services, String name, @Nullable Object tags) {
        List<String> known = services.computeIfAbsent(name, unused -> new ArrayList<>());
        AnswerTree.list(tags).forEach(tag -> known.add(AnswerTree.text(tag)));
    }

    /** The real command complains and ends well all the same. */
    private static ConsulOutput datacenters(ConsulQuestion.Datacenters asked, ConsulAnswer answer) {
        String error = error(asked, answer);
        return error == null
                ? lines(tree(answer))
                : new ConsulOutput(0, "", "Error listing datacenters: " + error + "\n");
    }

    // ---- keys

    private static ConsulOutput keys(
            ConsulQuestion question, ConsulAnswer answer, Function<@Nullable Object, ConsulOutput> show) {
        return absent(answer) ? ConsulOutput.ok("") : read(question, answer, "Error querying Consul agent: ", show);
    }

    private static ConsulOutput keyValue(ConsulQuestion.KeyValue asked, ConsulAnswer answer) {
        if (absent(answer)) {
            return ConsulOutput.failed("Error! No key exists at: " + asked.key());
        }
        return read(asked, answer, "Error querying Consul agent: ", tree -> {
            List<?> entries = AnswerTree.list(tree);
            Object entry = entries.isEmpty() ? null : entries.getFirst();
            // -base64 alone does nothing here, as in the real command.
            return asked.detailed() ? ConsulOutput.ok(pretty(entry, asked.base64())) : line(value(entry, false));
        });
    }

    private static ConsulOutput keyValues(List<?> entries, boolean detailed, boolean base64) {
        StringBuilder text = new StringBuilder();
        for (Object entry : entries) {
            if (detailed) {
                text.append(text.isEmpty() ? "" : "\n").append(pretty(entry, base64));
            } else {
                text.append(AnswerTree.text(entry, "Key"))
                        .append(':')
                        .append(value(entry, base64))
                        .append('\n');
            }
        }
        return ConsulOutput.ok(text.toString());
    }

    private static String pretty(@Nullable Object entry, boolean base64) {
        String session = AnswerTree.text(entry, "Session");
        return new TextTable(0, TAB_GAP)
                .row("CreateIndex", AnswerTree.number(entry, "CreateIndex"))
                .row("Flags", AnswerTree.number(entry, "Flags"))
                .row("Key", AnswerTree.text(entry, "Key"))
                .row("LockIndex", AnswerTree.number(entry, "LockIndex"))
                .row("ModifyIndex", AnswerTree.number(entry, "ModifyIndex"))
                .row("Session", session.isEmpty() ? "-" : session)
                .row("Value", value(entry, base64))
                .toString();
    }

    private static String value(@Nullable Object entry, boolean base64) {
        String text = AnswerTree.text(entry, "Value");
        return base64 ? text : new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    private static ConsulOutput put(ConsulQuestion.PutKey asked, ConsulAnswer answer) {
        String key = asked.key();
        boolean cas = asked.mode() == ConsulQuestion.PutMode.CHECK_AND_SET;
        String complaint = cas ? "Error! Did not write to " + key + ": " : "Error! Failed writing data: ";
        return read(asked, answer, complaint, tree -> {
            boolean done = Boolean.TRUE.equals(tree);
            return switch (asked.mode()) {
                case SET -> line("Success! Data written to: " + key);
                case CHECK_AND_SET ->
                    done
                            ? line("Success! Data written to: " + key)
                            : ConsulOutput.failed("Error! Did not write to " + key + ": CAS failed");
                case ACQUIRE ->
                    done
                            ? line("Success! Lock acquired on: " + key)
                            : ConsulOutput.failed("Error! Did not acquire lock");
                case RELEASE ->
                    done
                            ? line("Success! Lock released on: " + key)
                            : ConsulOutput.failed("Error! Did not release lock");
            };
        });
    }

    private static ConsulOutput deleted(ConsulQuestion.DeleteKey asked, ConsulAnswer answer) {
        String key = asked.key();
        boolean cas = asked.modifyIndex() != null;
        String complaint = cas ? "Error! Did not delete key " + key + ": " : "Error deleting key " + key + ": ";
        return read(
                asked,
                answer,
                complaint,
                tree -> !cas || Boolean.TRUE.equals(tree)
                        ? line("Success! Deleted key: " + key)
                        : ConsulOutput.failed(complaint + "CAS failed"));
    }

    // ---- the agent and the servers

    private static ConsulOutput info(@Nullable Object tree) {
        StringBuilder text = new StringBuilder();
        AnswerTree.sorted(AnswerTree.field(tree, "Stats")).forEach((group, values) -> {
            text.append(group).append(":\n");
            AnswerTree.sorted(values)
                    .forEach((name, value) -> text.append('\t')
                            .append(name)
                            .append(" = ")
                            .append(AnswerTree.text(value))
                            .append('\n'));
        });
        return ConsulOutput.ok(text.toString());
    }

    private static ConsulOutput version(@Nullable Object tree) {
        Object config = AnswerTree.field(tree, "Config");
        return ConsulOutput.ok(version(
                AnswerTree.text(config, "Version"),
                AnswerTree.text(config, "Revision"),
                AnswerTree.text(config, "BuildDate")));
    }

    /** {@code consul version}; revision and date may be empty. */
    static String version(String number, String revision, String date) {
        return "Consul v" + number + "\n"
                + (revision.isEmpty() ? "" : "Revision " + revision + "\n")
                + (date.isEmpty() ? "" : "Build Date " + date + "\n")
                + "Protocol 2 spoken by default, understands 2 to 3 (agent will automatically use protocol >2 when"
                + " speaking to compatible agents)\n\n";
    }

    /** Columns of the index came with Consul 1.15.4, together with the field. */
    private static ConsulOutput peers(List<?> servers) {
        boolean indexes = servers.stream().anyMatch(server -> AnswerTree.field(server, "LastIndex") != null);
        long leaderIndex = servers.stream()
                .filter(server -> AnswerTree.flag(server, "Leader"))
                .mapToLong(ConsulReport::lastIndex)
                .findFirst()
                .orElse(0);
        TextTable table = TextTable.consul();
        List<String> head =
                List.of("Node", "ID", "Address", "State", "Voter", "RaftProtocol", "Commit Index", "Trails Leader By");
        table.row(indexes ? head : head.subList(0, 6));
        for (Object server : servers) {
            boolean leader = AnswerTree.flag(server, "Leader");
            String protocol = AnswerTree.text(server, "ProtocolVersion");
            long behind = leaderIndex - lastIndex(server);
            List<String> cells = List.of(
                    AnswerTree.text(server, "Node"),
                    AnswerTree.text(server, "ID"),
                    AnswerTree.text(server, "Address"),
                    leader ? "leader" : "follower",
                    String.valueOf(AnswerTree.flag(server, "Voter")),
                    protocol.isEmpty() ? "<=1" : protocol,
                    String.valueOf(lastIndex(server)),
                    leader ? "-" : Long.toUnsignedString(behind) + (behind == 1 ? " commit" : " commits"));
            table.row(indexes ? cells : cells.subList(0, 6));
        }
        return ConsulOutput.ok(table.toString());
    }

    private static long lastIndex(@Nullable Object server) {
        return AnswerTree.field(server, "LastIndex") instanceof Number number ? number.longValue() : 0;
    }

    private static ConsulOutput configuration(@Nullable Object tree) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("CleanupDeadServers", String.valueOf(AnswerTree.flag(tree, "CleanupDeadServers")));
        values.put("LastContactThreshold", AnswerTree.text(tree, "LastContactThreshold"));
        values.put("MaxTrailingLogs", AnswerTree.number(tree, "MaxTrailingLogs"));
        values.put("MinQuorum", AnswerTree.number(tree, "MinQuorum"));
        values.put("ServerStabilizationTime", AnswerTree.text(tree, "ServerStabilizationTime"));
        values.put("RedundancyZoneTag", "\"" + AnswerTree.text(tree, "RedundancyZoneTag") + "\"");
        values.put("DisableUpgradeMigration", String.valueOf(AnswerTree.flag(tree, "DisableUpgradeMigration")));
        values.put("UpgradeVersionTag", "\"" + AnswerTree.text(tree, "UpgradeVersionTag") + "\"");
        StringBuilder text = new StringBuilder();
        values.forEach(
                (name, value) -> text.append(name).append(" = ").append(value).append('\n'));
        return ConsulOutput.ok(text.toString());
    }

    private static ConsulOutput autopilot(@Nullable Object tree) {
        StringBuilder text = new StringBuilder();
        text.append("Healthy:                      ").append(AnswerTree.flag(tree, "Healthy"));
        text.append("\nFailure Tolerance:            ").append(AnswerTree.number(tree, "FailureTolerance"));
        text.append("\nOptimistic Failure Tolerance: ").append(AnswerTree.number(tree, "OptimisticFailureTolerance"));
        text.append("\nLeader:                       ").append(AnswerTree.text(tree, "Leader"));
        text.append("\nVoters:\n");
        AnswerTree.list(AnswerTree.field(tree, "Voters"))
                .forEach(voter -> text.append("   ").append(voter).append('\n'));
        text.append("Servers:\n");
        AnswerTree.sorted(AnswerTree.field(tree, "Servers")).values().forEach(server -> server(text, server));
        // The text ends with a line's end, and printing it adds one.
        return line(text.toString());
    }

    private static void server(StringBuilder text, @Nullable Object server) {
        text.append("   ").append(AnswerTree.text(server, "ID")).append('\n');
        Map<String, String> values = new LinkedHashMap<>();
        values.put("Name:", AnswerTree.text(server, "Name"));
        values.put("Address:", AnswerTree.text(server, "Address"));
        values.put("Version:", AnswerTree.text(server, "Version"));
        values.put("Status:", AnswerTree.text(server, "Status"));
        values.put("Node Type:", AnswerTree.text(server, "NodeType"));
        values.put("Node Status:", AnswerTree.text(server, "NodeStatus"));
        values.put("Healthy:", String.valueOf(AnswerTree.flag(server, "Healthy")));
        values.put("Last Contact:", AnswerTree.text(server, "LastContact"));
        values.put("Last Term:", AnswerTree.number(server, "LastTerm"));
        values.put("Last Index:", AnswerTree.number(server, "LastIndex"));
        values.forEach((name, value) -> text.append(String.format("      %-17s%s\n", name, value)));
        Map<String, @Nullable Object> meta = AnswerTree.sorted(AnswerTree.field(server, "Meta"));
        if (!meta.isEmpty()) {
            text.append("      Meta\n");
            meta.forEach((name, value) -> text.append("         \"")
                    .append(name)
                    .append("\": \"")
                    .append(AnswerTree.text(value))
                    .append("\"\n"));
        }
    }
}
