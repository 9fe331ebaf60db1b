package dev.clusterlab.provisioning.anatomy;

import java.time.Duration;

/**
 * What became of a stage.
 *
 * @param traefik name of the machine whose Traefik it is about; empty text for the stages of the other lanes, and where there is none
 * @param failed requests that failed while it was the one that the cluster was in
 */
public record StagePoint(Stage stage, String traefik, State state, int failed) {
    /** Whether it was reached, and why not. */
    public sealed interface State {}

    /**
     * It was reached.
     *
     * @param at engine time since the engine began
     * @param uncertainty how much earlier it may have been; zero where whoever reported it knew
     * @param event number of the event that ended it; 0 where a request did
     */
    public record Reached(Duration at, Duration uncertainty, long event) implements State {}

    /** There is no such stage for this fault in this cluster. */
    public record NotApplicable(Reason reason) implements State {}

    /** @param watched how long it was waited for, since the fault */
    public record NotWithin(Duration watched) implements State {}

    /** @param event number of the one that keeps it from being reached, such as a lost quorum */
    public record Blocked(long event) implements State {}

    /** Why there is no such stage. */
    public enum Reason {
        NO_SWARM,
        NO_CONSUL,
        NO_TRAEFIK,
        /** Nothing that it is about ran on what was hit. */
        NOTHING_HIT,
        /** Who leads was not hit. */
        LEADER_NOT_HIT,
        /** Only tasks of global services were hit: they run on each node, and nowhere else in its place. */
        GLOBAL_SERVICE,
        /** Nothing that is to be replaced was in Consul's catalog. */
        NOT_IN_CATALOG,
        /** That Traefik sent nothing to what was hit. */
        NOT_IN_TABLE,
        /** That Traefik was itself hit. */
        TRAEFIK_HIT,
        NO_REQUESTS,
        /** No answer names the instance that gave it. */
        INSTANCES_UNNAMED,
        NO_FAILURES
    }
}
