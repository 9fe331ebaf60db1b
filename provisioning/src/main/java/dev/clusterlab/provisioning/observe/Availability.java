package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Word;

/** Whether a node takes tasks. */
public enum Availability implements Word {
    ACTIVE,
    PAUSE,
    DRAIN,
    UNKNOWN;

    /** What a word stands for; UNKNOWN for a word that is not known here. */
    public static Availability of(String word) {
        return Word.of(values(), word, UNKNOWN);
    }
}
