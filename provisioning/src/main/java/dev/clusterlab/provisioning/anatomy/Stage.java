package dev.clusterlab.provisioning.anatomy;

import java.util.Optional;

/**
 * A point on the way from a fault to a cluster that is whole again; {@code docs/anatomy.md} says which event ends it. Stages are
 * points on lanes, not a chain: one may come before its predecessor.
 */
public enum Stage {
    /** The fault is in force. */
    INJECTED(Lane.FAULT),
    /** Another manager leads. */
    SWARM_LEADS_AGAIN(Lane.SWARM, INJECTED),
    /** The managers miss the first node or task that was hit. */
    SWARM_NOTICES(Lane.SWARM, INJECTED),
    /** The last task that was hit is not wanted any more. */
    GIVEN_UP(Lane.SWARM, SWARM_NOTICES),
    /** The last task that takes the place of one has a node. */
    SCHEDULED(Lane.SWARM, GIVEN_UP),
    /** The last of these runs; one with a health check of Docker's runs when it is healthy. */
    STARTED(Lane.SWARM, SCHEDULED),
    /** Another server leads. */
    CONSUL_LEADS_AGAIN(Lane.CONSUL, INJECTED),
    /** The first agent that was hit is failed, or the first instance critical or gone. */
    CONSUL_NOTICES(Lane.CONSUL, INJECTED),
    /** The last new instance is in the catalog. */
    REGISTERED(Lane.CONSUL, STARTED),
    /** All checks of the last new instance pass. */
    PASSING(Lane.CONSUL, REGISTERED),
    /** A Traefik sends requests to the last new instance. */
    ROUTED(Lane.TRAEFIK, PASSING),
    /** A Traefik sends nothing any more to the last instance that was hit. */
    FORGOTTEN(Lane.TRAEFIK, CONSUL_NOTICES),
    /** A client got an answer from a new instance. */
    FIRST_GOOD_ANSWER(Lane.CLIENT),
    /** The last request that failed has ended. */
    ERRORS_OVER(Lane.CLIENT);

    private final Lane lane;
    private final Optional<Stage> predecessor;

    Stage(Lane lane) {
        this.lane = lane;
        this.predecessor = Optional.empty();
    }

    Stage(Lane lane, Stage predecessor) {
        this.lane = lane;
        this.predecessor = Optional.of(predecessor);
    }

    public Lane lane() {
        return lane;
    }

    /** The stage from which its duration counts; empty for one that has no duration. */
    public Optional<Stage> predecessor() {
        return predecessor;
    }
}
