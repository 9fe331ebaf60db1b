package dev.clusterlab.simulator.core;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The network between machines. Everything that crosses from one machine to another goes through {@link #send}, so that
 * a cut, a delay or a loss acts on all protocols alike.
 *
 * <p>A message is lost if the way is cut when it is sent or when it would arrive, or if the receiving machine is off.
 * Messages between two machines keep their order (as within one TCP connection) unless loss drops some of them.
 *
 * <p>A cut of a way has owners, named by strings: several may cut the same way, and it is open again when the last of
 * them has given it up. Cuts know machines by name only, so they hold whether a machine is on or not.
 */
public final class Underlay {
    /** One-way delay between two machines: uniform in this range. A small local network. */
    private static final Duration DELAY_MIN = Duration.ofNanos(150_000);

    private static final Duration DELAY_MAX = Duration.ofNanos(450_000);
    /** Within one machine. */
    private static final Duration LOCAL_DELAY = Duration.ofNanos(30_000);

    private final Simulation simulation;
    private final SimRandom random;
    private final Map<String, Scope> machines = new LinkedHashMap<>();
    private final Map<Link, Rule> rules = new LinkedHashMap<>();
    /** Who has cut each way; a way that nobody has cut is not in here. */
    private final Map<Link, Set<String>> cuts = new LinkedHashMap<>();

    private final Map<Link, Long> lastArrivalNanos = new LinkedHashMap<>();
    /** Of messages that merely observe: they keep no other message waiting. */
    private final Map<Link, Long> lastObservedNanos = new LinkedHashMap<>();

    public Underlay(Simulation simulation) {
        this.simulation = simulation;
        this.random = simulation.random("underlay");
    }

    /** Direction of traffic from one machine to another. */
    public record Link(String from, String to) {}

    /** Extra one-way delay, and the share of messages lost (0 to 1). */
    public record Rule(Duration extraDelay, double lossProbability) {}

    /** Says that a machine is on, with the scope of its life; again after each start. */
    public void attach(String machine, Scope scope) {
        machines.put(machine, scope);
    }

    /** Says that a machine is off; what is cut stays so. */
    public void detach(String machine) {
        machines.remove(machine);
    }

    /** Forgets a machine that is gone for good: its ways leave every owner, and one of that name that comes is new. */
    public void forget(String machine) {
        detach(machine);
        cuts.keySet().removeIf(link -> link.from().equals(machine) || link.to().equals(machine));
    }

    /** Whether a message sent now would arrive, pauses and loss apart. */
    public boolean reachable(String from, String to) {
        Scope target = machines.get(to);
        return target != null && !target.closed() && (from.equals(to) || !cuts.containsKey(new Link(from, to)));
    }

    /** Whether both ways are open: what a connection needs. */
    public boolean connected(String left, String right) {
        return reachable(left, right) && reachable(right, left);
    }

    /**
     * Delivers {@code arrival} in {@code destination} (a scope on machine {@code to}) after the network's delay; it is
     * dropped without a word if the way is cut or the destination is gone, and waits while the destination is paused.
     */
    public void send(String from, String to, Scope destination, Runnable arrival) {
        if (!reachable(from, to)) {
            return;
        }
        var link = new Link(from, to);
        @Nullable Rule rule = rules.get(link);
        if (rule != null && random.chance(rule.lossProbability())) {
            return;
        }
        Duration delay = from.equals(to) ? LOCAL_DELAY : random.between(DELAY_MIN, DELAY_MAX);
        if (rule != null) {
            delay = delay.plus(rule.extraDelay());
        }
        Map<Link, Long> lastNanos = simulation.observing() ? lastObservedNanos : lastArrivalNanos;
        long arrivalNanos = Math.max(simulation.nowNanos() + delay.toNanos(), lastNanos.getOrDefault(link, 0L) + 1);
        lastNanos.put(link, arrivalNanos);
        simulation.scheduleNanos(arrivalNanos - simulation.nowNanos(), () -> {
            if (reachable(from, to)) {
                destination.execute(arrival);
            }
        });
    }

    /** Cuts ways in the name of an owner, besides what it has cut before. */
    public void cut(String owner, Collection<Link> ways) {
        ways.forEach(
                way -> cuts.computeIfAbsent(way, cut -> new LinkedHashSet<>()).add(owner));
    }

    /** Cuts every way between machines of different groups in the name of an owner; other machines are not touched. */
    public void partition(String owner, List<Set<String>> groups) {
        for (Set<String> left : groups) {
            for (Set<String> right : groups) {
                if (left != right) {
                    left.forEach(from -> right.forEach(to -> cut(owner, List.of(new Link(from, to)))));
                }
            }
        }
    }

    /** Gives up all that an owner has cut: of these ways, those open that no other owner has cut too. */
    public void mend(String owner) {
        cuts.values().forEach(owners -> owners.remove(owner));
        cuts.values().removeIf(Set::isEmpty);
    }

    /** Every way that is cut now, whoever owns it. */
    public List<Link> cuts() {
        return List.copyOf(cuts.keySet());
    }

    /** Opens every way, whoever owns its cut, and lifts every rule. */
    public void healAll() {
        cuts.clear();
        rules.clear();
    }

    /** Sets delay and loss for one direction, or lifts them with null. */
    public void rule(String from, String to, @Nullable Rule rule) {
        if (rule == null) {
            rules.remove(new Link(from, to));
        } else {
            rules.put(new Link(from, to), rule);
        }
    }
}
