package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.programs.Program;
import dev.clusterlab.simulator.programs.ProgramContext;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One container whose program is real and runs outside the simulation: every touch of it is an outcall, and what it
 * says or wants meanwhile takes effect when the outcall ends, so that histories stay repeatable on demand.
 */
final class ExternalProgram implements Program {
    /** Limit, in virtual time, of a request that the program makes to the simulated world. */
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);
    /** What a server needs to answer, at the least. While it does, the inside goes on and asks others. */
    private static final Duration ANSWER_TIME = Duration.ofNanos(100_000);
    /** What a Java process ends with after SIGTERM. */
    private static final int TERMINATED = 143;

    private final ExternalPrograms programs;
    private final ProgramContext context;
    private final ExternalRuntime runtime;
    private final Outcalls outcalls;
    private final Outcalls.Lane lane;
    private final Outcalls.Questions questions;
    private final InFlight inFlight = new InFlight();
    /** What the program's threads want done inside; done when the outcall that wants it ends. */
    private final Queue<Runnable> wishes = new ConcurrentLinkedQueue<>();

    private volatile List<ProgramContext.Interface> interfaces = List.of();
    /** How far the machine's clock was off when the present task began. */
    private volatile Duration clockOff = Duration.ZERO;

    private ExternalRuntime.@Nullable Running running;
    private boolean ending;
    /** Nobody listens any more; the process is not over yet. */
    private boolean deaf;

    ExternalProgram(ExternalPrograms programs, ProgramContext context, ExternalRuntime runtime) {
        this.programs = programs;
        this.context = context;
        this.runtime = runtime;
        this.outcalls = programs.driver().outcalls();
        this.lane = outcalls.lane();
        this.questions = outcalls.questions();
    }

    @Override
    public void start() {
        context.scope().schedule(runtime.starting(), this::begin);
    }

    private void begin() {
        if (ending) {
            return;
        }
        var surroundings = new Inside();
        inLane(() -> runtime.start(surroundings), this::started, failure -> {
            context.stderr("failed to start: " + failure.getMessage());
            leave(1);
        });
    }

    private void started(ExternalRuntime.Running started) {
        running = started;
        if (context.scope().closed()) {
            killed();
            return;
        }
        context.listen(started.containerPort(), exchange -> serve(started, exchange, started.marks()));
        started.faultPort()
                .ifPresent(port ->
                        context.listenOnLoopback(port, exchange -> serve(started, exchange, started.faultMarks())));
        context.changed();
    }

    @Override
    public void signal(String signal) {
        if (ending || !(signal.equals("SIGTERM") || signal.equals("SIGINT"))) {
            return;
        }
        ending = true;
        lane.clear();
        inLane(
                () -> {
                    ExternalRuntime.Running stopping = running;
                    if (stopping == null) {
                        return Duration.ZERO;
                    }
                    forget(stopping);
                    stopping.stop();
                    return stopping.ending();
                },
                rest -> {
                    deaf = true;
                    context.scope().schedule(rest, () -> leave(TERMINATED));
                },
                failure -> leave(1));
    }

    @Override
    public void killed() {
        ending = true;
        lane.close();
        programs.forget(this);
        inFlight.dropAll();
        ExternalRuntime.Running killed = running;
        running = null;
        if (killed != null) {
            forget(killed);
            outcalls.begin(
                    () -> {
                        killed.kill();
                        return Boolean.TRUE;
                    },
                    result -> {});
        }
    }

    /** Ends of its own accord, and tells nobody. */
    private void crash(int status) {
        ExternalRuntime.Running crashed = running;
        ending = true;
        lane.clear();
        inFlight.dropAll();
        if (crashed != null) {
            forget(crashed);
            outcalls.begin(
                    () -> {
                        crashed.kill();
                        return Boolean.TRUE;
                    },
                    result -> {});
        }
        leave(status);
    }

    private void leave(int status) {
        running = null;
        lane.close();
        programs.forget(this);
        if (!context.scope().closed()) {
            context.exit(status);
        }
    }

    // --- what comes in

    private void serve(ExternalRuntime.Running server, HttpExchange exchange, Map<String, String> marks) {
        if (deaf) {
            exchange.fail(HttpExchange.Failure.REFUSED);
            return;
        }
        HttpMessage.Request request = marked(exchange.request(), marks);
        lookAround();
        questions.begin(() -> ask(server, request), context.scope(), ANSWER_TIME, result -> {
            switch (result) {
                case Outcalls.Result.Done<Asked>(Asked asked) -> {
                    asked.wishes().forEach(Runnable::run);
                    asked.give().accept(exchange);
                }
                case Outcalls.Result.Failed<Asked>(Throwable cause) -> exchange.fail(HttpExchange.Failure.RESET);
            }
        });
    }

    /** What a server did with a request: what it wants done inside, and what the caller gets. */
    private record Asked(List<Runnable> wishes, Consumer<HttpExchange> give) {}

    /** On a thread outside. Nothing else of this program runs meanwhile: what is wished is wished by its server. */
    private Asked ask(ExternalRuntime.Running server, HttpMessage.Request request) {
        Consumer<HttpExchange> give;
        try {
            HttpMessage.Response response = programs.client().ask(server.loopbackPort(), request);
            give = exchange -> answer(exchange, response, server.delayHeader());
        } catch (java.net.ConnectException e) {
            give = exchange -> exchange.fail(HttpExchange.Failure.REFUSED);
        } catch (IOException e) {
            give = exchange -> exchange.fail(HttpExchange.Failure.RESET);
        }
        var wished = new ArrayList<Runnable>();
        for (Runnable wish = wishes.poll(); wish != null; wish = wishes.poll()) {
            wished.add(wish);
        }
        return new Asked(wished, give);
    }

    private static HttpMessage.Request marked(HttpMessage.Request request, Map<String, String> marks) {
        HttpMessage.Request marked = request;
        for (Map.Entry<String, String> mark : marks.entrySet()) {
            marked = marked.withHeader(mark.getKey(), mark.getValue());
        }
        return marked;
    }

    /** What is kept to a server that others share goes on. */
    private void forget(ExternalRuntime.Running ended) {
        if (ended.marks().isEmpty()) {
            programs.client().forget(ended.loopbackPort());
        }
    }

    private void answer(HttpExchange exchange, HttpMessage.Response response, String delayHeader) {
        String delay = delayHeader.isEmpty() ? null : response.header(delayHeader);
        if (delay == null) {
            exchange.respond(response);
        } else {
            context.scope().schedule(Duration.ofMillis(Long.parseLong(delay)), () -> exchange.respond(response));
        }
    }

    // --- what goes out

    /** A request that came through the gateway; any thread. */
    OutsideRequest request(HttpMessage.Request request, String host, int port, Answer answer) {
        return lane.request(
                request,
                inFlight.tracking(exchange -> {
                    grantWishes();
                    if (context.scope().closed()) {
                        exchange.fail(HttpExchange.Failure.RESET);
                        return;
                    }
                    context.http(host, port, exchange.request(), REQUEST_LIMIT, result -> {
                        switch (result) {
                            case HttpResult.Answered(HttpMessage.Response response) -> exchange.respond(response);
                            case HttpResult.Failed(HttpExchange.Failure failure) -> exchange.fail(failure);
                        }
                    });
                }),
                answer);
    }

    private <T> void inLane(java.util.concurrent.Callable<T> work, Consumer<T> done, Consumer<Throwable> failed) {
        lookAround();
        lane.begin(work, result -> {
            grantWishes();
            switch (result) {
                case Outcalls.Result.Done<T>(T value) -> done.accept(value);
                case Outcalls.Result.Failed<T>(Throwable cause) -> failed.accept(cause);
            }
        });
    }

    /** What its threads cannot ask the inside for. */
    private void lookAround() {
        interfaces = List.copyOf(context.interfaces());
        clockOff = Duration.between(context.simulation().now(), context.now());
    }

    private void grantWishes() {
        for (Runnable wish = wishes.poll(); wish != null; wish = wishes.poll()) {
            wish.run();
        }
    }

    private final class Inside implements ExternalRuntime.Surroundings {
        private final String containerId = context.containerId();
        private final String hostname = context.hostname();
        private final List<String> arguments = List.copyOf(context.arguments());
        private final Map<String, String> environment =
                Collections.unmodifiableMap(new LinkedHashMap<>(context.environment()));
        private final String randomHex = context.random().hex(32);

        @Override
        public String containerId() {
            return containerId;
        }

        @Override
        public String hostname() {
            return hostname;
        }

        @Override
        public List<String> arguments() {
            return arguments;
        }

        @Override
        public Map<String, String> environment() {
            return environment;
        }

        @Override
        public List<ProgramContext.Interface> interfaces() {
            return interfaces;
        }

        @Override
        public InstantSource clock() {
            return new InstantSource() {
                @Override
                public Instant instant() {
                    return trueInstant().plus(clockOff);
                }
            };
        }

        private Instant trueInstant() {
            Instant asked = questions.instant();
            return asked == null ? programs.driver().now() : asked;
        }

        @Override
        public long nanoTime() {
            return Duration.between(Instant.EPOCH, trueInstant()).toNanos();
        }

        @Override
        public void exit(int status) {
            wishes.add(() -> {
                if (!ending && !context.scope().closed()) {
                    crash(status);
                }
            });
        }

        @Override
        public String randomHex() {
            return randomHex;
        }

        @Override
        public URI locate(String host, int port) {
            return programs.locate(ExternalProgram.this, host, port);
        }

        @Override
        public ExternalRuntime.Cancellation schedule(Duration delay, Runnable task) {
            var cancelled = new AtomicBoolean();
            wishes.add(() -> {
                // What is wished after the end is so by chance: the program's threads did not know of it yet.
                if (!context.scope().closed()) {
                    context.scope().schedule(delay, () -> {
                        if (!cancelled.get() && !ending) {
                            run(task);
                        }
                    });
                }
            });
            return () -> cancelled.set(true);
        }

        private void run(Runnable task) {
            inLane(
                    () -> {
                        task.run();
                        return Boolean.TRUE;
                    },
                    done -> context.changed(),
                    failure -> context.stderr(String.valueOf(failure)));
        }

        @Override
        public void log(String line) {
            wishes.add(() -> {
                if (!context.scope().closed()) {
                    context.stdout(line);
                }
            });
        }
    }
}
