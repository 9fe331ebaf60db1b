package dev.clusterlab.provisioning;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A machine as it was when asked for: an immutable picture.
 *
 * @param name unique in the engine
 * @param ip its address inside the lab, such as 192.168.99.100; a name inside the lab, not reachable from outside
 * @param dockerEndpoint where its Docker daemon answers from this computer, such as {@code tcp://127.0.0.1:41234}; empty
 *     unless running
 * @param ports published TCP ports: inside the lab → where it answers from this computer ({@code 127.0.0.1:PORT})
 * @param cutOff whether one that is stopped or killed goes on and is only cut off from the others, because nobody gave the lab a
 *     way to switch it off
 */
public record Machine(
        String name, String ip, State state, Optional<URI> dockerEndpoint, Map<Integer, String> ports, boolean cutOff) {
    public Machine {
        ports = Map.copyOf(ports);
    }

    /** One that is off where it is called so. */
    public Machine(String name, String ip, State state, Optional<URI> dockerEndpoint, Map<Integer, String> ports) {
        this(name, ip, state, dockerEndpoint, ports, false);
    }

    /** Life of a machine. */
    public enum State {
        RUNNING,
        PAUSED,
        STOPPED,
        KILLED
    }
}
