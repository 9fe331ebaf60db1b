package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.TaskSpec;

/** What a service means where its spec says nothing (swarmkit api/defaults/service.go). */
final class Defaults {
    private Defaults() {}

    static Service inserted(Service service) {
        ServiceSpec spec = service.spec();
        TaskSpec task = spec.taskTemplate();
        TaskSpec.RestartPolicy given = task.restartPolicy();
        var restart = new TaskSpec.RestartPolicy(
                given == null || given.condition() == null ? "any" : given.condition(),
                given == null || given.delay() == null ? RestartSupervisor.DELAY_DEFAULT : given.delay(),
                given == null || given.maxAttempts() == null ? 0L : given.maxAttempts(),
                given == null ? null : given.window());
        var completedTask = new TaskSpec(
                task.containerSpec(),
                task.resources(),
                restart,
                task.placement(),
                task.networks(),
                task.logDriver(),
                task.forceUpdate(),
                task.runtime());
        var completed = new ServiceSpec(
                spec.name(),
                spec.labels(),
                completedTask,
                spec.mode(),
                update(spec.updateConfig()),
                update(spec.rollbackConfig()),
                spec.networks(),
                spec.endpointSpec() == null ? new ServiceSpec.EndpointSpec("vip", null) : spec.endpointSpec());
        return new Service(
                service.id(),
                service.meta(),
                completed,
                service.previousSpec(),
                service.endpoint(),
                service.updateStatus(),
                service.serviceStatus(),
                service.specVersion(),
                service.previousSpecVersion());
    }

    private static ServiceSpec.UpdateConfig update(ServiceSpec.@org.jspecify.annotations.Nullable UpdateConfig given) {
        if (given != null) {
            return given;
        }
        return new ServiceSpec.UpdateConfig(1L, null, "pause", 5 * LeaderContext.SECOND, 0.0, "stop-first");
    }
}
