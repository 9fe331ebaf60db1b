package dev.clusterlab.lab;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.ProbePlan;
import java.util.List;
import java.util.Optional;

/**
 * Where the lab's clients send requests: port 80 of a machine.
 *
 * @param machine name of the machine
 * @param address what a client asks for, by the address that the lab shows
 */
public record EntryPoint(String machine, String address) {
    /** The port that clients of the platform use. */
    public static final int PORT = ProbePlan.HTTP;

    /** Name of the site, which Traefik chooses its router by. */
    public static final String HOST = "democonsul.localhost";

    /** The first running machine that publishes {@link #PORT}; empty while there is none. */
    public static Optional<EntryPoint> find(Engine engine) {
        return engine.machines().stream()
                .filter(machine -> machine.state() == Machine.State.RUNNING)
                .filter(machine -> machine.ports().containsKey(PORT))
                .map(machine -> new EntryPoint(machine.name(), "http://" + machine.ip() + "/"))
                .findFirst();
    }

    /** Every running machine that publishes {@link #PORT}, in the order of their creation. */
    public static List<String> all(Engine engine) {
        return engine.machines().stream()
                .filter(machine -> machine.state() == Machine.State.RUNNING)
                .filter(machine -> machine.ports().containsKey(PORT))
                .map(Machine::name)
                .toList();
    }
}
