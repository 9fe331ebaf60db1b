package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.observe.Query.Freshness;
import java.time.Duration;

/**
 * One poll of the cluster: where answers come from, and how fresh each kind must be.
 *
 * @param daemons what daemons report by events: containers, networks
 * @param swarm what managers know: nodes, services, tasks. Swarm reports no task and no loss of its leader
 * @param identity what a daemon says of itself, unless {@link #identity(Object)} says otherwise
 * @param agents what Consul's agents say of their gossip and of their leader; no query blocks until that changes
 * @param catalog what Consul reports by blocking queries
 * @param routers what Traefik knows; it reports nothing by itself
 */
record PollPlan(
        AnswerSource answers,
        Freshness daemons,
        Freshness swarm,
        Freshness identity,
        Freshness agents,
        Freshness catalog,
        Freshness routers) {
    /** Without a sign of a change, what is reported by events is asked for again after this long all the same. */
    private static final Duration TOLD = Duration.ofSeconds(5);
    /** What nobody reports is polled this often. */
    static final Duration POLLED = Duration.ofMillis(900);

    /** What a daemon says of itself: it starts processes to find out. */
    private static final Duration DEAR = Duration.ofSeconds(2);

    private static final Duration NEVER_TOO_OLD = Duration.ofDays(365);

    /** Everything is asked for anew. */
    static PollPlan atAll(AnswerSource answers, long number) {
        var fresh = new Freshness(number, NEVER_TOO_OLD);
        return new PollPlan(answers, fresh, fresh, fresh, fresh, fresh, fresh);
    }

    /**
     * What may have changed is asked for anew, and what nobody reports once in a while.
     *
     * @param engineChanges see {@link Engine#changeCount()}
     * @param catalogChanges what {@link ConsulFollower} reported
     * @param catalogWatched whether blocking queries stand
     */
    static PollPlan atNews(AnswerSource answers, long engineChanges, long catalogChanges, boolean catalogWatched) {
        return new PollPlan(
                answers,
                new Freshness(engineChanges, TOLD),
                new Freshness(engineChanges, POLLED),
                new Freshness(0, DEAR),
                new Freshness(catalogChanges, POLLED),
                new Freshness(catalogChanges, catalogWatched ? TOLD : POLLED),
                new Freshness(0, POLLED));
    }

    /** Whether one question is asked after the other, each at its cost in engine time. */
    boolean inTurn() {
        return answers == AnswerSource.SEQUENTIAL;
    }

    /** What a daemon says of itself changes with its networks: whoever joins or leaves a swarm gets or loses some. */
    Freshness identity(Object networks) {
        return new Freshness(31 * identity.edition() + networks.hashCode(), identity.ageMax());
    }
}
