package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.observe.ClusterReader.Parts;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NetworkView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import dev.clusterlab.provisioning.observe.DaemonAnswers;
import dev.clusterlab.provisioning.observe.DaemonAnswers.Published;
import dev.clusterlab.provisioning.observe.DaemonIdentity;
import dev.clusterlab.provisioning.observe.LocalNodeState;
import dev.clusterlab.provisioning.observe.Orphans;
import dev.clusterlab.provisioning.observe.SwarmMerge;
import dev.clusterlab.provisioning.observe.SwarmMerge.Daemon;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.swarm.Lead;
import dev.clusterlab.simulator.swarm.MachineReading;
import dev.clusterlab.simulator.swarm.PowerState;
import dev.clusterlab.simulator.swarm.SimMachine;
import dev.clusterlab.simulator.swarm.World;
import dev.clusterlab.simulator.swarm.WorldChanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The picture of a simulated world, kept up to date by reading again what has changed. It sees what every daemon, agent and
 * router would answer at that instant, with its own belief, as a reader over the protocols does: the rules are the same
 * code. Machines are shown without the endpoints of the outside. Used on the simulation's thread only.
 */
final class WorldPicture {
    /** Of engine time: as the reader over the protocols polls again although nothing has changed. */
    private static final Duration AGE_MAX = Duration.ofSeconds(5);

    private final World world;
    private final WorldChanges changes;
    private final Map<String, Known> known = new LinkedHashMap<>();
    /** By the replica of the leader that they were read from. */
    private final IdentityHashMap<Object, LeaderRecords> leaderRecords = new IdentityHashMap<>();

    private final Set<Object> leadersRead = Collections.newSetFromMap(new IdentityHashMap<>());
    private final SwarmMerge merge = new SwarmMerge();
    private final Orphans orphans = new Orphans();
    private final ProgramPictures programs = new ProgramPictures(this::countRecord);
    private Parts parts = Parts.NOTHING;
    private boolean begun;
    /** Whether what was read in this reading may make another swarm. */
    private boolean swarmMayDiffer;
    /** Whether in this reading one went for good, and its cuts with it. */
    private boolean machineGone;

    private long holdsUntilNanos = Long.MAX_VALUE;
    private long agesReadNanos;
    private final Set<SimMachine> ageing = new LinkedHashSet<>();
    private long machinesRead;
    private long recordsRead;

    /** A machine, and what its daemon reported when it was last read. */
    private record Known(SimMachine machine, Daemon daemon) {}

    WorldPicture(World world) {
        this.world = world;
        this.changes = world.watch();
    }

    /**
     * Containers say for how long they have been up, which nobody reports. Somebody reads now: what they said is read again
     * if it is too old.
     */
    void renewAges() {
        long now = world.simulation().nowNanos();
        if (now - agesReadNanos >= AGE_MAX.toNanos()) {
            agesReadNanos = now;
            known.values().stream()
                    .filter(each -> !each.daemon().view().containers().isEmpty())
                    .forEach(each -> ageing.add(each.machine()));
        }
    }

    void close() {
        world.unwatch(changes);
    }

    /** Whether something may have changed since it was last read. Quick. */
    boolean due() {
        return !begun
                || changes.any()
                || !ageing.isEmpty()
                || world.simulation().nowNanos() >= holdsUntilNanos;
    }

    ReadCounts counts() {
        return new ReadCounts(machinesRead, recordsRead);
    }

    private void countRecord() {
        recordsRead++;
    }

    /** Reads what has changed; the same object as before if all is as it was. */
    Parts read() {
        WorldChanges.Taken taken = changes.take();
        var changed = new LinkedHashSet<>(begun ? taken.machines() : world.machines());
        boolean timeTells = world.simulation().nowNanos() >= holdsUntilNanos;
        swarmMayDiffer = !begun;
        machineGone = !begun;
        begun = true;
        List<SimMachine> aged = List.copyOf(ageing);
        ageing.clear();
        // Who answers whom may change by what happens to any manager, to the ways between them, or by silence.
        boolean leads = taken.ways() || timeTells || changed.stream().anyMatch(this::mayLead);
        leadersRead.clear();
        changed.forEach(this::update);
        leads |= changed.stream().anyMatch(this::mayLead);
        if (leads) {
            known.values().stream()
                    .map(Known::machine)
                    .filter(machine -> !changed.contains(machine) && mayLead(machine))
                    .toList()
                    .forEach(this::update);
            leaderRecords.keySet().retainAll(leadersRead);
            swarmMayDiffer = true;
        }
        aged.stream().filter(machine -> !changed.contains(machine)).forEach(this::update);
        List<Daemon> daemons = known.values().stream().map(Known::daemon).toList();
        var published = new ArrayList<Published>();
        daemons.forEach(daemon -> published.addAll(daemon.published()));
        Optional<SwarmView> swarm = swarmMayDiffer ? swarm(daemons) : parts.swarm();
        var seen = new SwarmMerge.Seen(
                orphans.marked(daemons.stream().map(Daemon::view).toList(), swarm), swarm, published);
        Set<SimMachine> fresh = timeTells || taken.ways() ? Set.copyOf(world.machines()) : changed;
        Optional<ConsulView> consul = programs.consul(seen, fresh, this::machine);
        List<TraefikView> traefik = programs.traefik(seen, fresh, this::machine);
        Reach reach = taken.ways() || machineGone ? SwarmMerge.same(parts.reach(), reach()) : parts.reach();
        holdsUntilNanos = holdsUntilNanos();
        boolean sameMachines = equalObjects(seen.machines(), parts.machines());
        boolean same = sameMachines
                && seen.swarm().equals(parts.swarm())
                && consul.equals(parts.consul())
                && traefik.equals(parts.traefik())
                && reach == parts.reach();
        if (!same) {
            parts = new Parts(
                    sameMachines ? parts.machines() : seen.machines(),
                    seen.swarm(),
                    SwarmMerge.same(parts.consul(), consul),
                    SwarmMerge.same(parts.traefik(), traefik),
                    reach);
        }
        return parts;
    }

