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
 * <p>How a message travels matters where its way is in {@linkplain LinkTrouble trouble}. {@link #send} is for what two machines
 * say to each other over the connection that they keep open: it is sent again until it arrives, and what follows waits for it.
 * {@link #sendOn} is for a connection of one's own, which waits for no other. {@link #sendDatagram} is for what may be lost.
 *
 * <p>A cut of a way has owners, named by strings: several may cut the same way, and it is open again when the last of
 * them has given it up. Cuts know machines by name only, so they hold whether a machine is on or not.
 */
public final class Underlay {
    /** One-way delay between two machines: uniform in this range. A small local network. */
    private static final Duration DELAY_MIN = Duration.ofNanos(150_000);

    private static final Duration DELAY_MAX = Duration.ofNanos(450_000);
    private static final double DELAY_SPAN_NANOS = DELAY_MAX.minus(DELAY_MIN).toNanos();
    /** Within one machine. */
    private static final Duration LOCAL_DELAY = Duration.ofNanos(30_000);

    /** A message of a protocol: a few fields, and what goes with them. */
    private static final int MESSAGE_BYTES = 500;

    private static final int DELAY = 0;
    private static final int LOSS = 1;

    private final Simulation simulation;
    private final SimRandom random;
    private final Map<String, Station> stations = new LinkedHashMap<>();
    private final Map<Link, Rule> rules = new LinkedHashMap<>();
    private final WayTroubles troubles;
    /** Who has cut each way; a way that nobody has cut is not in here. */
    private final Map<Link, Set<String>> cuts = new LinkedHashMap<>();

    private long sentMessages;

    public Underlay(Simulation simulation) {
        this.simulation = simulation;
        this.random = simulation.random("underlay");
        this.troubles = new WayTroubles(random.split("troubles"));
    }

    /** Direction of traffic from one machine to another. */
    public record Link(String from, String to) {}

    /**
     * Extra one-way delay, and the share of messages lost (0 to 1), whatever they travel on: a network without TCP, to try
     * protocols with. What a person does to a link is a {@link LinkTrouble}.
     */
    public record Rule(Duration extraDelay, double lossProbability) {}

    /** One direction of a connection: what is sent on it arrives in its order. */
    public static final class Connection {
        /** When the last message arrives that was sent while the way was in trouble; 0 if there was none. */
        private long arrivalNanos;

        /** In trouble, or after it, nothing arrives before what was sent earlier. */
        private long inOrder(long arrival) {
            arrivalNanos = Math.max(arrival, arrivalNanos + 1);
            return arrivalNanos;
        }
    }

    /** A machine, as the network knows it, from its creation until it is forgotten. */
    public static final class Station {
        private final String name;
        private final long key;
        /** The life of the machine since it was last switched on; null if it was never, or is off. */
        private @Nullable Scope life;

        private final Lane history = new Lane();
        /** Of messages that merely observe: they keep no other message waiting. */
        private final Lane observation = new Lane();

        private Station(String name) {
            this.name = name;
            this.key = SimRandom.hash(name);
        }
    }

    /**
     * What one machine has on the way to others: as much as is in flight, however many it has ever sent to. Mostly that is one
     * message or two, which are looked for in a few places, since in a large swarm each look at a map is one at memory in no cache.
     */
    private static final class Lane {
        private static final int PLACES = 8;
        private static final int SWEEP_ABOVE_MIN = 16;

        /** The first {@link #used} of them may matter; others are kept to be used again. */
        private final @Nullable Last[] places = new @Nullable Last[PLACES];

        private int used;
        /** Those for which there was no place. */
        private final Map<Station, Last> more = new LinkedHashMap<>();

        private int sweepAbove = SWEEP_ABOVE_MIN;
        /** From then on all here is past. */
        private long busyUntilNanos;

        Last to(Station station, long nowNanos) {
            if (busyUntilNanos <= nowNanos) {
                used = 0;
                if (!more.isEmpty()) {
                    more.clear();
                }
            }
            busyUntil(nowNanos + 1);
            int free = used;
            for (int place = used - 1; place >= 0; place--) {
                Last last = place(place);
                if (last.to == station) {
                    return last;
                }
                if (last.past(nowNanos)) {
                    free = place;
                }
            }
            Last found = more.isEmpty() ? null : more.get(station);
            if (found != null) {
                return found;
            }
            if (free == PLACES) {
                return another(station, nowNanos);
            }
            used = Math.max(used, free + 1);
            Last last = place(free);
            last.restart(station);
            return last;
        }

        private Last place(int place) {
            Last last = places[place];
            if (last == null) {
                last = new Last();
                places[place] = last;
            }
            return last;
        }

        /** What is sent now arrives then. */
        void busyUntil(long arrivalNanos) {
            busyUntilNanos = Math.max(busyUntilNanos, arrivalNanos);
        }

        private Last another(Station station, long nowNanos) {
            if (more.size() >= sweepAbove) {
                more.values().removeIf(each -> each.past(nowNanos));
                sweepAbove = Math.max(SWEEP_ABOVE_MIN, 2 * more.size());
            }
            var added = new Last();
            added.restart(station);
            more.put(station, added);
            return added;
        }

        int size() {
            return used + more.size();
        }
    }

    /** The last message of a link; what has arrived before now does not matter any more. */
    private static final class Last {
        private @Nullable Station to;
        private long arrivalNanos;
        private long sentNanos = -1;
        /** How many were sent before it in the same instant. */
        private int sameInstant;

        /** The connection that the two machines keep open. */
        private final Connection shared = new Connection();

        /** As a new one, of a link. */
        void restart(Station other) {
            to = other;
            arrivalNanos = 0;
            sentNanos = -1;
            sameInstant = 0;
            shared.arrivalNanos = 0;
        }

        boolean past(long nowNanos) {
            return arrivalNanos <= nowNanos && sentNanos < nowNanos && shared.arrivalNanos <= nowNanos;
        }

        /** One more message is sent now. */
        void next(long nowNanos) {
            sameInstant = sentNanos == nowNanos ? sameInstant + 1 : 0;
            sentNanos = nowNanos;
        }
    }

    /** The machine of that name, known or not yet: to send without looking for it each time. */
    public Station station(String machine) {
        Station known = stations.get(machine);
        if (known == null) {
            known = new Station(machine);
            stations.put(machine, known);
        }
        return known;
    }

    /** Says that a machine is on, with the scope of its life; again after each start. */
    public void attach(String machine, Scope scope) {
        station(machine).life = scope;
    }

    /** Says that a machine is off; what is cut stays so. */
    public void detach(String machine) {
        station(machine).life = null;
    }

    /** Forgets a machine that is gone for good: its ways leave every owner, their rules go, and one of that name that comes is new. */
    public void forget(String machine) {
        Station gone = stations.remove(machine);
        if (gone != null) {
            gone.life = null;
        }
        cuts.keySet().removeIf(link -> link.from().equals(machine) || link.to().equals(machine));
        rules.keySet().removeIf(link -> link.from().equals(machine) || link.to().equals(machine));
        troubles.forget(machine);
    }

    /** How many messages were sent so far over ways that were open; observation apart. */
    public long sentMessages() {
        return sentMessages;
    }

    /** For tests: links of which something is remembered. */
    int rememberedLinks() {
        return stations.values().stream()
                .mapToInt(station -> station.history.size() + station.observation.size())
                .sum();
    }

    /** Whether a message sent now would arrive, pauses and loss apart. */
    public boolean reachable(String from, String to) {
        Station target = stations.get(to);
        return target != null && open(target, from);
    }

    private boolean open(Station target, String from) {
        Scope life = target.life;
        return life != null
                && !life.closed()
                && (cuts.isEmpty() || from.equals(target.name) || !cuts.containsKey(new Link(from, target.name)));
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
        Station receiver = stations.get(to);
        if (receiver != null) {
            send(station(from), receiver, destination, arrival);
        }
    }

    /** As {@link #send(String, String, Scope, Runnable)}; what was forgotten receives nothing. */
    public void send(Station sender, Station receiver, Scope destination, Runnable arrival) {
        send(sender, receiver, destination, arrival, Carrier.SHARED, null, MESSAGE_BYTES);
    }

    /** As {@link #send(Station, Station, Scope, Runnable)}, for what travels by UDP. */
    public void sendDatagram(Station sender, Station receiver, Scope destination, Runnable arrival) {
        send(sender, receiver, destination, arrival, Carrier.DATAGRAM, null, MESSAGE_BYTES);
    }

    /**
     * As {@link #send(Station, Station, Scope, Runnable)}, on a connection of one's own.
     *
     * @param connection of this direction
     * @param bytes how much is sent
     */
    public void sendOn(
            Connection connection, Station sender, Station receiver, Scope destination, int bytes, Runnable arrival) {
        send(sender, receiver, destination, arrival, Carrier.OWN, connection, bytes);
    }

    private enum Carrier {
        SHARED,
        OWN,
        DATAGRAM
    }

    private void send(
            Station sender,
            Station receiver,
            Scope destination,
            Runnable arrival,
            Carrier carrier,
            @Nullable Connection own,
            int bytes) {
        if (!open(receiver, sender.name)) {
            return;
        }
        long nowNanos = simulation.nowNanos();
        boolean observing = simulation.observing();
        if (!observing) {
            sentMessages++;
        }
        Lane lane = observing ? sender.observation : sender.history;
        Last last = lane.to(receiver, nowNanos);
        last.next(nowNanos);
        @Nullable Rule rule = rules.isEmpty() ? null : rules.get(new Link(sender.name, receiver.name));
        if (rule != null && chance(sender, receiver, last, LOSS) < rule.lossProbability()) {
            return;
        }
        long delayNanos = sender == receiver
                ? LOCAL_DELAY.toNanos()
                : DELAY_MIN.toNanos() + (long) (chance(sender, receiver, last, DELAY) * DELAY_SPAN_NANOS);
        if (rule != null) {
            delayNanos += rule.extraDelay().toNanos();
        }
        @Nullable Connection connection = carrier == Carrier.SHARED ? last.shared : own;
        var trouble = troubles.none() ? null : troubles.of(new Link(sender.name, receiver.name));
        long arrivalNanos;
        if (trouble == null) {
            last.arrivalNanos = Math.max(nowNanos + delayNanos, last.arrivalNanos + 1);
            arrivalNanos = last.arrivalNanos;
            if (connection != null && connection.arrivalNanos > 0) {
                arrivalNanos = connection.inOrder(arrivalNanos);
            }
        } else {
            boolean datagram = carrier == Carrier.DATAGRAM;
            long troubledNanos = WayTroubles.delayNanos(trouble, datagram, bytes, nowNanos, delayNanos, !observing);
            if (troubledNanos == WayTroubles.LOST) {
                return;
            }
            arrivalNanos = nowNanos + troubledNanos;
            if (connection != null) {
                arrivalNanos = connection.inOrder(Math.max(arrivalNanos, last.arrivalNanos + 1));
            }
            if (datagram && WayTroubles.twice(trouble)) {
                deliver(arrivalNanos - nowNanos, sender, receiver, destination, arrival);
            }
        }
        lane.busyUntil(arrivalNanos);
        deliver(arrivalNanos - nowNanos, sender, receiver, destination, arrival);
    }

    private void deliver(long delayNanos, Station sender, Station receiver, Scope destination, Runnable arrival) {
        simulation.schedule(delayNanos, new Delivery(sender, receiver, destination, arrival));
    }

    /** A message on its way. */
    private final class Delivery extends Simulation.Entry {
        private final Station sender;
        private final Station receiver;
        private final Scope destination;
        private final Runnable arrival;

        Delivery(Station sender, Station receiver, Scope destination, Runnable arrival) {
            this.sender = sender;
            this.receiver = receiver;
            this.destination = destination;
            this.arrival = arrival;
        }

        @Override
        public void run() {
            if (open(receiver, sender.name)) {
                destination.execute(arrival);
            }
        }

        @Override
        boolean gone() {
            return false;
        }
    }

    /**
     * What chance gives to a message, uniform in {@code [0, 1)}. It hangs on the link and the instant alone, so that what
     * others send does not change it, and nothing is to be kept for links that rest.
     */
    private double chance(Station sender, Station receiver, Last last, int purpose) {
        return random.shareOf(31 * sender.key + receiver.key, last.sentNanos, last.sameInstant * 2L + purpose);
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

    /** Gives up all that an owner has cut or brought into trouble: what no other owner breaks too is whole again. */
    public void mend(String owner) {
        troubles.end(owner);
        cuts.values().forEach(owners -> owners.remove(owner));
        cuts.values().removeIf(Set::isEmpty);
    }

    /** Brings ways into trouble in the name of an owner, which has none yet. */
    public void trouble(String owner, Collection<Link> ways, LinkTrouble trouble) {
        troubles.begin(owner, ways, trouble, simulation.nowNanos());
    }

    /** The ways that an owner has brought into trouble and not let go. */
    public List<Link> troubled(String owner) {
        return troubles.ways(owner);
    }

    /** Every way that is cut now, whoever owns it. */
    public List<Link> cuts() {
        return List.copyOf(cuts.keySet());
    }

    /** Opens every way, whoever owns its cut, and lifts every rule and trouble. */
    public void healAll() {
        cuts.clear();
        rules.clear();
        troubles.clear();
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
