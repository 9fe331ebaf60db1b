package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.SwarmFacts;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * On one network no address belongs to two of its services and live tasks (swarmkit manager/allocator: packets would go to
 * either of them).
 */
final class AddressesGivenOnce extends SwarmInvariant {
    AddressesGivenOnce() {
        super("addresses-given-once");
    }

    @Override
    protected void check(SwarmFacts facts) {
        facts.newest().ifPresent(newest -> {
            var holders = new LinkedHashMap<String, String>();
            for (Service service : newest.store().services()) {
                for (Service.VirtualIp address : service.virtualIps()) {
                    take(holders, address.networkId() + " " + address.addr(), "service " + service.name());
                }
            }
            for (Task task : newest.store().tasks()) {
                if (task.state().atMost(TaskState.RUNNING)) {
                    for (Task.Attachment attachment : task.attachments()) {
                        take(
                                holders,
                                attachment.network().id() + " "
                                        + attachment.addresses().get(0),
                                "task " + task.name());
                    }
                }
            }
        });
    }

    private void take(Map<String, String> holders, String address, String holder) {
        String other = holders.put(address, holder);
        if (other != null) {
            throw broken("address " + address + " belongs to " + other + " and to " + holder);
        }
    }
}
