package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.survey.HostRoom;
import java.util.Optional;

/**
 * What a lab will do with a host that it was given, said before anything is touched.
 *
 * @param ownName what the host calls itself, and its Swarm after it; empty if it was not reached
 * @param containers that are on it, and stay
 * @param room that a lab finds there; empty where it cannot be looked at before the lab is there
 * @param refused why it is not taken
 */
public record HostPlan(
        Host host, String ownName, int containers, Optional<HostRoom> room, Optional<LabException> refused) {
    /** As {@link HostChoice} names the error that says that only what runs on a host is in the way. */
    static final String CONTAINERS = "remote.containers";

    /** Whether it is taken if its owner lends it in spite of the containers that are on it. */
    public boolean lendable() {
        return refused.flatMap(LabException::named)
                .filter(named -> named.name().equals(CONTAINERS))
                .isPresent();
    }
}
