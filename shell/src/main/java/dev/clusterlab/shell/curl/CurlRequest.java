package dev.clusterlab.shell.curl;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request that is to be sent.
 *
 * @param headers in the order in which they are sent; {@code Host} only if it was given
 * @param timeout of the cluster's time, after which to give up
 */
public record CurlRequest(String method, CurlUrl url, Map<String, String> headers, String body, Duration timeout) {
    public CurlRequest {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    CurlRequest to(CurlUrl other) {
        return new CurlRequest(method, other, headers, body, timeout);
    }
}
