package dev.clusterlab.simulator.protocol;

import java.util.HashMap;
import java.util.Map;

/** Election safety: at most one leader in a term. */
final class OneLeaderPerTermChecker implements RaftChecker {
    private final Map<Long, String> leaders = new HashMap<>();

    @Override
    public void changed(RaftCluster.Server server) {
        RaftMember member = server.member();
        if (member.role() == Raft.Role.LEADER) {
            String first = leaders.putIfAbsent(member.term(), server.id());
            if (first != null && !first.equals(server.id())) {
                throw new AssertionError("two leaders in term " + member.term() + ": " + first + " and " + server.id());
            }
        }
    }
}
