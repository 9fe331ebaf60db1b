package dev.clusterlab.provisioning.client;

import dev.clusterlab.provisioning.Word;

/** What a check of Consul's says, from good to bad. */
public enum Health implements Word {
    PASSING,
    WARNING,
    CRITICAL,
    UNKNOWN;

    /** What a word stands for; UNKNOWN for a word that is not known here. */
    public static Health of(String word) {
        return Word.of(values(), word, UNKNOWN);
    }
}
