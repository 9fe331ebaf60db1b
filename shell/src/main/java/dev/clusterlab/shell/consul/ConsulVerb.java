package dev.clusterlab.shell.consul;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands of {@code consul} that there are here, in the order of its help, with their options. */
enum ConsulVerb {
    CATALOG_DATACENTERS("catalog datacenters", "[options]", "Lists all known datacenters", Reads.YES),
    CATALOG_NODES("catalog nodes", "[options]", "Lists the nodes of the catalog", Reads.YES, "detailed", "service="),
    CATALOG_SERVICES("catalog services", "[options]", "Lists the services of the catalog", Reads.YES, "tags", "node="),
    FORCE_LEAVE("force-leave", "[options] NAME", "Declares a failed member to have left", Reads.NO, "prune"),
    INFO("info", "[options]", "Shows what the agent says of itself", Reads.NO),
    JOIN("join", "[options] ADDRESS ...", "Makes the agent join a cluster", Reads.NO),
    KV_DELETE(
            "kv delete",
            "[options] KEY_OR_PREFIX",
            "Removes data from the KV store",
            Reads.NO,
            "cas",
            "modify-index=",
            "recurse"),
    KV_GET(
            "kv get",
            "[options] [KEY_OR_PREFIX]",
            "Retrieves or lists data of the KV store",
            Reads.YES,
            "base64",
            "detailed",
            "keys",
            "recurse",
            "separator="),
    KV_PUT(
            "kv put",
            "[options] KEY [DATA]",
            "Sets or updates data in the KV store",
            Reads.NO,
            "acquire",
            "base64",
            "cas",
            "flags=",
            "modify-index=",
            "release",
            "session="),
    LEAVE("leave", "[options]", "Makes the agent leave the cluster and stop", Reads.NO),
    MEMBERS("members", "[options]", "Lists the members that the agent knows", Reads.NO, "detailed", "status="),
    OPERATOR_AUTOPILOT_GET_CONFIG(
            "operator autopilot get-config", "[options]", "Shows the settings of autopilot", Reads.YES),
    OPERATOR_AUTOPILOT_STATE("operator autopilot state", "[options]", "Shows the health of the servers", Reads.YES),
    OPERATOR_RAFT_LIST_PEERS("operator raft list-peers", "[options]", "Lists the servers of the Raft group", Reads.YES),
    VERSION("version", "", "Prints the agent's version", Reads.NO);

    /** Whether its answer may come from a server that is behind: it then has {@code -stale} and {@code -datacenter}. */
    private enum Reads {
        YES,
        NO
    }

    private final String words;
    private final String form;
    private final String synopsis;
    private final Map<String, Boolean> options;

    /** @param options of its own; {@code =} behind the name of one that has a value */
    ConsulVerb(String words, String form, String synopsis, Reads reads, String... options) {
        this.words = words;
        this.form = form;
        this.synopsis = synopsis;
        Map<String, Boolean> all = new LinkedHashMap<>();
        for (String option : options) {
            all.put(option.replace("=", ""), option.endsWith("="));
        }
        all.put("http-addr", true);
        if (reads == Reads.YES) {
            all.put("datacenter", true);
            all.put("stale", false);
        }
        this.options = Collections.unmodifiableMap(all);
    }

    /** {@code kv get}. */
    String words() {
        return words;
    }

    List<String> wordList() {
        return List.of(words.split(" "));
    }

    String synopsis() {
        return synopsis;
    }

    /** Names without their dash; true for those with a value. */
    Map<String, Boolean> options() {
        return options;
    }

    String usage() {
        StringBuilder text = new StringBuilder(("Usage: consul " + words + " " + form).stripTrailing());
        text.append("\n\n  ").append(synopsis).append(".\n\nOptions:\n");
        options.forEach((name, valued) ->
                text.append("  -").append(name).append(valued ? "=<value>" : "").append('\n'));
        return text.toString();
    }
}
