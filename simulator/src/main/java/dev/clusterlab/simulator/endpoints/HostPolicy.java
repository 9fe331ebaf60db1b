package dev.clusterlab.simulator.endpoints;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask at a port on loopback, by what a browser says of itself. A web page from elsewhere reaches these ports by a
 * plain cross-site request, or under a name of its own that resolves to 127.0.0.1 (DNS rebinding). It cannot forge what the
 * browser then writes into {@code Host}, {@code Origin} and {@code Sec-Fetch-*}, and it cannot keep the browser from
 * sending {@code Accept-Language}. What is no browser is not stopped here: it runs on this computer and could do as it
 * likes anyway. The rules stand in SECURITY.md too.
 */
public abstract sealed class HostPolicy {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_.])?");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]{2,45}]");
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");
    private static final int HTTP_PORT = 80;

    /** What browsers send with every request, and a page cannot leave out. */
    private static final List<String> SIGNS_OF_A_BROWSER = List.of(
            "origin",
            "referer",
            "accept-language",
            "upgrade-insecure-requests",
            "sec-fetch-site",
            "sec-fetch-mode",
            "sec-fetch-dest");

    private HostPolicy() {}

    /** For ports that give power over the lab: asked under their own address, and by no page but their own. */
    public static HostPolicy control() {
        return new Control();
    }

    /**
     * For published ports, behind which anything may answer: also under names that a lab's user makes up, but from
     * browsers only under names that no foreign page can have.
     *
     * @param labName names and addresses of the lab's machines
     */
    public static HostPolicy published(Predicate<String> labName) {
        return new Published(labName);
    }

    /** Why a request is refused. */
    record Refusal(int status, String message) {}

    /**
     * Whether a request may not ask here, and why.
     *
     * @param headers by lower-case name
     * @param port the one that was connected to
     */
    @Nullable
    Refusal refusal(Map<String, String> headers, boolean version10, int port) {
        String text = headers.get("host");
        if (text == null && !version10) {
            return new Refusal(400, "a request needs a Host header");
        }
        Authority host = Authority.parse(text == null ? "" : text);
        if (host == null && text != null && !text.isEmpty()) {
            return new Refusal(400, "malformed Host header");
        }
        return judge(host, headers, port);
    }

    @Nullable
    abstract Refusal judge(@Nullable Authority host, Map<String, String> headers, int port);

    /** A host and a port as they stand in Host and in the address of a page; the host in lower case, without a last dot. */
    record Authority(String host, int port) {
        static @Nullable Authority parse(String text) {
            String host = text;
            int port = HTTP_PORT;
            int colon = text.indexOf(':', text.indexOf(']') + 1);
            if (colon >= 0) {
                String digits = text.substring(colon + 1);
                host = text.substring(0, colon);
                if (!PORT.matcher(digits).matches()) {
                    return null;
                }
                port = Integer.parseInt(digits);
            }
            if (host.startsWith("[")
                    ? !IPV6.matcher(host).matches()
                    : !NAME.matcher(host).matches()) {
                return null;
            }
            host = host.toLowerCase(Locale.ROOT);
            return new Authority(host.endsWith(".") ? host.substring(0, host.length() - 1) : host, port);
        }

        /** Of an origin, such as {@code http://localhost:8080}. */
        static @Nullable Authority ofOrigin(String origin) {
            return origin.startsWith("http://") ? parse(origin.substring("http://".length())) : null;
        }

        boolean address() {
            return host.startsWith("[") || IPV4.matcher(host).matches();
        }

        boolean thisComputer() {
            return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
        }
    }

    private static Refusal foreignPage(String who) {
        return new Refusal(403, "requests from " + who + " are not accepted here");
    }

    private static final class Control extends HostPolicy {
        @Override
        @Nullable
        Refusal judge(@Nullable Authority host, Map<String, String> headers, int port) {
            if (host == null || !host.thisComputer() || host.port() != port) {
                return new Refusal(
                        403,
                        "this port answers as 127.0.0.1:" + port + " or localhost:" + port
                                + " only (protects the lab against web pages from elsewhere)");
            }
            String origin = headers.get("origin");
            if (origin != null && !host.equals(Authority.ofOrigin(origin))) {
                return foreignPage("pages of " + origin);
            }
            String site = headers.get("sec-fetch-site");
            if (site != null && !site.equals("same-origin") && !site.equals("none")) {
                return foreignPage("other pages");
            }
            return null;
        }
    }

    private static final class Published extends HostPolicy {
        private final Predicate<String> labName;

        Published(Predicate<String> labName) {
            this.labName = labName;
        }

        @Override
        @Nullable
        Refusal judge(@Nullable Authority host, Map<String, String> headers, int port) {
            if (!ownName(host) && SIGNS_OF_A_BROWSER.stream().anyMatch(headers::containsKey)) {
                return new Refusal(
                        403,
                        "browsers are answered under localhost, a name that ends in .localhost, an address or a machine's name:"
                                + " a page from elsewhere could have any other name (other programs may use any;"
                                + " a header such as Accept-Language marks a browser)");
            }
            String origin = headers.get("origin");
            if (origin != null && (host == null || !host.equals(Authority.ofOrigin(origin)))) {
                return foreignPage("pages of " + origin);
            }
            String site = headers.get("sec-fetch-site");
            if (site != null && !site.equals("same-origin") && !site.equals("none") && !followsALink(headers)) {
                return foreignPage("other pages");
            }
            return null;
        }

        /** A name or address that cannot be a foreign page's; no host is none (an old program, no browser). */
        private boolean ownName(@Nullable Authority host) {
            return host != null
                    && (host.address()
                            || host.host().equals("localhost")
                            || host.host().endsWith(".localhost")
                            || labName.test(host.host()));
        }

        /** Somebody clicks a link to here: the page that had it learns nothing of the answer. */
        private static boolean followsALink(Map<String, String> headers) {
            return "navigate".equals(headers.get("sec-fetch-mode"))
                    && "document".equals(headers.get("sec-fetch-dest"))
                    && headers.get("origin") == null;
        }
    }
}
