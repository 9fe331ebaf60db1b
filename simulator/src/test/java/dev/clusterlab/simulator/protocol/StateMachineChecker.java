package dev.clusterlab.simulator.protocol;

import java.util.HashMap;
import java.util.Map;

/** State machine safety: after the same index, every member has applied the same commands in the same order. */
final class StateMachineChecker implements RaftChecker {
    private final Map<Long, Long> digests = new HashMap<>();

    @Override
    public void changed(RaftCluster.Server server) {
        DigestMachine machine = server.machine();
        Long first = digests.putIfAbsent(machine.index(), machine.digest());
        if (first != null && first != machine.digest()) {
            throw new AssertionError(server + " has another state than others had at index " + machine.index());
        }
    }
}
