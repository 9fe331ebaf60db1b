package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.real.FaultKeeper;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Hosts that are cut off from the others instead of being switched off, because nobody has given a command for that. To the others it is as
 * if they were off; what runs in them goes on. Kept as a fault in the host alone, so that it ends by itself when the lab is gone.
 * Thread-safe.
 */
final class CutOffHosts {
    private final RemoteLab lab;
    private final FaultKeeper<KeptHost> keeper;

    CutOffHosts(RemoteLab lab, FaultKeeper<KeptHost> keeper) {
        this.lab = lab;
        this.keeper = keeper;
    }

    /**
     * @param off as its state says it from now on
     * @throws LabException REFUSED if there is nobody whom it could be cut off from
     */
    synchronized void cutOff(LabHost host, State off) {
        host.cutOff(begin(host), off);
    }

    private FaultHandle begin(LabHost host) {
        var ways = new TreeSet<Way>();
        for (LabHost other : lab.machines()) {
            if (other != host && other.state().isPresent()) {
                ways.add(new Way(host.name(), other.name()));
                ways.add(new Way(other.name(), host.name()));
            }
        }
        if (ways.isEmpty()) {
            throw new LabException(
                            Kind.REFUSED,
                            "The lab knows no command that stops " + host.host()
                                    + ", and there is no other machine to cut it off from.",
                            "Do it by hand, and the lab notices it; or write the command into the hosts file, as stop: below "
                                    + host.host().name() + ".")
                    .named("remote.power.stop", host.host().name());
        }
        return keeper.begin(new EngineFault.Cut(ways), Set.of(host.name()));
    }

    /** It is reached again, and runs. */
    synchronized void end(LabHost host) {
        host.cutOff().ifPresent(keeper::end);
        host.rejoin();
    }

    /** A machine that is new is one more that those that are cut off must not reach. */
    synchronized void machineCame() {
        for (LabHost host : lab.machines()) {
            host.cutOff().ifPresent(before -> {
                host.cutOffBy(begin(host));
                keeper.end(before);
            });
        }
    }

    /** Ways that do not touch such hosts: what becomes of a machine that is off says its state. */
    SortedSet<Way> without(SortedSet<Way> ways) {
        var others = new TreeSet<>(ways);
        lab.machines().stream()
                .filter(host -> host.cutOff().isPresent())
                .forEach(host -> others.removeIf(way -> way.touches(host.name())));
        return Collections.unmodifiableSortedSet(others);
    }
}
