package dev.clusterlab.provisioning.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.MachineNames;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.DockerConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * {@link FaultInjector} over an {@link Engine}: containers through their machine's Docker daemon, machines and the
 * network between them through the engine. A lease is kept by the engine's clock: it ends also if nobody waits for it.
 */
public final class FaultService implements FaultInjector {
    private static final System.Logger LOG = System.getLogger(FaultService.class.getName());

    /** How long who heals a fault waits for another who does; real machines need a few seconds. */
    private static final Duration END_LIMIT = Duration.ofSeconds(60);

    /** After which an end of a lease that did not succeed is tried again. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final Engine engine;
    private final LongSupplier nanos;
    private final DockerClients docker;
    private final SwarmNodes nodes;
    private final FaultProof proof;
    private final Map<String, InForce> inForce = new LinkedHashMap<>();
    private long injected;
    private final List<FaultListener> listeners = new CopyOnWriteArrayList<>();

    /** @param nanos wall-clock time that only goes on */
    public FaultService(Engine engine, LongSupplier nanos) {
        this.engine = engine;
        this.nanos = nanos;
        this.docker = new DockerClients(engine);
        this.nodes = new SwarmNodes(engine, docker);
        this.proof = new FaultProof(engine, docker);
    }

    /** Calls {@code listener} with each fault from now on, for as long as this lives. Any thread. */
    public void listen(FaultListener listener) {
        listeners.add(listener);
    }

    /** {@code heal}: how it is undone; {@code left}: what is found of it afterwards. */
    private record InForce(
            ActiveFault fault, Runnable heal, Supplier<List<Remnant>> left, Optional<AutoCloseable> lease) {
        InForce with(ActiveFault now) {
            return new InForce(now, heal, left, lease);
        }
    }

    @Override
    public String inject(Fault fault) {
        HostLack unsupported = engine.unsupportedFaults().get(fault.kind());
        if (unsupported != null) {
            throw new LabException(
                            LabException.Kind.REFUSED,
                            fault.kind().code() + " cannot be done here: " + unsupported.sentence(),
                            "")
                    .named("fault.unsupported." + unsupported.name());
        }
        refuseCutsOfNothing(fault);
        String id;
        synchronized (inForce) {
            id = "fault-" + ++injected;
        }
        return switch (fault) {
            case Fault.ContainerKill kill -> killContainer(id, kill);
            case Fault.ContainerStop stop -> stopContainer(id, stop);
            case Fault.MachineKill kill -> {
                engine.killMachine(kill.machine());
                yield withoutPower(id, fault, kill.machine());
            }
            case Fault.MachineStop stop -> {
                engine.stopMachine(stop.machine());
                yield withoutPower(id, fault, stop.machine());
            }
            case Fault.MachineRestart restart -> {
                engine.stopMachine(restart.machine());
                engine.startMachine(restart.machine());
                yield momentary(id, fault, new Target.OfMachine(restart.machine()));
            }
            case Fault.MachineStart start -> {
                engine.startMachine(start.machine());
                yield momentary(id, fault, new Target.OfMachine(start.machine()));
            }
            case Fault.MachineUnpause unpause -> {
                engine.unpauseMachine(unpause.machine());
                yield momentary(id, fault, new Target.OfMachine(unpause.machine()));
            }
            case Fault.MachineRemove remove -> {
                engine.removeMachine(remove.machine());
                yield momentary(id, fault, new Target.OfMachine(remove.machine()));
            }
            case Fault.OnNode node -> {
                SwarmNodes.Undo undo = nodes.begin(node);
                yield begun(
                        id,
                        fault,
                        new Target.OfMachine(node.machine()),
                        undo.back(),
                        () -> undo.undone().getAsBoolean() ? List.of() : List.of(new Remnant.OfNode(node.machine())),
                        Optional.empty());
            }
            case Fault.MachinePause _,
                    Fault.ContainerPause _,
                    Fault.OnService _,
                    Fault.OnMachine _,
                    Fault.NetworkPartition _,
                    Fault.NetworkOneWay _,
                    Fault.NetworkBridge _,
                    Fault.NetworkRing _,
                    Fault.OnLinks _ -> {
                Holding holding = holding(fault);
                Hold hold = holding.begin().get();
                yield begun(id, fault, holding.target(), hold.end(), hold.left(), holding.lease());
            }
            case Fault.Flapping flapping -> flap(id, flapping);
            case Fault.NetworkHeal heal -> {
                healNetwork();
                yield momentary(id, fault, new Target.OfNetwork());
            }
        };
    }

