package dev.clusterlab.simulator.swarm.leader;

import com.google.re2j.Pattern;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Lookup;
import dev.clusterlab.simulator.docker.api.Meta;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Services and their tasks, as the leader manages them (swarmkit manager/controlapi/service.go). */
public final class ServiceControl {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*");
    private static final Pattern IMAGE =
            Pattern.compile("(?:[a-zA-Z0-9][a-zA-Z0-9.-]*(?::[0-9]+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*"
                    + "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?");
    private static final long NANO_CPUS_MIN = 1_000_000;
    private static final long MEMORY_MIN = 4L << 20;
    private static final List<String> FILTERS = List.of("id", "label", "mode", "name", "runtime");
    private static final List<String> TASK_FILTERS =
            List.of("desired-state", "id", "label", "name", "node", "runtime", "service", "_up-to-date");

    private final LeaderContext context;

    ServiceControl(LeaderContext context) {
        this.context = context;
    }

    // Reading

    public List<Service> list(Filters filters, boolean status) {
        filters.accept(FILTERS);
        var services = new ArrayList<Service>();
        for (Service service : context.store().services()) {
            boolean matches = filters.any("id", service.id()::startsWith)
                    && filters.any("name", service.name()::startsWith)
                    && filters.any("mode", service.spec().isGlobal() ? "global"::equals : "replicated"::equals)
                    && filters.labels("label", service.spec().labels());
            if (matches) {
                services.add(status ? service.withServiceStatus(status(service)) : service);
            }
        }
        return services;
    }

    private Service.ServiceStatus status(Service service) {
        long running = 0;
        long desired = 0;
        long completed = 0;
        for (Task task : context.store().tasksOfService(service.id())) {
            if (task.state() == TaskState.RUNNING) {
                running++;
            }
            if (task.desiredState() == TaskState.RUNNING) {
                desired++;
            }
            if (task.state() == TaskState.COMPLETE) {
                completed++;
            }
        }
        return new Service.ServiceStatus(
                running, service.spec().isGlobal() ? desired : service.spec().replicas(), completed);
    }

    private Service find(String reference) {
        return Lookup.find(
                "service",
                context.store().services(),
                reference,
                Service::id,
                (service, name) -> service.name().equals(name));
    }

    public Service get(String reference, boolean insertDefaults) {
        Service service = find(reference);
        return insertDefaults ? Defaults.inserted(service) : service;
    }

    public List<Task> tasks(Filters filters) {
        filters.accept(TASK_FILTERS);
        filters.get("desired-state").forEach(TaskState::parse);
        var tasks = new ArrayList<Task>();
        List<String> services = references(filters.get("service"), true);
        List<String> nodes = references(filters.get("node"), false);
        Iterable<Task> candidates = services.size() == 1 && filters.has("service")
                ? context.store().tasksOfService(services.get(0))
                : nodes.size() == 1 && filters.has("node")
                        ? context.store().tasksOnNode(nodes.get(0))
                        : context.store().tasks();
        for (Task task : candidates) {
            boolean matches = (!filters.has("service") || services.contains(task.serviceId()))
                    && (!filters.has("node") || (task.nodeId() != null && nodes.contains(task.nodeId())))
                    && filters.any("id", task.id()::startsWith)
                    && filters.any(
                            "name",
                            name -> String.valueOf(task.name()).startsWith(name)
                                    || task.serviceName().startsWith(name))
                    && filters.any("desired-state", task.desiredState().text()::equals)
                    && filters.any("runtime", "container"::equals)
                    && (!filters.has("_up-to-date") || upToDate(task));
            if (matches) {
                tasks.add(task);
            }
        }
        return tasks;
    }

    private boolean upToDate(Task task) {
        Service service = context.store().service(task.serviceId());
        return service != null && !context.dirty(service, task);
    }

    private List<String> references(List<String> wanted, boolean service) {
        var ids = new ArrayList<String>();
        for (String reference : wanted) {
            try {
                ids.add(
                        service
                                ? find(reference).id()
                                : Lookup.find("node", context.store().nodes(), reference, Node::id, Node::named)
                                        .id());
            } catch (ApiException e) {
                // A filter by what does not exist matches nothing.
            }
        }
        return ids;
    }

