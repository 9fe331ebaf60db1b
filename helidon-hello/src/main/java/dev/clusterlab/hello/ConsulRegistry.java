package dev.clusterlab.hello;

import com.orbitz.consul.Consul;
import com.orbitz.consul.model.agent.ImmutableRegCheck;
import com.orbitz.consul.model.agent.ImmutableRegistration;
import com.orbitz.consul.model.health.HealthCheck;
import com.orbitz.consul.model.health.ServiceHealth;
import com.orbitz.consul.option.ImmutableQueryOptions;
import com.orbitz.consul.option.QueryOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the service asks of Consul: the one place that knows the client library. Calls block. */
final class ConsulRegistry implements AutoCloseable {
    /** Any server may answer whether we are listed; what matters is that somebody answers. */
    private static final QueryOptions ANY_SERVER =
            ImmutableQueryOptions.builder().build();

    private final HelloSettings settings;
    private final HelloEnvironment environment;
    private final Consul agent;

    ConsulRegistry(HelloSettings settings, HelloEnvironment environment) {
        this.settings = settings;
        this.environment = environment;
        this.agent = connect(settings.consulHost());
    }

    /** A registration of this instance in the catalog. {@code alive} says whether its agent is. */
    record Listing(String node, String agentAddress, String address, int port, boolean alive) {}

    void register(String id, String address) {
        String url = "http://" + address + ":" + settings.port() + "/health";
        agent.agentClient()
                .register(
                        ImmutableRegistration.builder()
                                .id(id)
                                .name(settings.serviceName())
                                .addAllTags(settings.tags())
                                .address(address)
                                .port(settings.port())
                                .check(ImmutableRegCheck.builder()
                                        .http(url)
                                        .interval(seconds(settings.checkInterval()))
                                        .timeout(seconds(settings.checkTimeout()))
                                        .build())
                                .build(),
                        QueryOptions.BLANK);
    }

    /**
     * Where this instance is registered. The catalog is asked, not the agent, because behind a balanced name each call
     * may meet another agent.
     */
    List<Listing> listings(String id) {
        List<Listing> found = new ArrayList<>();
        for (ServiceHealth each : agent.healthClient()
                .getAllServiceInstances(settings.serviceName(), ANY_SERVER)
                .getResponse()) {
            if (each.getService().getId().equals(id)) {
                found.add(new Listing(
                        each.getNode().getNode(),
                        each.getNode().getAddress(),
                        each.getService().getAddress(),
                        each.getService().getPort(),
                        alive(each.getChecks())));
            }
        }
        return found;
    }

    /** Deregisters at the agent that was configured. */
    void deregister(String id) {
        agent.agentClient().deregister(id);
    }

    /** Deregisters at the agent that holds the registration. */
    void deregisterAt(String agentAddress, String id) {
        Consul owner = connect(agentAddress);
        try {
            owner.agentClient().deregister(id);
        } finally {
            owner.destroy();
        }
    }

    @Override
    public void close() {
        agent.destroy();
    }

    private Consul connect(String host) {
        URI location = environment.consul().locate(host, settings.consulPort());
        long timeoutMillis = environment.consulTimeout().toMillis();
        return Consul.builder()
                .withUrl(location.toString())
                .withPing(false)
                .withConnectTimeoutMillis(timeoutMillis)
                .withReadTimeoutMillis(timeoutMillis)
                .withWriteTimeoutMillis(timeoutMillis)
                .build();
    }

    private static boolean alive(List<HealthCheck> checks) {
        return checks.stream()
                .filter(check -> check.getServiceId().orElse("").isEmpty())
                .noneMatch(check -> check.getStatus().equals("critical"));
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + "s";
    }
}
