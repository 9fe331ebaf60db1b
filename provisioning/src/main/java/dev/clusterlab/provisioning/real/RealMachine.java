package dev.clusterlab.provisioning.real;

import dev.clusterlab.provisioning.Machine.State;
import java.util.Optional;

/** A machine with a real Docker daemon, as far as what keeps faults in it must know it. Thread-safe, and never blocks. */
public interface RealMachine {
    String name();

    /** Of IPv4, in the network of the machines. */
    String address();

    /** As it is now; empty while it is being created. */
    Optional<State> state();
}
