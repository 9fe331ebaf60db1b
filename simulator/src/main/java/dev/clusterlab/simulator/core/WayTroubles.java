package dev.clusterlab.simulator.core;

import dev.clusterlab.simulator.core.Underlay.Link;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which ways are in which trouble, in whose name, and what becomes of a message on one of them. Ways without trouble cost
 * nothing and draw nothing.
 *
 * <p>Datagrams are lost, come twice or come late. What travels on a TCP connection is sent again instead, as Linux does: first
 * when no acknowledgement has come for a round trip and 200 ms ({@code TCP_RTO_MIN}, {@code tcp_set_rto}), then each time after
 * twice as long, at most 120 s ({@code TCP_RTO_MAX}), and 15 times ({@code tcp_retries2}). Faster repairs by what follows (three
 * duplicate acknowledgements) are left out: messages here are small and follow each other slowly.
 */
final class WayTroubles {
    /** The longest that a datagram waits for its turn on a narrow way; a full queue drops what comes. */
    static final Duration QUEUE_MAX = Duration.ofSeconds(1);

    /** What has waited so long in a connection is given up by who sent it, which nobody models more closely. */
    private static final Duration BACKLOG_MAX = Duration.ofSeconds(30);

    /** {@code TCP_RTO_MIN}: the least that is added to a round trip before something is sent again. */
    private static final long RETRANSMIT_NANOS_MIN = Duration.ofMillis(200).toNanos();
    /** {@code TCP_RTO_MAX}. */
    private static final long RETRANSMIT_NANOS_MAX = Duration.ofSeconds(120).toNanos();
    /** {@code net.ipv4.tcp_retries2}. */
    private static final int RETRIES_MAX = 15;

    private static final double NANOS_PER_SECOND = 1e9;

    /** What is never delivered. */
    static final long LOST = -1;

    private final SimRandom random;
    private final Map<Link, Map<String, Trouble>> troubles = new LinkedHashMap<>();

    WayTroubles(SimRandom random) {
        this.random = random;
    }

    boolean none() {
        return troubles.isEmpty();
    }

    /** Those of a way, or null if it has none. */
    @Nullable
    Collection<Trouble> of(Link way) {
        Map<String, Trouble> found = troubles.get(way);
        return found == null ? null : found.values();
    }

    void begin(String owner, Collection<Link> ways, LinkTrouble kind, long nowNanos) {
        for (Link way : ways) {
            SimRandom own = random.split(owner + " " + way.from() + " " + way.to());
            troubles.computeIfAbsent(way, link -> new LinkedHashMap<>())
                    .put(owner, new Trouble(kind, own, random.split("bursts " + owner + way), nowNanos));
        }
    }

    void end(String owner) {
        troubles.values().forEach(owners -> owners.remove(owner));
        troubles.values().removeIf(Map::isEmpty);
    }

    void forget(String machine) {
        troubles.keySet()
                .removeIf(link -> link.from().equals(machine) || link.to().equals(machine));
    }

    void clear() {
        troubles.clear();
    }

