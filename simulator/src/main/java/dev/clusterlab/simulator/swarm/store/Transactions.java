package dev.clusterlab.simulator.swarm.store;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.protocol.Raft;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The leader's writes to the store, one after another: each sees what the one before has committed. Never runs inside
 * the call that asked for it.
 */
public final class Transactions {
    private final Store store;
    private final Raft raft;
    private final Scope scope;
    private final ArrayDeque<Pending> queue = new ArrayDeque<>();
    private boolean busy;
    private boolean stopped;

    private record Pending(Consumer<Transaction> body, Consumer<@Nullable ApiException> done) {}

    public Transactions(Store store, Raft raft, Scope scope) {
        this.store = store;
        this.raft = raft;
        this.scope = scope;
    }

    /** Runs {@code body}, commits what it wrote. */
    public void run(Consumer<Transaction> body) {
        run(body, error -> {});
    }

    /**
     * Runs {@code body}, which may refuse by an {@link ApiException}; {@code done} gets that, or null once what it wrote
     * is committed here.
     */
    public void run(Consumer<Transaction> body, Consumer<@Nullable ApiException> done) {
        if (stopped) {
            done.accept(lostLeadership());
            return;
        }
        queue.add(new Pending(body, done));
        if (!busy) {
            busy = true;
            scope.schedule(Duration.ZERO, this::next);
        }
    }

    private void next() {
        Pending pending = queue.poll();
        if (pending == null) {
            busy = false;
            return;
        }
        var transaction = new Transaction(store);
        try {
            pending.body().accept(transaction);
        } catch (ApiException e) {
            pending.done().accept(e);
            again();
            return;
        }
        if (transaction.writes().isEmpty()) {
            pending.done().accept(null);
            again();
            return;
        }
        var command = new StoreCommand(
                transaction.writes(), DockerJson.time(scope.simulation().now()));
        raft.propose(command, outcome -> {
            switch (outcome) {
                case Raft.Outcome.Applied _ -> pending.done().accept(null);
                case Raft.Outcome.Rejected _ -> pending.done().accept(lostLeadership());
            }
            if (!stopped) {
                again();
            }
        });
    }

    private void again() {
        if (queue.isEmpty()) {
            busy = false;
        } else {
            scope.schedule(Duration.ZERO, this::next);
        }
    }

    /** Leadership is lost: what waits fails. */
    public void stop() {
        stopped = true;
        while (!queue.isEmpty()) {
            queue.poll().done().accept(lostLeadership());
        }
    }

    private static ApiException lostLeadership() {
        return ApiException.rpc(
                ApiException.RpcCode.UNKNOWN, "raft: failed to process the request: node lost leader status");
    }
}
