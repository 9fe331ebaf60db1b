package dev.clusterlab.traefik;

import dev.clusterlab.shell.text.LinearPattern;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A rule of the third version, such as {@code Host(`a`) && !PathPrefix(`/x`)}. */
public sealed interface Rule {
    /** Whether a request fits. */
    boolean matches(Request request);

    /**
     * What rules see of a request.
     *
     * @param host as in the Host header, with or without a port
     * @param headers by lower-case name
     */
    record Request(
            String method, String host, String path, Map<String, String> headers, Map<String, List<String>> query) {
        String hostname() {
            String lower = host.toLowerCase(Locale.ROOT);
            int colon = lower.lastIndexOf(':');
            return colon >= 0 && lower.indexOf(']') < colon ? lower.substring(0, colon) : lower;
        }
    }

    /** @throws ConfigurationException if it is not a rule, or one beyond the limits of {@link RuleParser} */
    static Rule parse(String text) {
        return new RuleParser(text).parse();
    }

    record Host(String name) implements Rule {
        @Override
        public boolean matches(Request request) {
            String host = request.hostname();
            String wanted = name.toLowerCase(Locale.ROOT);
            return host.equals(wanted) || host.equals(wanted + ".") || (host + ".").equals(wanted);
        }
    }

    record HostRegexp(LinearPattern pattern) implements Rule {
        @Override
        public boolean matches(Request request) {
            return pattern.find(request.hostname());
        }
    }

    record Path(String path) implements Rule {
        @Override
        public boolean matches(Request request) {
            return request.path().equals(path);
        }
    }

    record PathPrefix(String prefix) implements Rule {
        @Override
        public boolean matches(Request request) {
            return request.path().startsWith(prefix);
        }
    }

    record PathRegexp(LinearPattern pattern) implements Rule {
        @Override
        public boolean matches(Request request) {
            return pattern.find(request.path());
        }
    }

    record Method(String method) implements Rule {
        @Override
        public boolean matches(Request request) {
            return request.method().equalsIgnoreCase(method);
        }
    }

    record Header(String name, String value) implements Rule {
        @Override
        public boolean matches(Request request) {
            return value.equals(request.headers().get(name.toLowerCase(Locale.ROOT)));
        }
    }

    record HeaderRegexp(String name, LinearPattern pattern) implements Rule {
        @Override
        public boolean matches(Request request) {
            @Nullable String value = request.headers().get(name.toLowerCase(Locale.ROOT));
            return value != null && pattern.find(value);
        }
    }

    /** {@code value} null: the parameter only has to be there. */
    record Query(String name, @Nullable String value) implements Rule {
        @Override
        public boolean matches(Request request) {
            @Nullable List<String> values = request.query().get(name);
            return values != null && (value == null || values.contains(value));
        }
    }

    record And(Rule left, Rule right) implements Rule {
        @Override
        public boolean matches(Request request) {
            return left.matches(request) && right.matches(request);
        }
    }

    record Or(Rule left, Rule right) implements Rule {
        @Override
        public boolean matches(Request request) {
            return left.matches(request) || right.matches(request);
        }
    }

    record Not(Rule rule) implements Rule {
        @Override
        public boolean matches(Request request) {
            return !rule.matches(request);
        }
    }
}
