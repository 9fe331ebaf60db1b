package dev.clusterlab.simulator.endpoints;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which host names a request may carry. A web page from elsewhere can reach loopback ports under a name of its own that
 * resolves to 127.0.0.1 (DNS rebinding), or by a plain cross-site request; it cannot forge what the browser then writes
 * into {@code Host} and {@code Origin}.
 */
public final class HostPolicy {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final Predicate<String> accepted;
    private final String expected;

    private HostPolicy(Predicate<String> accepted, String expected) {
        this.accepted = accepted;
        this.expected = expected;
    }

    /** For ports that give power over the lab: loopback addresses, {@code localhost}, and the lab's own names. */
    public static HostPolicy api(Predicate<String> labName) {
        return new HostPolicy(
                host -> host.equals("localhost") || loopback(host) || labName.test(host),
                "localhost, a loopback address or a machine of the lab");
    }

    /**
     * For published ports: any address, {@code localhost} and names under it (no public name can be there), and the
     * lab's own names.
     */
    public static HostPolicy published(Predicate<String> labName) {
        return new HostPolicy(
                host -> host.equals("localhost")
                        || host.endsWith(".localhost")
                        || IPV4.matcher(host).matches()
                        || host.startsWith("[")
                        || labName.test(host),
                "an address, a name ending in .localhost or a name of the lab");
    }

    /** {@code authority}: a host with or without a port. */
    public boolean accepts(String authority) {
        return accepted.test(host(authority));
    }

    /** For the answer that refuses. */
    String expected() {
        return expected;
    }

    /** Lower case, without the port and a trailing dot; IPv6 addresses keep their brackets. */
    static String host(String authority) {
        String host = authority.toLowerCase(Locale.ROOT).strip();
        int bracket = host.indexOf(']');
        if (host.startsWith("[") && bracket > 0) {
            return host.substring(0, bracket + 1);
        }
        int colon = host.indexOf(':');
        if (colon >= 0) {
            host = host.substring(0, colon);
        }
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static boolean loopback(String host) {
        return host.equals("[::1]")
                || (host.startsWith("127.") && IPV4.matcher(host).matches());
    }
}
