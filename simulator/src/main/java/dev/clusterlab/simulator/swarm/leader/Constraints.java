package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Subnets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Placement constraints (swarmkit manager/constraint/constraint.go). */
public final class Constraints {
    private static final Pattern KEY = Pattern.compile("^(?i)[a-z_][a-z0-9\\-_.]+$");
    private static final Pattern VALUE = Pattern.compile("^(?i)[a-z0-9:\\-_\\s.*()?+\\[\\]\\\\^$|/]+$");
    private static final Pattern SPLIT = Pattern.compile("==|!=");

    private Constraints() {}

    /** One constraint. */
    record Constraint(String key, boolean equal, String value) {}

    /** Throws an {@link ApiException} if it is not one. */
    static Constraint parse(String text) {
        Matcher operator = SPLIT.matcher(text);
        if (!operator.find()) {
            throw unknown("constraint expected one operator from ==, !=");
        }
        String key = text.substring(0, operator.start()).trim();
        String value = text.substring(operator.end()).trim();
        if (!KEY.matcher(key).matches()) {
            throw unknown("key '" + key + "' is invalid");
        }
        if (!VALUE.matcher(value).matches()) {
            throw unknown("value '" + value + "' is invalid");
        }
        return new Constraint(key, operator.group().equals("=="), value);
    }

    private static ApiException unknown(String text) {
        return ApiException.rpc(ApiException.RpcCode.UNKNOWN, text);
    }

    /** Whether a node is one that all these constraints allow; what is no constraint allows none. */
    public static boolean allMatch(List<String> constraints, Node node) {
        for (String text : constraints) {
            try {
                if (!matches(parse(text), node)) {
                    return false;
                }
            } catch (ApiException e) {
                return false;
            }
        }
        return true;
    }

    static boolean matches(Constraint constraint, Node node) {
        String key = constraint.key();
        String lower = key.toLowerCase(Locale.ROOT);
        String role = node.certificateRole() == null ? Node.WORKER : node.certificateRole();
        Node.Platform platform = node.description().platform();
        return switch (lower) {
            case "node.id" -> compare(constraint, node.id());
            case "node.hostname" -> compare(constraint, node.hostname());
            case "node.role" -> compare(constraint, role);
            case "node.platform.os" -> compare(constraint, platform.os());
            case "node.platform.arch" -> compare(constraint, platform.architecture());
            case "node.ip" -> address(constraint, node.status().addr());
            default -> {
                if (lower.startsWith("node.labels.")) {
                    yield compare(constraint, node.spec().labels().get(key.substring("node.labels.".length())));
                }
                if (lower.startsWith("engine.labels.")) {
                    Map<String, String> labels = node.description().engine().labels();
                    yield compare(
                            constraint, labels == null ? null : labels.get(key.substring("engine.labels.".length())));
                }
                yield false;
            }
        };
    }

    private static boolean compare(Constraint constraint, @Nullable String actual) {
        String value = actual == null ? "" : actual;
        return value.equalsIgnoreCase(constraint.value()) == constraint.equal();
    }

    private static boolean address(Constraint constraint, String actual) {
        Integer address = Subnets.parse(actual);
        boolean within;
        if (constraint.value().contains("/")) {
            Subnets.Subnet subnet = Subnets.subnet(constraint.value());
            within = subnet != null && address != null && subnet.contains(address);
        } else {
            within = actual.equals(constraint.value());
        }
        return within == constraint.equal();
    }
}
