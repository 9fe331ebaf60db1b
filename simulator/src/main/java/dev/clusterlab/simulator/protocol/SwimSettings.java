package dev.clusterlab.simulator.protocol;

import java.time.Duration;

/**
 * Timings of a SWIM group (memberlist's and Serf's names in brackets).
 *
 * @param probeInterval one member is probed each interval (ProbeInterval)
 * @param probeTimeout wait for a direct answer before others are asked (ProbeTimeout)
 * @param indirectChecks how many others are asked to probe (IndirectChecks)
 * @param suspicionMultiplier shortest suspicion = this × max(1, log10 n) × probe interval (SuspicionMult)
 * @param suspicionMaxMultiplier longest suspicion = this × the shortest (SuspicionMaxTimeoutMult)
 * @param awarenessMax highest health score; the probe interval is stretched by score + 1 (AwarenessMaxMultiplier - 1)
 * @param retransmitMultiplier each update is transmitted this × ceil(log10(n + 1)) times (RetransmitMult)
 * @param gossipInterval pause between rounds of gossip while there are updates (GossipInterval)
 * @param gossipFanOut members gossiped to per round (GossipNodes)
 * @param gossipToTheDead how long failed members are still gossiped to and remembered by the failure detector
 *     (GossipToTheDeadTime)
 * @param pushPullInterval full exchange with one other member, longer above 32 members (PushPullInterval)
 * @param streamTimeout how long an exchange may take (TCPTimeout)
 * @param deadReclaim age at which another address may take the name of a failed member (DeadNodeReclaimTime)
 * @param reconnectInterval pause between tries to reach failed members (ReconnectInterval)
 * @param reconnectsEachTime whether each of these tries is made; else, as Serf has it, with the chance of failed to living
 *     members
 * @param reapInterval pause between searches for members to forget (ReapInterval)
 * @param reconnectTimeout age at which failed members are forgotten (ReconnectTimeout)
 * @param tombstoneTimeout age at which left members are forgotten (TombstoneTimeout)
 * @param leavePropagateDelay wait after the last update of leaving is sent (LeavePropagateDelay)
 * @param broadcastTimeout longest wait until such an update is sent (BroadcastTimeout)
 */
public record SwimSettings(
        Duration probeInterval,
        Duration probeTimeout,
        int indirectChecks,
        int suspicionMultiplier,
        int suspicionMaxMultiplier,
        int awarenessMax,
        int retransmitMultiplier,
        Duration gossipInterval,
        int gossipFanOut,
        Duration gossipToTheDead,
        Duration pushPullInterval,
        Duration streamTimeout,
        Duration deadReclaim,
        Duration reconnectInterval,
        boolean reconnectsEachTime,
        Duration reapInterval,
        Duration reconnectTimeout,
        Duration tombstoneTimeout,
        Duration leavePropagateDelay,
        Duration broadcastTimeout) {

    /** Consul's LAN pool. */
    public static SwimSettings lan() {
        return with(Duration.ofSeconds(30), false);
    }

    /**
     * The engines of a swarm: memberlist as Consul has it, but one failed engine is tried every second (moby
     * libnetwork/networkdb/cluster.go: retryInterval, reconnectNode).
     */
    public static SwimSettings networkDb() {
        return with(Duration.ofSeconds(1), true);
    }

    private static SwimSettings with(Duration reconnectInterval, boolean reconnectsEachTime) {
        return new SwimSettings(
                Duration.ofSeconds(1),
                Duration.ofMillis(500),
                3,
                4,
                6,
                7,
                4,
                Duration.ofMillis(200),
                3,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                reconnectInterval,
                reconnectsEachTime,
                Duration.ofSeconds(15),
                Duration.ofHours(72),
                Duration.ofHours(24),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5));
    }
}
