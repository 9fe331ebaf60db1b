package dev.clusterlab.provisioning.hosts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Hosts in files of this program's own. */
public final class HostRecords {
    private HostRecords() {}

    /** Adds the fields of a host. */
    public static void write(ObjectNode json, Host host) {
        json.put("name", host.name()).put("url", host.address().url());
        if (host.address() instanceof HostAddress.Tcp tcp) {
            tcp.certificates().ifPresent(path -> json.put("certificates", path.toString()));
        }
        ObjectNode ports = json.putObject("ports");
        host.ports().forEach((port, at) -> ports.put(port.toString(), at));
        HostTerms terms = host.terms();
        terms.address().ifPresent(text -> json.put("address", text));
        terms.stop().ifPresent(text -> json.put("stop", text));
        terms.start().ifPresent(text -> json.put("start", text));
        terms.kill().ifPresent(text -> json.put("kill", text));
    }

    /** The host of fields that {@link #write} added. */
    public static Host read(JsonNode json) {
        var ports = new TreeMap<Integer, String>();
        for (Map.Entry<String, JsonNode> port : json.path("ports").properties()) {
            ports.put(Integer.valueOf(port.getKey()), port.getValue().asText());
        }
        return new Host(
                json.path("name").asText(),
                HostAddress.parse(
                        json.path("url").asText(), text(json, "certificates").map(Path::of)),
                ports,
                new HostTerms(text(json, "address"), text(json, "stop"), text(json, "start"), text(json, "kill")));
    }

    private static Optional<String> text(JsonNode json, String field) {
        return json.hasNonNull(field) ? Optional.of(json.path(field).asText()) : Optional.empty();
    }
}
