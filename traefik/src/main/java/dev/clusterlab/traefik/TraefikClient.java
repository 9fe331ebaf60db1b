package dev.clusterlab.traefik;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the API of a running Traefik. Calls block; safe for use by many threads.
 */
public final class TraefikClient {
    private static final int PAGES_MAX = 1_000;

    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    private final HttpClient http;
    private final URI base;
    private final Duration timeout;

    /** @param base such as {@code http://127.0.0.1:8080} */
    public TraefikClient(URI base) {
        this(HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build(), base, Duration.ofSeconds(10));
    }

    /** @param timeout limit of one call */
    public TraefikClient(HttpClient http, URI base, Duration timeout) {
        this.http = http;
        this.base = base;
        this.timeout = timeout;
    }

    /** Every router, over all pages. */
    public List<TraefikApi.Router> routers() throws IOException, InterruptedException {
        return list("/api/http/routers", new TypeReference<>() {});
    }

    /** Every service, over all pages. */
    public List<TraefikApi.Service> services() throws IOException, InterruptedException {
        return list("/api/http/services", new TypeReference<>() {});
    }

    public TraefikApi.Version version() throws IOException, InterruptedException {
        return JSON.readValue(get("/api/version").body(), TraefikApi.Version.class);
    }

    private <T> List<T> list(String path, TypeReference<List<T>> type) throws IOException, InterruptedException {
        List<T> all = new ArrayList<>();
        int page = 1;
        for (int i = 0; i < PAGES_MAX; i++) {
            HttpResponse<String> answer = get(path + "?page=" + page + "&per_page=100");
            all.addAll(JSON.readValue(answer.body(), type));
            int next = answer.headers()
                    .firstValue("X-Next-Page")
                    .filter(text -> text.matches("[0-9]{1,6}"))
                    .map(Integer::parseInt)
                    .orElse(1);
            if (next <= page) {
                return all;
            }
            page = next;
        }
        throw new IOException("more than " + PAGES_MAX + " pages at " + path);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = base.resolve(path);
        HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(uri).timeout(timeout).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("Traefik at " + base + " answers " + answer.statusCode() + " to " + path);
        }
        return answer;
    }
}
