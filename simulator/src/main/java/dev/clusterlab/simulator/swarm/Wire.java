package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.Underlay;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries HTTP from one machine to another over the underlay, the answer and its pieces back, on a connection of its own. */
final class Wire {
    /** A request line or a status, and the headers. */
    private static final int HEAD_BYTES = 300;
    /** One that says nothing but that. */
    private static final int PACKET_BYTES = 60;

    private Wire() {}

    /**
     * Hands {@code exchange}, which arose on {@code origin}, to {@code destination} on {@code target}. If a message is
     * lost on the way nothing more is heard: the origin must have a time limit of its own.
     */
    static void forward(
            SimMachine origin, Scope originScope, SimMachine target, HttpExchange exchange, HttpService destination) {
        World world = origin.world();
        var back = new Underlay.Connection();
        // Whoever answers, and when: what was asked by observation is answered by it.
        Consumer<Piece> wayBack = world.simulation()
                .keep((Piece piece) -> world.underlay()
                        .sendOn(back, target.station(), origin.station(), originScope, piece.bytes(), piece.arrival()));
        var forth = new Underlay.Connection();
        var forwarded = new Forwarded(origin, originScope, target, exchange, wayBack, forth);
        world.underlay()
                .sendOn(
                        forth,
                        origin.station(),
                        target.station(),
                        target.scope(),
                        HEAD_BYTES + exchange.request().body().length,
                        () -> destination.handle(forwarded));
    }

    /** Something that travels. */
    private record Piece(int bytes, Runnable arrival) {}

    private record Forwarded(
            SimMachine origin,
            Scope originScope,
            SimMachine target,
            HttpExchange inner,
            Consumer<Piece> wayBack,
            Underlay.Connection forth)
            implements HttpExchange {
        private void back(int bytes, Runnable action) {
            wayBack.accept(new Piece(bytes, action));
        }

        @Override
        public HttpMessage.Request request() {
            return inner.request();
        }

        @Override
        public void respond(HttpMessage.Response response) {
            back(HEAD_BYTES + response.body().length, () -> inner.respond(response));
        }

        @Override
        public Stream stream(HttpMessage.Response head) {
            var stream = new ForwardedStream(this);
            back(HEAD_BYTES, () -> stream.opened(inner.stream(head)));
            return stream;
        }

        @Override
        public void fail(Failure failure) {
            back(PACKET_BYTES, () -> inner.fail(failure));
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
                back(PACKET_BYTES, inner::connected);
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
        private void withPeer(int bytes, Consumer<HttpExchange.Stream> action) {
            exchange.back(bytes, () -> {
                if (peer != null) {
                    action.accept(peer);
                }
            });
        }

        private void forth(int bytes, Runnable action) {
            SimMachine from = exchange.origin();
            from.world()
                    .underlay()
                    .sendOn(
                            exchange.forth(),
                            from.station(),
                            exchange.target().station(),
                            exchange.target().scope(),
                            bytes,
                            action);
        }

        @Override
        public void write(byte[] bytes) {
            withPeer(bytes.length, stream -> stream.write(bytes));
        }

        @Override
        public void close() {
            withPeer(PACKET_BYTES, HttpExchange.Stream::close);
        }

        @Override
        public void onInput(Consumer<byte[]> consumer) {
            withPeer(
                    PACKET_BYTES, stream -> stream.onInput(bytes -> forth(bytes.length, () -> consumer.accept(bytes))));
        }

        @Override
        public void onAbandoned(Runnable action) {
            withPeer(PACKET_BYTES, stream -> stream.onAbandoned(() -> forth(PACKET_BYTES, action)));
        }

        @Override
        public boolean abandoned() {
            return exchange.abandoned() || (peer != null && peer.abandoned());
        }
    }
}
