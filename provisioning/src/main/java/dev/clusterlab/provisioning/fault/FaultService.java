package dev.clusterlab.provisioning.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
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

/**
 * {@link FaultInjector} over an {@link Engine}: containers through their machine's Docker daemon, machines and the
 * network between them through the engine. A lease is kept by the engine's clock: it ends also if nobody waits for it.
 */
public final class FaultService implements FaultInjector {
    private static final System.Logger LOG = System.getLogger(FaultService.class.getName());

    private final Engine engine;
    private final DockerClients docker;
    private final Map<String, InForce> inForce = new LinkedHashMap<>();
    private long injected;
    private final List<FaultListener> listeners = new CopyOnWriteArrayList<>();

    public FaultService(Engine engine) {
        this.engine = engine;
        this.docker = new DockerClients(engine);
    }

    /** Calls {@code listener} with each fault from now on, for as long as this lives. Any thread. */
    public void listen(FaultListener listener) {
        listeners.add(listener);
    }

    /** {@code heal}: how it is undone. */
    private record InForce(ActiveFault fault, Runnable heal, Optional<AutoCloseable> lease) {}

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
            case Fault.ContainerPause pause -> pauseContainer(id, pause);
            case Fault.MachineKill kill -> {
                engine.killMachine(kill.machine());
                yield leased(
                        id,
                        fault,
                        new Target.OfMachine(kill.machine()),
                        () -> engine.startMachine(kill.machine()),
                        Optional.empty());
            }
            case Fault.MachineStop stop -> {
                engine.stopMachine(stop.machine());
                yield leased(
                        id,
                        fault,
                        new Target.OfMachine(stop.machine()),
                        () -> engine.startMachine(stop.machine()),
                        Optional.empty());
            }
            case Fault.MachineStart start -> {
                engine.startMachine(start.machine());
                yield momentary(id, fault, new Target.OfMachine(start.machine()));
            }
            case Fault.MachinePause pause -> {
                engine.pauseMachine(pause.machine());
                yield leased(
                        id,
                        fault,
                        new Target.OfMachine(pause.machine()),
                        () -> engine.unpauseMachine(pause.machine()),
                        pause.lease());
            }
            case Fault.MachineUnpause unpause -> {
                engine.unpauseMachine(unpause.machine());
                yield momentary(id, fault, new Target.OfMachine(unpause.machine()));
            }
            case Fault.MachineRemove remove -> {
                engine.removeMachine(remove.machine());
                yield momentary(id, fault, new Target.OfMachine(remove.machine()));
            }
            case Fault.NetworkPartition partition -> {
                FaultHandle cut = engine.begin(EngineFault.Cut.between(partition.groups()));
                yield leased(
                        id,
                        fault,
                        Target.OfGroups.of(partition.groups(), false),
                        () -> engine.end(cut),
                        partition.lease());
            }
            case Fault.NetworkOneWay oneWay -> {
                FaultHandle cut = engine.begin(EngineFault.Cut.oneWay(oneWay.from(), oneWay.to()));
                yield leased(
                        id,
                        fault,
                        Target.OfGroups.of(List.of(oneWay.from(), oneWay.to()), true),
                        () -> engine.end(cut),
                        oneWay.lease());
            }
            case Fault.NetworkHeal heal -> {
                healNetwork();
                yield momentary(id, fault, new Target.OfNetwork());
            }
        };
    }

    private static void refuseCutsOfNothing(Fault fault) {
        boolean nothing = switch (fault) {
            case Fault.NetworkPartition partition ->
                partition.groups().size() < 2 || partition.groups().stream().anyMatch(Set::isEmpty);
            case Fault.NetworkOneWay oneWay ->
                oneWay.from().isEmpty() || oneWay.to().isEmpty();
            case Fault.ContainerKill _,
                    Fault.ContainerPause _,
                    Fault.MachineKill _,
                    Fault.MachineStop _,
                    Fault.MachineStart _,
                    Fault.MachinePause _,
                    Fault.MachineUnpause _,
                    Fault.MachineRemove _,
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

    /** Each cut that is in force ends by itself. */
    private void healNetwork() {
        List<InForce> held;
        synchronized (inForce) {
            held = inForce.values().stream()
                    .filter(each -> each.fault().target() instanceof Target.OfGroups)
                    .toList();
        }
        held.forEach(cut -> heal(cut.fault().id()));
    }

    private String killContainer(String id, Fault.ContainerKill kill) {
        DockerConnection connection = docker.of(kill.machine());
        Named container = container(connection, kill.containerId());
        connection.call(client -> client.killContainerCmd(container.id()).exec());
        return momentary(id, kill, new Target.OfContainer(kill.machine(), container.id(), container.name()));
    }

    private String pauseContainer(String id, Fault.ContainerPause pause) {
        Named container = container(docker.of(pause.machine()), pause.containerId());
        FaultHandle frozen = engine.begin(new EngineFault.ContainerPause(pause.machine(), container.id()));
        return leased(
                id,
                pause,
                new Target.OfContainer(pause.machine(), container.id(), container.name()),
                () -> engine.end(frozen),
                Optional.of(pause.lease()));
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

    private String leased(String id, Fault fault, Target target, Runnable heal, Optional<Duration> lease) {
        Instant now = engine.clock().now();
        var active = new ActiveFault(id, fault, target, now, lease.map(now::plus));
        Optional<AutoCloseable> timer = lease.map(duration -> engine.clock().schedule(duration, () -> leaseEnded(id)));
        synchronized (inForce) {
            inForce.put(id, new InForce(active, heal, timer));
        }
        note(active, false);
        return id;
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
            if (found == null) {
                return;
            }
            left = found.fault().until().filter(now::isBefore).map(until -> Duration.between(now, until));
            if (left.isEmpty()) {
                inForce.remove(id);
            }
        }
        left.ifPresentOrElse(rest -> goOn(id, rest), () -> endQuietly(found));
    }

    private void goOn(String id, Duration rest) {
        // Not under the monitor: an engine that keeps leases inside may be in need of it.
        AutoCloseable timer = engine.clock().schedule(rest, () -> leaseEnded(id));
        boolean lasts;
        synchronized (inForce) {
            lasts = inForce.computeIfPresent(
                            id, (key, fault) -> new InForce(fault.fault(), fault.heal(), Optional.of(timer)))
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
                    "The lease of " + fault.fault().id() + " ended on something that is gone",
                    e);
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
            Instant until = found.fault()
                    .until()
                    .orElseThrow(() -> new LabException(
                                    LabException.Kind.REFUSED,
                                    faultId + " has no lease: it lasts until it is undone.",
                                    "It is given one with --for, when it begins.")
                            .named("fault.endless", faultId));
            longer = found.fault().withEnd(until.plus(by));
            inForce.put(faultId, new InForce(longer, found.heal(), found.lease()));
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
    public void heal(String faultId) {
        InForce found;
        synchronized (inForce) {
            found = inForce.remove(faultId);
        }
        if (found != null) {
            end(found);
        }
    }

    /** Of one that is not among those in force any more. */
    private void end(InForce fault) {
        if (!over(fault)) {
            try {
                fault.heal().run();
            } catch (RuntimeException e) {
                // The engine still holds a cut that a machine did not open; it can be ended again.
                if (fault.fault().target() instanceof Target.OfGroups) {
                    synchronized (inForce) {
                        inForce.put(fault.fault().id(), fault);
                    }
                }
                throw e;
            }
        }
        fault.lease().ifPresent(FaultService::cancel);
        listeners.forEach(listener -> listener.ended(fault.fault()));
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
        List<InForce> ended = held.stream().filter(this::over).toList();
        List<ActiveFault> active;
        synchronized (inForce) {
            ended.forEach(fault -> inForce.remove(fault.fault().id()));
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

    /** Lifts what is in force, except that machines without power stay so. */
    @Override
    public void close() {
        List<InForce> held;
        synchronized (inForce) {
            held = List.copyOf(inForce.values());
        }
        for (InForce fault : held) {
            if (!(fault.fault().fault() instanceof Fault.MachineKill)
                    && !(fault.fault().fault() instanceof Fault.MachineStop)) {
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
