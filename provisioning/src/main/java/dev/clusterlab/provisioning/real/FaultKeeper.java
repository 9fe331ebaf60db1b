package dev.clusterlab.provisioning.real;

import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.EngineFault.ContainerPause;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.LinkTrouble;
import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.MachineTrouble;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.real.MachineOrders.Loss;
import dev.clusterlab.provisioning.real.MachineOrders.Resources;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The faults that are kept inside the machines of an engine: which there are, and that each machine does to packets
 * what follows from them. A machine never gets a single change, but is brought into line with all that holds: so it does not matter
 * what it missed while it had no power, or which of two changes comes first. Inside, everything ends by itself when the lab gives no
 * sign of life any more. Thread-safe.
 *
 * @param <M> a machine of the engine
 */
public final class FaultKeeper<M extends RealMachine> {
    private static final System.Logger LOG = System.getLogger(FaultKeeper.class.getName());

    /** Shell scripts in machines. Both throw a {@link LabException} where that cannot be. */
    public interface Programs<M> {
        /** Runs one in a machine that runs, and gives what it printed. */
        String run(M node, String doing, String script);

        /**
         * Has one run when a machine that is off starts, before its daemon does. Where nothing can be left in such a machine, nothing
         * happens: then all begins again right after its start.
         */
        void atStart(M node, String script);

        /** Has a machine's daemon freeze a container. */
        void pause(M node, String container);

        /** Has a machine's daemon let a container go on. */
        void unpause(M node, String container);
    }

    /** Of faults that ended: enough for whoever ends them, and looks at once. */
    private static final int ENDED_KEPT = 64;

    /** Tells the chains of this engine from those of a program that had the lab before. */
    private final String life;

    private final Function<String, M> machines;
    private final Programs<M> programs;
    /** Guarded by this, as what follows. */
    private final Map<String, Held> faults = new LinkedHashMap<>();

    /** Faults that are in force still, and no longer wanted. */
    private final Set<String> ending = new TreeSet<>();

    /** Those that ended last: what is left of them can be looked for. */
    private final Map<String, Held> ended = new LinkedHashMap<>();

    /** What is taken from machines. */
    private final Map<String, EngineFault.OnMachine> taken = new LinkedHashMap<>();

    /** Of these, those that ended last. */
    private final Map<String, EngineFault.OnMachine> given = new LinkedHashMap<>();

    /** Containers that are frozen. */
    private final Map<String, ContainerPause> pauses = new LinkedHashMap<>();

    /** Machines that are frozen inside. */
    private final Set<String> frozen = new TreeSet<>();

    /** Those of them that are to go on. */
    private final Set<String> thawing = new TreeSet<>();

    private final Map<String, Inside> insides = new TreeMap<>();
    private long begun;
    private long scripts;

    /** The addresses at both ends of a way. */
    private record Ends(String from, String to) {}

    /**
     * A fault of the network.
     *
     * @param trouble empty: everything is lost
     * @param holders where it may be kept; empty: everywhere
     */
    private record Held(SortedMap<Way, Ends> ways, Optional<LinkTrouble> trouble, Set<String> holders) {
        /** Packets are lost where they arrive; queues stand where they leave. */
        boolean atSender() {
            return trouble.isPresent()
                    && switch (trouble.get()) {
                        case LinkTrouble.Latency _, LinkTrouble.Bandwidth _ -> true;
                        case LinkTrouble.Loss _,
                                LinkTrouble.BurstLoss _,
                                LinkTrouble.Duplicates _,
                                LinkTrouble.Reordering _ -> false;
                    };
        }

        String place(Way way) {
            String fitting = atSender() ? way.from() : way.to();
            boolean there = holders.isEmpty() || holders.contains(fitting);
            return there ? fitting : fitting.equals(way.to()) ? way.from() : way.to();
        }

        SortedSet<String> places() {
            var places = new TreeSet<String>();
            ways.keySet().forEach(way -> places.add(place(way)));
            return places;
        }
    }

