package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Word;

/** What a node of a swarm is wanted to be. */
public enum NodeRole implements Word {
    MANAGER,
    WORKER,
    UNKNOWN;

    /** What a word stands for; UNKNOWN for a word that is not known here. */
    public static NodeRole of(String word) {
        return Word.of(values(), word, UNKNOWN);
    }
}