    List<Link> ways(String owner) {
        return troubles.entrySet().stream()
                .filter(each -> each.getValue().containsKey(owner))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * How long a message is on its way.
     *
     * @param datagram whether it is lost when it is lost, rather than sent again
     * @param plainNanos how long it would be without trouble
     * @return nanoseconds, or {@link #LOST}
     */
    static long delayNanos(
            Collection<Trouble> troubles,
            boolean datagram,
            int bytes,
            long nowNanos,
            long plainNanos,
            boolean history) {
        long oneWayNanos = plainNanos;
        for (Trouble each : troubles) {
            each.forgetBefore(nowNanos);
            oneWayNanos += each.latencyNanos();
        }
        long delayNanos = 0;
        long timeoutNanos = Math.min(RETRANSMIT_NANOS_MAX, 2 * oneWayNanos + RETRANSMIT_NANOS_MIN);
        int sent = 1;
        while (lost(troubles, nowNanos + delayNanos)) {
            if (datagram || sent > RETRIES_MAX) {
                return LOST;
            }
            delayNanos += timeoutNanos;
            timeoutNanos = Math.min(RETRANSMIT_NANOS_MAX, 2 * timeoutNanos);
            sent++;
        }
        for (Trouble each : troubles) {
            long heldUpNanos = each.heldUpNanos(datagram, bytes, nowNanos + delayNanos, history);
            if (heldUpNanos == LOST) {
                return LOST;
            }
            delayNanos += heldUpNanos;
        }
        return delayNanos + plainNanos;
    }

    private static boolean lost(Collection<Trouble> troubles, long atNanos) {
        boolean lost = false;
        for (Trouble each : troubles) {
            lost |= each.loses(atNanos);
        }
        return lost;
    }

    static boolean twice(Collection<Trouble> troubles) {
        boolean twice = false;
        for (Trouble each : troubles) {
            twice |= each.kind instanceof LinkTrouble.Duplicates(double share) && each.random.chance(share);
        }
        return twice;
    }

    /** What one owner does to one way. */
    static final class Trouble {
        private final LinkTrouble kind;
        private final SimRandom random;
        /** Of a narrow way: when the last bit that waits will have left. */
        private long busyUntilNanos;

        private final @Nullable Bursts bursts;

        Trouble(LinkTrouble kind, SimRandom random, SimRandom ofBursts, long nowNanos) {
            this.kind = kind;
            this.random = random;
            this.bursts = kind instanceof LinkTrouble.BurstLoss loss ? new Bursts(loss, ofBursts, nowNanos) : null;
        }

        private long latencyNanos() {
            return kind instanceof LinkTrouble.Latency latency ? latency.delay().toNanos() : 0;
        }

        private boolean loses(long atNanos) {
            return switch (kind) {
                case LinkTrouble.Loss(double share) -> random.chance(share);
                case LinkTrouble.BurstLoss _ -> bursts != null && bursts.at(atNanos);
                case LinkTrouble.Latency _,
                        LinkTrouble.Bandwidth _,
                        LinkTrouble.Duplicates _,
                        LinkTrouble.Reordering _ -> false;
            };
        }

        private void forgetBefore(long nowNanos) {
            if (bursts != null) {
                bursts.forgetBefore(nowNanos);
            }
        }

        private long heldUpNanos(boolean datagram, int bytes, long atNanos, boolean history) {
            return switch (kind) {
                case LinkTrouble.Latency(Duration delay, Duration jitter) ->
                    delay.toNanos() + (long) ((2 * random.nextDouble() - 1) * jitter.toNanos());
                case LinkTrouble.Reordering(double share, Duration by) -> random.chance(share) ? by.toNanos() : 0;
                case LinkTrouble.Bandwidth(long bitsPerSecond) -> {
                    long takesNanos = (long) (bytes * 8L * NANOS_PER_SECOND / bitsPerSecond);
                    long freeNanos = Math.max(atNanos, busyUntilNanos) + takesNanos;
                    Duration longest = datagram ? QUEUE_MAX : BACKLOG_MAX;
                    if (busyUntilNanos - atNanos > longest.toNanos()) {
                        yield LOST;
                    }
                    // What merely observes takes nobody's turn.
                    if (history) {
                        busyUntilNanos = freeNanos;
                    }
                    yield freeNanos - atNanos;
                }
                case LinkTrouble.Loss _, LinkTrouble.BurstLoss _, LinkTrouble.Duplicates _ -> 0;
            };
        }
    }

    /** When a way loses everything, made up as far as somebody has asked. */
    private static final class Bursts {
        private final SimRandom random;
        private final double goodNanos;
        private final double badNanos;
        /** Instants at which it turns, ascending; the first one ends what {@link #bad} says. */
        private final ArrayDeque<Long> turns = new ArrayDeque<>();

        private long madeUpNanos;
        private boolean bad;
        private boolean badNext;

        Bursts(LinkTrouble.BurstLoss loss, SimRandom random, long nowNanos) {
            // Observers may be the first to ask: they change nothing by it.
            this.random = random.always();
            this.badNanos = loss.burst().toNanos();
            this.goodNanos = badNanos * (1 - loss.share()) / loss.share();
            this.madeUpNanos = nowNanos;
        }

        boolean at(long nanos) {
            while (madeUpNanos <= nanos) {
                double mean = badNext ? badNanos : goodNanos;
                madeUpNanos += Math.max(1, (long) (-mean * Math.log(1 - random.nextDouble())));
                badNext = !badNext;
                turns.addLast(madeUpNanos);
            }
            boolean found = bad;
            for (long turn : turns) {
                if (turn > nanos) {
                    break;
                }
                found = !found;
            }
            return found;
        }

        /** Nobody asks for what is before now. */
        void forgetBefore(long nowNanos) {
            while (!turns.isEmpty() && turns.getFirst() <= nowNanos) {
                turns.removeFirst();
                bad = !bad;
            }
        }
    }
}
