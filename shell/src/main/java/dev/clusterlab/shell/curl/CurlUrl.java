package dev.clusterlab.shell.curl;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * An address of HTTP as people write it; the scheme may be left out.
 *
 * @param uri with its scheme; its own host is not to be asked for: it refuses names with an underscore, which containers
 *     may have
 */
public record CurlUrl(URI uri) {
    private static final int PORT = 80;

    /** @throws CurlMistake if it is none */
    public static CurlUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text.contains("://") ? text : "http://" + text);
        } catch (URISyntaxException e) {
            throw new CurlMistake(3, "(3) URL using bad/illegal format or missing URL");
        }
        if (!"http".equalsIgnoreCase(uri.getScheme())) {
            throw new CurlMistake(
                    1, "(1) Protocol \"" + uri.getScheme() + "\" not supported: only http is spoken here");
        }
        if (uri.getRawAuthority() == null) {
            throw new CurlMistake(3, "(3) URL using bad/illegal format or missing URL");
        }
        return new CurlUrl(uri);
    }

    public String host() {
        return ported() ? authority().substring(0, authority().lastIndexOf(':')) : authority();
    }

    public int port() {
        return ported() ? Integer.parseInt(authority().substring(authority().lastIndexOf(':') + 1)) : PORT;
    }

    /** {@code HOST:PORT}, without the port that goes without saying. */
    public String authority() {
        String whole = uri.getRawAuthority();
        return whole.substring(whole.indexOf('@') + 1);
    }

    private boolean ported() {
        return authority().matches(".*:[0-9]{1,5}");
    }

    /** Encoded as written; never empty. */
    public String path() {
        String path = uri.getRawPath();
        return path == null || path.isEmpty() ? "/" : path;
    }

    CurlUrl resolve(String location) {
        try {
            return parse(uri.resolve(location).toString());
        } catch (IllegalArgumentException e) {
            throw new CurlMistake(3, "(3) URL using bad/illegal format or missing URL");
        }
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