    /** What a machine has been told; its monitor is held while a script brings that about. Null: not known. */
    private static final class Inside {
        private @Nullable MachineOrders orders = MachineOrders.NONE;

        /** Whether it can be frozen and go on keeping its faults; null: not known. */
        private @Nullable Boolean freezable;
    }

    /**
     * @param life at most 12 letters and digits
     * @param machines by name; throws NOT_FOUND for one that there is not
     */
    public FaultKeeper(String life, Function<String, M> machines, Programs<M> programs) {
        this.life = life;
        this.machines = machines;
        this.programs = programs;
    }

    /** As {@link dev.clusterlab.provisioning.Engine#begin}. */
    public FaultHandle begin(EngineFault.Cut cut) {
        return begin(cut, Set.of());
    }

    /**
     * As {@link #begin(EngineFault.Cut)}, with nothing done to other machines than these.
     *
     * @param holders of each way at least one end; empty: all machines
     */
    public FaultHandle begin(EngineFault.Cut cut, Set<String> holders) {
        return begin(cut.ways(), Optional.empty(), holders);
    }

    /**
     * As {@link dev.clusterlab.provisioning.Engine#begin}.
     *
     * @throws LabException REFUSED for what only simulated machines can do
     */
    public FaultHandle begin(EngineFault.Trouble trouble) {
        return begin(trouble, Set.of());
    }

    /**
     * As {@link #begin(EngineFault.Trouble)}, with nothing done to other machines than these.
     *
     * @param holders of each way at least one end, of what is late or narrow the sender; empty: all machines
     */
    public FaultHandle begin(EngineFault.Trouble trouble, Set<String> holders) {
        return switch (trouble.kind()) {
            case LinkTrouble.Latency _, LinkTrouble.Loss _, LinkTrouble.BurstLoss _, LinkTrouble.Bandwidth _ ->
                begin(trouble.ways(), Optional.of(trouble.kind()), holders);
            case LinkTrouble.Duplicates _, LinkTrouble.Reordering _ ->
                throw new LabException(
                        Kind.REFUSED,
                        HostLack.NOT_ON_REAL_MACHINES.sentence(),
                        "Delays, losses and low rates can be had.");
        };
    }

    private FaultHandle begin(SortedSet<Way> ways, Optional<LinkTrouble> trouble, Set<String> holders) {
        FaultHandle handle;
        Held held;
        synchronized (this) {
            var ends = new TreeMap<Way, Ends>();
            for (Way way : ways) {
                ends.put(
                        way,
                        new Ends(
                                machines.apply(way.from()).address(),
                                machines.apply(way.to()).address()));
            }
            handle = new FaultHandle(life + "-" + ++begun);
            held = new Held(ends, trouble, Set.copyOf(holders));
            faults.put(handle.id(), held);
        }
        try {
            settle(held.places());
        } catch (LabException e) {
            withdraw(handle, held);
            throw e;
        }
        return handle;
    }

