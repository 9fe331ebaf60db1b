package dev.clusterlab.provisioning.docker;

import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.Way;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cuts in the network between the machines of a {@link DockerEngine}: which fault has cut which ways, and that each
 * machine drops what follows from that. A machine never gets a single change, but is brought into line with all that
 * holds: so it does not matter what it missed while it had no power, or which of two changes comes first. Thread-safe.
 */
final class NetworkCuts {
    private static final System.Logger LOG = System.getLogger(NetworkCuts.class.getName());

    /** Shell scripts in machines. Both throw a {@link LabException} where that cannot be. */
    interface Programs {
        /** Runs one in a machine that runs, and gives what it printed. */
        String run(DockerNode node, String doing, String script);

        /** Has one run when a machine that is off starts, before its daemon does. */
        void atStart(DockerNode node, String script);
    }

    /** Tells the chains of this engine from those of a program that had the lab before. */
    private final String life;

    private final Function<String, DockerNode> machines;
    private final Programs programs;
    /** Of each fault its ways, with the address from which its packets come. Guarded by this, as what follows. */
    private final Map<String, SortedMap<Way, String>> faults = new LinkedHashMap<>();

    /** Faults that are cut still, and no longer wanted. */
    private final Set<String> ending = new TreeSet<>();

    private final Map<String, Inside> insides = new TreeMap<>();
    private long begun;
    private long scripts;

    /** What is dropped in a machine; its monitor is held while a script brings that about. Null: not known. */
    private static final class Inside {
        private @Nullable SortedMap<String, List<String>> chains = Collections.emptySortedMap();
    }

    /**
     * @param life at most 12 letters and digits
     * @param machines by name; throws NOT_FOUND for one that there is not
     */
    NetworkCuts(String life, Function<String, DockerNode> machines, Programs programs) {
        this.life = life;
        this.machines = machines;
        this.programs = programs;
    }

    /** As {@link dev.clusterlab.provisioning.Engine#begin}. */
    FaultHandle begin(EngineFault.Cut cut) {
        FaultHandle handle;
        synchronized (this) {
            var sources = new TreeMap<Way, String>();
            for (Way way : cut.ways()) {
                // It must exist as well.
                var _ = machines.apply(way.to());
                sources.put(way, machines.apply(way.from()).address());
            }
            handle = new FaultHandle(life + "-" + ++begun);
            faults.put(handle.id(), sources);
        }
        try {
            settle(cut.ways());
        } catch (LabException e) {
            withdraw(handle, cut.ways());
            throw e;
        }
        return handle;
    }

