package dev.clusterlab.ui.place;

import dev.clusterlab.provisioning.hosts.HostFinder;
import dev.clusterlab.provisioning.hosts.lab.HostPlan;
import dev.clusterlab.provisioning.hosts.lab.HostPlans;
import dev.clusterlab.provisioning.hosts.lab.LabHosts;
import dev.clusterlab.provisioning.hosts.lab.RemoteLabs;
import dev.clusterlab.provisioning.hosts.lab.RemoteSettings;
import dev.clusterlab.ui.model.hosts.RemoteModel;
import java.util.List;

/** Hosts that this user's programs know, and what labs left on hosts. */
public record HostsOfThisUser(HostFinder finder, RemoteSettings settings) implements RemoteModel.Below {
    @Override
    public HostFinder.Result find() {
        return finder.find();
    }

    @Override
    public List<HostPlan> plans(LabHosts hosts) {
        return HostPlans.look(settings, hosts);
    }

    @Override
    public List<RemoteModel.Left> left() {
        return new RemoteLabs(settings)
                .leftOver().stream()
                        .map(lab -> new RemoteModel.Left(lab.id(), lab.machines(), lab.created()))
                        .toList();
    }

    @Override
    public void giveBack(String lab) {
        new RemoteLabs(settings).removeLeftOver(lab);
    }
}