    private void withdraw(FaultHandle handle, Held held) {
        synchronized (this) {
            faults.remove(handle.id());
        }
        try {
            settle(held.places());
        } catch (LabException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "What was begun of a fault ends with the next change, or when the lab gives no sign of life",
                    e);
        }
    }

    /**
     * As {@link dev.clusterlab.provisioning.Engine#begin}. The daemon freezes it; its machine knows which, to wake it when the lab
     * is gone.
     *
     * @throws LabException with what the daemon said, if it refuses
     */
    public FaultHandle begin(ContainerPause pause) {
        M node = machines.apply(pause.machine());
        FaultHandle handle;
        synchronized (this) {
            handle = new FaultHandle(life + "-" + ++begun);
            pauses.put(handle.id(), pause);
        }
        boolean there = false;
        try {
            settle(node);
            programs.pause(node, pause.container());
            there = true;
        } finally {
            if (!there) {
                let(handle, node);
            }
        }
        return handle;
    }

    /**
     * As {@link dev.clusterlab.provisioning.Engine#begin}.
     *
     * @throws LabException REFUSED for what only simulated machines can do, or if the machine does not run
     */
    public FaultHandle begin(EngineFault.OnMachine fault) {
        switch (fault.kind()) {
            case MachineTrouble.NameNotFound _, MachineTrouble.ProcessorBusy _, MachineTrouble.MemoryShort _ -> {}
            case MachineTrouble.DiskFull _ ->
                throw new LabException(Kind.REFUSED, HostLack.DISK_OF_THE_HOST.sentence(), "");
            case MachineTrouble.ClockOff _ ->
                throw new LabException(Kind.REFUSED, HostLack.CLOCK_OF_THE_HOST.sentence(), "");
        }
        M node = machines.apply(fault.machine());
        FaultHandle handle;
        synchronized (this) {
            handle = new FaultHandle(life + "-" + ++begun);
            taken.put(handle.id(), fault);
        }
        boolean there = false;
        try {
            settle(node);
            there = true;
        } finally {
            if (!there) {
                giveBack(handle, node);
            }
        }
        return handle;
    }

    private void giveBack(FaultHandle handle, M node) {
        synchronized (this) {
            taken.remove(handle.id());
        }
        try {
            settle(node);
        } catch (LabException e) {
            LOG.log(System.Logger.Level.DEBUG, "What was taken of " + node.name() + " is given back later", e);
        }
    }

    /** Whether the fault is one of these. */
    private boolean endTaken(FaultHandle handle) {
        EngineFault.OnMachine fault;
        synchronized (this) {
            fault = taken.get(handle.id());
            if (fault == null) {
                return given.containsKey(handle.id());
            }
            ending.add(handle.id());
        }
        boolean over = false;
        try {
            settle(List.of(fault.machine()));
            over = true;
        } finally {
            synchronized (this) {
                ending.remove(handle.id());
                if (over) {
                    taken.remove(handle.id());
                    given.put(handle.id(), fault);
                    if (given.size() > ENDED_KEPT) {
                        given.remove(given.keySet().iterator().next());
                    }
                }
            }
        }
        return true;
    }

    /** As {@link dev.clusterlab.provisioning.Engine#remains}, of what is taken from machines: looks into the machine. */
    public boolean remains(FaultHandle handle) {
        EngineFault.OnMachine fault;
        synchronized (this) {
            fault = taken.getOrDefault(handle.id(), given.get(handle.id()));
        }
        if (fault == null) {
            return false;
        }
        List<M> there =
                nodes(List.of(fault.machine())).stream().filter(this::running).toList();
        if (there.isEmpty()) {
            return false;
        }
        M node = there.getFirst();
        List<String> seen = programs.run(node, "look what " + node.name() + " takes", KeeperScripts.LOOK)
                .lines()
                .toList();
        Resources others = ordersOfOthers(node.name(), handle).resources();
        return switch (fault.kind()) {
            case MachineTrouble.NameNotFound(String name) ->
                seen.contains("lost " + ResourceScripts.chain(name))
                        && !others.names().contains(name);
            case MachineTrouble.ProcessorBusy _ -> seen.contains("busy") && others.processorPercent() >= 100;
            case MachineTrouble.MemoryShort _ ->
                seen.contains("short") && others.memoryLeftBytes().isEmpty();
            case MachineTrouble.DiskFull _, MachineTrouble.ClockOff _ -> false;
        };
    }

    /** No longer keeps a container frozen. */
    private void let(FaultHandle handle, M node) {
        synchronized (this) {
            pauses.remove(handle.id());
        }
        try {
            settle(node);
        } catch (LabException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    node.name() + " keeps a list of containers to wake that is out of date",
                    e);
        }
    }

    /** As {@link dev.clusterlab.provisioning.Engine#end}. */
    public void end(FaultHandle handle) {
        Held held;
        ContainerPause pause;
        synchronized (this) {
            pause = pauses.get(handle.id());
        }
        if (pause != null) {
            M node = machines.apply(pause.machine());
            let(handle, node);
            programs.unpause(node, pause.container());
            return;
        }
        if (endTaken(handle)) {
            return;
        }
        synchronized (this) {
            held = faults.get(handle.id());
            if (held == null) {
                return;
            }
            ending.add(handle.id());
        }
        boolean over = false;
        try {
            settle(held.places());
            over = true;
        } finally {
            synchronized (this) {
                ending.remove(handle.id());
                if (over) {
                    faults.remove(handle.id());
                    ended.put(handle.id(), held);
                    if (ended.size() > ENDED_KEPT) {
                        ended.remove(ended.keySet().iterator().next());
                    }
                }
            }
        }
    }

    /** The ways that are cut, whoever has cut them. */
    public SortedSet<Way> cutWays() {
        return ways(held -> held.trouble().isEmpty());
    }

    /** The ways on which something is done to packets short of losing all of them. */
    public SortedSet<Way> troubledWays() {
        return ways(held -> held.trouble().isPresent());
    }

    private synchronized SortedSet<Way> ways(Predicate<Held> wanted) {
        var ways = new TreeSet<Way>();
        faults.values().stream()
                .filter(wanted)
                .forEach(held -> ways.addAll(held.ways().keySet()));
        return Collections.unmodifiableSortedSet(ways);
    }

    /** As {@link dev.clusterlab.provisioning.Engine#troubledBy}: looks into the machines. */
    public SortedSet<Way> troubledBy(FaultHandle handle) {
        Held held;
        synchronized (this) {
            held = faults.getOrDefault(handle.id(), ended.get(handle.id()));
        }
        var found = new TreeSet<Way>();
        if (held == null || held.trouble().isEmpty()) {
            return found;
        }
        List<M> nodes = nodes(held.places()).stream().filter(this::running).toList();
        record Seen<N>(N node, List<String> lines) {}
        List<Seen<M>> all = Sweep.CONCURRENT.ask(nodes, node -> {
            String doing = "look what " + node.name() + " does to packets";
            return new Seen<>(
                    node, programs.run(node, doing, KeeperScripts.LOOK).lines().toList());
        });
        for (Seen<M> each : all) {
            String machine = each.node().name();
            SortedMap<String, List<LinkTrouble>> others =
                    ordersOfOthers(machine, handle).slowed();
            held.ways().forEach((way, ends) -> {
                boolean there = held.atSender()
                        ? each.lines().contains("shaped " + hexadecimal(ends.to())) && !others.containsKey(ends.to())
                        : each.lines().contains("chain " + chain(handle.id()));
                if (held.place(way).equals(machine) && there) {
                    found.add(way);
                }
            });
        }
        return found;
    }

    private static String hexadecimal(String address) {
        var digits = new StringBuilder();
        for (String part : address.split("\\.", -1)) {
            digits.append(HexFormat.of().toHexDigits((byte) Integer.parseInt(part)));
        }
        return digits.toString();
    }

    /** Takes a machine that is gone for good out of every fault. */
    public synchronized void forget(String machine) {
        faults.values().forEach(held -> held.ways().keySet().removeIf(way -> way.touches(machine)));
        ended.values().forEach(held -> held.ways().keySet().removeIf(way -> way.touches(machine)));
        pauses.values().removeIf(pause -> pause.machine().equals(machine));
        taken.values().removeIf(fault -> fault.machine().equals(machine));
        frozen.remove(machine);
        insides.remove(machine);
    }

    /**
     * Freezes all of a machine that runs but what keeps its faults, so that it goes on by itself when the lab is gone.
     *
     * @return false where it has no control group for that; then nothing has changed
     * @throws LabException REFUSED if it does not stand still
     */
    public boolean freeze(M node) {
        if (!freezable(node)) {
            return false;
        }
        String machine = node.name();
        synchronized (this) {
            frozen.add(machine);
        }
        boolean done = false;
        try {
            settle(node);
            done = true;
        } finally {
            if (!done) {
                synchronized (this) {
                    frozen.remove(machine);
                }
            }
        }
        return true;
    }

    private boolean freezable(M node) {
        Inside inside = inside(node.name());
        synchronized (inside) {
            Boolean known = inside.freezable;
            if (known == null) {
                String doing = "see whether " + node.name() + " can be frozen";
                known = programs.run(node, doing, KeeperScripts.CAN_FREEZE)
                        .strip()
                        .equals(KeeperScripts.DONE);
                inside.freezable = known;
            }
            return known;
        }
    }

    /** Lets a machine go on that {@link #freeze} has frozen. */
    public void thaw(M node) {
        String machine = node.name();
        synchronized (this) {
            thawing.add(machine);
        }
        boolean done = false;
        try {
            settle(node);
            done = true;
        } finally {
            synchronized (this) {
                thawing.remove(machine);
                if (done) {
                    frozen.remove(machine);
                }
            }
        }
    }

    /** Whether a machine is frozen inside: then programs can still be run in it. */
    public synchronized boolean frozen(String machine) {
        return frozen.contains(machine);
    }

    /**
     * Takes over a machine of a program that had the lab before: what that one left ends, but it stays frozen if it is.
     *
     * @return whether it is frozen inside
     */
    public boolean takeOver(M node) {
        String told = programs.run(node, "take over " + node.name(), KeeperScripts.takeOver());
        boolean standing = told.lines().anyMatch(KeeperScripts.FROZEN::equals);
        if (standing) {
            synchronized (this) {
                frozen.add(node.name());
            }
            settle(node);
        }
        return standing;
    }

    /**
     * To be called before a machine is switched on, which has forgotten its faults: they begin before its daemon does, which
     * would find its swarm before anybody could ask it for anything.
     */
    public void poweringOn(M node) {
        Inside inside = inside(node.name());
        synchronized (this) {
            frozen.remove(node.name());
        }
        synchronized (inside) {
            MachineOrders wanted = orders(node.name());
            if (!wanted.none()) {
                inside.orders = null;
                programs.atStart(node, KeeperScripts.settle(watcher(), wanted));
            } else if (inside.orders != null) {
                inside.orders = MachineOrders.NONE;
            }
        }
    }

    /** To be called when a machine runs again; returns when it does what holds by now. */
    public void poweredOn(M node) {
        settle(node);
    }

    /** Brings a machine into line that missed what was changed while it was frozen. */
    public void thawed(M node) {
        settle(node);
    }

    /**
     * Gives every machine with faults a sign of life; where they have ended all the same, they begin again. A machine that
     * is not as it should be, such as one that somebody else has thawed, is brought into line.
     */
    public void keep() {
        Sweep.CONCURRENT.ask(nodes(known()), node -> {
            try {
                if (running(node) && sign(node)) {
                    settle(node);
                } else if (running(node)) {
                    settle(node);
                    pauseAgain(node);
                }
            } catch (LabException e) {
                LOG.log(System.Logger.Level.DEBUG, "The faults of " + node.name() + " could not be kept", e);
            }
            return node;
        });
    }

    /** Whether what the machine kept is still there. */
    private boolean sign(M node) {
        if (orders(node.name()).none()) {
            return true;
        }
        String output = programs.run(node, "keep the faults of " + node.name(), KeeperScripts.ALIVE);
        if (!output.strip().endsWith(KeeperScripts.GONE)) {
            return true;
        }
        Inside inside = inside(node.name());
        synchronized (inside) {
            inside.orders = null;
        }
        return false;
    }

    private void pauseAgain(M node) {
        for (String container : orders(node.name()).paused()) {
            try {
                programs.pause(node, container);
            } catch (LabException e) {
                // It may have ended, or be frozen still.
                LOG.log(System.Logger.Level.DEBUG, container + " cannot be frozen again", e);
            }
        }
    }

    // ---- inside the machines

    private void settle(Collection<String> places) {
        Sweep.CONCURRENT.ask(nodes(places), this::settle);
    }

    /** Those of these machines that there are. */
    private List<M> nodes(Collection<String> names) {
        var nodes = new ArrayList<M>();
        for (String name : names) {
            try {
                nodes.add(machines.apply(name));
            } catch (LabException e) {
                // Removed meanwhile.
                LOG.log(System.Logger.Level.DEBUG, name + " is gone", e);
            }
        }
        return nodes;
    }

    /**
     * Brings a machine into line with what holds; without effect on one that does not run: that is brought into line when
     * it does.
     *
     * @return whether it runs
     */
    private boolean settle(M node) {
        Inside inside = inside(node.name());
        synchronized (inside) {
            MachineOrders wanted = orders(node.name());
            if (!running(node) || wanted.equals(inside.orders)) {
                return running(node);
            }
            inside.orders = null;
            String doing = "change the faults of " + node.name();
            try {
                String output = programs.run(node, doing, KeeperScripts.settle(watcher(), wanted));
                if (!output.strip().endsWith(KeeperScripts.DONE)) {
                    throw new LabException(
                            Kind.REFUSED,
                            "Cannot " + doing + ": " + output.strip(),
                            "`docker-machine ls` shows the machines.");
                }
                inside.orders = wanted;
            } catch (LabException e) {
                if (running(node)) {
                    throw e;
                }
                LOG.log(System.Logger.Level.DEBUG, node.name() + " lost its power while its faults were changed", e);
            }
            return running(node);
        }
    }

    /** Whether programs can be run in it. */
    private boolean running(M node) {
        Optional<State> state = node.state();
        return state.equals(Optional.of(State.RUNNING))
                || (state.equals(Optional.of(State.PAUSED)) && frozen(node.name()));
    }

    private synchronized Inside inside(String machine) {
        return insides.computeIfAbsent(machine, name -> new Inside());
    }

    private synchronized List<String> known() {
        return List.copyOf(insides.keySet());
    }

    private synchronized String watcher() {
        return life + "-" + ++scripts;
    }

    private synchronized MachineOrders orders(String machine) {
        return ordersOfOthers(machine, null);
    }

    /** All that a machine has to do, but for one fault. */
    private synchronized MachineOrders ordersOfOthers(String machine, @Nullable FaultHandle except) {
        var chains = new TreeMap<String, List<Loss>>();
        var slowed = new TreeMap<String, List<LinkTrouble>>();
        faults.forEach((id, held) -> {
            if (ending.contains(id) || (except != null && except.id().equals(id))) {
                return;
            }
            held.ways().forEach((way, ends) -> {
                if (!held.place(way).equals(machine)) {
                    return;
                }
                if (held.atSender()) {
                    slowed.computeIfAbsent(ends.to(), address -> new ArrayList<>())
                            .add(held.trouble().orElseThrow());
                } else {
                    chains.computeIfAbsent(chain(id), name -> new ArrayList<>())
                            .add(
                                    machine.equals(way.to())
                                            ? new Loss(ends.from(), false, held.trouble())
                                            : new Loss(ends.to(), true, held.trouble()));
                }
            });
        });
        var paused = new TreeSet<String>();
        pauses.values().stream()
                .filter(pause -> pause.machine().equals(machine))
                .forEach(pause -> paused.add(pause.container()));
        boolean standsStill = frozen.contains(machine) && !thawing.contains(machine);
        return new MachineOrders(chains, slowed, paused, standsStill, resources(machine, except));
    }

    private synchronized Resources resources(String machine, @Nullable FaultHandle except) {
        var names = new TreeSet<String>();
        double processor = 1;
        OptionalLong memory = OptionalLong.empty();
        for (var each : taken.entrySet()) {
            boolean counts = each.getValue().machine().equals(machine)
                    && !ending.contains(each.getKey())
                    && (except == null || !except.id().equals(each.getKey()));
            if (counts) {
                switch (each.getValue().kind()) {
                    case MachineTrouble.NameNotFound(String name) -> names.add(name);
                    case MachineTrouble.ProcessorBusy(double share) -> processor *= 1 - share;
                    case MachineTrouble.MemoryShort(long left) ->
                        memory = OptionalLong.of(Math.min(left, memory.orElse(left)));
                    case MachineTrouble.DiskFull _, MachineTrouble.ClockOff _ ->
                        throw new IllegalStateException(each.getValue() + " has been refused");
                }
            }
        }
        return new Resources(names, processor * 100, memory);
    }

    private static String chain(String fault) {
        return "CL-" + fault;
    }
}
