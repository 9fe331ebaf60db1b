package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.hello.HelloService;
import dev.clusterlab.provisioning.ContainerPlace;
import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.ServiceTrouble;
import dev.clusterlab.provisioning.client.DockerErrors;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.endpoints.EmbeddedCluster;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which hello services were told to misbehave: by the port of their container's loopback, the real ones and their models. One that is
 * to crash again and again is told so whenever it has come back. Thread-safe.
 */
final class ServiceTroubles {
    private static final String PATH = "/faults";
    private static final int NOTHING_THERE = 501;

    /** How often it is looked for what stands in the place of one that crashes. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** Of faults that ended: enough for whoever ends them, and looks at once. */
    private static final int ENDED_KEPT = 64;

    private final EmbeddedCluster cluster;
    private final Map<FaultHandle, Told> told = new ConcurrentHashMap<>();
    private final Map<FaultHandle, Told> ended = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FaultHandle, Told> eldest) {
            return size() > ENDED_KEPT;
        }
    });

    /** @param place where whatever stands there is told too; empty: only the container itself */
    private record Told(EngineFault.Misbehaviour fault, Optional<ContainerPlace> place) {
        boolean holds(Container.Summary container) {
            return place.filter(where -> where.holds(container.id(), container.labels()))
                    .isPresent();
        }
    }

    ServiceTroubles(EmbeddedCluster cluster) {
        this.cluster = cluster;
    }

    void begin(FaultHandle handle, EngineFault.Misbehaviour fault) {
        Request request = request(handle, fault);
        Optional<ContainerPlace> place = fault.kind() instanceof ServiceTrouble.CrashLoop
                ? cluster.labels(fault.machine(), fault.container())
                        .map(labels -> ContainerPlace.of(fault.container(), labels))
                : Optional.empty();
        ApiResult<Nothing> result =
                cluster.tellContainer(fault.machine(), fault.container(), HelloService.FAULT_PORT, request);
        if (result instanceof ApiResult.Error<Nothing>(int status, String message)) {
            throw status == NOTHING_THERE
                    ? ServiceTrouble.unknown(fault.container())
                    : DockerErrors.refused(status, message);
        }
        var now = new Told(fault, place);
        told.put(handle, now);
        if (place.isPresent()) {
            cluster.driver().run(() -> tellAgain(handle, now, request));
        }
    }

    private static Request request(FaultHandle handle, EngineFault.Misbehaviour fault) {
        Request request = Request.of("PUT", path(handle));
        return switch (fault.kind()) {
            case ServiceTrouble.Unhealthy() -> request.withQuery("unhealthy", "");
            case ServiceTrouble.Slow(Duration delay) -> request.withQuery("slow", Long.toString(delay.toMillis()));
            case ServiceTrouble.Errors(double share) -> request.withQuery("errors", Double.toString(share));
            case ServiceTrouble.CrashLoop(Duration after) ->
                request.withQuery("crash", Long.toString(after.toMillis()));
        };
    }

    /** An event of the simulation, as what it brings about is. */
    private void tellAgain(FaultHandle handle, Told now, Request request) {
        cluster.driver().simulation().schedule(LOOK, () -> {
            if (told.containsKey(handle)) {
                cluster.tellContainers(now::holds, HelloService.FAULT_PORT, request);
                tellAgain(handle, now, request);
            }
        });
    }

    private static String path(FaultHandle handle) {
        return PATH + "/" + handle.id();
    }

    /** Whether the fault is one of these. */
    boolean end(FaultHandle handle) {
        Told now = told.remove(handle);
        if (now == null) {
            return ended.containsKey(handle);
        }
        ended.put(handle, now);
        Request request = Request.of("DELETE", path(handle));
        if (now.place().isPresent()) {
            cluster.tellContainers(now::holds, HelloService.FAULT_PORT, request);
            return true;
        }
        try {
            var _ = cluster.tellContainer(
                    now.fault().machine(), now.fault().container(), HelloService.FAULT_PORT, request);
        } catch (LabException | IllegalArgumentException | java.util.NoSuchElementException e) {
            // What is gone, or off, has stopped.
            ended.remove(handle);
        }
        return true;
    }

    /** Whether the fault is one of these, and what was told to misbehave does so. */
    boolean misbehaves(FaultHandle handle) {
        Told now = told.containsKey(handle) ? told.get(handle) : ended.get(handle);
        if (now == null) {
            return false;
        }
        if (now.place().isEmpty()) {
            return misbehaves(handle, now.fault().machine(), now.fault().container());
        }
        return cluster.running(now::holds).entrySet().stream()
                .anyMatch(each -> misbehaves(handle, each.getValue(), each.getKey()));
    }

    private boolean misbehaves(FaultHandle handle, String machine, String container) {
        try {
            Optional<HttpResult> answer =
                    cluster.askContainer(machine, container, HelloService.FAULT_PORT, Request.get(PATH));
            return answer.isPresent()
                    && switch (answer.get()) {
                        case HttpResult.Answered(var response) ->
                            response.text().lines().anyMatch(line -> line.startsWith(handle.id() + ":"));
                        case HttpResult.Failed(var failure) ->
                            throw new LabException(
                                    Kind.REFUSED,
                                    "The service in " + container + " does not say whether it misbehaves: " + failure
                                            + ".",
                                    "It may be frozen.");
                    };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
