package dev.clusterlab.provisioning.fault;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.Machine;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A fault that was injected.
 *
 * @param id unique in a run, such as {@code fault-1}
 * @param fault what was asked for
 * @param target what it hit
 * @param since engine time at which it came into force
 * @param until engine time at which its lease ends; empty if it lasts until it is undone
 * @param state whether its end has begun
 * @param cutOff whether it cut a machine off from the others that it should have switched off: see {@link Machine#cutOff}
 */
public record ActiveFault(
        String id, Fault fault, Target target, Instant since, Optional<Instant> until, State state, boolean cutOff) {
    public ActiveFault {
        // Where it was written down, it had begun, or it was over: that says what it is told in.
        state = Objects.requireNonNullElse(state, State.IN_FORCE);
    }

    /** How far it is; one that is over is no active fault. */
    public enum State {
        IN_FORCE,
        /** Its lease has ended, or somebody heals it, and what it hit is not whole yet. */
        ENDING
    }

    /** One that is in force. */
    public ActiveFault(String id, Fault fault, Target target, Instant since, Optional<Instant> until) {
        this(id, fault, target, since, until, State.IN_FORCE, false);
    }

    /** The same one with a lease that ends at another time. */
    ActiveFault withEnd(Instant end) {
        return new ActiveFault(id, fault, target, since, Optional.of(end), state, cutOff);
    }

    ActiveFault in(State now) {
        return new ActiveFault(id, fault, target, since, until, now, cutOff);
    }

    public boolean ending() {
        return state == State.ENDING;
    }

    public FaultKind kind() {
        return fault.kind();
    }

    /**
     * Whether it ended by other means: the machine was started, thawed or removed.
     *
     * @param state the state of a machine by its name; empty if there is none of that name
     */
    public boolean over(Function<String, Optional<Machine.State>> state) {
        return switch (fault) {
            case Fault.MachineKill kill -> !state.apply(kill.machine()).equals(Optional.of(Machine.State.KILLED));
            case Fault.MachineStop stop -> !state.apply(stop.machine()).equals(Optional.of(Machine.State.STOPPED));
            case Fault.MachinePause pause -> !state.apply(pause.machine()).equals(Optional.of(Machine.State.PAUSED));
            case Fault.ContainerPause pause -> state.apply(pause.machine()).isEmpty();
            case Fault.OnService service ->
                state.apply(service.machine())
                        .filter(now -> now == Machine.State.RUNNING || now == Machine.State.PAUSED)
                        .isEmpty();
            case Fault.OnMachine on -> state.apply(on.machine()).isEmpty();
            case Fault.OnNode node -> state.apply(node.machine()).isEmpty();
            case Fault.NetworkPartition _, Fault.NetworkOneWay _, Fault.NetworkBridge _, Fault.NetworkRing _ -> false;
            case Fault.OnLinks _ -> false;
            // What it hits is whole now and then, and may be gone: its end comes all the same.
            case Fault.Flapping _ -> false;
            case Fault.ContainerKill kill -> true;
            case Fault.ContainerStop stop -> true;
            case Fault.MachineRestart restart -> true;
            case Fault.MachineStart start -> true;
            case Fault.MachineUnpause unpause -> true;
            case Fault.MachineRemove remove -> true;
            case Fault.NetworkHeal heal -> true;
        };
    }
}
