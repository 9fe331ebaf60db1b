package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.client.LoopbackHttp.Answer;
import dev.clusterlab.provisioning.client.LoopbackHttp.NoAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tells of changes in Consul by its blocking queries, each on a thread of its own: checks, services, nodes. All ask one
 * agent for as long as it answers, and go to another when it does not. Queries allow stale answers, which any server
 * gives, also without a leader. Thread-safe.
 *
 * <p>The rules are Consul's own (its documentation, "Blocking queries"): an index that goes backwards begins again at 0,
 * an index is never below 1, an index that changes often is not asked for as often, and errors are followed by waits that
 * grow, with some chance in them.
 */
final class ConsulFollower implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ConsulFollower.class.getName());
    private static final List<String> PATHS =
            List.of("/v1/health/state/any", "/v1/catalog/services", "/v1/catalog/nodes");

    /**
     * Wall-clock time.
     *
     * @param hold how long an agent may hold a query, in whole seconds; it adds up to a sixteenth
     * @param gap between the answer to a query and the next query
     * @param retryFirst after the first error; doubled with each that follows
     * @param retryLast the longest wait after an error
     */
    record Pace(Duration hold, Duration gap, Duration retryFirst, Duration retryLast) {
        static final Pace USUAL =
                new Pace(Duration.ofSeconds(60), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofSeconds(10));
    }

    /** Waits; for tests to see how long. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(Duration duration) throws InterruptedException;
    }

    private final Pace pace;
    private final RandomGenerator random;
    private final Sleeper sleeper;
    private final Runnable changed;
    private final LoopbackHttp http;
    private final List<Query> queries = new ArrayList<>();

    private List<String> agents = List.of();
    /** The agent that is asked; empty text while there is none. */
    private String asked = "";

    private boolean closed;

    /** Threads begin when there is somebody to ask. */
    ConsulFollower(Pace pace, RandomGenerator random, Sleeper sleeper, Runnable changed) {
        this.pace = pace;
        this.random = random;
        this.sleeper = sleeper;
        this.changed = changed;
        this.http = new LoopbackHttp(pace.hold().plus(pace.hold().dividedBy(16)).plusSeconds(5));
    }

    /**
     * Where agents answer now, the one to ask first in front. The one that is asked stays as long as it is among them.
     *
     * @param found as {@code 127.0.0.1:PORT}
     */
    synchronized void follow(List<String> found) {
        agents = List.copyOf(found);
        if (closed || agents.contains(asked)) {
            return;
        }
        asked = agents.isEmpty() ? "" : agents.getFirst();
        if (queries.isEmpty() && !asked.isEmpty()) {
            PATHS.forEach(path -> queries.add(new Query(path)));
            queries.forEach(query -> query.thread.start());
        } else {
            // What they wait for does not come any more.
            queries.forEach(query -> query.thread.interrupt());
        }
        notifyAll();
    }

    /** Whether every query stands at an agent that answered it before: then no change goes unnoticed. */
    synchronized boolean stands() {
        return !asked.isEmpty() && !queries.isEmpty() && queries.stream().allMatch(query -> query.index > 0);
    }

    private synchronized String agent() throws InterruptedException {
        while (asked.isEmpty()) {
            wait();
        }
        return asked;
    }

    private synchronized void leave(String agent) {
        if (asked.equals(agent) && !agents.isEmpty()) {
            asked = agents.get((agents.indexOf(agent) + 1) % agents.size());
        }
    }

    private synchronized boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        queries.forEach(query -> query.thread.interrupt());
        http.close();
    }

    /** Waits until the threads have ended; after {@link #close}. */
    void awaitEnd() throws InterruptedException {
        for (Query query : queries) {
            query.thread.join();
        }
    }

    /** One query, again and again. */
    private final class Query {
        final String path;
        final Thread thread;
        /** Of the last answer; 0 while nothing is known of the agent that is asked. */
        volatile long index;

        private String at = "";
        private int failures;

        Query(String path) {
            this.path = path;
            this.thread = Thread.ofVirtual().name("Consul " + path).unstarted(this::run);
        }

        private void run() {
            while (!closed()) {
                try {
                    once(agent());
                } catch (InterruptedException e) {
                    // Closed, or somebody else is to be asked now.
                    LOG.log(System.Logger.Level.DEBUG, "{0} was interrupted", thread.getName());
                }
            }
        }

        private void once(String agent) throws InterruptedException {
            if (!agent.equals(at)) {
                at = agent;
                index = 0;
            }
            try {
                Answer answer = http.get(
                        agent,
                        path + "?stale&index=" + index + "&wait=" + pace.hold().toSeconds() + "s",
                        null);
                @Nullable String told = answer.header("X-Consul-Index");
                if (answer.status() != 200 || told == null) {
                    failed(agent, "it answered " + answer.status());
                    return;
                }
                failures = 0;
                answered(Long.parseLong(told));
                sleeper.sleep(pace.gap());
            } catch (NoAnswer | RuntimeException e) {
                // Also whatever else a client says that is interrupted while it waits for a connection.
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                failed(agent, String.valueOf(e.getMessage()));
            }
        }

        private void answered(long told) {
            long before = index;
            long now = Math.max(1, told);
            // Its state was restored from a snapshot, or it is another cluster: nothing can be said of what changed.
            index = now < before ? 0 : now;
            if (index != before) {
                changed.run();
            }
        }

        private void failed(String agent, String why) throws InterruptedException {
            LOG.log(System.Logger.Level.DEBUG, "{0} at {1} failed: {2}", thread.getName(), agent, why);
            index = 0;
            leave(agent);
            long firstMillis = pace.retryFirst().toMillis();
            long millis = Math.min(pace.retryLast().toMillis(), firstMillis << Math.min(failures, 20));
            failures++;
            sleeper.sleep(Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1)));
        }
    }
}