    private String withoutPower(String id, Fault fault, String machine) {
        return begun(
                id,
                fault,
                new Target.OfMachine(machine),
                () -> engine.startMachine(machine),
                () -> proof.machine(machine),
                Optional.empty());
    }

    /** Something that is broken now; {@code left}: what of it is found afterwards. */
    private record Hold(Runnable end, Supplier<List<Remnant>> left) {}

    /** How something that can end by itself is broken, as often as one likes. */
    private record Holding(Target target, Optional<Duration> lease, Supplier<Hold> begin) {}

    private Holding holding(Fault fault) {
        return switch (fault) {
            case Fault.MachinePause pause ->
                new Holding(new Target.OfMachine(pause.machine()), pause.lease(), () -> {
                    engine.pauseMachine(pause.machine());
                    return new Hold(() -> engine.unpauseMachine(pause.machine()), () -> proof.machine(pause.machine()));
                });
            case Fault.ContainerPause pause -> {
                Named container = container(docker.of(pause.machine()), pause.containerId());
                yield new Holding(
                        new Target.OfContainer(pause.machine(), container.id(), container.name()),
                        Optional.of(pause.lease()),
                        () -> {
                            FaultHandle frozen =
                                    engine.begin(new EngineFault.ContainerPause(pause.machine(), container.id()));
                            return new Hold(
                                    () -> engine.end(frozen),
                                    () -> proof.container(pause.machine(), container.id(), container.name()));
                        });
            }
            case Fault.OnService service -> {
                Named container = container(docker.of(service.machine()), service.containerId());
                yield new Holding(
                        new Target.OfContainer(service.machine(), container.id(), container.name()),
                        service.lease(),
                        () -> {
                            FaultHandle told = engine.begin(
                                    new EngineFault.Misbehaviour(service.machine(), container.id(), service.trouble()));
                            return new Hold(
                                    () -> engine.end(told),
                                    () -> proof.service(told, service.machine(), container.name()));
                        });
            }
            case Fault.OnMachine on ->
                new Holding(new Target.OfMachine(on.machine()), on.lease(), () -> {
                    FaultHandle taken = engine.begin(new EngineFault.OnMachine(on.machine(), on.trouble()));
                    return new Hold(() -> engine.end(taken), () -> proof.taken(taken, on.machine(), on.kind()));
                });
            case Fault.NetworkPartition partition ->
                cut(
                        EngineFault.Cut.between(partition.groups()),
                        Target.OfGroups.of(partition.groups(), false),
                        partition.lease());
            case Fault.NetworkOneWay oneWay ->
                cut(
                        EngineFault.Cut.oneWay(oneWay.from(), oneWay.to()),
                        Target.OfGroups.of(List.of(oneWay.from(), oneWay.to()), true),
                        oneWay.lease());
            case Fault.NetworkBridge bridge -> {
                List<Set<String>> sides = List.of(bridge.left(), bridge.right());
                // It must be there, though nothing is cut from it.
                if (engine.machine(bridge.bridge()).isEmpty()) {
                    throw MachineNames.unknown(bridge.bridge());
                }
                yield cut(EngineFault.Cut.between(sides), Target.OfGroups.of(sides, false), bridge.lease());
            }
            case Fault.NetworkRing ring ->
                cut(new EngineFault.Cut(ring.cut()), new Target.OfRing(List.copyOf(ring.machines())), ring.lease());
            case Fault.OnLinks links ->
                new Holding(Target.OfLinks.of(links.groups(), links.oneWay()), links.lease(), () -> {
                    FaultHandle handle = engine.begin(new EngineFault.Trouble(links.ways(), links.trouble()));
                    return new Hold(() -> engine.end(handle), () -> proof.troubled(handle));
                });
            case Fault.ContainerKill _,
                    Fault.ContainerStop _,
                    Fault.MachineKill _,
                    Fault.MachineStop _,
                    Fault.MachineRestart _,
                    Fault.MachineStart _,
                    Fault.MachineUnpause _,
                    Fault.MachineRemove _,
                    Fault.OnNode _,
                    Fault.Flapping _,
                    Fault.NetworkHeal _ ->
                throw new LabException(
                                LabException.Kind.INPUT,
                                fault.kind().code() + " does not end by itself, so it cannot come and go.",
                                "What can is named with --for in `fault --help`.")
                        .named("fault.nolease", fault.kind().code());
        };
    }

