package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.ProbePort;
import dev.clusterlab.provisioning.RequestMarks;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.RequestSample.NoAnswer;
import dev.clusterlab.provisioning.RequestSample.Outcome;
import dev.clusterlab.shell.curl.CurlFailure;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.endpoints.DriverClosedException;
import dev.clusterlab.simulator.endpoints.EmbeddedCluster;
import dev.clusterlab.simulator.swarm.SimMachine;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests that are events of the simulation: each enters on its thread, at the instant at which it is due, and takes its way through the
 * cluster in virtual time. The same seed gives the same samples.
 */
final class EmbeddedProbes implements ProbePort {
    /** Requests that may still be found in an access log: those under way, and as many that nobody waits for any more. */
    private static final int WANTED_MAX = 2 * UNDER_WAY_MAX;

    private final EmbeddedCluster cluster;
    private final int perSecondMax;
    /** Those that may still be found in an access log, by their marks; on the simulation's thread. */
    private final Map<String, Consumer<String>> wanted = new LinkedHashMap<>();

    private long plans;

    /** @param perSecondMax requests a second of virtual time that the services in containers are made to answer */
    EmbeddedProbes(EmbeddedCluster cluster, int perSecondMax) {
        this.cluster = cluster;
        this.perSecondMax = perSecondMax;
        cluster.driver().call(() -> {
            cluster.world().onPassedOn(this::passedOn);
            return Boolean.TRUE;
        });
    }

    private void passedOn(String mark, String server) {
        @Nullable Consumer<String> who = wanted.remove(mark);
        if (who != null) {
            who.accept(server);
        }
    }

    /** What a Traefik says of the request with this mark is for {@code who}. */
    private void want(String mark, Consumer<String> who) {
        wanted.put(mark, who);
        if (wanted.size() > WANTED_MAX) {
            wanted.remove(wanted.keySet().iterator().next());
        }
    }

    @Override
    public Running begin(ProbePlan plan, Listener listener) {
        if (plan.perSecond() > perSecondMax) {
            throw new LabException(
                            Kind.REFUSED,
                            "The hello services of this engine are real programs on this computer, which are asked at most "
                                    + perSecondMax + " times a second of the cluster's time, not " + plan.perSecond()
                                    + ".",
                            "Ask at most " + perSecondMax
                                    + " times a second, or models of these services (--services model), or on the docker engine.")
                    .named("probe.services", String.valueOf(perSecondMax), String.valueOf(plan.perSecond()));
        }
        URI uri = URI.create(plan.path());
        String path = uri.getPath() == null || uri.getPath().isEmpty() ? "/" : uri.getPath();
        var request = new HttpMessage.Request(
                "GET", path, HttpMessage.Request.query(uri.getRawQuery()), Map.of(), new byte[0]);
        return cluster.driver().call(() -> new Asking(plan, request, listener));
    }

    /** A plan that is being carried out; on the simulation's thread, but for what is volatile. */
    private final class Asking implements Running {
        private final Simulation simulation = cluster.world().simulation();
        private final ProbePlan plan;
        private final HttpMessage.Request request;
        private final Listener listener;
        private final long beganNanos = simulation.nowNanos();
        private final RequestMarks marks;

        private long next;
        private int underWay;
        private volatile long made;
        private @Nullable Timer timer;
        private volatile boolean stopped;
        private volatile boolean over;

        Asking(ProbePlan plan, HttpMessage.Request request, Listener listener) {
            this.plan = plan;
            this.request = request;
            this.listener = listener;
            this.marks = RequestMarks.of(plan, Long.toString(++plans));
            schedule();
        }

        private void schedule() {
            if (next < plan.requests()) {
                timer = simulation.scheduleNanos(beganNanos + plan.dueNanos(next) - simulation.nowNanos(), this::due);
            } else {
                timer = null;
            }
        }

        private void settle() {
            over = underWay == 0 && next >= plan.requests();
        }

