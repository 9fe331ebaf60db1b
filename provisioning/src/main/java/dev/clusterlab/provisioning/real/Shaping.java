package dev.clusterlab.provisioning.real;

import dev.clusterlab.provisioning.LinkTrouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * The queues by which a machine sends later, or not faster than so many bits a second. There is one root (htb), which only sorts by
 * the address to which a packet is sent: each address that a fault is about has a class of its own, and what goes to others passes
 * by. In a class stand one netem for each latency, whose delays so add up, and a token bucket (tbf) for the lowest rate, which also
 * takes large packets of the kernel's offloading apart.
 */
final class Shaping {
    /** The script that runs them puts in which. */
    private static final String DEVICE = "dev DEVICE";

    /** Of a class, which is to hold nothing back by itself: what the catalogue of faults allows at most. */
    private static final String UNHINDERED = "10gbit";

    /** Of a full frame, with some to spare. */
    private static final long FRAME_BYTES = 1600;

    /** Tokens for so much of a second can be had at once: the kernel's timers need not be finer. */
    private static final int BURSTS_PER_SECOND = 250;

    /** Packets that are on their way at most; beyond them some are lost. */
    private static final int DELAYED_MAX = 10_000;

    private Shaping() {}

    /** For {@code tc -batch}; empty where nothing is to be done. Reordering, duplicates and losses are not its business. */
    static List<String> commands(SortedMap<String, List<LinkTrouble>> slowed) {
        var commands = new ArrayList<String>();
        if (slowed.isEmpty()) {
            return commands;
        }
        commands.add("qdisc add " + DEVICE + " root handle 1: htb default 0 direct_qlen 1000");
        int handle = 0x10;
        int minor = 0;
        for (var each : slowed.entrySet()) {
            String place = "1:" + Integer.toHexString(++minor);
            commands.add("class add " + DEVICE + " parent 1: classid " + place + " htb rate " + UNHINDERED
                    + " quantum 60000");
            commands.add("filter add " + DEVICE + " parent 1: protocol ip prio 2 u32 match ip dst " + each.getKey()
                    + "/32 flowid " + place);
            for (String queue : queues(each.getValue())) {
                String name = Integer.toHexString(handle++);
                commands.add("qdisc add " + DEVICE + " parent " + place + " handle " + name + ": " + queue);
                place = name + ":1";
            }
        }
        return commands;
    }

    private static List<String> queues(List<LinkTrouble> troubles) {
        var queues = new ArrayList<String>();
        for (LinkTrouble each : troubles) {
            if (each instanceof LinkTrouble.Latency(Duration delay, Duration jitter)) {
                queues.add("netem limit " + DELAYED_MAX + " delay " + micros(delay)
                        + (jitter.isZero() ? "" : " " + micros(jitter)));
            }
        }
        OptionalLong lowest = troubles.stream()
                .filter(LinkTrouble.Bandwidth.class::isInstance)
                .mapToLong(each -> ((LinkTrouble.Bandwidth) each).bitsPerSecond())
                .min();
        lowest.ifPresent(bits -> {
            long bytesPerSecond = bits / 8;
            queues.add("tbf rate " + bits + "bit burst " + Math.max(FRAME_BYTES, bytesPerSecond / BURSTS_PER_SECOND)
                    // What waits for longer than a second is lost; but some full frames must find room.
                    + " limit " + Math.max(3 * FRAME_BYTES, bytesPerSecond));
        });
        return queues;
    }

    private static String micros(Duration duration) {
        return duration.toNanos() / 1000 + "us";
    }
}
