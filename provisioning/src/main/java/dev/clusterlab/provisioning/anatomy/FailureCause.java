package dev.clusterlab.provisioning.anatomy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Why a request failed. */
public sealed interface FailureCause {
    /** How it is known. */
    Basis basis();

    /** Identifier of the fault that is to blame; empty text if it is none that is known. */
    default String fault() {
        return "";
    }

    /** How a cause is known. */
    enum Basis {
        /** Traefik's access log, or the client itself, says so. */
        MEASURED,
        /** It follows from what the Traefik's table and the states of the tasks were at that instant. */
        INFERRED
    }

    /**
     * Traefik sent it, or may have sent it, to a server that could not answer and was still in its table.
     *
     * @param fault identifier of the one that took the server away; of several the one that the anatomy is about
     * @param servers URLs of those in question; one only where it is measured
     * @param learnt how long after the request's end that Traefik had dropped the last of these; empty if it has not yet
     */
    record DeadServer(String fault, List<String> servers, Basis basis, Optional<Duration> learnt)
            implements FailureCause {
        public DeadServer {
            servers = List.copyOf(servers);
        }
    }

    /** The Traefik had no server to send it to. */
    record EmptyTable() implements FailureCause {
        @Override
        public Basis basis() {
            return Basis.INFERRED;
        }
    }

    /** @param fault identifier of the one that hit the Traefik it went to */
    record TraefikHit(String fault) implements FailureCause {
        @Override
        public Basis basis() {
            return Basis.INFERRED;
        }
    }

    /** The client gave up waiting, and nothing else is known. */
    record BeyondLimit() implements FailureCause {
        @Override
        public Basis basis() {
            return Basis.MEASURED;
        }
    }

    /** Nothing that is known explains it. */
    record Unexplained() implements FailureCause {
        @Override
        public Basis basis() {
            return Basis.INFERRED;
        }
    }
}