    public Task task(String reference) {
        return Lookup.find(
                "task", context.store().tasks(), reference, Task::id, (task, name) -> name.equals(task.name()));
    }

    // Writing

    public void create(ServiceSpec given, Consumer<ApiResult<String>> done) {
        String id = context.random().base36(25);
        context.transactions()
                .run(
                        transaction -> {
                            ServiceSpec spec = validated(given, null);
                            if (context.store().serviceNamed(spec.name()) != null) {
                                throw ApiException.rpc(
                                        ApiException.RpcCode.ALREADY_EXISTS,
                                        "name conflicts with an existing object: service " + spec.name()
                                                + " already exists");
                            }
                            var service =
                                    new Service(id, Meta.created(context.now()), spec, null, null, null, null, -1, 0);
                            transaction.put(
                                    service.withEndpoint(context.allocator().endpointFor(service)));
                        },
                        error -> done.accept(error == null ? ApiResult.ok(id) : ApiResult.error(error)));
    }

    public void update(
            String reference, long version, ServiceSpec given, boolean rollback, Consumer<ApiResult<Nothing>> done) {
        String id = find(reference).id();
        context.transactions()
                .run(
                        transaction -> {
                            Service service = transaction.service(id);
                            if (service == null) {
                                throw ApiException.rpc(ApiException.RpcCode.NOT_FOUND, "service " + id + " not found");
                            }
                            if (service.version().index() != version) {
                                throw ControlApi.outOfSequence();
                            }
                            Service changed = rollback ? rolledBack(service) : updated(service, given);
                            transaction.put(
                                    changed.withEndpoint(context.allocator().endpointFor(changed)));
                        },
                        error -> done.accept(error == null ? Nothing.ok() : ApiResult.error(error)));
    }

    private Service updated(Service service, ServiceSpec given) {
        ServiceSpec spec = validated(given, service);
        if (!spec.name().equals(service.name())) {
            throw ApiException.rpc(ApiException.RpcCode.UNIMPLEMENTED, "renaming services is not supported");
        }
        if (spec.isGlobal() != service.spec().isGlobal()) {
            throw ApiException.rpc(ApiException.RpcCode.UNIMPLEMENTED, "service mode change is not allowed");
        }
        return service.withSpec(spec, service.spec(), null, -1);
    }

    private Service rolledBack(Service service) {
        if (service.previousSpec() == null) {
            throw ApiException.rpc(
                    ApiException.RpcCode.FAILED_PRECONDITION,
                    "service " + service.id() + " does not have a previous spec");
        }
        // The spec that is left becomes the previous one, so that a second rollback undoes the first.
        return service.withSpec(
                service.previousSpec(),
                service.spec(),
                new Service.UpdateStatus("rollback_started", context.now(), null, "manually requested rollback"),
                service.previousSpecVersion());
    }

    public void remove(String reference, Consumer<ApiResult<Nothing>> done) {
        String id = find(reference).id();
        context.transactions()
                .run(
                        transaction -> transaction.delete(id),
                        error -> done.accept(error == null ? Nothing.ok() : ApiResult.error(error)));
    }

    // Checking

    private static ApiException invalid(String text) {
        return ApiException.rpc(ApiException.RpcCode.INVALID_ARGUMENT, text);
    }

    private ServiceSpec validated(ServiceSpec spec, @Nullable Service existing) {
        checkName(spec.name());
        if (spec.isJob()) {
            throw ApiException.rpc(ApiException.RpcCode.UNIMPLEMENTED, "job modes are not simulated");
        }
        TaskSpec task = spec.taskTemplate();
        if (task.containerSpec() == null) {
            throw invalid("TaskSpec: missing runtime");
        }
        String image = task.containerSpec().image();
        if (image.isEmpty()) {
            throw invalid("ContainerSpec: image reference must be provided");
        }
        if (!IMAGE.matcher(image).matches()) {
            throw invalid("ContainerSpec: \"" + image + "\" is not a valid repository/tag");
        }
        if (!spec.isGlobal() && spec.replicas() < 0) {
            throw invalid("Number of replicas must be non-negative");
        }
        checkResources(task);
        for (String constraint : task.constraints()) {
            Constraints.parse(constraint);
        }
        checkPorts(spec, existing);
        ServiceSpec resolved = withNetworkIds(spec);
        if (spec.publishesIngressPorts() && context.store().ingress() == null) {
            throw ApiException.rpc(
                    ApiException.RpcCode.FAILED_PRECONDITION,
                    "service needs ingress network, but no ingress network is present");
        }
        return resolved;
    }