    private void withdraw(FaultHandle handle, SortedSet<Way> ways) {
        synchronized (this) {
            faults.remove(handle.id());
        }
        try {
            settle(ways);
        } catch (LabException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "What was begun of a cut ends with the next change, or with its lease",
                    e);
        }
    }

    /** As {@link dev.clusterlab.provisioning.Engine#end}. */
    void end(FaultHandle handle) {
        List<Way> ways;
        synchronized (this) {
            SortedMap<Way, String> sources = faults.get(handle.id());
            if (sources == null) {
                return;
            }
            ways = List.copyOf(sources.keySet());
            ending.add(handle.id());
        }
        boolean over = false;
        try {
            settle(ways);
            over = true;
        } finally {
            synchronized (this) {
                ending.remove(handle.id());
                if (over) {
                    faults.remove(handle.id());
                }
            }
        }
    }

    /** The ways that are cut, whoever has cut them. */
    synchronized SortedSet<Way> ways() {
        var ways = new TreeSet<Way>();
        faults.values().forEach(sources -> ways.addAll(sources.keySet()));
        return Collections.unmodifiableSortedSet(ways);
    }

    /** Takes a machine that is gone for good out of every fault. */
    synchronized void forget(String machine) {
        faults.values().forEach(sources -> sources.keySet().removeIf(way -> way.touches(machine)));
        insides.remove(machine);
    }

    /**
     * To be called before a machine is switched on, which has forgotten its cuts: they begin before its daemon does, which
     * would find its swarm before anybody could ask it for anything.
     */
    void poweringOn(DockerNode node) {
        Inside inside = inside(node.name());
        synchronized (inside) {
            SortedMap<String, List<String>> wanted = wanted(node.name());
            if (!wanted.isEmpty()) {
                inside.chains = null;
                programs.atStart(node, CutScripts.settle(watcher(), wanted));
            } else if (inside.chains != null) {
                inside.chains = Collections.emptySortedMap();
            }
        }
    }

    /** To be called when a machine runs again; returns when it drops what holds by now. */
    void poweredOn(DockerNode node) {
        settle(node);
    }

    /** Brings a machine into line that missed what was changed while it was frozen. */
    void thawed(DockerNode node) {
        settle(node);
    }

    /**
     * Gives every machine with cuts a sign of life; where they have ended all the same, they begin again. A machine that
     * is not as it should be, such as one that somebody else has thawed, is brought into line.
     */
    void keep() {
        for (String machine : known()) {
            try {
                DockerNode node = machines.apply(machine);
                if (running(node)) {
                    sign(node);
                    settle(node);
                }
            } catch (LabException e) {
                LOG.log(System.Logger.Level.DEBUG, "The cuts of " + machine + " could not be kept", e);
            }
        }
    }

    private void sign(DockerNode node) {
        if (wanted(node.name()).isEmpty()) {
            return;
        }
        String output = programs.run(node, "keep the cuts of " + node.name(), CutScripts.ALIVE);
        if (output.strip().endsWith(CutScripts.GONE)) {
            Inside inside = inside(node.name());
            synchronized (inside) {
                inside.chains = null;
            }
        }
    }

    // ---- inside the machines

    /** Packets are dropped where these ways end. */
    private void settle(Collection<Way> ways) {
        var nodes = new ArrayList<DockerNode>();
        receivers(ways).forEach(machine -> find(machine).ifPresent(nodes::add));
        Sweep.CONCURRENT.ask(nodes, this::settle);
    }

    private static SortedSet<String> receivers(Collection<Way> ways) {
        var receivers = new TreeSet<String>();
        ways.forEach(way -> receivers.add(way.to()));
        return receivers;
    }

    private Optional<DockerNode> find(String machine) {
        try {
            return Optional.of(machines.apply(machine));
        } catch (LabException e) {
            return Optional.empty();
        }
    }

    /**
     * Brings a machine into line with what holds; without effect on one that does not run: that is brought into line when
     * it does.
     *
     * @return whether it runs
     */
    private boolean settle(DockerNode node) {
        Inside inside = inside(node.name());
        synchronized (inside) {
            SortedMap<String, List<String>> wanted = wanted(node.name());
            if (!running(node) || wanted.equals(inside.chains)) {
                return running(node);
            }
            inside.chains = null;
            String doing = "change the cuts of " + node.name();
            try {
                String output = programs.run(node, doing, CutScripts.settle(watcher(), wanted));
                if (!output.strip().endsWith(CutScripts.DONE)) {
                    throw new LabException(
                            Kind.REFUSED,
                            "Cannot " + doing + ": " + output.strip(),
                            "`docker-machine ls` shows the machines.");
                }
                inside.chains = wanted;
            } catch (LabException e) {
                if (running(node)) {
                    throw e;
                }
                LOG.log(System.Logger.Level.DEBUG, node.name() + " lost its power while its cuts were changed", e);
            }
            return running(node);
        }
    }

    private static boolean running(DockerNode node) {
        return node.state().equals(Optional.of(State.RUNNING));
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

    /** The addresses from which a machine must hear nothing, by the chain of each fault. */
    private synchronized SortedMap<String, List<String>> wanted(String machine) {
        var wanted = new TreeMap<String, List<String>>();
        faults.forEach((id, sources) -> {
            List<String> addresses = sources.entrySet().stream()
                    .filter(source -> source.getKey().to().equals(machine))
                    .map(Map.Entry::getValue)
                    .toList();
            if (!addresses.isEmpty() && !ending.contains(id)) {
                wanted.put("CL-" + id, addresses);
            }
        });
        return wanted;
    }
}