    private Holding cut(EngineFault.Cut cut, Target target, Optional<Duration> lease) {
        return new Holding(target, lease, () -> {
            FaultHandle handle = engine.begin(cut);
            return new Hold(() -> engine.end(handle), () -> proof.cut(cut.ways()));
        });
    }

    /** Comes and goes by the engine's clock; it is one fault all the while. */
    private String flap(String id, Fault.Flapping flapping) {
        Holding holding = holding(flapping.fault());
        var rhythm = new Rhythm(flapping, holding.begin());
        return begun(id, flapping, holding.target(), rhythm::stop, rhythm::left, Optional.of(flapping.lasts()));
    }

    /** What comes and goes. Its turns come on the clock's thread, its end on any. */
    private final class Rhythm {
        private final Fault.Flapping flapping;
        private final Supplier<Hold> begin;
        /** Guarded by this, as what follows. */
        private Optional<Hold> hold;

        private Hold last;
        private int begun = 1;
        private boolean stopped;

        Rhythm(Fault.Flapping flapping, Supplier<Hold> begin) {
            this.flapping = flapping;
            this.begin = begin;
            this.last = begin.get();
            this.hold = Optional.of(last);
            later(flapping.on(), this::off);
        }

        private void later(Duration delay, Runnable turn) {
            engine.clock().schedule(delay, () -> {
                try {
                    turn.run();
                } catch (RuntimeException e) {
                    // Such as a container that has ended: what is gone neither comes nor goes.
                    LOG.log(System.Logger.Level.DEBUG, "A fault that comes and goes has lost its target", e);
                }
            });
        }

        private void off() {
            if (end() && begun < flapping.times()) {
                later(flapping.every().minus(flapping.on()), this::on);
            }
        }

        private void on() {
            synchronized (this) {
                if (stopped) {
                    return;
                }
            }
            Hold next = begin.get();
            boolean late;
            synchronized (this) {
                begun++;
                last = next;
                late = stopped;
                hold = late ? Optional.empty() : Optional.of(next);
            }
            if (late) {
                next.end().run();
            } else {
                later(flapping.on(), this::off);
            }
        }

        /** Whether it goes on. */
        private boolean end() {
            Optional<Hold> ending;
            boolean goesOn;
            synchronized (this) {
                ending = hold;
                hold = Optional.empty();
                goesOn = !stopped;
            }
            // Not under the monitor: an engine that keeps time inside may be in need of it.
            ending.ifPresent(each -> each.end().run());
            return goesOn;
        }

        void stop() {
            synchronized (this) {
                stopped = true;
            }
            end();
        }

        synchronized List<Remnant> left() {
            return last.left().get();
        }
    }

