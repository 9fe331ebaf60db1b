package dev.clusterlab.simulator.traefik;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.shell.text.GoDuration;
import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.traefik.ConfigurationException;
import dev.clusterlab.traefik.DynamicConfiguration;
import dev.clusterlab.traefik.KvConfiguration;
import dev.clusterlab.traefik.StaticConfiguration.ConsulKv;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Watches the tree below the root key of Consul's key-value store. */
final class KvProvider {
    static final String NAME = "consul";

    private static final Duration WAIT = Duration.ofSeconds(300);

    private final ProgramContext context;
    private final ConsulKv settings;
    private final boolean legacy;
    private final TraefikLog log;
    private final Consumer<DynamicConfiguration> delivery;
    private final List<ConsulQueries> endpoints;
    private final Backoff backoff;
    private int endpoint;

    KvProvider(
            ProgramContext context,
            ConsulKv settings,
            boolean legacy,
            TraefikLog log,
            Consumer<DynamicConfiguration> delivery) {
        this.context = context;
        this.settings = settings;
        this.legacy = legacy;
        this.log = log;
        this.delivery = delivery;
        this.endpoints = settings.endpoints().stream()
                .map(each -> new ConsulQueries(context, each))
                .toList();
        this.backoff = new Backoff(context.random().split("consul"));
    }

    void start() {
        watch(0);
    }

    private void watch(long index) {
        ConsulQueries consul = endpoints.get(endpoint % endpoints.size());
        consul.block("/v1/kv/" + settings.rootKey(), Map.of("recurse", ""), index, WAIT, reply -> {
            if (!reply.ok()) {
                endpoint++;
                Duration pause = backoff.pause();
                log.error(
                        "KV connection error, retrying in " + GoDuration.format(Duration.ofMillis(pause.toMillis())),
                        Ordered.map("error", reply.error(), "providerName", NAME));
                context.scope().schedule(pause, () -> watch(0));
                return;
            }
            backoff.reset();
            if (reply.index() != index || index == 0) {
                log.guarded(NAME, () -> deliver(reply.json()));
            }
            if (reply.index() <= 0 || reply.index() < index) {
                context.scope().schedule(Duration.ofSeconds(1), () -> watch(0));
            } else {
                watch(reply.index());
            }
        });
    }

    private void deliver(JsonNode entries) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (JsonNode entry : entries) {
            if (entry.path("Value").isTextual()) {
                byte[] value = Base64.getDecoder().decode(entry.path("Value").asText());
                keys.put(entry.path("Key").asText(), new String(value, StandardCharsets.UTF_8));
            }
        }
        try {
            delivery.accept(KvConfiguration.build(settings.rootKey(), keys, legacy));
        } catch (ConfigurationException e) {
            log.error(
                    "Cannot build the configuration",
                    Ordered.map("error", String.valueOf(e.getMessage()), "providerName", NAME));
        }
    }
}
