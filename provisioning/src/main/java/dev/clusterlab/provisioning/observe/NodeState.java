package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Word;

/** What the managers believe of a node; {@code UNKNOWN} is a state of Swarm's too: nobody has heard of the node since the last leader. */
public enum NodeState implements Word {
    READY,
    DOWN,
    DISCONNECTED,
    UNKNOWN;

    /** What a word stands for; UNKNOWN for a word that is not known here. */
    public static NodeState of(String word) {
        return Word.of(values(), word, UNKNOWN);
    }
}
