package dev.clusterlab.simulator.protocol;

/** A state machine that remembers a digest of everything applied, and the number of commands. */
final class DigestMachine implements Raft.StateMachine {
    private State state = new State(0, 0, 0);

    private record State(long index, long digest, int commands) {}

    @Override
    public Object apply(long index, Object command) {
        if (index <= state.index()) {
            throw new AssertionError("index " + index + " applied after " + state.index());
        }
        state = new State(index, (state.digest() * 31 + command.hashCode()) * 31 + index, state.commands() + 1);
        return state.commands();
    }

    @Override
    public Object snapshot() {
        return state;
    }

    @Override
    public void restore(Object snapshot) {
        state = (State) snapshot;
    }

    /** Last index at which a command was applied. */
    long index() {
        return state.index();
    }

    long digest() {
        return state.digest();
    }

    int commands() {
        return state.commands();
    }
}
