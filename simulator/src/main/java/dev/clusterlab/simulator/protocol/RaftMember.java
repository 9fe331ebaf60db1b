package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The implementation of {@link Raft}. */
public final class RaftMember implements Raft {
    private final String id;

    /** Starts at once from {@code storage}. Everything runs in {@code scope}; close it to crash the member. */
    public RaftMember(
            String id,
            RaftSettings settings,
            RaftStorage storage,
            Raft.Transport transport,
            Raft.StateMachine stateMachine,
            Raft.Listener listener,
            Scope scope,
            SimRandom random) {
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Status status() {
        throw new UnsupportedOperationException("landing in minutes");
    }

    @Override
    public void propose(Object command, Consumer<Outcome> done) {
        throw new UnsupportedOperationException("landing in minutes");
    }

    @Override
    public void addMember(String memberId, boolean voter, Consumer<Outcome> done) {
        throw new UnsupportedOperationException("landing in minutes");
    }

    @Override
    public void removeMember(String memberId, Consumer<Outcome> done) {
        throw new UnsupportedOperationException("landing in minutes");
    }

    @Override
    public void transferLeadership(@Nullable String memberId, Consumer<Outcome> done) {
        throw new UnsupportedOperationException("landing in minutes");
    }

    @Override
    public void receive(String from, RaftMessage message) {
        throw new UnsupportedOperationException("landing in minutes");
    }

    @Override
    public void stop() {
        throw new UnsupportedOperationException("landing in minutes");
    }
}
