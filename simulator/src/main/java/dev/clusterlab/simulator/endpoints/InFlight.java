package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpService;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The requests that a machine is serving, so that they break when it loses power: nothing inside it would ever answer
 * them. Used on the simulation's thread.
 */
final class InFlight {
    private final Set<Tracked> open = new LinkedHashSet<>();

    /** The same service, with what it serves remembered until it is answered. */
    HttpService tracking(HttpService service) {
        return exchange -> {
            var tracked = new Tracked(exchange);
            open.add(tracked);
            service.handle(tracked);
        };
    }

    /** Breaks every connection. */
    void dropAll() {
        List.copyOf(open).forEach(Tracked::drop);
    }

    private final class Tracked implements HttpExchange {
        private final HttpExchange exchange;
        private HttpExchange.@org.jspecify.annotations.Nullable Stream stream;

        Tracked(HttpExchange exchange) {
            this.exchange = exchange;
        }

        void drop() {
            open.remove(this);
            if (stream != null) {
                stream.close();
            } else {
                exchange.fail(Failure.RESET);
            }
        }

        @Override
        public dev.clusterlab.simulator.core.HttpMessage.Request request() {
            return exchange.request();
        }

        @Override
        public void respond(dev.clusterlab.simulator.core.HttpMessage.Response response) {
            open.remove(this);
            exchange.respond(response);
        }

        @Override
        public Stream stream(dev.clusterlab.simulator.core.HttpMessage.Response head) {
            Stream opened = new TrackedStream(exchange.stream(head), this);
            stream = opened;
            return opened;
        }

        @Override
        public void fail(Failure failure) {
            open.remove(this);
            exchange.fail(failure);
        }

        @Override
        public void longPoll() {
            exchange.longPoll();
        }

        @Override
        public boolean abandoned() {
            return exchange.abandoned();
        }
    }

    private final class TrackedStream implements HttpExchange.Stream {
        private final HttpExchange.Stream stream;
        private final Tracked owner;
        private Runnable onAbandoned = () -> {};

        TrackedStream(HttpExchange.Stream stream, Tracked owner) {
            this.stream = stream;
            this.owner = owner;
            stream.onAbandoned(() -> {
                open.remove(owner);
                onAbandoned.run();
            });
        }

        @Override
        public void write(byte[] bytes) {
            stream.write(bytes);
        }

        @Override
        public void close() {
            open.remove(owner);
            stream.close();
        }

        @Override
        public void onInput(java.util.function.Consumer<byte[]> consumer) {
            stream.onInput(consumer);
        }

        @Override
        public void onAbandoned(Runnable action) {
            if (stream.abandoned()) {
                action.run();
            } else {
                onAbandoned = action;
            }
        }

        @Override
        public boolean abandoned() {
            return stream.abandoned();
        }
    }
}
