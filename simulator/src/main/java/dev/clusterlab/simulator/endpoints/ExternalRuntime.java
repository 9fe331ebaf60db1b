package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.programs.ProgramContext;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A real program that runs in this process and stands in a simulated container: its HTTP server listens on loopback,
 * its requests to the simulated world go through {@link Surroundings#locate}. All methods may block; those of
 * {@link Running} too. None is called on the simulation's thread.
 */
@FunctionalInterface
public interface ExternalRuntime {
    /**
     * Starts the program for one run of a container. It must do nothing of its own accord after this returns, but
     * {@link Surroundings#schedule} what it has to do later. Called in an outcall: it may block, for 30 s at most.
     *
     * @throws Exception if it cannot start; the container then exits with status 1 and the message in its log
     */
    Running start(Surroundings surroundings) throws Exception;

    /** How long its process needs, in virtual time, before {@link #start}: nothing of it is there meanwhile. */
    default Duration starting() {
        return Duration.ZERO;
    }

    /** What the program finds in its container. Safe on any thread. */
    interface Surroundings {
        String containerId();

        String hostname();

        List<String> arguments();

        Map<String, String> environment();

        /** Addresses as they were when the present task began. */
        List<ProgramContext.Interface> interfaces();

        /** The date and time, as the container's machine has them. */
        InstantSource clock();

        /** Nanoseconds of virtual time, which never go back. */
        long nanoTime();

        /** Ends the program with this status, as if it had crashed: takes effect when the present task ends. */
        void exit(int status);

        /** 32 hexadecimal digits, drawn from the container's own randomness: the same in every run with one seed. */
        String randomHex();

        /** Where {@code host:port} of the simulated world is reached from this process: a URI with a path. */
        URI locate(String host, int port);

        /** Runs {@code task} after {@code delay} of virtual time, never two at once; it may make requests. */
        Cancellation schedule(Duration delay, Runnable task);

        /** Writes a line to the container's output. */
        void log(String line);
    }

    /** Something scheduled. */
    @FunctionalInterface
    interface Cancellation {
        /** Cancels it; without effect once it has begun. */
        void cancel();
    }

    /** A program that runs. Ending it happens in an outcall: it may block, for 30 s at most, and throw. */
    interface Running {
        /** Where its server answers on 127.0.0.1. */
        int loopbackPort();

        /**
         * Headers by which its server tells that a request is for this program, where it serves several; empty where the server
         * is its own.
         */
        default Map<String, String> marks() {
            return Map.of();
        }

        /** Headers by which its server tells that a request came by {@link #faultPort}. */
        default Map<String, String> faultMarks() {
            return Map.of();
        }

        /** The port of its container's loopback by which it is told to misbehave; empty if it has none. */
        default OptionalInt faultPort() {
            return OptionalInt.empty();
        }

        /** The port that it listens on in its container. */
        int containerPort();

        /** The header, if any, in which an answer says by how many milliseconds of virtual time it is to be delayed. */
        default String delayHeader() {
            return "";
        }

        /** Ends gracefully; may make requests. */
        void stop();

        /** How long its process needs, in virtual time, from there to its end; nobody is served meanwhile. */
        default Duration ending() {
            return Duration.ZERO;
        }

        /** Ends as a crash does. */
        void kill();
    }
}