    /** The network knows its cuts, so that who reads need not send anything. */
    private Reach reach() {
        return Reach.without(world.underlay().cuts().stream()
                .map(link -> new Way(link.from(), link.to()))
                .toList());
    }

    private static boolean equalObjects(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (left.get(i) != right.get(i)) {
                return false;
            }
        }
        return true;
    }

    private SimMachine machine(String name) {
        return world.machine(name).orElseThrow();
    }

    private boolean mayLead(SimMachine machine) {
        Known last = known.get(machine.name());
        return (last != null && last.daemon().mayLead())
                || (machine.reading().answers() && machine.reading().manager());
    }

    private long holdsUntilNanos() {
        long first = programs.holdsUntilNanos();
        for (Known each : known.values()) {
            if (each.daemon().mayLead()) {
                first = Math.min(first, each.machine().reading().holdsUntilNanos());
            }
        }
        return first;
    }

    private void update(SimMachine machine) {
        Known last = known.get(machine.name());
        if (world.machine(machine.name()).orElse(null) != machine) {
            if (last != null && last.machine() == machine) {
                known.remove(machine.name());
                swarmMayDiffer = true;
                machineGone = true;
            }
            return;
        }
        boolean another = last != null && last.machine() != machine;
        if (another) {
            machineGone = true;
            known.remove(machine.name());
        }
        Daemon before = last == null || another ? null : last.daemon();
        machinesRead++;
        Daemon now = SwarmMerge.daemon(
                shown(machine, before),
                machine.power() == PowerState.RUNNING,
                Optional.ofNullable(before).map(Daemon::view),
                parts.swarm().map(SwarmView::id).orElse(""),
                new Inside(machine),
                true,
                world.simulation().elapsed());
        known.put(machine.name(), new Known(machine, before == null ? now : kept(before, now)));
        swarmMayDiffer |= before == null
                || before.view().answering() != now.view().answering()
                || before.view().localNodeState() != now.view().localNodeState()
                || before.view().machine().state() != now.view().machine().state();
    }

    private static Daemon kept(Daemon before, Daemon now) {
        MachineView view = SwarmMerge.same(before.view(), now.view());
        var kept = new Daemon(view, now.nodes(), now.mayLead(), now.swarmId(), now.published());
        return before.view() == view && before.nodes() == now.nodes() ? SwarmMerge.same(before, kept) : kept;
    }

    private static Machine shown(SimMachine machine, @Nullable Daemon before) {
        var shown = new Machine(
                machine.name(), machine.address(), EmbeddedEngine.state(machine.power()), Optional.empty(), Map.of());
        return before == null ? shown : SwarmMerge.same(before.view().machine(), shown);
    }

    private Optional<SwarmView> swarm(List<Daemon> daemons) {
        return merge.swarm(
                daemons,
                parts.swarm(),
                daemon -> new Inside(machine(daemon.view().machine().name())).kept());
    }

    /** The machine whose manager answers for the leader; throws what the protocol answers where none does. */
    private MachineReading leader(SimMachine machine, String question) {
        return switch (machine.reading().lead()) {
            case Lead.Known(SimMachine leader) -> leader.reading();
            case Lead.Awaited(long until) ->
                throw new LabException(
                                Kind.TIMEOUT,
                                "The Docker daemon of " + machine.name() + " did not answer " + question + " in time.",
                                "A manager without a leader answers late: see whether most managers are online.")
                        .named("daemon.late", machine.name());
            case Lead.Lost(String message) -> throw new LabException(Kind.REFUSED, message, "");
        };
    }

    private LeaderRecords records(MachineReading leader) {
        leadersRead.add(leader.replica());
        return leaderRecords.computeIfAbsent(leader.replica(), replica -> new LeaderRecords(this::countRecord));
    }

    /** What a machine's daemon would answer now. */
    private final class Inside implements DaemonAnswers {
        private final SimMachine machine;
        private final MachineReading reading;

        Inside(SimMachine machine) {
            this.machine = machine;
            this.reading = machine.reading();
        }

        @Override
        public Containers containers() {
            if (!reading.answers()) {
                throw new LabException(
                        Kind.REFUSED, "Cannot connect to the Docker daemon of " + machine.name() + ".", "");
            }
            return SwarmRecords.containers(machine.name(), reading.containers());
        }

        @Override
        public List<NetworkView> networks() {
            boolean own = !reading.manager() || reading.lead() instanceof Lead.Lost;
            return SwarmRecords.networks(own ? reading.networks() : reading.networks(leader(machine, "/networks")));
        }

        @Override
        public DaemonIdentity identity(List<NetworkView> networks) {
            String swarmId = "";
            String error = "";
            if (reading.manager()) {
                if (reading.lead() instanceof Lead.Lost(String message)) {
                    error = message;
                } else {
                    swarmId = leader(machine, "/info").clusterId();
                }
            }
            return new DaemonIdentity(
                    DockerDaemon.VERSION,
                    reading.nodeId(),
                    LocalNodeState.of(reading.localState()),
                    reading.manager(),
                    swarmId,
                    error);
        }

        @Override
        public List<NodeView> nodes() {
            MachineReading leader = leader(machine, "/nodes");
            return records(leader).nodes(leader);
        }

        @Override
        public Kept kept() {
            MachineReading leader = leader(machine, "/services");
            return records(leader).kept(leader);
        }
    }
}
