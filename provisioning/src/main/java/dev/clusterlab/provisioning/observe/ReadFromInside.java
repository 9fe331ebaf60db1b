package dev.clusterlab.provisioning.observe;

/** An engine that lets itself be read from inside, so that observing it neither takes time nor changes its history. */
public interface ReadFromInside {
    /** A reader of this engine; it sees all that changes from when it is begun, until it is closed. Returns at once, on any thread. */
    ClusterReader reader();
}
