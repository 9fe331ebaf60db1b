package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Word;

/** What a daemon says of a container. */
public enum ContainerState implements Word {
    CREATED,
    RUNNING,
    PAUSED,
    RESTARTING,
    REMOVING,
    EXITED,
    DEAD,
    UNKNOWN;

    /** What a word stands for; UNKNOWN for a word that is not known here. */
    public static ContainerState of(String word) {
        return Word.of(values(), word, UNKNOWN);
    }
}
