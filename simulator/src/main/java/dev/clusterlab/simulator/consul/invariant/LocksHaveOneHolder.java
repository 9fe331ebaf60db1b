package dev.clusterlab.simulator.consul.invariant;

import dev.clusterlab.simulator.consul.Records;
import dev.clusterlab.simulator.consul.ServerState;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A key is locked by a session that exists, and each time that it is locked anew its lock index grows: no lock index of a
 * key belongs to two sessions, on whichever server one looks. Clients fence off former holders by it.
 */
final class LocksHaveOneHolder extends ConsulInvariant {
    private final Map<Lock, String> holders = new LinkedHashMap<>();

    /** A key that is deleted and made again counts from the beginning. */
    private record Lock(String key, long createIndex, long lockIndex) {}

    LocksHaveOneHolder() {
        super("consul-locks-have-one-holder");
    }

    @Override
    protected void check(ServerState state) {
        for (Records.Key key : state.keys()) {
            String session = key.session();
            if (session == null) {
                continue;
            }
            if (state.sessions().stream().noneMatch(each -> each.id().equals(session))) {
                throw broken(key + " on " + state.server() + " is locked by a session that has ended");
            }
            String first = holders.putIfAbsent(new Lock(key.key(), key.createIndex(), key.lockIndex()), session);
            if (first != null && !first.equals(session)) {
                throw broken(key + " on " + state.server() + " had another holder at its lock index: " + first);
            }
        }
    }
}
