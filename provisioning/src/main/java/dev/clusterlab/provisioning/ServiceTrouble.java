package dev.clusterlab.provisioning;

import java.time.Duration;

/** How an instance of a service misbehaves that does so when it is told, as the hello service does. */
public sealed interface ServiceTrouble {
    /** Every check of its health fails; it answers other requests as before. */
    record Unhealthy() implements ServiceTrouble {}

    /** Every answer is late, those to checks of its health apart. */
    record Slow(Duration delay) implements ServiceTrouble {}

    /** A share of the requests, 0 to 1, is answered with status 500, evenly spread; checks of its health apart. */
    record Errors(double share) implements ServiceTrouble {}

    /**
     * It ends with status 1, so long after it was told, and so does whatever comes in its place: the container that is started again,
     * or that of the task by which Swarm replaces its own. It comes back as its restart policy has it.
     */
    record CrashLoop(Duration after) implements ServiceTrouble {}

    /** The refusal where the program in a container has no port by which it can be told. */
    static LabException unknown(String container) {
        return new LabException(
                        LabException.Kind.REFUSED,
                        "The program in container " + container + " does not misbehave when it is told.",
                        "The hello service does, once it has started. Any container can be frozen or killed, and the packets of its machine slowed or lost.")
                .named("fault.tellsnot", container);
    }
}
