package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Word;

/** Who elects a leader among themselves. */
public enum Group implements Word {
    SWARM,
    CONSUL
}
