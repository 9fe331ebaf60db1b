package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.hello.HelloService;
import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.ServiceTrouble;
import dev.clusterlab.provisioning.client.DockerErrors;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.endpoints.EmbeddedCluster;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which hello services were told to misbehave: by the port of their container's loopback, the real ones and their models. Thread-safe. */
final class ServiceTroubles {
    private static final String PATH = "/faults";
    private static final int NOTHING_THERE = 501;

    private final EmbeddedCluster cluster;
    private final Map<FaultHandle, EngineFault.Misbehaviour> told = new ConcurrentHashMap<>();

    ServiceTroubles(EmbeddedCluster cluster) {
        this.cluster = cluster;
    }

    void begin(FaultHandle handle, EngineFault.Misbehaviour fault) {
        Request request = Request.of("PUT", path(handle));
        ApiResult<Nothing> result = cluster.tellContainer(
                fault.machine(),
                fault.container(),
                HelloService.FAULT_PORT,
                switch (fault.kind()) {
                    case ServiceTrouble.Unhealthy() -> request.withQuery("unhealthy", "");
                    case ServiceTrouble.Slow(Duration delay) ->
                        request.withQuery("slow", Long.toString(delay.toMillis()));
                    case ServiceTrouble.Errors(double share) -> request.withQuery("errors", Double.toString(share));
                });
        if (result instanceof ApiResult.Error<Nothing>(int status, String message)) {
            throw status == NOTHING_THERE
                    ? ServiceTrouble.unknown(fault.container())
                    : DockerErrors.refused(status, message);
        }
        told.put(handle, fault);
    }

    private static String path(FaultHandle handle) {
        return PATH + "/" + handle.id();
    }

    /** Whether the fault is one of these. */
    boolean end(FaultHandle handle) {
        EngineFault.Misbehaviour fault = told.get(handle);
        if (fault == null) {
            return false;
        }
        try {
            // What is gone, or off, has stopped.
            var _ = cluster.tellContainer(
                    fault.machine(), fault.container(), HelloService.FAULT_PORT, Request.of("DELETE", path(handle)));
        } catch (LabException | IllegalArgumentException e) {
            told.remove(handle);
        }
        return true;
    }

    boolean misbehaves(FaultHandle handle) {
        EngineFault.Misbehaviour fault = told.get(handle);
        if (fault == null) {
            return false;
        }
        try {
            Optional<HttpResult> answer = cluster.askContainer(
                    fault.machine(), fault.container(), HelloService.FAULT_PORT, Request.get(PATH));
            return answer.isPresent()
                    && switch (answer.get()) {
                        case HttpResult.Answered(var response) ->
                            response.text().lines().anyMatch(line -> line.startsWith(handle.id() + ":"));
                        case HttpResult.Failed(var failure) ->
                            throw new LabException(
                                    Kind.REFUSED,
                                    "The service in " + fault.container() + " does not say whether it misbehaves: "
                                            + failure + ".",
                                    "It may be frozen.");
                    };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
