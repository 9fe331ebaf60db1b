package dev.clusterlab.traefik;

import java.util.ArrayList;
import java.util.List;

/** Rules of the first version: {@code Host:a,b;PathPrefix:/x}. */
public final class LegacyRule {
    private LegacyRule() {}

    /** A rule of today, and what the old one did besides matching. */
    public record Translation(String rule, List<DynamicConfiguration.Middleware> middlewares) {
        public Translation {
            middlewares = List.copyOf(middlewares);
        }
    }

    /** @throws ConfigurationException if it is not an old rule */
    public static Translation translate(String text) {
        List<String> rules = new ArrayList<>();
        List<DynamicConfiguration.Middleware> middlewares = new ArrayList<>();
        for (String part : text.split(";")) {
            if (part.isBlank()) {
                continue;
            }
            int colon = part.indexOf(':');
            if (colon < 0) {
                throw new ConfigurationException("error parsing rule: '" + text + "': no value after \"" + part + "\"");
            }
            String name = part.substring(0, colon).strip();
            List<String> values = new ArrayList<>();
            for (String value : part.substring(colon + 1).split(",")) {
                values.add(value.strip());
            }
            switch (name) {
                case "Host" -> rules.add(any("Host", values));
                case "HostRegexp" ->
                    rules.add(any(
                            "HostRegexp",
                            values.stream().map(LegacyRule::pattern).toList()));
                case "Path" -> rules.add(any("Path", values));
                case "PathPrefix" -> rules.add(any("PathPrefix", values));
                case "PathStrip" -> {
                    rules.add(any("Path", values));
                    middlewares.add(new DynamicConfiguration.Middleware.StripPrefix(values));
                }
                case "PathPrefixStrip" -> {
                    rules.add(any("PathPrefix", values));
                    middlewares.add(new DynamicConfiguration.Middleware.StripPrefix(values));
                }
                case "AddPrefix" ->
                    middlewares.add(new DynamicConfiguration.Middleware.AddPrefix(String.join(",", values)));
                case "Method" -> rules.add(any("Method", values));
                case "Headers" -> rules.add(pair("Header", text, values));
                case "HeadersRegexp" -> rules.add(pair("HeaderRegexp", text, values));
                default ->
                    throw new ConfigurationException("error parsing rule: '" + text + "': unknown \"" + name + "\"");
            }
        }
        if (rules.isEmpty()) {
            throw new ConfigurationException("error parsing rule: '" + text + "': it matches nothing");
        }
        return new Translation(String.join(" && ", rules), middlewares);
    }

    private static String any(String name, List<String> values) {
        List<String> calls =
                values.stream().map(value -> name + "(`" + value + "`)").toList();
        return calls.size() == 1 ? calls.get(0) : "(" + String.join(" || ", calls) + ")";
    }

    private static String pair(String name, String text, List<String> values) {
        if (values.size() != 2) {
            throw new ConfigurationException("error parsing rule: '" + text + "': a name and a value were expected");
        }
        return name + "(`" + values.get(0) + "`, `" + values.get(1) + "`)";
    }

    /** {@code {sub:[a-z]+}.localhost} becomes an ordinary expression. */
    private static String pattern(String template) {
        var pattern = new StringBuilder("^");
        int at = 0;
        while (at < template.length()) {
            int open = template.indexOf('{', at);
            int close = open < 0 ? -1 : template.indexOf('}', open);
            if (close < 0) {
                break;
            }
            String inner = template.substring(open + 1, close);
            int colon = inner.indexOf(':');
            pattern.append(template.substring(at, open).replace(".", "\\."))
                    .append(colon < 0 ? "[^.]+" : "(" + inner.substring(colon + 1) + ")");
            at = close + 1;
        }
        return pattern.append(template.substring(at).replace(".", "\\."))
                .append('$')
                .toString();
    }
}
