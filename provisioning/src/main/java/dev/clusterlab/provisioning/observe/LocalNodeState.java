package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Word;

/** What a daemon says of its own part in a swarm; {@code UNKNOWN} while it does not answer. */
public enum LocalNodeState implements Word {
    INACTIVE,
    PENDING,
    ACTIVE,
    ERROR,
    LOCKED,
    UNKNOWN;

    /** What a word stands for; UNKNOWN for a word that is not known here. */
    public static LocalNodeState of(String word) {
        return Word.of(values(), word, UNKNOWN);
    }
}
