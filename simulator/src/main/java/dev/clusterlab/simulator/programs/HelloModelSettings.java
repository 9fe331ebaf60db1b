package dev.clusterlab.simulator.programs;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the variables of its container tell the model of the hello service: the same variables, defaults and refusals as the real
 * service has, whose settings know more of what it binds.
 *
 * @param name in Consul and in the greeting
 * @param port on which it answers and which is registered
 * @param network which address is registered: a prefix, a subnet or the name of an interface; empty for the first one
 */
public record HelloModelSettings(
        String name,
        List<String> tags,
        int port,
        String network,
        boolean register,
        String consulHost,
        int consulPort,
        Duration checkInterval,
        Duration checkTimeout,
        boolean chaos) {
    private static final int PORT_MAX = 65_535;

    public HelloModelSettings {
        tags = List.copyOf(tags);
    }

    /** @throws IllegalArgumentException if a value is not what its variable wants; the message names it */
    public static HelloModelSettings of(Map<String, String> environment) {
        String profile = environment.getOrDefault("PROFILE", "").strip();
        boolean test = profile.equals("test");
        if (!test && !profile.isEmpty()) {
            throw new IllegalArgumentException("PROFILE: there is no profile \"" + profile + "\" (known: test)");
        }
        return new HelloModelSettings(
                text(environment, "SERVICE_NAME", "democonsul"),
                tags(text(environment, "SERVICE_TAGS", "foo=bar,baz")),
                port(environment, "PORT", test ? 0 : 8080, 0),
                text(environment, "NETWORK", ""),
                flag(environment, "CONSUL_REGISTER", !test),
                text(environment, "CONSUL_HOST", "localhost"),
                port(environment, "CONSUL_PORT", 8500, 1),
                time(environment, "CHECK_INTERVAL", Duration.ofSeconds(15)),
                time(environment, "CHECK_TIMEOUT", Duration.ofSeconds(10)),
                flag(environment, "CHAOS", false));
    }

    private static String text(Map<String, String> environment, String key, String otherwise) {
        String value = environment.getOrDefault(key, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    private static int port(Map<String, String> environment, String key, int otherwise, int min) {
        String text = text(environment, key, Integer.toString(otherwise));
        int port;
        try {
            port = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + ": not a number: " + text, e);
        }
        if (port < min || port > PORT_MAX) {
            throw new IllegalArgumentException(key + " must be between " + min + " and " + PORT_MAX + ": " + port);
        }
        return port;
    }

    private static boolean flag(Map<String, String> environment, String key, boolean otherwise) {
        String text = text(environment, key, Boolean.toString(otherwise));
        return switch (text) {
            case "true", "1", "yes" -> true;
            case "false", "0", "no" -> false;
            default -> throw new IllegalArgumentException(key + ": neither true nor false: " + text);
        };
    }

    private static Duration time(Map<String, String> environment, String key, Duration otherwise) {
        String text = text(environment, key, otherwise.toString());
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(key + ": not a duration such as PT15S: " + text, e);
        }
    }

    /** Split at commas outside of back quotes and parentheses: a tag may hold a rule. */
    private static List<String> tags(String text) {
        List<String> tags = new ArrayList<>();
        boolean quoted = false;
        int open = 0;
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            quoted ^= c == '`';
            if (!quoted) {
                open += c == '(' ? 1 : c == ')' ? -1 : 0;
            }
            if (c == ',' && !quoted && open == 0) {
                String tag = text.substring(from, i).strip();
                if (!tag.isEmpty()) {
                    tags.add(tag);
                }
                from = i + 1;
            }
        }
        if (quoted || open != 0) {
            throw new IllegalArgumentException("SERVICE_TAGS: unbalanced back quotes or parentheses in " + text);
        }
        return tags;
    }

    /** Which of the container's addresses is registered; empty if it has none on that network yet. */
    Optional<String> address(List<ProgramContext.Interface> interfaces) {
        return interfaces.stream()
                .filter(each -> network.isEmpty()
                        ? !each.address().startsWith("127.")
                        : each.name().equals(network) || within(each.address()))
                .map(ProgramContext.Interface::address)
                .findFirst();
    }

    private boolean within(String address) {
        int slash = network.indexOf('/');
        if (slash < 0) {
            String prefix = network.endsWith(".") ? network.substring(0, network.length() - 1) : network;
            return address.equals(prefix) || address.startsWith(prefix + ".");
        }
        try {
            int bits = Integer.parseInt(network.substring(slash + 1));
            long mask = bits <= 0 ? 0 : 0xffff_ffffL << (32 - Math.min(bits, 32)) & 0xffff_ffffL;
            return (number(network.substring(0, slash)) & mask) == (number(address) & mask);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static long number(String address) {
        long number = 0;
        for (String part : address.split("\\.", -1)) {
            number = number << 8 | Integer.parseInt(part);
        }
        return number;
    }
}
