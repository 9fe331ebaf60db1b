package dev.clusterlab.simulator.sweep;

import java.util.Locale;

/** What may happen in the safety phase. */
enum SweepFault {
    MACHINE_KILL,
    MACHINE_STOP,
    MACHINE_PAUSE,
    LEADER_KILL,
    CONTAINER_KILL,
    CONTAINER_PAUSE,
    PARTITION,
    ONE_WAY_CUT,
    SLOW_LINK,
    LOSSY_LINK,
    AVAILABILITY,
    SCALE,
    SERVICE_CREATE,
    SERVICE_REMOVE,
    BRIEF_REGISTRATION;

    /** In lower case with hyphens. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