        private void due() {
            if (stopped) {
                return;
            }
            long number = next++;
            String entry = plan.entry(number);
            schedule();
            if (underWay >= UNDER_WAY_MAX) {
                listener.missed(simulation.elapsed());
                return;
            }
            underWay++;
            made = made + 1;
            String mark = marks.mark(number);
            var asked = new Asked(simulation, marked(mark), plan.timeout(), ended -> ended(entry, mark, ended));
            if (!mark.isEmpty()) {
                want(mark, server -> asked.server = Optional.of(server));
            }
            SimMachine target = cluster.world().machine(entry).orElse(null);
            if (target == null) {
                asked.end(new NoAnswer(CurlFailure.UNKNOWN_HOST));
            } else if (target.observes(plan.port(), request)) {
                simulation.observe(() -> target.connect(plan.port(), asked));
            } else {
                target.connect(plan.port(), asked);
            }
        }

        private HttpMessage.Request marked(String mark) {
            HttpMessage.Request marked = request;
            for (Map.Entry<String, String> header : marks.headers(mark).entrySet()) {
                marked = marked.withHeader(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
            }
            return marked;
        }

        private void ended(String entry, String mark, Asked asked) {
            underWay--;
            wanted.remove(mark);
            if (!stopped) {
                var sample = new RequestSample(
                        Duration.ofNanos(asked.beganNanos),
                        simulation.elapsed(),
                        entry,
                        asked.outcome,
                        mark,
                        asked.server);
                listener.ended(sample);
                // Of one that a client gave up Traefik learns later.
                if (sample.failed() && !mark.isEmpty() && asked.server.isEmpty()) {
                    want(mark, server -> listener.passedOn(mark, server));
                }
            }
            if (!stopped) {
                settle();
            }
        }

        @Override
        public void stop() {
            stopped = true;
            over = true;
            try {
                cluster.driver().submit(() -> {
                    if (timer != null) {
                        timer.cancel();
                    }
                    return Boolean.TRUE;
                });
            } catch (DriverClosedException e) {
                // Nothing is scheduled any more.
            }
        }

        @Override
        public long made() {
            return made;
        }

        @Override
        public boolean over() {
            return over;
        }
    }

    /** One request under way. */
    private static final class Asked implements HttpExchange {
        private final HttpMessage.Request request;
        private final Consumer<Asked> ended;
        private final long beganNanos;
        private final Timer limit;
        private Outcome outcome = new NoAnswer(CurlFailure.TIMEOUT);
        private Optional<String> server = Optional.empty();
        private boolean over;

        Asked(Simulation simulation, HttpMessage.Request request, Duration timeout, Consumer<Asked> ended) {
            this.request = request;
            this.ended = ended;
            this.beganNanos = simulation.nowNanos();
            this.limit = simulation.schedule(timeout, () -> end(new NoAnswer(CurlFailure.TIMEOUT)));
        }

        void end(Outcome how) {
            if (!over) {
                over = true;
                outcome = how;
                limit.cancel();
                ended.accept(this);
            }
        }

        @Override
        public HttpMessage.Request request() {
            return request;
        }

        @Override
        public void respond(HttpMessage.Response response) {
            end(RequestSample.answered(response.status(), response.text()));
        }

        @Override
        public Stream stream(HttpMessage.Response head) {
            return new Collected(head);
        }

        @Override
        public void fail(Failure failure) {
            end(new NoAnswer(
                    switch (failure) {
                        case REFUSED -> CurlFailure.REFUSED;
                        case RESET -> CurlFailure.RESET;
                        case TIMEOUT -> CurlFailure.TIMEOUT;
                        case UNREACHABLE -> CurlFailure.UNREACHABLE;
                        case UNKNOWN_HOST -> CurlFailure.UNKNOWN_HOST;
                    }));
        }

        @Override
        public void longPoll() {}

        @Override
        public boolean abandoned() {
            return over;
        }

        /** A body that comes in pieces, taken as a whole at its end. */
        private final class Collected implements Stream {
            private final int status;
            private final ByteArrayOutputStream body = new ByteArrayOutputStream();

            Collected(HttpMessage.Response head) {
                status = head.status();
                body.writeBytes(head.body());
            }

            @Override
            public void write(byte[] bytes) {
                if (!over) {
                    body.writeBytes(bytes);
                }
            }

            @Override
            public void close() {
                end(RequestSample.answered(status, body.toString(StandardCharsets.UTF_8)));
            }

            @Override
            public void onInput(Consumer<byte[]> consumer) {}

            @Override
            public void onAbandoned(Runnable action) {}

            @Override
            public boolean abandoned() {
                return over;
            }
        }
    }
}
