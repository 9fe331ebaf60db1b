package dev.clusterlab.provisioning.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.client.DockerClients;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Measures whether anything is left of a fault that was ended. Blocks as {@link Engine#reach} does. */
final class FaultProof {
    private final Engine engine;
    private final DockerClients docker;

    FaultProof(Engine engine, DockerClients docker) {
        this.engine = engine;
        this.docker = docker;
    }

    List<Remnant> machine(String name) {
        return engine.machine(name)
                .map(Machine::state)
                .filter(state -> state != Machine.State.RUNNING)
                .<List<Remnant>>map(state -> List.of(new Remnant.OfMachine(name, state)))
                .orElse(List.of());
    }

    List<Remnant> container(String machine, String id, String name) {
        if (engine.machine(machine)
                .map(Machine::state)
                .filter(Machine.State.RUNNING::equals)
                .isEmpty()) {
            return List.of();
        }
        try {
            JsonNode state =
                    docker.of(machine).getJson("/containers/" + id + "/json").path("State");
            return state.path("Paused").asBoolean() ? List.of(new Remnant.OfContainer(machine, name)) : List.of();
        } catch (LabException e) {
            if (e.kind() == LabException.Kind.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    List<Remnant> service(FaultHandle handle, String machine, String name) {
        return engine.remains(handle) ? List.of(new Remnant.OfService(machine, name)) : List.of();
    }

    List<Remnant> taken(FaultHandle handle, String machine, FaultKind kind) {
        return engine.remains(handle) ? List.of(new Remnant.OnMachine(machine, kind)) : List.of();
    }

    List<Remnant> cut(Collection<Way> ways) {
        var left = new TreeSet<>(engine.reach().cut());
        left.retainAll(ways);
        left.removeAll(engine.cutWays());
        return left(left);
    }

    List<Remnant> troubled(FaultHandle handle) {
        return left(engine.troubledBy(handle));
    }

    private static List<Remnant> left(Collection<Way> ways) {
        return ways.isEmpty() ? List.of() : List.of(new Remnant.Ways(List.copyOf(ways)));
    }
}
