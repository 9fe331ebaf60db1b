package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Word;

/** Whether Traefik sends requests to a server. */
public enum ServerStatus implements Word {
    UP,
    DOWN,
    UNKNOWN;

    /** What a word stands for; UNKNOWN for a word that is not known here. */
    public static ServerStatus of(String word) {
        return Word.of(values(), word, UNKNOWN);
    }
}
