package dev.clusterlab.simulator.traefik;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.shell.consul.CheckHealth;
import dev.clusterlab.shell.text.GoDuration;
import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.simulator.traefik.ConsulQueries.Reply;
import dev.clusterlab.traefik.CatalogConfiguration;
import dev.clusterlab.traefik.CatalogConfiguration.Built;
import dev.clusterlab.traefik.CatalogConfiguration.Instance;
import dev.clusterlab.traefik.DynamicConfiguration;
import dev.clusterlab.traefik.StaticConfiguration.ConsulCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads Consul's catalog: by polls, or, when watching, by blocking queries on services and checks. */
final class CatalogProvider {
    static final String NAME = "consulcatalog";

    private static final Duration WATCH_WAIT = Duration.ofSeconds(300);
    private static final Duration LEGACY_WAIT = Duration.ofSeconds(15);

    private final ProgramContext context;
    private final ConsulCatalog settings;
    private final boolean legacy;
    private final TraefikLog log;
    private final Consumer<DynamicConfiguration> delivery;
    private final ConsulQueries consul;
    private final Backoff backoff;
    private boolean loading;
    private boolean dirty;

    CatalogProvider(
            ProgramContext context,
            ConsulCatalog settings,
            boolean legacy,
            TraefikLog log,
            Consumer<DynamicConfiguration> delivery) {
        this.context = context;
        this.settings = settings;
        this.legacy = legacy;
        this.log = log;
        this.delivery = delivery;
        this.consul = new ConsulQueries(context, settings.endpointAddress());
        this.backoff = new Backoff(context.random().split("consulcatalog"));
    }

    void start() {
        if (settings.watch()) {
            watch("/v1/catalog/services", 0);
            watch("/v1/health/state/any", 0);
        } else {
            load();
        }
    }

    private void watch(String path, long index) {
        consul.block(path, consistency(), index, legacy ? LEGACY_WAIT : WATCH_WAIT, reply -> {
            if (!reply.ok()) {
                Duration pause = failed(reply);
                context.scope().schedule(pause, () -> watch(path, 0));
                return;
            }
            backoff.reset();
            if (reply.index() != index) {
                loadSoon();
            }
            // An index that goes backwards means another history: begin anew.
            long next = reply.index() < index ? 0 : reply.index();
            if (next == 0) {
                context.scope().schedule(Duration.ofSeconds(1), () -> watch(path, 0));
            } else {
                watch(path, next);
            }
        });
    }

    private void loadSoon() {
        if (loading) {
            dirty = true;
        } else {
            load();
        }
    }

    private void load() {
        loading = true;
        dirty = false;
        consul.get("/v1/catalog/services", consistency(), reply -> {
            if (!reply.ok()) {
                ended(reply);
                return;
            }
            List<String> names = new ArrayList<>();
            reply.json().properties().forEach(entry -> {
                List<String> tags = new ArrayList<>();
                entry.getValue().forEach(tag -> tags.add(tag.asText()));
                if (settings.exposedByDefault() || CatalogConfiguration.exposed(settings, tags)) {
                    names.add(entry.getKey());
                }
            });
            collect(names.iterator(), new ArrayList<>());
        });
    }

    private void collect(Iterator<String> names, List<Instance> found) {
        if (!names.hasNext()) {
            deliver(found);
            return;
        }
        String name = names.next();
        consul.get("/v1/health/service/" + name, consistency(), reply -> {
            if (!reply.ok()) {
                ended(reply);
                return;
            }
            reply.json().forEach(entry -> found.add(instance(entry)));
            collect(names, found);
        });
    }

    private void deliver(List<Instance> found) {
        log.guarded(NAME, () -> {
            Built built = CatalogConfiguration.build(settings, legacy, found);
            for (String error : built.errors()) {
                log.error(error, Map.of("providerName", NAME));
            }
            delivery.accept(built.configuration());
        });
        loading = false;
        backoff.reset();
        if (!settings.watch()) {
            context.scope().schedule(settings.refreshInterval(), this::load);
        } else if (dirty) {
            load();
        }
    }

    private void ended(Reply reply) {
        loading = false;
        Duration pause = failed(reply);
        context.scope().schedule(pause, this::loadSoon);
    }

    private Duration failed(Reply reply) {
        Duration pause = backoff.pause();
        log.error(
                "Provider error, retrying in " + GoDuration.format(Duration.ofMillis(pause.toMillis())),
                Ordered.map("error", reply.error(), "providerName", NAME));
        return pause;
    }

    private Map<String, String> consistency() {
        return settings.stale() ? Map.of("stale", "") : Map.of();
    }

    private static Instance instance(JsonNode entry) {
        JsonNode service = entry.path("Service");
        JsonNode node = entry.path("Node");
        List<String> tags = new ArrayList<>();
        service.path("Tags").forEach(tag -> tags.add(tag.asText()));
        String address = service.path("Address").asText("");
        List<String> statuses = new ArrayList<>();
        entry.path("Checks").forEach(check -> statuses.add(check.path("Status").asText()));
        return new Instance(
                node.path("Node").asText(),
                service.path("ID").asText(),
                service.path("Service").asText(),
                address.isEmpty() ? node.path("Address").asText() : address,
                service.path("Port").asInt(),
                tags,
                CheckHealth.worst(statuses));
    }
}
