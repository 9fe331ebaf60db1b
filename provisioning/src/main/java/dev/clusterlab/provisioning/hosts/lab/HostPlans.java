package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.hosts.link.HostPassages;
import java.util.List;

/** What a lab would do with hosts, found out by looking: nothing on them is touched, and no lab begins. */
public final class HostPlans {
    private HostPlans() {}

    /**
     * Looks at all of them. Blocks until each has answered or has not.
     *
     * @return in the order of the hosts; also where none can be taken
     * @throws dev.clusterlab.provisioning.LabException INPUT for no hosts or two of one name, ENVIRONMENT if this computer lacks something
     */
    public static List<HostPlan> look(RemoteSettings settings, LabHosts hosts) {
        try (HostPassages passages =
                HostPassages.open(hosts.hosts(), settings.environment(), settings.operatingSystem())) {
            List<LabHost> each = passages.all().stream().map(LabHost::new).toList();
            try {
                var choice = new HostChoice(each, hosts.lent(), new RemoteRecords(settings.records()));
                choice.look(settings.space());
                return choice.plans();
            } finally {
                each.forEach(LabHost::close);
            }
        }
    }
}
