package dev.clusterlab.simulator.swarm.leader;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Services and their tasks, as the leader manages them (swarmkit manager/controlapi/service.go). */
public final class ServiceControl {
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
                    && filters.any("runtime", "container"::equals)
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
        LeaderContext.checkFilter(
                filters,
                "desired-state",
                Arrays.stream(TaskState.values()).map(TaskState::text).toList());
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
                    && filters.any("name", name -> String.valueOf(task.name()).startsWith(name))
                    && filters.any("desired-state", task.desiredState().text()::equalsIgnoreCase)
                    && filters.any("runtime", "container"::equals)
                    && filters.labels("label", task.origin().serviceLabels())
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

    /** The identifiers of what is named. Throws an {@link ApiException} with status 404 if there is no such thing. */
    private List<String> references(List<String> wanted, boolean service) {
        var ids = new ArrayList<String>();
        for (String reference : wanted) {
            ids.add(
                    service
                            ? find(reference).id()
                            : Lookup.find("node", context.store().nodes(), reference, Node::id, Node::named)
                                    .id());
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

    /** What the spec says is possible, in itself and beside what there is. Gives it with the networks' identifiers. */
    private ServiceSpec validated(ServiceSpec spec, @Nullable Service existing) {
        if (spec.isJob()) {
            throw ApiException.rpc(ApiException.RpcCode.UNIMPLEMENTED, "job modes are not simulated");
        }
        ServiceValidation.check(spec);
        ServiceSpec resolved = withNetworkIds(spec);
        if (existing == null
                || (spec.endpointSpec() != null
                        && !spec.endpointSpec().equals(existing.spec().endpointSpec()))) {
            checkPorts(spec, existing);
        }
        if (spec.publishesIngressPorts() && context.store().ingress() == null) {
            throw ApiException.rpc(
                    ApiException.RpcCode.FAILED_PRECONDITION,
                    "service needs ingress network, but no ingress network is present");
        }
        checkReferences("secret", spec.taskTemplate().container().secrets());
        checkReferences("config", spec.taskTemplate().container().configs());
        return resolved;
    }

    /** No secrets or configs can be made here, so none that a service refers to exists. */
    private static void checkReferences(String kind, @Nullable List<TaskSpec.Reference> references) {
        if (references != null && !references.isEmpty()) {
            throw ServiceValidation.invalid(kind + (references.size() == 1 ? "" : "s") + " not found: "
                    + String.join(
                            ", ",
                            references.stream().map(TaskSpec.Reference::name).toList()));
        }
    }

    private void checkPorts(ServiceSpec spec, @Nullable Service existing) {
        for (Service other : context.store().services()) {
            if (existing != null && other.id().equals(existing.id())) {
                continue;
            }
            for (ServiceSpec.Port taken : other.ports()) {
                for (ServiceSpec.Port port : spec.ports()) {
                    if (port.published() != 0 && same(port, taken) && !(port.host() && taken.host())) {
                        throw ServiceValidation.invalid(
                                "port '" + port.published() + "' is already in use by service '" + other.name()
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
                throw ServiceValidation.invalid(
                        "Service cannot be explicitly attached to the ingress network \"" + network.name() + "\"");
            }
            resolved.add(new TaskSpec.NetworkAttachment(network.id(), attachment.aliases(), attachment.driverOpts()));
        }
        return resolved;
    }
}
