package dev.clusterlab.lab.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A script that puts the stack on a swarm, after the labels of nodes that its constraints ask for. */
final class DeployFile {
    static final String NAME = "deploy.sh";

    private DeployFile() {}

    /** @param heading after the first line */
    static ExportedFile of(ClusterFacts facts, String heading) {
        var text = new StringBuilder("#!/bin/sh\n").append(heading).append("set -eu\ncd \"$(dirname \"$0\")\"\n");
        for (JsonNode node : facts.nodes()) {
            List<String> labels = new ArrayList<>();
            for (Map.Entry<String, JsonNode> label : node.at("/Spec/Labels").properties()) {
                labels.add("--label-add "
                        + quoted(label.getKey() + "=" + label.getValue().asText()));
            }
            if (!labels.isEmpty()) {
                text.append("docker node update ")
                        .append(String.join(" ", labels))
                        .append(' ')
                        .append(quoted(node.at("/Description/Hostname").asText()))
                        .append('\n');
            }
        }
        text.append("docker stack deploy --compose-file ")
                .append(StackFile.NAME)
                .append(" \"${1:-lab}\"\n");
        return new ExportedFile(NAME, text.toString(), true);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
