package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.Rpc.Query;
import dev.clusterlab.simulator.consul.Rpc.Read;
import dev.clusterlab.simulator.consul.Rpc.Result;
import dev.clusterlab.simulator.consul.Rpc.View;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.programs.ProgramContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads that wait until what they read has passed an index, or until their time is up (blocking queries). */
final class BlockedReads {
    private final ConsulServer server;
    private final ProgramContext context;
    private final SimRandom random;
    private final List<Blocked> blocked = new ArrayList<>();
    private boolean wakeScheduled;

    private final class Blocked {
        private final Read read;
        private final Consumer<Result> done;
        private @Nullable Timer deadline;

        Blocked(Read read, Consumer<Result> done) {
            this.read = read;
            this.done = context.simulation().keep(done);
        }
    }

    BlockedReads(ConsulServer server, ProgramContext context, SimRandom random) {
        this.server = server;
        this.context = context;
        this.random = random;
    }

    /** Answers at once, or once the index of the answer is higher than the read's. */
    void read(Read read, Consumer<Result> done) {
        Query<?> query = read.query();
        View<?> view = query.run(server);
        if (read.minIndex() == 0
                || view.index() > read.minIndex()
                || query.tables().isEmpty()) {
            done.accept(server.answer(view));
            return;
        }
        var waiting = new Blocked(read, done);
        // Consul spreads the end of the wait, so that reads that began together do not end together.
        long jitter = read.waitNanos() / 16;
        long wait = read.waitNanos() + (jitter > 0 ? random.nextLong(jitter) : 0);
        waiting.deadline = context.scope().schedule(Duration.ofNanos(wait), () -> {
            if (blocked.remove(waiting)) {
                done.accept(server.answer(query.run(server)));
            }
        });
        blocked.add(waiting);
    }

    /** The store has changed. Its readers wake after the event that changed it, once for all its changes. */
    void changed() {
        if (!wakeScheduled) {
            wakeScheduled = true;
            context.scope().schedule(Duration.ZERO, this::wake);
        }
    }

    private void wake() {
        wakeScheduled = false;
        context.changed();
        Set<Table> touched = server.store().takeTouched();
        for (Blocked waiting : List.copyOf(blocked)) {
            Query<?> query = waiting.read.query();
            if (Collections.disjoint(touched, query.tables())) {
                continue;
            }
            View<?> view = query.run(server);
            if (view.index() > waiting.read.minIndex() && blocked.remove(waiting)) {
                if (waiting.deadline != null) {
                    waiting.deadline.cancel();
                }
                waiting.done.accept(server.answer(view));
            }
        }
    }
}
