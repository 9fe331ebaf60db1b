package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.core.Timer;
import java.time.Duration;

/** A request from outside: gives up when nothing comes back, since what is dead says nothing. */
final class EdgeExchange implements HttpExchange {
    /** To get a connection. */
    static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    /** To get the beginning of an answer, unless the service says that it may take for ever. */
    static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

    private final HttpExchange inner;
    private Timer limit;
    private final Simulation simulation;
    private boolean answered;
    private boolean patient;

    EdgeExchange(HttpExchange inner, Simulation simulation) {
        this.inner = inner;
        this.simulation = simulation;
        this.limit = simulation.schedule(CONNECT_LIMIT, () -> fail(Failure.TIMEOUT));
    }

    @Override
    public boolean awaitsConnection() {
        return true;
    }

    /** From now on the longer limit holds. */
    @Override
    public void connected() {
        limit.cancel();
        if (!answered && !patient) {
            limit = simulation.schedule(ANSWER_LIMIT, () -> fail(Failure.TIMEOUT));
        }
    }

    private boolean answer() {
        boolean first = !answered;
        answered = true;
        limit.cancel();
        return first;
    }

    @Override
    public HttpMessage.Request request() {
        return inner.request();
    }

    @Override
    public void respond(HttpMessage.Response response) {
        if (answer()) {
            inner.respond(response);
        }
    }

    @Override
    public Stream stream(HttpMessage.Response head) {
        if (!answer()) {
            throw new IllegalStateException("answered before");
        }
        return inner.stream(head);
    }

    @Override
    public void fail(Failure failure) {
        if (answer()) {
            inner.fail(failure);
        }
    }

    @Override
    public void longPoll() {
        // Said at once, whereas the word that the connection stands is still on its way.
        patient = true;
        limit.cancel();
        inner.longPoll();
    }

    @Override
    public boolean abandoned() {
        return answered || inner.abandoned();
    }
}
