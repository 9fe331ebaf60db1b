package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Word;

/** Whether the other managers reach a manager; {@code NONE} for a worker. */
public enum Reachability implements Word {
    REACHABLE,
    UNREACHABLE,
    UNKNOWN,
    NONE;

    /** What a word stands for; UNKNOWN for a word that is not known here. */
    public static Reachability of(String word) {
        return Word.of(values(), word, UNKNOWN);
    }
}