    private static void refuseCutsOfNothing(Fault fault) {
        boolean nothing = switch (fault) {
            case Fault.NetworkPartition partition -> noSides(partition.groups());
            case Fault.OnLinks links -> noSides(links.groups());
            case Fault.NetworkOneWay oneWay -> noSides(List.of(oneWay.from(), oneWay.to()));
            case Fault.NetworkBridge bridge -> noSides(List.of(bridge.left(), bridge.right()));
            case Fault.Flapping flapping -> {
                refuseCutsOfNothing(flapping.fault());
                yield false;
            }
            case Fault.ContainerKill _,
                    Fault.ContainerStop _,
                    Fault.ContainerPause _,
                    Fault.OnService _,
                    Fault.OnMachine _,
                    Fault.MachineKill _,
                    Fault.MachineStop _,
                    Fault.MachineRestart _,
                    Fault.MachineStart _,
                    Fault.MachinePause _,
                    Fault.MachineUnpause _,
                    Fault.MachineRemove _,
                    Fault.OnNode _,
                    Fault.NetworkRing _,
                    Fault.NetworkHeal _ -> false;
        };
        if (nothing) {
            throw new LabException(
                            LabException.Kind.INPUT,
                            "This cuts nothing: there are not two groups of machines to part.",
                            "Name machines on both sides, such as fault network.partition a,b c,d.")
                    .named("fault.cutsnothing");
        }
    }

    private static boolean noSides(List<Set<String>> groups) {
        return groups.size() < 2 || groups.stream().anyMatch(Set::isEmpty);
    }

    /** Each fault of the network that is in force ends by itself. */
    private void healNetwork() {
        List<InForce> held;
        synchronized (inForce) {
            held = inForce.values().stream()
                    .filter(each -> each.fault().target() instanceof Target.OfWays)
                    .toList();
        }
        held.forEach(cut -> heal(cut.fault().id()));
    }

    private String killContainer(String id, Fault.ContainerKill kill) {
        DockerConnection connection = docker.of(kill.machine());
        Named container = container(connection, kill.containerId());
        connection.call(client -> {
            var call = client.killContainerCmd(container.id());
            kill.signal().ifPresent(signal -> call.withSignal("SIG" + signal));
            return call.exec();
        });
        return momentary(id, kill, new Target.OfContainer(kill.machine(), container.id(), container.name()));
    }

    private String stopContainer(String id, Fault.ContainerStop stop) {
        DockerConnection connection = docker.of(stop.machine());
        Named container = container(connection, stop.containerId());
        // A daemon answers that nothing has changed if it has ended already: nobody would know why nothing happens.
        if (!connection
                .getJson("/containers/" + container.id() + "/json")
                .at("/State/Running")
                .asBoolean()) {
            throw new LabException(
                            LabException.Kind.REFUSED,
                            "Container " + container.name() + " is not running.",
                            "`docker ps` shows those that are.")
                    .named("fault.notrunning", container.name());
        }
        connection.call(client -> client.stopContainerCmd(container.id()).exec());
        return momentary(id, stop, new Target.OfContainer(stop.machine(), container.id(), container.name()));
    }

    private record Named(String id, String name) {}

    private static Named container(DockerConnection connection, String idOrName) {
        JsonNode found = connection.getJson("/containers/" + idOrName + "/json");
        String name = found.path("Name").asText("");
        return new Named(found.path("Id").asText(idOrName), name.startsWith("/") ? name.substring(1) : name);
    }

    /** Over as soon as it is done: it only stands among the events and as a cause. */
    private String momentary(String id, Fault fault, Target target) {
        Instant now = engine.clock().now();
        note(new ActiveFault(id, fault, target, now, Optional.of(now)), true);
        return id;
    }

    private String begun(
            String id,
            Fault fault,
            Target target,
            Runnable heal,
            Supplier<List<Remnant>> left,
            Optional<Duration> lease) {
        Instant now = engine.clock().now();
        var active = new ActiveFault(
                id, fault, target, now, lease.map(now::plus), ActiveFault.State.IN_FORCE, cutsOff(fault));
        Optional<AutoCloseable> timer = lease.map(duration -> engine.clock().schedule(duration, () -> leaseEnded(id)));
        synchronized (inForce) {
            inForce.put(id, new InForce(active, heal, left, timer));
        }
        note(active, false);
        return id;
    }

    /** Whether a machine that was to be off is cut off instead. */
    private boolean cutsOff(Fault fault) {
        Optional<String> off = fault instanceof Fault.MachineKill(String machine)
                ? Optional.of(machine)
                : fault instanceof Fault.MachineStop(String machine) ? Optional.of(machine) : Optional.empty();
        return off.flatMap(engine::machine).filter(Machine::cutOff).isPresent();
    }

