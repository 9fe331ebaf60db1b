package dev.clusterlab.provisioning;

import java.time.Duration;

/**
 * What a fault does to packets on their way between machines, short of losing all of them. A TCP connection gets over loss by
 * sending again, which takes time; datagrams, such as gossip, are lost.
 */
public sealed interface LinkTrouble {
    /** Packets come later by {@code delay}, give or take up to {@code jitter}, in each direction that is hit. */
    record Latency(Duration delay, Duration jitter) implements LinkTrouble {}

    /** A share of all packets is lost, each by itself; above 0, at most 1. */
    record Loss(double share) implements LinkTrouble {}

    /** All packets are lost for a share of the time, above 0 and below 1, in bursts as long as {@code burst} in the mean. */
    record BurstLoss(double share, Duration burst) implements LinkTrouble {}

    /** No more than so many bits a second get through in one direction between two machines. */
    record Bandwidth(long bitsPerSecond) implements LinkTrouble {}

    /** A share of all packets comes twice; above 0, at most 1. */
    record Duplicates(double share) implements LinkTrouble {}

    /** A share of all packets, above 0 and at most 1, is held up by {@code by}, so that later ones overtake it. */
    record Reordering(double share, Duration by) implements LinkTrouble {}
}
