package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Scope;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries HTTP from one machine to another over the underlay, the answer and its pieces back. */
final class Wire {
    private Wire() {}

    /**
     * Hands {@code exchange}, which arose on {@code origin}, to {@code destination} on {@code target}. If a message is
     * lost on the way nothing more is heard: the origin must have a time limit of its own.
     */
    static void forward(
            SimMachine origin, Scope originScope, SimMachine target, HttpExchange exchange, HttpService destination) {
        // Whoever answers, and when: what was asked by observation is answered by it.
        Consumer<Runnable> wayBack = origin.world()
                .simulation()
                .keep((Runnable action) ->
                        origin.world().underlay().send(target.station(), origin.station(), originScope, action));
        var forwarded = new Forwarded(origin, originScope, target, exchange, wayBack);
        origin.world().underlay().send(origin.station(), target.station(), target.scope(), () -> {
            destination.handle(forwarded);
        });
    }

    private record Forwarded(
            SimMachine origin, Scope originScope, SimMachine target, HttpExchange inner, Consumer<Runnable> wayBack)
            implements HttpExchange {
        private void back(Runnable action) {
            wayBack.accept(action);
        }

        @Override
        public HttpMessage.Request request() {
            return inner.request();
        }

        @Override
        public void respond(HttpMessage.Response response) {
            back(() -> inner.respond(response));
        }

        @Override
        public Stream stream(HttpMessage.Response head) {
            var stream = new ForwardedStream(this);
            back(() -> stream.opened(inner.stream(head)));
            return stream;
        }

        @Override
        public void fail(Failure failure) {
            back(() -> inner.fail(failure));
        }

        @Override
        public void longPoll() {
            inner.longPoll();
        }

        @Override
        public boolean awaitsConnection() {
            return inner.awaitsConnection();
        }

        @Override
        public void connected() {
            if (inner.awaitsConnection()) {
                back(inner::connected);
            }
        }

        @Override
        public boolean abandoned() {
            return originScope.closed() || inner.abandoned();
        }
    }

    private static final class ForwardedStream implements HttpExchange.Stream {
        private final Forwarded exchange;
        private HttpExchange.@Nullable Stream peer;

        ForwardedStream(Forwarded exchange) {
            this.exchange = exchange;
        }

        void opened(HttpExchange.Stream stream) {
            peer = stream;
        }

        /** Pieces keep their order on the way, so the head has arrived before. */
        private void withPeer(Consumer<HttpExchange.Stream> action) {
            exchange.back(() -> {
                if (peer != null) {
                    action.accept(peer);
                }
            });
        }

        private void forth(Runnable action) {
            SimMachine from = exchange.origin();
            from.world()
                    .underlay()
                    .send(
                            from.name(),
                            exchange.target().name(),
                            exchange.target().scope(),
                            action);
        }

        @Override
        public void write(byte[] bytes) {
            withPeer(stream -> stream.write(bytes));
        }

        @Override
        public void close() {
            withPeer(HttpExchange.Stream::close);
        }

        @Override
        public void onInput(Consumer<byte[]> consumer) {
            withPeer(stream -> stream.onInput(bytes -> forth(() -> consumer.accept(bytes))));
        }

        @Override
        public void onAbandoned(Runnable action) {
            withPeer(stream -> stream.onAbandoned(() -> forth(action)));
        }

        @Override
        public boolean abandoned() {
            return exchange.abandoned() || (peer != null && peer.abandoned());
        }
    }
}
