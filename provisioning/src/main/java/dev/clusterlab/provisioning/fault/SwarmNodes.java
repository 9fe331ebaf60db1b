package dev.clusterlab.provisioning.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.MachineNames;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.DockerConnection;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes machines' part in the swarm away and gives it back, by the managers' API. Blocks as daemons do. */
final class SwarmNodes {
    /** Somebody else may write to a node between reading its version and the update. */
    private static final int TRIES = 5;

    private static final String MANAGER = "manager";
    private static final int PORT = 2377;

    private final Engine engine;
    private final DockerClients docker;

    SwarmNodes(Engine engine, DockerClients docker) {
        this.engine = engine;
        this.docker = docker;
    }

    /** What undoes it, and whether it is as it was. */
    record Undo(Runnable back, java.util.function.BooleanSupplier undone) {}

    /** @throws LabException REFUSED if it is no node, or no manager answers */
    Undo begin(Fault.OnNode fault) {
        return switch (fault) {
            case Fault.NodeDrain(String machine) -> change(machine, "Availability", "drain");
            case Fault.NodeDemote(String machine) -> {
                if (!text(node(machine), "Role").equals(MANAGER)) {
                    throw new LabException(
                                    Kind.REFUSED,
                                    machine + " is no manager, so it cannot be demoted.",
                                    "See `docker node ls`.")
                            .named("fault.nomanager", machine);
                }
                yield change(machine, "Role", "worker");
            }
            case Fault.NodeLeave(String machine) -> leave(machine);
        };
    }

    private Undo change(String machine, String field, String value) {
        JsonNode before = node(machine);
        String was = text(before, field);
        if (was.equals(value)) {
            throw new LabException(
                            Kind.CONFLICT,
                            machine + " is that already: its " + field.toLowerCase(java.util.Locale.ROOT) + " is " + was
                                    + ".",
                            "See `docker node ls`.")
                    .named("fault.already", machine, was);
        }
        String id = before.path("ID").asText();
        update(id, spec -> spec.put(field, value));
        return new Undo(
                () -> update(id, spec -> spec.put(field, was)),
                () -> text(manager("").getJson("/nodes/" + id), field).equals(was));
    }

    private Undo leave(String machine) {
        JsonNode node = node(machine);
        String id = node.path("ID").asText();
        String role = text(node, "Role");
        // Without another manager there would be no swarm to come back to.
        var _ = manager(machine);
        docker.of(machine).post("/swarm/leave?force=true");
        return new Undo(() -> comeBack(machine, id, role, (ObjectNode) node.path("Spec")), () -> member(machine));
    }

    private void comeBack(String machine, String formerId, String role, ObjectNode former) {
        if (!member(machine)) {
            DockerConnection manager = manager(machine);
            String token = manager.getJson("/swarm")
                    .at(role.equals(MANAGER) ? "/JoinTokens/Manager" : "/JoinTokens/Worker")
                    .asText();
            ObjectNode request = former.objectNode();
            request.put("ListenAddr", "0.0.0.0:" + PORT);
            request.put("AdvertiseAddr", found(machine).ip());
            request.putArray("RemoteAddrs").add(found(manager.machine()).ip() + ":" + PORT);
            request.put("JoinToken", token);
            docker.of(machine).postJson("/swarm/join", request);
        }
        forget(machine, formerId);
        update(nodeId(machine), spec -> {
            spec.set("Labels", former.path("Labels").deepCopy());
            spec.put("Availability", former.path("Availability").asText("active"));
        });
    }

    /** It came back as another node; the old one stays in the list, down for good, until it is removed. */
    private void forget(String machine, String formerId) {
        DockerConnection manager = manager(machine);
        for (JsonNode node : manager.getJson("/nodes")) {
            if (node.path("ID").asText().equals(formerId)) {
                if (text(node, "Role").equals(MANAGER)) {
                    demote(formerId);
                }
                manager.delete("/nodes/" + formerId + "?force=true");
            }
        }
    }

    private void demote(String id) {
        try {
            update(id, spec -> spec.put("Role", "worker"));
        } catch (LabException e) {
            // A manager that leaves takes itself out of Raft if it can; then there is nothing to demote.
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    private void update(String id, Consumer<ObjectNode> change) {
        for (int tries = 1; ; tries++) {
            DockerConnection manager = manager("");
            JsonNode node = manager.getJson("/nodes/" + id);
            ObjectNode spec = node.path("Spec").deepCopy();
            change.accept(spec);
            try {
                manager.postJson(
                        "/nodes/" + id + "/update?version="
                                + node.at("/Version/Index").asText(),
                        spec);
                return;
            } catch (LabException e) {
                if (tries == TRIES || !String.valueOf(e.getMessage()).contains("out of sequence")) {
                    throw e;
                }
            }
        }
    }

    private JsonNode node(String machine) {
        return manager("").getJson("/nodes/" + nodeId(machine));
    }

    private static String text(JsonNode node, String field) {
        return node.path("Spec").path(field).asText();
    }

    /** As its own daemon says it, for several nodes may have had its name; else its name. */
    private String nodeId(String machine) {
        Machine found = found(machine);
        if (found.state() != Machine.State.RUNNING) {
            return machine;
        }
        String id = docker.of(found).getJson("/info").at("/Swarm/NodeID").asText();
        if (id.isEmpty()) {
            throw new LabException(
                            Kind.REFUSED,
                            machine + " is not in a swarm.",
                            "`docker swarm join` makes it a node of one.")
                    .named("fault.nonode", machine);
        }
        return id;
    }

    private boolean member(String machine) {
        return docker.of(machine)
                .getJson("/info")
                .at("/Swarm/LocalNodeState")
                .asText()
                .equals("active");
    }

    private Machine found(String machine) {
        return engine.machine(machine).orElseThrow(() -> MachineNames.unknown(machine));
    }

    /** A manager that answers, other than this machine. */
    private DockerConnection manager(String butNot) {
        for (Machine machine : engine.machines()) {
            if (machine.state() == Machine.State.RUNNING && !machine.name().equals(butNot)) {
                Optional<DockerConnection> manager = manager(machine);
                if (manager.isPresent()) {
                    return manager.get();
                }
            }
        }
        throw new LabException(
                        Kind.REFUSED,
                        "No manager of a swarm can be asked" + (butNot.isEmpty() ? "." : " but " + butNot + " itself."),
                        "See `docker node ls`.")
                .named("fault.nomanagers");
    }

    private Optional<DockerConnection> manager(Machine machine) {
        try {
            DockerConnection connection = docker.of(machine);
            JsonNode swarm = connection.getJson("/info").path("Swarm");
            return swarm.path("ControlAvailable").asBoolean() ? Optional.of(connection) : Optional.empty();
        } catch (LabException e) {
            if (e.kind() == Kind.CANCELLED) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
