package dev.clusterlab.ui.model;

/** What the person has chosen to look at. */
public sealed interface Selection {
    Selection NOTHING = new Nothing();

    record Nothing() implements Selection {}

    record OfMachine(String machine) implements Selection {}

    record OfTask(String taskId) implements Selection {}

    record OfContainer(String machine, String containerId) implements Selection {}

    record OfService(String service) implements Selection {}

    /** A Consul agent, by node name. */
    record OfMember(String member) implements Selection {}

    /** A Traefik, by its machine. */
    record OfProxy(String machine) implements Selection {}
}
