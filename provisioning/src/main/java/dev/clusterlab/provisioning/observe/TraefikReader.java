package dev.clusterlab.provisioning.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikRouter;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikService;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import dev.clusterlab.provisioning.observe.TraefikMerge.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Asks the API of every Traefik that can be reached through a published port. */
final class TraefikReader {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** As many as Traefik itself puts on a page. */
    private static final int PER_PAGE = 100;

    private static final int PAGES_MAX = 1_000;

    private final LoopbackHttp http;

    TraefikReader(LoopbackHttp http) {
        this.http = http;
    }

    List<TraefikView> read(SwarmMerge.Seen seen, PollPlan plan) {
        List<Source> sources = TraefikMerge.sources(
                seen, (machine, published) -> machine.machine().ports().get(published));
        List<Query<TraefikView>> questions = sources.stream()
                .map(source -> new Query<>(
                        "Traefik on " + source.machine(), source.at(), "/api", plan.routers(), () -> ask(source)))
                .toList();
        plan.answers().ahead(questions);
        var views = new ArrayList<TraefikView>();
        for (Query<TraefikView> question : questions) {
            try {
                views.add(plan.answers().get(question));
            } catch (LabException e) {
                // It is not among those that answer.
                continue;
            }
        }
        return views;
    }

    private TraefikView ask(Source source) {
        try {
            JsonNode version = http.getJson(source.at(), "/api/version", TIMEOUT);
            return new TraefikView(
                    source.machine(),
                    version.path("Version").asText(""),
                    routers(pages(source, "/api/http/routers")),
                    services(pages(source, "/api/http/services")));
        } catch (LoopbackHttp.NoAnswer e) {
            boolean late = e.refusal() == LoopbackHttp.Refusal.TIMEOUT;
            throw new LabException(
                    late ? LabException.Kind.TIMEOUT : LabException.Kind.REFUSED,
                    "Traefik on " + source.machine() + " does not answer: " + e.getMessage(),
                    "`docker service ps` shows whether its task runs.",
                    e);
        }
    }

    /** Every entry of a list that Traefik gives in pages; the header names the next page, after the last one the first. */
    private List<JsonNode> pages(Source source, String path) throws LoopbackHttp.NoAnswer {
        var entries = new ArrayList<JsonNode>();
        int page = 1;
        for (int i = 0; i < PAGES_MAX; i++) {
            LoopbackHttp.Answer answer =
                    http.getOk(source.at(), path + "?page=" + page + "&per_page=" + PER_PAGE, TIMEOUT);
            LoopbackHttp.parse(answer.body()).forEach(entries::add);
            String header = answer.header("X-Next-Page");
            int next = header != null && header.matches("[0-9]{1,6}") ? Integer.parseInt(header) : 1;
            if (next <= page) {
                break;
            }
            page = next;
        }
        return entries;
    }

    static List<TraefikRouter> routers(Iterable<JsonNode> routers) {
        var views = new ArrayList<TraefikRouter>();
        for (JsonNode router : routers) {
            var entryPoints = new ArrayList<String>();
            router.path("entryPoints").forEach(e -> entryPoints.add(e.asText()));
            views.add(new TraefikRouter(
                    router.path("name").asText(""),
                    router.path("rule").asText(""),
                    router.path("service").asText(""),
                    router.path("provider").asText(""),
                    router.path("status").asText(""),
                    entryPoints));
        }
        views.sort(Comparator.comparing(TraefikRouter::name));
        return views;
    }

    static List<TraefikService> services(Iterable<JsonNode> services) {
        var views = new ArrayList<TraefikService>();
        for (JsonNode service : services) {
            var servers = new TreeMap<String, ServerStatus>();
            var unknown = new UnknownWords();
            service.path("loadBalancer")
                    .path("servers")
                    .forEach(s -> servers.put(s.path("url").asText(), ServerStatus.UP));
            service.path("serverStatus")
                    .properties()
                    .forEach(s -> servers.put(
                            s.getKey(), unknown.read(s.getKey(), s.getValue().asText(), ServerStatus::of)));
            views.add(new TraefikService(
                    service.path("name").asText(""), service.path("provider").asText(""), servers, unknown.words()));
        }
        views.sort(Comparator.comparing(TraefikService::name));
        return views;
    }
}
