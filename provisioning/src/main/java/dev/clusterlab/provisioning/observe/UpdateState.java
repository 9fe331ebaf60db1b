package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Word;

/** How a service's rolling update stands; {@code NONE} if it was never updated. */
public enum UpdateState implements Word {
    NONE,
    UPDATING,
    PAUSED,
    COMPLETED,
    ROLLBACK_STARTED,
    ROLLBACK_PAUSED,
    ROLLBACK_COMPLETED,
    UNKNOWN;

    /** What a word stands for; UNKNOWN for a word that is not known here. */
    public static UpdateState of(String word) {
        return Word.of(values(), word, UNKNOWN);
    }
}
