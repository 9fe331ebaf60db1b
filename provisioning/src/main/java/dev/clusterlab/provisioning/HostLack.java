package dev.clusterlab.provisioning;

/** Why a host cannot do something, as it was probed. */
public enum HostLack {
    NO_IPTABLES("The node image has no iptables, which cuts the network."),
    NOT_ON_REAL_MACHINES("Only simulated machines can do this: nothing does it on real ones yet.");

    private final String sentence;

    HostLack(String sentence) {
        this.sentence = sentence;
    }

    /** In English, for errors and logs; windows have their own words. */
    public String sentence() {
        return sentence;
    }
}
