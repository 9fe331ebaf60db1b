package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request that came from outside, while it is being served inside. The methods of {@link HttpExchange} are used on
 * the simulation's thread; {@link #input}, {@link #inputEnded} and {@link #abandon} may be called from any.
 */
public final class OutsideRequest {
    private static final byte[] END = new byte[0];
    /** How long the caller wants to wait, in seconds (RFC 7240, 4.3); here of virtual time. */
    private static final Pattern WAIT = Pattern.compile("(?:^|,)\\s*wait\\s*=\\s*(\\d{1,18})\\s*(?:$|[,;])");
    /** Nobody waits longer than this, whatever the caller says; a day is longer than any lab. */
    private static final long WAIT_SECONDS_MAX = Duration.ofDays(1).toSeconds();

    private final SimulationDriver driver;
    private final Answer answer;
    private final Inside inside;
    private final boolean moving;
    private final Predicate<HttpMessage.Request> observes;
    private final Runnable answered;
    private Consumer<Runnable> within = Runnable::run;
    private SimulationDriver.@Nullable Demand demand;
    private @Nullable Timer limit;
    private @Nullable Timer preferredWait;
    private boolean headSent;
    private boolean ended;
    private boolean abandoned;
    private volatile boolean lasting;
    private @Nullable Runnable onAbandoned;
    private @Nullable Consumer<byte[]> consumer;
    private final Deque<byte[]> unread = new ArrayDeque<>();

    /**
     * @param moving whether it makes time move on demand until it is answered
     * @param observes whether it only reads the world, so that it leaves no trace; asked when it is begun
     */
    OutsideRequest(
            SimulationDriver driver,
            HttpMessage.Request request,
            Answer answer,
            boolean moving,
            Predicate<HttpMessage.Request> observes,
            Runnable answered) {
        this.driver = driver;
        this.answer = answer;
        this.moving = moving;
        this.observes = observes;
        this.answered = answered;
        this.inside = new Inside(request);
    }

    /** Whether the answer may never come or never end: a long poll or a stream. */
    public boolean lasting() {
        return lasting;
    }

    /** What the peer sent on an upgraded connection. */
    public void input(byte[] bytes) {
        driver.executeOutside(() -> within.accept(() -> deliver(bytes)));
    }

    /** The peer will send no more. */
    public void inputEnded() {
        driver.executeOutside(() -> within.accept(() -> deliver(END)));
    }

    /** The peer has gone. */
    public void abandon() {
        driver.executeOutside(() -> within.accept(this::leave));
    }

    /** Begins; on the simulation's thread. */
    void begin(dev.clusterlab.simulator.core.HttpService service) {
        if (observes.test(inside.request)) {
            within = driver.simulation()::observe;
        }
        within.accept(() -> serve(service));
    }

    private void serve(dev.clusterlab.simulator.core.HttpService service) {
        demand = moving ? driver.demand() : null;
        limit = driver.simulation().schedule(SimulationDriver.REQUEST_LIMIT, () -> {
            if (!headSent && !ended) {
                inside.fail(HttpExchange.Failure.TIMEOUT);
            }
        });
        Matcher wait = WAIT.matcher(Objects.requireNonNullElse(inside.request.header("prefer"), ""));
        if (wait.find()) {
            long seconds = Math.min(WAIT_SECONDS_MAX, Long.parseLong(wait.group(1)));
            preferredWait = driver.simulation().schedule(Duration.ofSeconds(seconds), this::giveUp);
        }
        try {
            service.handle(inside);
        } catch (RuntimeException | Error e) {
            // Also an Error, such as a stack that was too small: it costs this caller its answer and nobody else
            // theirs.
            driver.report(e);
            if (headSent) {
                inside.close();
            } else if (!ended) {
                inside.respond(HttpMessage.Response.json(
                        500,
                        java.util.Map.of(
                                "message", "this request failed inside the simulation, which goes on without it")));
            }
        }
    }

    /** The time that the caller wanted to wait is over: it gets an answer, and what serves it sees a caller that has gone. */
    private void giveUp() {
        if (ended) {
            return;
        }
        if (headSent) {
            leave();
            answer.failed(HttpExchange.Failure.TIMEOUT);
        } else {
            abandoned = true;
            inside.respond(HttpMessage.Response.text(504, "no answer within the time that was preferred\n")
                    .withHeader("preference-applied", "wait"));
        }
    }

    private void leave() {
        if (ended) {
            return;
        }
        abandoned = true;
        finish();
        if (onAbandoned != null) {
            onAbandoned.run();
        }
    }

    private void deliver(byte[] bytes) {
        if (ended) {
            return;
        }
        if (consumer == null) {
            unread.add(bytes);
        } else {
            consumer.accept(bytes);
        }
    }

    private void finish() {
        ended = true;
        calm();
        if (!headSent) {
            answered.run();
        }
    }

    /** Nobody needs time to move for this request any more. */
    private void calm() {
        if (demand != null) {
            demand.release();
            demand = null;
        }
        if (limit != null) {
            limit.cancel();
            limit = null;
        }
        if (preferredWait != null) {
            preferredWait.cancel();
            preferredWait = null;
        }
    }

    private final class Inside implements HttpExchange, HttpExchange.Stream {
        private final HttpMessage.Request request;

        Inside(HttpMessage.Request request) {
            this.request = request;
        }

        @Override
        public HttpMessage.Request request() {
            return request;
        }

        @Override
        public void respond(HttpMessage.Response response) {
            if (ended || headSent) {
                return;
            }
            finish();
            answer.complete(response);
        }

        @Override
        public Stream stream(HttpMessage.Response head) {
            if (!ended && !headSent) {
                answered.run();
                headSent = true;
                lasting = true;
                if (limit != null) {
                    limit.cancel();
                    limit = null;
                }
                answer.head(head);
            }
            return this;
        }

        @Override
        public void fail(Failure failure) {
            if (ended) {
                return;
            }
            finish();
            answer.failed(failure);
        }

        /** A caller that says how long it waits is waited for, by a script or a check: for it, time goes on. */
        @Override
        public void longPoll() {
            lasting = true;
            if (preferredWait == null) {
                calm();
            } else if (limit != null) {
                limit.cancel();
                limit = null;
            }
        }

        @Override
        public boolean abandoned() {
            return abandoned;
        }

        @Override
        public void write(byte[] bytes) {
            if (!ended && bytes.length > 0) {
                answer.bytes(bytes);
            }
        }

        @Override
        public void close() {
            if (!ended) {
                finish();
                answer.end();
            }
        }

        @Override
        public void onInput(Consumer<byte[]> newConsumer) {
            consumer = newConsumer;
            while (!unread.isEmpty()) {
                newConsumer.accept(unread.remove());
            }
        }

        @Override
        public void onAbandoned(Runnable action) {
            if (abandoned) {
                action.run();
            } else {
                onAbandoned = action;
            }
        }
    }
}
