package dev.clusterlab.simulator.core;

import java.time.Duration;

/**
 * What may be wrong with a way from one machine to another, short of being cut. Several on one way act together: what is slow
 * is slower by the sum, what is lost to one is lost.
 */
public sealed interface LinkTrouble {
    /** Everything arrives later by {@code delay}, give or take up to {@code jitter}, which is at most the delay. */
    record Latency(Duration delay, Duration jitter) implements LinkTrouble {}

    /** A share of all packets is lost, 0 to 1, each by itself. */
    record Loss(double share) implements LinkTrouble {}

    /**
     * All packets are lost in bursts. Their lengths and those of the times between are exponentially distributed (Gilbert's
     * channel in continuous time): what is sent does not change when they are.
     *
     * @param share of the time, above 0 and below 1
     * @param burst how long one lasts in the mean
     */
    record BurstLoss(double share, Duration burst) implements LinkTrouble {}

    /** No more than so many bits a second; what comes faster waits, datagrams not longer than {@link WayTroubles#QUEUE_MAX}. */
    record Bandwidth(long bitsPerSecond) implements LinkTrouble {}

    /** A share of all packets arrives twice, 0 to 1. A connection throws the second one away. */
    record Duplicates(double share) implements LinkTrouble {}

    /** A share of all packets, 0 to 1, is held up by {@code by}, so that later ones overtake it. */
    record Reordering(double share, Duration by) implements LinkTrouble {}
}