    private void note(ActiveFault fault, boolean momentary) {
        listeners.forEach(listener -> listener.injected(fault, momentary));
    }

    /** The end of a lease as it was when it was last scheduled; where it was extended since, it goes on from here. */
    private void leaseEnded(String id) {
        Instant now = engine.clock().now();
        Optional<Duration> left;
        InForce found;
        synchronized (inForce) {
            found = inForce.get(id);
            if (found == null || found.fault().ending()) {
                return;
            }
            left = found.fault().until().filter(now::isBefore).map(until -> Duration.between(now, until));
            if (left.isEmpty()) {
                found = ending(found);
            }
        }
        InForce over = found;
        left.ifPresentOrElse(rest -> goOn(id, rest), () -> endQuietly(over));
    }

    /** Only one ends it, and says so: whoever has it from here. The monitor is held. */
    private InForce ending(InForce fault) {
        InForce ending = fault.with(fault.fault().in(ActiveFault.State.ENDING));
        inForce.put(fault.fault().id(), ending);
        return ending;
    }

    private void goOn(String id, Duration rest) {
        // Not under the monitor: an engine that keeps leases inside may be in need of it.
        AutoCloseable timer = engine.clock().schedule(rest, () -> leaseEnded(id));
        boolean lasts;
        synchronized (inForce) {
            lasts = inForce.computeIfPresent(
                            id,
                            (key, fault) -> new InForce(fault.fault(), fault.heal(), fault.left(), Optional.of(timer)))
                    != null;
        }
        if (!lasts) {
            cancel(timer);
        }
    }

