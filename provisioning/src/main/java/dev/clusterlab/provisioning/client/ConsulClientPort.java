package dev.clusterlab.provisioning.client;

import com.google.common.net.HostAndPort;
import com.orbitz.consul.Consul;
import com.orbitz.consul.ConsulException;
import com.orbitz.consul.model.health.HealthCheck;
import com.orbitz.consul.model.health.ServiceHealth;
import com.orbitz.consul.option.ConsistencyMode;
import com.orbitz.consul.option.ImmutableQueryOptions;
import com.orbitz.consul.option.QueryOptions;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.shell.consul.CheckHealth;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@link ConsulPort} over consul-client, the library of the labs. */
final class ConsulClientPort implements ConsulPort {
    /** Reads that any server may answer, also without a leader. */
    private static final QueryOptions STALE = ImmutableQueryOptions.builder()
            .consistencyMode(ConsistencyMode.STALE)
            .build();

    /** Serf's status codes; see serf.go. */
    private static final List<String> STATUSES = List.of("none", "alive", "leaving", "left", "failed");

    private final String endpoint;
    private final Consul consul;

    ConsulClientPort(String endpoint, Duration timeout, Duration wallLimit) {
        this.endpoint = endpoint;
        var builder = Consul.builder()
                .withHostAndPort(HostAndPort.fromString(endpoint))
                .withPing(false)
                .withConnectTimeoutMillis(5_000)
                .withReadTimeoutMillis(wallLimit.toMillis())
                .withWriteTimeoutMillis(5_000)
                .withHeaders(Map.of("Prefer", "wait=" + Math.max(1, timeout.toSeconds())));
        this.consul = builder.build();
    }

    @Override
    public List<Member> members() {
        return ask(() -> consul.agentClient().getMembers().stream()
                .map(m -> new Member(
                        m.getName(), m.getAddress(), m.getPort(), status(m.getStatus()), Map.copyOf(m.getTags())))
                .sorted(Comparator.comparing(Member::name))
                .toList());
    }

    private static String status(int code) {
        return code >= 0 && code < STATUSES.size() ? STATUSES.get(code) : String.valueOf(code);
    }

    @Override
    public String leader() {
        return ask(() -> {
            String leader = consul.statusClient().getLeader();
            return leader == null ? "" : leader.replace("\"", "");
        });
    }

    @Override
    public List<RaftServer> raftConfiguration() {
        return ask(() -> consul.operatorClient().getStaleRaftConfiguration().servers().stream()
                .map(s -> new RaftServer(s.id(), s.node(), s.address(), s.leader(), s.voter()))
                .sorted(Comparator.comparing(RaftServer::node).thenComparing(RaftServer::id))
                .toList());
    }

    @Override
    public Map<String, List<String>> services() {
        return ask(() -> {
            var services = new TreeMap<String, List<String>>();
            consul.catalogClient()
                    .getServices(STALE)
                    .getResponse()
                    .forEach((name, tags) -> services.put(name, List.copyOf(tags)));
            return services;
        });
    }

    @Override
    public List<Instance> health(String service, boolean passingOnly) {
        return ask(() -> {
            List<ServiceHealth> found = passingOnly
                    ? consul.healthClient()
                            .getHealthyServiceInstances(service, STALE)
                            .getResponse()
                    : consul.healthClient()
                            .getAllServiceInstances(service, STALE)
                            .getResponse();
            return found.stream()
                    .map(ConsulClientPort::instance)
                    .sorted(Comparator.comparing(Instance::id).thenComparing(Instance::node))
                    .toList();
        });
    }

    private static Instance instance(ServiceHealth health) {
        var service = health.getService();
        var node = health.getNode();
        return new Instance(
                service.getId(),
                service.getService(),
                node.getNode(),
                node.getAddress(),
                service.getAddress().isEmpty() ? node.getAddress() : service.getAddress(),
                service.getPort(),
                service.getTags(),
                health.getChecks().stream().map(ConsulClientPort::check).toList());
    }

    private static Check check(HealthCheck check) {
        return new Check(
                check.getNode(),
                check.getCheckId(),
                check.getName(),
                CheckHealth.of(check.getStatus()),
                check.getStatus(),
                check.getOutput().orElse(""),
                check.getServiceId().orElse(""));
    }

    private <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (ConsulException e) {
            if (e.getCode() == 0) {
                throw silent(e);
            }
            String raw = e.getMessage() == null ? "" : e.getMessage();
            // consul-client writes "Consul request failed with status [500]: TEXT".
            int text = raw.indexOf("]: ");
            throw refused(e.getCode(), text < 0 ? raw : raw.substring(text + 3).strip(), e);
        } catch (LabException e) {
            throw e;
        } catch (RuntimeException e) {
            throw silent(e);
        }
    }

    private LabException silent(Throwable cause) {
        for (@Nullable Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof InterruptedIOException) {
                return new LabException(
                        Kind.TIMEOUT, "The Consul agent at " + endpoint + " did not answer in time.", "", cause);
            }
        }
        return new LabException(
                Kind.REFUSED,
                "No Consul agent answers at " + endpoint + ".",
                "Is its service running? `docker service ps` on a manager tells.",
                cause);
    }

    private static LabException refused(int status, String message, @Nullable Throwable cause) {
        if (status == 504) {
            return new LabException(Kind.TIMEOUT, "The Consul agent did not answer in time.", "", cause);
        }
        String advice = message.contains("No cluster leader") || message.contains("No known Consul servers")
                ? "Most Consul servers must be alive: `consul members` shows who is."
                : "";
        Kind kind = switch (status) {
            case 400 -> Kind.INPUT;
            case 404 -> Kind.NOT_FOUND;
            default -> Kind.REFUSED;
        };
        return new LabException(kind, message.isEmpty() ? "HTTP status " + status : message, advice, cause);
    }

    @Override
    public void close() {
        consul.destroy();
    }
}
