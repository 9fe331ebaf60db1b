package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.InsideClient;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.endpoints.EmbeddedCluster;
import dev.clusterlab.simulator.swarm.SimMachine;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Requests that enter the simulation on its own thread, at the instant at which they are made. */
final class EmbeddedClient implements InsideClient {
    private final EmbeddedCluster cluster;

    EmbeddedClient(EmbeddedCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void send(
            String machine,
            int port,
            String method,
            URI uri,
            Map<String, String> headers,
            byte[] body,
            Duration timeout,
            Consumer<Answer> answer) {
        SimMachine target = cluster.world().machine(machine).orElse(null);
        if (target == null) {
            answer.accept(new Answer(0, "", Duration.ZERO));
            return;
        }
        var lowerCase = new LinkedHashMap<String, String>();
        headers.forEach((name, value) -> lowerCase.put(name.toLowerCase(Locale.ROOT), value));
        String path = uri.getPath() == null || uri.getPath().isEmpty() ? "/" : uri.getPath();
        var request =
                new HttpMessage.Request(method, path, HttpMessage.Request.query(uri.getRawQuery()), lowerCase, body);
        Simulation simulation = cluster.world().simulation();
        Runnable ask = () -> target.connect(port, new Asked(simulation, request, timeout, answer));
        if (target.observes(port, request)) {
            simulation.observe(ask);
        } else {
            ask.run();
        }
    }

    /** One request under way. */
    private static final class Asked implements HttpExchange {
        private final Simulation simulation;
        private final HttpMessage.Request request;
        private final Consumer<Answer> answer;
        private final long beganNanos;
        private final Timer limit;
        private boolean over;

        Asked(Simulation simulation, HttpMessage.Request request, Duration timeout, Consumer<Answer> answer) {
            this.simulation = simulation;
            this.request = request;
            this.answer = answer;
            this.beganNanos = simulation.nowNanos();
            this.limit = simulation.schedule(timeout, () -> end(0, ""));
        }

        private void end(int status, String text) {
            if (!over) {
                over = true;
                limit.cancel();
                answer.accept(new Answer(status, text, Duration.ofNanos(simulation.nowNanos() - beganNanos)));
            }
        }

        @Override
        public HttpMessage.Request request() {
            return request;
        }

        @Override
        public void respond(HttpMessage.Response response) {
            end(response.status(), response.text());
        }

        @Override
        public Stream stream(HttpMessage.Response head) {
            return new Collected(head);
        }

        @Override
        public void fail(Failure failure) {
            end(0, "");
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
                end(status, body.toString(StandardCharsets.UTF_8));
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
