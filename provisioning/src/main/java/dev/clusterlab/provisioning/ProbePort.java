package dev.clusterlab.provisioning;

import java.time.Duration;

/**
 * Makes the requests of a {@link ProbePlan}, each at its instant of the engine's clock, as a client outside the cluster would, and by
 * itself does not make time move. What was not answered holds up nothing: a server that stands shows as requests that take long, not
 * as requests that are missing. Implementations are thread-safe.
 */
public interface ProbePort {
    /**
     * So many requests are under way at once at most. One that is due while there is no room is not made, and counts as
     * {@link Listener#missed missed}.
     */
    int UNDER_WAY_MAX = 5_000;

    /**
     * Begins. Which machines there are and what they publish is looked up at each request.
     *
     * @throws LabException REFUSED if this engine cannot keep such a rate
     */
    Running begin(ProbePlan plan, Listener listener);

    /**
     * Is told what becomes of the requests, of each once; on any thread, on several at once. It must be quick, and must neither wait nor
     * call the engine.
     */
    interface Listener {
        /** A request has come to its end. Its {@link RequestSample#due} is when the plan wanted it, not when it could be made. */
        void ended(RequestSample sample);

        /**
         * A request was not made, because too many were under way or this computer was too busy.
         *
         * @param due engine time since the engine began at which the plan wanted it
         */
        void missed(Duration due);

        /**
         * A Traefik's access log says to which server a request was passed on that had {@link #ended} without a server; also after the
         * plan has. Only of failures, and only where that log is on and keeps the {@code User-Agent}.
         *
         * @param mark of the request, as {@link RequestSample#mark}
         * @param server its URL
         */
        default void passedOn(String mark, String server) {}
    }

    /** A plan that is being carried out. */
    interface Running {
        /** Ends it; of requests under way nothing is told any more. Without effect on one that has ended. Never blocks. */
        void stop();

        /** Requests that were made until now; those under way are among them, those that were missed are not. */
        long made();

        /** Whether nothing more will be told. */
        boolean over();
    }
}
