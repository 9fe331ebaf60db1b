package dev.clusterlab.provisioning.fault;

import dev.clusterlab.provisioning.EngineFault;
import java.util.List;
import java.util.Optional;

/** What engines would be asked to begin for a fault. */
public final class EngineFaults {
    private EngineFaults() {}

    /**
     * Empty where they are asked for something else.
     *
     * @throws dev.clusterlab.provisioning.LabException INPUT if it would cut nothing
     */
    public static Optional<EngineFault> of(Fault fault) {
        return switch (fault) {
            case Fault.Flapping flapping -> of(flapping.fault());
            case Fault.NetworkPartition partition -> Optional.of(EngineFault.Cut.between(partition.groups()));
            case Fault.NetworkOneWay oneWay -> Optional.of(EngineFault.Cut.oneWay(oneWay.from(), oneWay.to()));
            case Fault.NetworkBridge bridge ->
                Optional.of(EngineFault.Cut.between(List.of(bridge.left(), bridge.right())));
            case Fault.NetworkRing ring -> Optional.of(new EngineFault.Cut(ring.cut()));
            case Fault.OnLinks links -> Optional.of(new EngineFault.Trouble(links.ways(), links.trouble()));
            case Fault.OnMachine on -> Optional.of(new EngineFault.OnMachine(on.machine(), on.trouble()));
            case Fault.OnService service ->
                Optional.of(new EngineFault.Misbehaviour(service.machine(), service.containerId(), service.trouble()));
            case Fault.ContainerPause pause ->
                Optional.of(new EngineFault.ContainerPause(pause.machine(), pause.containerId()));
            case Fault.ContainerKill _,
                    Fault.ContainerStop _,
                    Fault.MachineKill _,
                    Fault.MachineStop _,
                    Fault.MachineRestart _,
                    Fault.MachineStart _,
                    Fault.MachinePause _,
                    Fault.MachineUnpause _,
                    Fault.MachineRemove _,
                    Fault.OnNode _,
                    Fault.NetworkHeal _ -> Optional.empty();
        };
    }
}
