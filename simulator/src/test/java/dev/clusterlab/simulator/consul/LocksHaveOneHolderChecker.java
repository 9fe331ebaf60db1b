package dev.clusterlab.simulator.consul;

import java.util.HashMap;
import java.util.Map;

/**
 * A key is locked by a session that exists, and each time that it is locked anew its lock index grows: no lock index of a
 * key belongs to two sessions, on whichever server one looks. Clients fence off former holders by it.
 */
final class LocksHaveOneHolderChecker implements ConsulChecker {
    private final Map<Lock, String> holders = new HashMap<>();

    /** A key that is deleted and made again counts from the beginning. */
    private record Lock(String key, long createIndex, long lockIndex) {}

    @Override
    public void changed(ServerState state) {
        for (Records.Key key : state.keys()) {
            String session = key.session();
            if (session == null) {
                continue;
            }
            if (state.sessions().stream().noneMatch(each -> each.id().equals(session))) {
                throw new AssertionError(key + " on " + state.server() + " is locked by a session that has ended");
            }
            String first = holders.putIfAbsent(new Lock(key.key(), key.createIndex(), key.lockIndex()), session);
            if (first != null && !first.equals(session)) {
                throw new AssertionError(
                        key + " on " + state.server() + " had another holder at its lock index: " + first);
            }
        }
    }
}
