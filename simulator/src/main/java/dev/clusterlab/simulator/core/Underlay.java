package dev.clusterlab.simulator.core;

import java.time.Duration;
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
    private final Set<Link> cuts = new LinkedHashSet<>();
    private final Map<Link, Long> lastArrivalNanos = new LinkedHashMap<>();

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

    /** Forgets a machine. */
    public void detach(String machine) {
        machines.remove(machine);
    }

    /** Whether a message sent now would arrive, pauses and loss apart. */
    public boolean reachable(String from, String to) {
        Scope target = machines.get(to);
        return target != null && !target.closed() && (from.equals(to) || !cuts.contains(new Link(from, to)));
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
        long arrivalNanos =
                Math.max(simulation.nowNanos() + delay.toNanos(), lastArrivalNanos.getOrDefault(link, 0L) + 1);
        lastArrivalNanos.put(link, arrivalNanos);
        simulation.scheduleNanos(arrivalNanos - simulation.nowNanos(), () -> {
            if (reachable(from, to)) {
                destination.execute(arrival);
            }
        });
    }

    /** Cuts one direction. */
    public void cut(String from, String to) {
        cuts.add(new Link(from, to));
    }

    /** Opens one direction. */
    public void mend(String from, String to) {
        cuts.remove(new Link(from, to));
    }

    /** Cuts every way between machines of different groups; machines in no group are not touched. */
    public void partition(List<Set<String>> groups) {
        forEachPairAcross(groups, this::cut);
    }

    /** Opens every way between machines of different groups. */
    public void heal(List<Set<String>> groups) {
        forEachPairAcross(groups, this::mend);
    }

    /** Opens every way and lifts every rule. */
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

    private static void forEachPairAcross(List<Set<String>> groups, java.util.function.BiConsumer<String, String> act) {
        for (Set<String> left : groups) {
            for (Set<String> right : groups) {
                if (left != right) {
                    for (String from : left) {
                        for (String to : right) {
                            act.accept(from, to);
                        }
                    }
                }
            }
        }
    }
}
