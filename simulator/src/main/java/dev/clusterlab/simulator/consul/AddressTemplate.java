package dev.clusterlab.simulator.consul;

import dev.clusterlab.shell.text.LinearPattern;
import dev.clusterlab.simulator.programs.ProgramContext.Interface;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The part of go-sockaddr's template language that addresses of agents are written in, such as
 * {@code {{ GetPrivateInterfaces | include "network" "10.1.9.0/24" | attr "address" }}}.
 */
final class AddressTemplate {
    private static final Interface LOOPBACK = new Interface("lo", "host", "127.0.0.1", 8);

    private AddressTemplate() {}

    /** Replaces every {@code {{…}}} of {@code text}; other text stays. */
    static String expand(String option, String text, List<Interface> interfaces) throws StartException {
        var result = new StringBuilder();
        int at = 0;
        while (true) {
            int open = text.indexOf("{{", at);
            if (open < 0) {
                return result.append(text.substring(at)).toString().strip();
            }
            int close = text.indexOf("}}", open);
            if (close < 0) {
                throw new StartException(option + ": error parsing \"" + text
                        + "\": unable to parse template: template: sockaddr.Parse:1: unclosed action");
            }
            result.append(text, at, open);
            result.append(pipeline(option, text, text.substring(open + 2, close), interfaces));
            at = close + 2;
        }
    }

    private static String pipeline(String option, String text, String body, List<Interface> interfaces)
            throws StartException {
        List<Interface> current = List.of();
        String value = null;
        boolean first = true;
        for (List<String> step : steps(body)) {
            if (step.isEmpty()) {
                throw bad(option, text, "missing value for command");
            }
            String name = step.get(0);
            if (first) {
                first = false;
                switch (name) {
                    case "GetPrivateInterfaces" -> current = privateOnes(interfaces);
                    case "GetPublicInterfaces" ->
                        current = interfaces.stream()
                                .filter(i -> !isPrivate(i.address()))
                                .toList();
                    case "GetDefaultInterfaces" ->
                        current = interfaces.stream().limit(1).toList();
                    case "GetAllInterfaces" -> {
                        var all = new ArrayList<Interface>();
                        all.add(LOOPBACK);
                        all.addAll(interfaces);
                        current = List.copyOf(all);
                    }
                    case "GetPrivateIP" ->
                        value = joined(privateOnes(interfaces).stream().limit(1).toList(), " ");
                    case "GetPrivateIPs" -> value = joined(privateOnes(interfaces), " ");
                    case "GetInterfaceIP" -> value = joined(named(interfaces, argument(option, text, step, 1)), " ");
                    default -> throw bad(option, text, "function \"" + name + "\" not defined");
                }
                continue;
            }
            switch (name) {
                case "include" -> current = filter(option, text, current, step, true);
                case "exclude" -> current = filter(option, text, current, step, false);
                case "sort" -> current = sorted(current, argument(option, text, step, 1));
                case "limit" ->
                    current = current.stream().limit(number(option, text, step)).toList();
                case "offset" ->
                    current = current.stream().skip(number(option, text, step)).toList();
                case "attr" -> value = current.isEmpty() ? "" : attribute(option, text, current.get(0), step);
                case "join" -> value = joined(current, argument(option, text, step, 2));
                default -> throw bad(option, text, "function \"" + name + "\" not defined");
            }
        }
        return value != null ? value : joined(current, " ");
    }

    private static StartException bad(String option, String text, String reason) {
        return new StartException(option + ": error parsing \"" + text + "\": unable to parse template \"" + text
                + "\": template: sockaddr.Parse:1: " + reason);
    }

    private static String argument(String option, String text, List<String> step, int index) throws StartException {
        if (index >= step.size()) {
            throw bad(option, text, "wrong number of args for " + step.get(0));
        }
        return step.get(index);
    }

    private static long number(String option, String text, List<String> step) throws StartException {
        try {
            return Long.parseLong(argument(option, text, step, 1));
        } catch (NumberFormatException e) {
            throw bad(option, text, "expected integer; found " + step.get(1));
        }
    }

    private static List<Interface> filter(
            String option, String text, List<Interface> current, List<String> step, boolean keep)
            throws StartException {
        String by = argument(option, text, step, 1);
        String value = argument(option, text, step, 2);
        var kept = new ArrayList<Interface>();
        for (Interface candidate : current) {
            boolean matches = switch (by) {
                case "network" -> inNetwork(option, text, candidate.address(), value);
                case "name" -> matches(option, text, value, candidate.name());
                case "address" -> matches(option, text, value, candidate.address());
                case "type" -> List.of("ip", "ipv4").contains(value.toLowerCase(Locale.ROOT));
                case "flags" -> flagsMatch(candidate, value);
                case "rfc" ->
                    value.equals("1918") || value.equals("6890")
                            ? isPrivate(candidate.address())
                                    || candidate.address().startsWith("127.")
                            : false;
                default -> throw bad(option, text, "invalid filter attribute \"" + by + "\"");
            };
            if (matches == keep) {
                kept.add(candidate);
            }
        }
        return List.copyOf(kept);
    }

