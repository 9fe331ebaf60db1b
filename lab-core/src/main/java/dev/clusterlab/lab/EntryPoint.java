package dev.clusterlab.lab;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.client.LabHttp;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the lab's clients send requests: port 80 of a machine.
 *
 * @param machine name of the machine
 * @param address what a client asks for, by the address that the lab shows
 */
public record EntryPoint(String machine, String address) {
    /** The port that clients of the platform use. */
    public static final int PORT = 80;

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

    /** A request for the site; {@code timeout} is engine time, in whole seconds. */
    public LabHttp.Request request(Duration timeout) {
        return LabHttp.Request.get(address).withTimeout(timeout).withHeader("Host", HOST);
    }
}
