package dev.clusterlab.provisioning.observe;

/** What an event happened to: by identifier, with the name that people know. */
public sealed interface Subject {
    /** What people call it. */
    String name();

    /** A machine; its name identifies it. */
    record OfMachine(String name) implements Subject {}

    /** @param name its hostname */
    record OfNode(String id, String name) implements Subject {}

    record OfService(String id, String name) implements Subject {}

    /** @param name {@code service.slot}, or {@code service.node} in global mode */
    record OfTask(String id, String name) implements Subject {}

    record OfContainer(String machine, String id, String name) implements Subject {}

    record OfNetwork(String id, String name) implements Subject {}

    /** A Consul agent; its node name identifies it. */
    record OfMember(String name) implements Subject {}

    /**
     * An instance in Consul's catalog.
     *
     * @param name of the service that it is an instance of
     */
    record OfInstance(String id, String name, String node) implements Subject {}

    /** A router of Traefik's, by name. */
    record OfRouter(String name) implements Subject {}

    /**
     * A server that Traefik sends requests to.
     *
     * @param name of Traefik's service that it belongs to
     */
    record OfServer(String url, String name) implements Subject {}

    /** A group that elects a leader. */
    record OfGroup(Group group) implements Subject {
        @Override
        public String name() {
            return group.word();
        }
    }

    /** Every Traefik. */
    record OfTraefik() implements Subject {
        @Override
        public String name() {
            return "traefik";
        }
    }

    /** The run itself: neither a machine nor anything on one. */
    record OfRun() implements Subject {
        @Override
        public String name() {
            return "run";
        }
    }

    /** A fault, by its identifier. */
    record OfFault(String id) implements Subject {
        @Override
        public String name() {
            return id;
        }
    }
}
