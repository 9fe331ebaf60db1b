package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.real.RealMachine;
import java.util.Optional;

/** A host as what keeps faults in it must see it: one that is cut off instead of being switched off still runs. */
record KeptHost(LabHost host) implements RealMachine {
    @Override
    public String name() {
        return host.name();
    }

    @Override
    public String address() {
        return host.address();
    }

    @Override
    public Optional<State> state() {
        return host.cutOff().isPresent() ? Optional.of(State.RUNNING) : host.state();
    }
}
