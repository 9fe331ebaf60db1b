package dev.clusterlab.provisioning.docker;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.MachineNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The machines of a {@link DockerEngine} by name, in the order in which they were created, and the numbers that they have been
 * given. Guards the map and the numbers; each node guards itself. Thread-safe, and never blocks.
 */
final class MachineTable {
    private final Map<String, DockerNode> nodes = new LinkedHashMap<>();
    private int nextIndex;

    /**
     * Gives a new machine its number and its address, which no other machine of the lab ever gets.
     *
     * @throws LabException CONFLICT if there is one of that name, REFUSED if the network has no address left
     */
    synchronized DockerNode reserve(String name, LabNetwork within) {
        if (nodes.containsKey(name)) {
            throw MachineNames.taken(name);
        }
        if (nextIndex >= LabNetwork.MACHINES_MAX) {
            throw new LabException(
                    Kind.REFUSED,
                    "The lab's network has no address left for " + name + ".",
                    "Begin a new lab: a lab can create " + LabNetwork.MACHINES_MAX + " machines in its life.");
        }
        int index = nextIndex++;
        var node = new DockerNode(name, index, within.address(index));
        nodes.put(name, node);
        return node;
    }

    /** Takes up a machine that there was before this program. */
    synchronized void adopt(DockerNode node) {
        nodes.put(node.name(), node);
        nextIndex = Math.max(nextIndex, node.index() + 1);
    }

    /** Without effect on a machine that was created since by the same name. */
    synchronized void remove(DockerNode node) {
        nodes.remove(node.name(), node);
    }

    /** Also those that are still being created. */
    synchronized List<DockerNode> all() {
        return List.copyOf(nodes.values());
    }

    /** Also if it is still being created. */
    synchronized Optional<DockerNode> named(String name) {
        return Optional.ofNullable(nodes.get(name));
    }

    /**
     * One that has been created.
     *
     * @throws LabException NOT_FOUND if there is none
     */
    DockerNode find(String name) {
        return named(name).filter(node -> node.state().isPresent()).orElseThrow(() -> MachineNames.unknown(name));
    }

    /**
     * One in a state in which something can be done to it.
     *
     * @param verb what is to be done, for the message
     * @throws LabException NOT_FOUND if there is none, REFUSED in another state
     */
    DockerNode require(String name, Set<State> states, String verb) {
        DockerNode node = find(name);
        State state = node.state().orElseThrow();
        if (!states.contains(state)) {
            throw MachineNames.wrongState(verb, name, state);
        }
        return node;
    }

    /** Those that run. */
    List<DockerNode> running() {
        return all().stream()
                .filter(node -> node.state().equals(Optional.of(State.RUNNING)))
                .toList();
    }

    // ---- as the engine's callers see them

    /** Those that have been created. */
    List<Machine> views() {
        Set<Integer> mesh = mesh();
        return all().stream().flatMap(node -> node.view(mesh).stream()).toList();
    }

    /** Empty while it is being created. */
    Optional<Machine> view(DockerNode node) {
        return node.view(mesh());
    }

    /** @throws LabException NOT_FOUND while it is being created */
    Machine requireView(DockerNode node) {
        return view(node).orElseThrow(() -> MachineNames.unknown(node.name()));
    }

    /** Ports that the routing mesh answers on every machine, as any of the managers says. */
    private Set<Integer> mesh() {
        var ports = new TreeSet<Integer>();
        for (DockerNode node : all()) {
            ports.addAll(node.mesh());
        }
        return ports;
    }
}
