package dev.clusterlab.provisioning.hosts.helper;

import java.util.Collection;
import java.util.List;

/** A host on which scripts are run, as far as its helper must know it. Thread-safe. */
public interface HelpedHost {
    /** For messages. */
    String name();

    /** Of IPv4, by which the others reach it; empty text if it is not known. */
    String address();

    /** Connections that no fault may touch, because the lab comes by them: {@code PORT,ADDRESS/BITS}. */
    List<String> spared();

    /** These will be brought to it, and are to be removed in the end. */
    void brought(Collection<String> images);
}
