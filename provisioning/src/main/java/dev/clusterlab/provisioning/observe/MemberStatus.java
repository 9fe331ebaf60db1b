package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Word;

/** What Consul's gossip believes of a member. */
public enum MemberStatus implements Word {
    ALIVE,
    LEAVING,
    LEFT,
    FAILED,
    UNKNOWN;

    /** What a word stands for; UNKNOWN for a word that is not known here. */
    public static MemberStatus of(String word) {
        return Word.of(values(), word, UNKNOWN);
    }
}
