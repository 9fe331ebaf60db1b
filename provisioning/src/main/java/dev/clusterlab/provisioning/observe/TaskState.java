package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Word;

/** How far a task has come, in Swarm's order; what comes after RUNNING has ended. */
public enum TaskState implements Word {
    NEW,
    PENDING,
    ASSIGNED,
    ACCEPTED,
    PREPARING,
    READY,
    STARTING,
    RUNNING,
    COMPLETE,
    SHUTDOWN,
    FAILED,
    REJECTED,
    REMOVE,
    ORPHANED,
    UNKNOWN;

    /** What a word stands for; UNKNOWN for a word that is not known here. */
    public static TaskState of(String word) {
        return Word.of(values(), word, UNKNOWN);
    }
}
