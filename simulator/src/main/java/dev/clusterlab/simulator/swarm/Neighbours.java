package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.SimRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.OptionalLong;

/**
 * Which neighbours one container's kernel believes it can reach, and how it finds out that one is not there any more.
 *
 * <p>Nobody refuses a connection to the address of a container that has ended: packets to it are lost. A kernel that has
 * lately heard of the address goes on sending, for {@link #REACHABLE_MIN} to {@link #REACHABLE_MAX} since it last heard;
 * then it doubts for {@link #DOUBT}, asks the neighbour itself for {@link #PROBES}, and forgets it. Only who begins to
 * connect then, or sends his first packet again then, is told: the kernel asks everybody for {@link #SOLICITING} and says
 * "no route to host". Linux, net/core/neighbour.c with the values of net.ipv4.neigh (base_reachable_time_ms,
 * delay_first_probe_time, ucast_solicit, mcast_solicit, retrans_time_ms); measured on Linux 6.18 with Docker 20.10, alike
 * on one machine and on two: 3.05 to 3.08 s for a neighbour that is forgotten, 14.2 s for one last heard of long ago, 12
 * to 39 s under steady traffic.
 *
 * <p>Not thread-safe: used on the simulation's thread only.
 */
final class Neighbours {
    static final Duration REACHABLE_MIN = Duration.ofSeconds(15);
    static final Duration REACHABLE_MAX = Duration.ofSeconds(45);
    static final Duration DOUBT = Duration.ofSeconds(5);
    static final Duration PROBES = Duration.ofSeconds(3);
    /** Three questions, a second apart, and what the kernel's timers add. */
    static final Duration SOLICITING = Duration.ofMillis(3050);
    /** gc_thresh3: how many a kernel keeps. */
    private static final int MOST = 1024;

    private static final long NEVER = Long.MIN_VALUE;

    private final long reachableNanos;
    private final LinkedHashMap<String, Neighbour> byAddress = new LinkedHashMap<>();

    /** @param random for the time in which what was heard is believed; the kernel draws it once for each network device */
    Neighbours(SimRandom random) {
        reachableNanos = random.between(REACHABLE_MIN, REACHABLE_MAX).toNanos();
    }

    private static final class Neighbour {
        long heardNanos = NEVER;
        /** When the last packet went to it while it was believed to be there. */
        long usedNanos = NEVER;

        long doubtedNanos = NEVER;
        /** Until when everybody is being asked for it. */
        long solicitedUntilNanos = NEVER;
    }

    /** Something at the address has answered. */
    void heard(String address, long nowNanos) {
        Neighbour neighbour = neighbour(address);
        neighbour.heardNanos = nowNanos;
        neighbour.doubtedNanos = NEVER;
        neighbour.solicitedUntilNanos = NEVER;
    }

    /**
     * A packet goes to an address at which nobody is any more.
     *
     * @return when the kernel says that there is no way to it; empty if the packet is lost without a word
     */
    OptionalLong lost(String address, long nowNanos) {
        Neighbour neighbour = neighbour(address);
        if (nowNanos < neighbour.solicitedUntilNanos) {
            return OptionalLong.of(neighbour.solicitedUntilNanos);
        }
        if (believed(neighbour, nowNanos)) {
            neighbour.usedNanos = nowNanos;
            return OptionalLong.empty();
        }
        neighbour.heardNanos = NEVER;
        neighbour.solicitedUntilNanos = nowNanos + SOLICITING.toNanos();
        return OptionalLong.of(neighbour.solicitedUntilNanos);
    }

    private boolean believed(Neighbour neighbour, long nowNanos) {
        if (neighbour.heardNanos == NEVER) {
            return false;
        }
        long reachableUntil = neighbour.heardNanos + reachableNanos;
        if (nowNanos < reachableUntil) {
            return true;
        }
        if (neighbour.doubtedNanos == NEVER) {
            // Who was used shortly before is doubted as soon as it is not reachable any more, others when they are used
            // again.
            boolean inUse = neighbour.usedNanos != NEVER && neighbour.usedNanos + DOUBT.toNanos() >= reachableUntil;
            neighbour.doubtedNanos = inUse ? reachableUntil : nowNanos;
        }
        return nowNanos < neighbour.doubtedNanos + DOUBT.plus(PROBES).toNanos();
    }

    private Neighbour neighbour(String address) {
        Neighbour known = byAddress.get(address);
        if (known == null) {
            if (byAddress.size() >= MOST) {
                byAddress.pollFirstEntry();
            }
            known = new Neighbour();
            byAddress.put(address, known);
        }
        return known;
    }
}