    private void endQuietly(InForce fault) {
        try {
            end(fault);
        } catch (RuntimeException e) {
            // Such as a paused machine that was killed meanwhile: there is nothing left to lift.
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "The lease of " + fault.fault().id() + " ended on something that is gone, or cannot be mended now",
                    e);
            boolean lasts;
            synchronized (inForce) {
                lasts = inForce.containsKey(fault.fault().id());
            }
            if (lasts) {
                again(fault.fault().id());
            }
        }
    }

    private void again(String id) {
        try {
            goOn(id, AGAIN);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "The end of " + id + " is not tried again: its clock stands still", e);
        }
    }

    @Override
    public ActiveFault extend(String faultId, Duration by) {
        if (!by.isPositive()) {
            throw new LabException(
                    LabException.Kind.INPUT, "A fault can only be extended by some time.", "Write 30s or 2m.");
        }
        if (active().stream().noneMatch(fault -> fault.id().equals(faultId))) {
            throw notInForce(faultId);
        }
        ActiveFault longer;
        synchronized (inForce) {
            InForce found = inForce.get(faultId);
            if (found == null) {
                throw notInForce(faultId);
            }
            if (found.fault().fault() instanceof Fault.Flapping) {
                throw new LabException(
                                LabException.Kind.REFUSED,
                                faultId + " comes and goes a number of times: it cannot be extended.",
                                "Inject it again.")
                        .named("fault.flapping", faultId);
            }
            Instant until = found.fault()
                    .until()
                    .orElseThrow(() -> new LabException(
                                    LabException.Kind.REFUSED,
                                    faultId + " has no lease: it lasts until it is undone.",
                                    "It is given one with --for, when it begins.")
                            .named("fault.endless", faultId));
            if (found.fault().ending()) {
                throw notInForce(faultId);
            }
            longer = found.fault().withEnd(until.plus(by));
            inForce.put(faultId, found.with(longer));
        }
        listeners.forEach(listener -> listener.extended(longer));
        return longer;
    }

    private static LabException notInForce(String faultId) {
        return new LabException(
                        LabException.Kind.NOT_FOUND, "There is no fault " + faultId + " in force.", "See `fault list`.")
                .named("fault.unknown", faultId);
    }

    @Override
    public Healing heal(String faultId) {
        InForce found;
        boolean byOther;
        synchronized (inForce) {
            found = inForce.get(faultId);
            if (found == null) {
                return Healing.WHOLE;
            }
            byOther = found.fault().ending();
            if (!byOther) {
                found = ending(found);
            }
        }
        if (byOther) {
            awaitEnd(faultId);
        } else {
            boolean ended = over(found);
            end(found);
            if (ended) {
                return Healing.WHOLE;
            }
        }
        try {
            return new Healing(found.left().get());
        } catch (LabException e) {
            return new Healing(List.of(new Remnant.Unknown(String.valueOf(e.getMessage()))));
        }
    }

    /** Until whoever ends it has done so; what is found then is measured all the same. */
    private void awaitEnd(String faultId) {
        long deadline = nanos.getAsLong() + END_LIMIT.toNanos();
        synchronized (inForce) {
            InForce seen = inForce.get(faultId);
            while (seen != null && seen.fault().ending() && deadline - nanos.getAsLong() > 0) {
                try {
                    inForce.wait(100);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new LabException(LabException.Kind.CANCELLED, "Cancelled.", "", e);
                }
                seen = inForce.get(faultId);
            }
        }
    }

    /** Of one that the caller has marked as ending. It stands among those in force until what it hit has done its part. */
    private void end(InForce fault) {
        String id = fault.fault().id();
        if (!over(fault)) {
            try {
                fault.heal().run();
            } catch (RuntimeException e) {
                synchronized (inForce) {
                    if (canBeTriedAgain(fault.fault())) {
                        inForce.put(id, fault.with(fault.fault().in(ActiveFault.State.IN_FORCE)));
                    } else {
                        inForce.remove(id);
                    }
                    inForce.notifyAll();
                }
                throw e;
            }
        }
        synchronized (inForce) {
            inForce.remove(id);
            inForce.notifyAll();
        }
        fault.lease().ifPresent(FaultService::cancel);
        listeners.forEach(listener -> listener.ended(fault.fault()));
    }

    /** The engine still holds what a machine did not let itself be mended of, and no manager may have answered. */
    private static boolean canBeTriedAgain(ActiveFault fault) {
        Fault what = fault.fault() instanceof Fault.Flapping flapping ? flapping.fault() : fault.fault();
        return fault.target() instanceof Target.OfWays
                || what instanceof Fault.OnNode
                || what instanceof Fault.OnMachine;
    }

    private static void cancel(AutoCloseable lease) {
        try {
            lease.close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "A lease could not be cancelled", e);
        }
    }

    @Override
    public List<ActiveFault> active() {
        List<InForce> held;
        synchronized (inForce) {
            held = List.copyOf(inForce.values());
        }
        List<InForce> ended = held.stream()
                .filter(fault -> !fault.fault().ending() && over(fault))
                .toList();
        List<ActiveFault> active;
        synchronized (inForce) {
            // But for one whose end has begun meanwhile: who ends it takes it out.
            ended.forEach(fault -> inForce.remove(fault.fault().id(), fault));
            active = inForce.values().stream().map(InForce::fault).toList();
        }
        // Not under the monitor: an engine that keeps leases inside may be ending one, which waits for it.
        ended.forEach(fault -> fault.lease().ifPresent(FaultService::cancel));
        return active;
    }

    /** Whether it ended by other means: the machine was started, thawed or removed. */
    private boolean over(InForce fault) {
        return fault.fault().over(name -> engine.machine(name).map(Machine::state));
    }

    /** Lifts what is in force, except that machines stay without power, and nodes without their part. */
    @Override
    public void close() {
        List<InForce> held;
        synchronized (inForce) {
            held = List.copyOf(inForce.values());
        }
        for (InForce fault : held) {
            if (fault.fault().kind().lasting() != FaultKind.Lasting.UNTIL_UNDONE) {
                try {
                    heal(fault.fault().id());
                } catch (RuntimeException e) {
                    LOG.log(
                            System.Logger.Level.DEBUG,
                            "What is left of " + fault.fault().id() + " could not be lifted",
                            e);
                }
            }
        }
        docker.close();
    }
}
