package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.Timer;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A program's end of its own request: collects the answer, within a time limit for it or for the connection alone. */
final class CallerExchange implements HttpExchange {
    private final HttpMessage.Request request;
    private final Scope scope;
    private final Timer limit;
    private final boolean waitsForAnswer;
    private @Nullable Consumer<HttpResult> result;

    /** @param waitsForAnswer whether the limit is over once the connection stands, and the answer may take for ever */
    CallerExchange(
            HttpMessage.Request request,
            Scope scope,
            Duration timeout,
            boolean waitsForAnswer,
            Consumer<HttpResult> result) {
        this.waitsForAnswer = waitsForAnswer;
        this.request = request;
        this.scope = scope;
        this.result = result;
        this.limit = scope.schedule(timeout, () -> finish(new HttpResult.Failed(Failure.TIMEOUT)));
    }

    private void finish(HttpResult outcome) {
        Consumer<HttpResult> waiting = result;
        result = null;
        limit.cancel();
        if (waiting != null) {
            scope.execute(() -> waiting.accept(outcome));
        }
    }

    @Override
    public HttpMessage.Request request() {
        return request;
    }

    @Override
    public void respond(HttpMessage.Response response) {
        finish(new HttpResult.Answered(response));
    }

    @Override
    public Stream stream(HttpMessage.Response head) {
        return new Collected(head);
    }

    @Override
    public void fail(Failure failure) {
        finish(new HttpResult.Failed(failure));
    }

    @Override
    public void longPoll() {}

    @Override
    public boolean awaitsConnection() {
        return waitsForAnswer;
    }

    @Override
    public void connected() {
        if (waitsForAnswer) {
            limit.cancel();
        }
    }

    /** Who asked does not want to know any more. */
    void giveUp() {
        result = null;
        limit.cancel();
    }

    @Override
    public boolean abandoned() {
        return result == null || scope.closed();
    }

    /** Pieces of a body, handed over as a whole at its end. */
    private final class Collected implements Stream {
        private final HttpMessage.Response head;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Collected(HttpMessage.Response head) {
            this.head = head;
            body.writeBytes(head.body());
        }

        @Override
        public void write(byte[] bytes) {
            body.writeBytes(bytes);
        }

        @Override
        public void close() {
            respond(new HttpMessage.Response(head.status(), head.headers(), body.toByteArray()));
        }

        @Override
        public void onInput(Consumer<byte[]> consumer) {}

        @Override
        public void onAbandoned(Runnable action) {}

        @Override
        public boolean abandoned() {
            return CallerExchange.this.abandoned();
        }
    }
}
