package dev.clusterlab.provisioning;

import java.util.Collection;

/**
 * What the owner of a cluster consents to: only machines and services with a label that the owner gave them are ever hit. Asked anew each
 * time; blocks as daemons do.
 */
public interface FaultConsent {
    /** The label, of a node, of a Docker Engine, or of a service. */
    String LABEL = "dev.clusterlab.faults";

    /** Its value where faults are allowed. */
    String ALLOWED = "allowed";

    /**
     * Whether a machine may be hit.
     *
     * @throws LabException REFUSED if nobody can be asked
     */
    boolean machine(String name);

    /** Whether the containers of a service may be hit, as {@link #machine}. */
    boolean service(String name);

    /**
     * Tells what {@link Engine#begin} would refuse by what is allowed and how much may be broken at once, and begins nothing.
     *
     * @throws LabException REFUSED if it would
     */
    void require(EngineFault fault);

    /**
     * As {@link #require}, of a container that is to end.
     *
     * @param container its id
     */
    void requireContainer(String machine, String container);

    /** The command by which the owner allows faults on a node. */
    static String allowingNode(String name) {
        return "docker node update --label-add " + LABEL + "=" + ALLOWED + " " + name;
    }

    /** The command by which the owner allows faults on the containers of a service. */
    static String allowingService(String name) {
        return "docker service update --label-add " + LABEL + "=" + ALLOWED + " " + name;
    }

    /** Why these machines, one at least, may not be hit, with what would allow it. */
    static LabException refusedMachines(Collection<String> names) {
        String all = String.join(", ", names);
        return new LabException(
                        LabException.Kind.REFUSED,
                        "Faults on " + all + " are not allowed: no label " + LABEL + "=" + ALLOWED + " says so.",
                        "The owner allows them by: "
                                + allowingNode(names.iterator().next()))
                .named("consent.machine", all, names.iterator().next());
    }

    /** Why the containers of this service may not be hit, with what would allow it. */
    static LabException refusedService(String name) {
        return new LabException(
                        LabException.Kind.REFUSED,
                        "Faults on containers of " + name + " are not allowed: no label " + LABEL + "=" + ALLOWED
                                + " of the service says so.",
                        "The owner allows them by: " + allowingService(name))
                .named("consent.service", name);
    }
}
