package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.shell.Flags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The value of {@code --publish}: {@code 8080:80/tcp}, {@code 8080-8082:80-82}, {@code published=8080,target=80}. */
final class ServicePorts {
    private static final int PORT_MAX = 65_535;
    private static final List<String> PROTOCOLS = List.of("tcp", "udp", "sctp");

    private final String text;
    private final Flags.Given given;
    private final String flag;

    ServicePorts(String text, Flags.Given given, String flag) {
        this.text = text;
        this.given = given;
        this.flag = flag;
    }

    List<ObjectNode> read() {
        return text.contains("=") ? List.of(readLong()) : readShort();
    }

    /** Everything of a port that makes it another one: {@code 8080:80/tcp/ingress}. */
    static String described(JsonNode port) {
        return port.path("PublishedPort").asInt() + ":" + sideOfContainer(port);
    }

    /** Whether two ports are the same but for where they are published. */
    static boolean sameTarget(JsonNode one, JsonNode other) {
        return sideOfContainer(one).equals(sideOfContainer(other));
    }

    private static String sideOfContainer(JsonNode port) {
        return port.path("TargetPort").asInt() + "/" + port.path("Protocol").asText("tcp") + "/"
                + port.path("PublishMode").asText("ingress");
    }

    private ObjectNode readLong() {
        ObjectNode port = DockerCall.object().put("Protocol", "tcp").put("PublishMode", "ingress");
        for (String field : OptionFields.of(text.toLowerCase(Locale.ROOT))) {
            int equal = field.indexOf('=');
            if (equal < 1) {
                throw invalid("invalid field: " + field);
            }
            String value = field.substring(equal + 1);
            switch (field.substring(0, equal)) {
                case "published" -> put(port, "PublishedPort", number(value, "published port"));
                case "target" -> put(port, "TargetPort", number(value, "target port"));
                case "protocol" -> {
                    if (!PROTOCOLS.contains(value)) {
                        throw invalid("invalid protocol value '" + value + "'");
                    }
                    port.put("Protocol", value);
                }
                case "mode" -> {
                    if (!value.equals("ingress") && !value.equals("host")) {
                        throw invalid("invalid publish mode value (" + value + "): must be either 'ingress' or 'host'");
                    }
                    port.put("PublishMode", value);
                }
                default -> throw invalid("invalid field key: " + field.substring(0, equal));
            }
        }
        if (!port.has("TargetPort")) {
            throw invalid("missing mandatory field 'target'");
        }
        return port;
    }

    private static void put(ObjectNode port, String field, int number) {
        if (number > 0) {
            port.put(field, number);
        }
    }

    private int number(String value, String what) {
        if (!value.matches("\\d+")) {
            throw invalid("invalid " + what + " (" + value + "): value must be an integer: invalid syntax");
        }
        if (value.length() > 5 || Integer.parseInt(value) > PORT_MAX) {
            throw invalid("invalid " + what + " (" + value + "): value must be an integer: value out of range");
        }
        return Integer.parseInt(value);
    }

    private List<ObjectNode> readShort() {
        String rest = text;
        String protocol = "tcp";
        int slash = rest.indexOf('/');
        if (slash >= 0) {
            protocol = rest.substring(slash + 1).toLowerCase(Locale.ROOT);
            rest = rest.substring(0, slash);
        }
        String[] pieces = rest.split(":", -1);
        String container = pieces[pieces.length - 1];
        if (container.isEmpty()) {
            throw invalid("no port specified: " + text + "<empty>");
        }
        if (!PROTOCOLS.contains(protocol)) {
            throw invalid("invalid proto: " + protocol);
        }
        if (pieces.length > 2) {
            throw invalid("hostip is not supported");
        }
        Range target = range(container, "containerPort");
        if (pieces.length < 2 || pieces[0].isEmpty()) {
            return ports(protocol, target, new Range(0, 0));
        }
        Range published = range(pieces[0], "hostPort");
        if (published.size() != target.size() && target.size() != 1) {
            throw invalid("invalid ranges specified for container and host Ports: " + container + " and " + pieces[0]);
        }
        return ports(protocol, target, published);
    }

    private record Range(int from, int to) {
        int size() {
            return to - from + 1;
        }
    }

    /** One target can be published at several ports. */
    private static List<ObjectNode> ports(String protocol, Range target, Range published) {
        List<ObjectNode> result = new ArrayList<>();
        for (int i = 0; i < Math.max(target.size(), published.size()); i++) {
            ObjectNode port = DockerCall.object().put("Protocol", protocol).put("PublishMode", "ingress");
            put(port, "TargetPort", target.from() + (target.size() == 1 ? 0 : i));
            put(port, "PublishedPort", published.from() == 0 ? 0 : published.from() + i);
            result.add(port);
        }
        return result;
    }

    private Range range(String value, String what) {
        String[] ends = value.split("-", 2);
        try {
            int from = Integer.parseInt(ends[0]);
            int to = ends.length == 2 ? Integer.parseInt(ends[1]) : from;
            if (from >= 0 && to <= PORT_MAX && from <= to) {
                return new Range(from, to);
            }
        } catch (NumberFormatException e) {
            throw invalid("invalid " + what + ": " + value);
        }
        throw invalid("invalid " + what + ": " + value);
    }

    private Flags.Mistake invalid(String why) {
        return given.invalid(flag, text, why);
    }
}
