package dev.clusterlab.provisioning;

/** Why a host cannot do something, as it was probed. */
public enum HostLack {
    NO_IPTABLES("The node image has no iptables, which cuts the network."),
    NO_STATISTIC(
            "The kernel of the host, or iptables of the node image, has no statistic match, which loses packets by chance."),
    NO_TC("The node image has no tc (package iproute2), which delays packets and limits their rate."),
    NO_NETEM("The kernel of the host has no netem, which delays packets."),
    NO_QUEUES("The kernel of the host has no htb, tbf or u32, which limit the rate of packets."),
    NO_STRING_MATCH(
            "The kernel of the host, or iptables of the node image, has no string match, which tells one name from others."),
    NO_NSENTER("The node image has no nsenter (package util-linux), which reaches into a container's network."),
    NO_CPU_GROUP("The machines have no control group whose processor time could be limited."),
    NO_MEMORY_GROUP("The machines have no control group whose memory could be limited."),
    DISK_OF_THE_HOST(
            "A machine's disk is a folder on the host's: to fill it would fill the host's, and nothing here limits it."),
    CLOCK_OF_THE_HOST("All machines share the clock of the host's kernel: none can be set apart from it."),
    HOST_NOT_FROZEN("Nothing freezes a host as a whole: what would let it go on stands still with it."),
    NOT_SIMULATED("The simulation has no memory that could be used up: real machines have."),
    NOT_ON_REAL_MACHINES("Only simulated machines can do this: nothing does it on real ones yet."),
    NOT_ENDED_BY_THE_HOST(
            "This Swarm is somebody's: nothing on its hosts would undo this if this program were killed, so it is not done there."),
    ONLY_WATCHED("This Swarm is only watched: nothing that changes it leaves this program.");

    private final String sentence;

    HostLack(String sentence) {
        this.sentence = sentence;
    }

    /** In English, for errors and logs; windows have their own words. */
    public String sentence() {
        return sentence;
    }
}
