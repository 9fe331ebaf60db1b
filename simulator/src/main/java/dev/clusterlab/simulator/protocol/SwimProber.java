package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.protocol.SwimMessage.Alive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The failure detector: one probe per interval in a shuffled round, directly, then through others and over a stream
 * (memberlist's probeNode), with the health score of the Lifeguard paper.
 */
final class SwimProber {
    private final SwimSettings settings;
    private final SwimMember member;
    private final Scope scope;
    private final SimRandom random;
    private final List<SwimNode> round = new ArrayList<>();
    private int roundIndex;
    /** The number of the round. */
    private int rounds = 1;

    private long sequence;
    private int healthScore;
    private @Nullable Timer ticker;
    private boolean tickMissed;
    private @Nullable Probe current;
    /** Pings made for others, by their sequence number here. */
    private final Map<Long, Relay> relays = new LinkedHashMap<>();

    SwimProber(SwimSettings settings, SwimMember member, Scope scope, SimRandom random) {
        this.settings = settings;
        this.member = member;
        this.scope = scope;
        this.random = random;
    }

    /** A member is to be probed from now on. */
    void added(SwimNode node) {
        if (node.round != rounds) {
            node.round = rounds;
            // In exchange for one by chance, who comes last (memberlist's aliveNode).
            round.add(node);
            Collections.swap(round, random.nextInt(round.size()), round.size() - 1);
        }
        if (ticker == null) {
            ticker = scope.schedule(random.between(Duration.ZERO, settings.probeInterval()), this::tick);
        }
    }

    void stop() {
        if (ticker != null) {
            ticker.cancel();
        }
        Probe probe = current;
        if (probe != null) {
            probe.timer.cancel();
            current = null;
        }
        for (Relay relay : relays.values()) {
            relay.timer().cancel();
        }
        relays.clear();
    }

    int healthScore() {
        return healthScore;
    }

    /** Better by a negative delta, worse by a positive one. */
    void changeHealth(int delta) {
        healthScore = Math.max(0, Math.min(settings.awarenessMax(), healthScore + delta));
    }

    private void tick() {
        if (!member.hasOthersToProbe()) {
            // Nothing to do until somebody is added.
            ticker = null;
            return;
        }
        ticker = scope.schedule(settings.probeInterval(), this::tick);
        if (current != null) {
            tickMissed = true;
        } else {
            probeNext();
        }
    }

    private void probeNext() {
        int considered = 0;
        while (considered <= round.size()) {
            if (roundIndex >= round.size()) {
                rounds++;
                round.clear();
                round.addAll(member.nextRound());
                round.forEach(node -> node.round = rounds);
                random.shuffle(round);
                roundIndex = 0;
                if (round.isEmpty()) {
                    return;
                }
            }
            SwimNode node = round.get(roundIndex++);
            considered++;
            if (member.toBeProbed(node)) {
                probe(node);
                return;
            }
        }
    }

    private void probe(SwimNode node) {
        long number = ++sequence;
        current = new Probe(
                number, node.about, healthScore, scope.schedule(settings.probeTimeout(), () -> askOthers(number)));
        member.sendPing(node, number);
    }

    private void askOthers(long number) {
        Probe probe = current;
        if (probe == null || probe.number != number) {
            return;
        }
        for (SwimMember.Member helper : member.randomAlive(settings.indirectChecks(), probe.target.name())) {
            probe.expectedNacks++;
            member.sendIndirectPing(helper.address(), probe.target.name(), probe.target.address(), number);
        }
        member.sendStreamPing(probe.target.address(), probe.target.name(), number);
        Duration interval = settings.probeInterval().multipliedBy(probe.healthScore + 1L);
        probe.timer = scope.schedule(interval.minus(settings.probeTimeout()), () -> failed(number));
    }

    private void failed(long number) {
        Probe probe = current;
        if (probe == null || probe.number != number) {
            return;
        }
        // Who does not even hear from its helpers is probably unwell itself.
        changeHealth(probe.expectedNacks > 0 ? Math.max(0, probe.expectedNacks - probe.nacks) : 1);
        current = null;
        member.probeFailed(probe.target.name());
        continueIfDue();
    }

    private void continueIfDue() {
        if (tickMissed) {
            tickMissed = false;
            probeNext();
        }
    }

    void ack(long number) {
        Probe probe = current;
        if (probe != null && probe.number == number) {
            probe.timer.cancel();
            current = null;
            changeHealth(-1);
            continueIfDue();
            return;
        }
        Relay relay = relays.remove(number);
        if (relay != null) {
            relay.timer().cancel();
            member.sendAck(relay.origin(), relay.originNumber(), false);
        }
    }

    void nack(long number) {
        Probe probe = current;
        if (probe != null && probe.number == number) {
            probe.nacks++;
        }
    }

    void pingFor(String origin, SwimMessage.IndirectPing request) {
        long number = ++sequence;
        Timer timer = scope.schedule(settings.probeTimeout(), () -> {
            if (relays.remove(number) != null) {
                member.sendNack(origin, request.sequence());
            }
        });
        relays.put(number, new Relay(origin, request.sequence(), timer));
        member.sendPing(request.targetAddress(), request.target(), number);
    }

    private record Relay(String origin, long originNumber, Timer timer) {}

    private static final class Probe {
        private final long number;
        /** As it was known when the probe began. */
        private final Alive target;
        /** Then. */
        private final int healthScore;

        private Timer timer;
        private int expectedNacks;
        private int nacks;

        Probe(long number, Alive target, int healthScore, Timer timer) {
            this.number = number;
            this.target = target;
            this.healthScore = healthScore;
            this.timer = timer;
        }
    }
}