    private static void checkName(String name) {
        if (name.isEmpty()) {
            throw invalid("name must be provided");
        }
        if (!NAME.matcher(name).matches()) {
            throw invalid("name must be valid as a DNS name component");
        }
        if (name.length() > 63) {
            throw invalid("name must be 63 characters or fewer");
        }
    }

    private static void checkResources(TaskSpec task) {
        Node.Resources wanted =
                task.resources() == null ? null : task.resources().reservations();
        if (wanted == null) {
            return;
        }
        if (wanted.nanoCpus() != null && wanted.nanoCpus() != 0 && wanted.nanoCpus() < NANO_CPUS_MIN) {
            throw invalid("invalid cpu value " + processors(wanted.nanoCpus()) + ": Must be at least "
                    + processors(NANO_CPUS_MIN));
        }
        if (wanted.memoryBytes() != null && wanted.memoryBytes() != 0 && wanted.memoryBytes() < MEMORY_MIN) {
            throw invalid("invalid memory value " + wanted.memoryBytes() + ": Must be at least 4MiB");
        }
    }

    private static String processors(long nanoCpus) {
        return BigDecimal.valueOf(nanoCpus, 9).stripTrailingZeros().toPlainString();
    }

    private void checkPorts(ServiceSpec spec, @Nullable Service existing) {
        if (spec.roundRobinDns() && spec.publishesIngressPorts()) {
            throw invalid("EndpointSpec: port published with ingress mode can't be used with dnsrr mode");
        }
        for (int i = 0; i < spec.ports().size(); i++) {
            ServiceSpec.Port port = spec.ports().get(i);
            for (ServiceSpec.Port other : spec.ports().subList(0, i)) {
                if (port.published() != 0 && same(port, other)) {
                    throw invalid("EndpointSpec: duplicate published ports provided");
                }
            }
        }
        for (Service other : context.store().services()) {
            if (existing != null && other.id().equals(existing.id())) {
                continue;
            }
            for (ServiceSpec.Port taken : other.ports()) {
                for (ServiceSpec.Port port : spec.ports()) {
                    if (port.published() != 0 && same(port, taken) && !(port.host() && taken.host())) {
                        throw invalid("port '" + port.published() + "' is already in use by service '" + other.name()
                                + "' (" + other.id() + ") as "
                                + (taken.host() ? "a host-published port" : "an ingress port"));
                    }
                }
            }
        }
    }

    private static boolean same(ServiceSpec.Port left, ServiceSpec.Port right) {
        return left.published() == right.published() && left.protocolOrTcp().equals(right.protocolOrTcp());
    }

    /** Attachments name networks; the store knows identifiers. */
    private ServiceSpec withNetworkIds(ServiceSpec spec) {
        return new ServiceSpec(
                spec.name(),
                spec.labels(),
                spec.taskTemplate().withNetworks(withIds(spec.taskTemplate().networks())),
                ServiceSpec.Mode.stored(spec.mode()),
                spec.updateConfig(),
                spec.rollbackConfig(),
                withIds(spec.networks()),
                spec.endpointSpec());
    }

    private @Nullable List<TaskSpec.NetworkAttachment> withIds(@Nullable List<TaskSpec.NetworkAttachment> given) {
        if (given == null) {
            return null;
        }
        var resolved = new ArrayList<TaskSpec.NetworkAttachment>();
        for (TaskSpec.NetworkAttachment attachment : given) {
            Network network = Lookup.find(
                    "network",
                    context.store().networks(),
                    attachment.target(),
                    Network::id,
                    (candidate, name) -> candidate.name().equals(name));
            if (network.ingress()) {
                throw invalid(
                        "Service cannot be explicitly attached to the ingress network \"" + network.name() + "\"");
            }
            resolved.add(new TaskSpec.NetworkAttachment(network.id(), attachment.aliases(), attachment.driverOpts()));
        }
        return resolved;
    }
}