    private static boolean flagsMatch(Interface candidate, String flags) {
        boolean loopback = candidate.address().startsWith("127.");
        for (String flag : flags.split("\\|")) {
            boolean has = switch (flag.strip()) {
                case "up" -> true;
                case "loopback" -> loopback;
                case "broadcast", "multicast", "forwardable" -> !loopback;
                default -> false;
            };
            if (!has) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String option, String text, String pattern, String value) throws StartException {
        try {
            return LinearPattern.compile(pattern).find(value);
        } catch (IllegalArgumentException e) {
            throw bad(option, text, "error parsing regexp: " + pattern);
        }
    }

    private static String attribute(String option, String text, Interface from, List<String> step)
            throws StartException {
        return switch (argument(option, text, step, 1)) {
            case "address", "host", "string" -> from.address();
            case "name" -> from.name();
            default -> throw bad(option, text, "unsupported attribute name \"" + step.get(1) + "\"");
        };
    }

    private static List<Interface> sorted(List<Interface> current, String orders) {
        var list = new ArrayList<>(current);
        for (String order : List.of(orders.split(",")).reversed()) {
            boolean down = order.startsWith("-");
            java.util.Comparator<Interface> by = switch (order.replaceFirst("^[-+]", "")) {
                case "name" -> java.util.Comparator.comparing(Interface::name);
                case "size" -> java.util.Comparator.comparing(i -> -i.prefixLength());
                default -> java.util.Comparator.comparing(i -> bits(i.address()));
            };
            list.sort(down ? by.reversed() : by);
        }
        return List.copyOf(list);
    }

    private static List<Interface> named(List<Interface> interfaces, String name) {
        return interfaces.stream().filter(i -> i.name().equals(name)).limit(1).toList();
    }

    private static String joined(List<Interface> interfaces, String separator) {
        return String.join(
                separator, interfaces.stream().map(Interface::address).toList());
    }

    /** Interfaces with an address of RFC 6890's private ranges. */
    static List<Interface> privateOnes(List<Interface> interfaces) {
        return interfaces.stream().filter(i -> isPrivate(i.address())).toList();
    }

    private static boolean isPrivate(String address) {
        long value = bits(address);
        return value >> 24 == 10 || value >> 20 == (172 << 4 | 1) || value >> 16 == (192 << 8 | 168);
    }

    private static boolean inNetwork(String option, String text, String address, String network) throws StartException {
        int slash = network.indexOf('/');
        try {
            int length = slash < 0 ? 32 : Integer.parseInt(network.substring(slash + 1));
            int shift = 32 - length;
            String base = slash < 0 ? network : network.substring(0, slash);
            return isAddress(base) && bits(address) >> shift == bits(base) >> shift;
        } catch (NumberFormatException e) {
            throw bad(option, text, "invalid network \"" + network + "\"");
        }
    }

    /** Whether the text is an IPv4 address. */
    static boolean isAddress(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (part.isEmpty()
                    || part.length() > 3
                    || !part.chars().allMatch(c -> c >= '0' && c <= '9')
                    || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    private static long bits(String address) {
        if (!isAddress(address)) {
            return 0;
        }
        long value = 0;
        for (String part : address.split("\\.", -1)) {
            value = value << 8 | Integer.parseInt(part);
        }
        return value;
    }

    /** Splits at bars and spaces outside quotes. */
    private static List<List<String>> steps(String body) {
        var steps = new ArrayList<List<String>>();
        var step = new ArrayList<String>();
        var word = new StringBuilder();
        boolean quoted = false;
        boolean open = false;
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (quoted) {
                if (c == '"' || c == '`') {
                    quoted = false;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '`') {
                quoted = true;
                open = true;
            } else if (Character.isWhitespace(c) || c == '|' || c == '(' || c == ')') {
                if (open) {
                    step.add(word.toString());
                    word.setLength(0);
                    open = false;
                }
                if (c == '|') {
                    steps.add(List.copyOf(step));
                    step.clear();
                }
            } else {
                word.append(c);
                open = true;
            }
        }
        if (open) {
            step.add(word.toString());
        }
        steps.add(List.copyOf(step));
        return List.copyOf(steps);
    }
}
