package dev.clusterlab.simulator.swarm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A published port: which machines have ends behind it, and by whose each engine sees it. An engine needs one such
 * witness; only when that is lost does it have to look for another. Engines begin their search at different machines, so
 * that few rest on the same one.
 */
final class PublishedPort {
    private final EndSet ends = new EndSet();
    private final Map<SimMachine, Owner> owners = new LinkedHashMap<>();
    private final List<Owner> inTurn = new ArrayList<>();
    /** Engines that see the port, and by whom. */
    private final Map<SimMachine, Owner> witnesses = new LinkedHashMap<>();

    /** A machine with ends behind the port. */
    private static final class Owner {
        final SimMachine machine;
        final Set<OverlayEndpoint> ends = new LinkedHashSet<>();
        final Set<SimMachine> restOnIt = new LinkedHashSet<>();
        int place;

        Owner(SimMachine machine) {
            this.machine = machine;
        }

        boolean seenBy(OverlayDirectory.Observer observer, long nowNanos, Duration spread) {
            boolean own = machine == observer.machine();
            for (OverlayEndpoint end : ends) {
                boolean there = own ? end.bound : end.sinceNanos + spread.toNanos() <= nowNanos;
                if (there && observer.seesAlive(machine, end.nodeId)) {
                    return true;
                }
            }
            return false;
        }
    }

    EndSet ends() {
        return ends;
    }

    boolean isEmpty() {
        return owners.isEmpty();
    }

    /** True if its machine had no end behind the port before. */
    boolean add(OverlayEndpoint end) {
        ends.add(end);
        Owner owner = owners.get(end.machine);
        boolean added = owner == null;
        if (owner == null) {
            owner = new Owner(end.machine);
            owner.place = inTurn.size();
            inTurn.add(owner);
            owners.put(end.machine, owner);
        }
        owner.ends.add(end);
        return added;
    }

    /** Gives the engines that saw the port by the end's machine and must look for another. */
    List<SimMachine> remove(OverlayEndpoint end) {
        ends.remove(end);
        Owner owner = owners.get(end.machine);
        if (owner == null || !owner.ends.remove(end) || !owner.ends.isEmpty()) {
            return List.of();
        }
        owners.remove(end.machine);
        Owner last = inTurn.removeLast();
        if (last != owner) {
            inTurn.set(owner.place, last);
            last.place = owner.place;
        }
        owner.restOnIt.forEach(witnesses::remove);
        return List.copyOf(owner.restOnIt);
    }

    /** Whether an engine that believes otherwise of another machine from now on must look again. */
    boolean concerned(SimMachine observer, SimMachine other) {
        Owner witness = witnesses.get(observer);
        return witness == null ? owners.containsKey(other) : witness.machine == other;
    }

    /** How many engines see it. */
    int seers() {
        return witnesses.size();
    }

    boolean seenAtLastBy(SimMachine observer) {
        return witnesses.containsKey(observer);
    }

    void forget(SimMachine observer) {
        ends.forget(observer);
        rest(observer, null);
    }

    boolean seenBy(OverlayDirectory.Observer observer, long nowNanos, Duration spread) {
        Owner last = witnesses.get(observer.machine());
        if (last != null && last.seenBy(observer, nowNanos, spread)) {
            return true;
        }
        Owner found = owners.get(observer.machine());
        if (found == null || !found.seenBy(observer, nowNanos, spread)) {
            found = search(observer, nowNanos, spread);
        }
        rest(observer.machine(), found);
        return found != null;
    }

    private @Nullable Owner search(OverlayDirectory.Observer observer, long nowNanos, Duration spread) {
        int first = observer.machine().name().hashCode();
        for (int i = 0; i < inTurn.size(); i++) {
            Owner owner = inTurn.get(Math.floorMod(first + i, inTurn.size()));
            if (owner.seenBy(observer, nowNanos, spread)) {
                return owner;
            }
        }
        return null;
    }

    private void rest(SimMachine observer, @Nullable Owner witness) {
        Owner before = witness == null ? witnesses.remove(observer) : witnesses.put(observer, witness);
        if (before != null) {
            before.restOnIt.remove(observer);
        }
        if (witness != null) {
            witness.restOnIt.add(observer);
        }
    }
}
