package dev.clusterlab.simulator.endpoints;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.Json;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.ExecSink;
import dev.clusterlab.simulator.docker.api.Execution;
import dev.clusterlab.simulator.docker.api.LogRequest;
import dev.clusterlab.simulator.docker.api.LogSink;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Subscription;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The calls of the Docker Engine API whose answers come piece by piece. */
final class DockerStreams {
    private static final String RAW = "application/vnd.docker.raw-stream";
    private static final String MULTIPLEXED = "application/vnd.docker.multiplexed-stream";
    private static final byte CTRL_C = 3;
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");
    /** Nanoseconds always in nine digits, as in logs. */
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final DockerDaemon daemon;
    private final Simulation simulation;

    DockerStreams(DockerDaemon daemon, Simulation simulation) {
        this.daemon = daemon;
        this.simulation = simulation;
    }

    // ---- events

    void events(DockerRequest call) {
        long sinceNanos = call.timeNanos("since");
        long untilNanos = call.timeNanos("until");
        var filters = call.filters();
        long nowNanos = nanos(simulation.now());
        if (untilNanos == 0) {
            call.exchange().longPoll();
        }
        HttpExchange.Stream stream = call.stream(200, JSON);
        Subscription subscription = daemon.events(filters, sinceNanos, event -> {
            if (untilNanos == 0 || event.timeNano() <= untilNanos) {
                stream.write(line(event));
            }
        });
        if (untilNanos == 0) {
            stream.onAbandoned(subscription::close);
        } else {
            Timer end = simulation.scheduleNanos(untilNanos - nowNanos, () -> {
                subscription.close();
                stream.close();
            });
            stream.onAbandoned(() -> {
                end.cancel();
                subscription.close();
            });
        }
    }

    private static byte[] line(Object value) {
        byte[] json = Json.bytes(value);
        byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    private static long nanos(Instant time) {
        return time.getEpochSecond() * 1_000_000_000L + time.getNano();
    }

    // ---- logs

    void containerLogs(DockerRequest call) {
        boolean tty = tty(daemon.container(call.id()).orThrow());
        LogRequest request = logRequest(call);
        var sink = new LogStream(call, tty, false);
        sink.begun(daemon.containerLogs(call.id(), request, sink));
    }

    void serviceLogs(DockerRequest call) {
        var sink = new LogStream(call, false, false);
        daemon.serviceLogs(call.id(), logRequest(call), sink, sink::begun);
    }

    void taskLogs(DockerRequest call) {
        var sink = new LogStream(call, false, false);
        daemon.taskLogs(call.id(), logRequest(call), sink, sink::begun);
    }

    /** Follows a container's output; its input goes nowhere, programs of the simulated world read none. */
    void attach(DockerRequest call) {
        boolean tty = tty(daemon.container(call.id()).orThrow());
        boolean out = call.flag("stdout");
        boolean err = call.flag("stderr");
        if (!call.flag("stream") && !call.flag("logs")) {
            throw new ApiException(400, "either \"stream\" or \"logs\" must be asked for");
        }
        var request = new LogRequest(out, err, call.flag("stream"), call.flag("logs") ? -1 : 0, 0);
        var sink = new LogStream(call, tty, true);
        sink.begun(daemon.containerLogs(call.id(), request, sink));
    }

    private static LogRequest logRequest(DockerRequest call) {
        boolean out = call.flag("stdout");
        boolean err = call.flag("stderr");
        if (!out && !err) {
            throw new ApiException(400, "Bad parameters: you must choose at least one stream");
        }
        String tail = call.request().parameter("tail");
        long lines = -1;
        if (tail != null && !tail.isEmpty() && !tail.equals("all")) {
            try {
                lines = Math.max(-1, Long.parseLong(tail));
            } catch (NumberFormatException e) {
                lines = -1;
            }
        }
        return new LogRequest(out, err, call.flag("follow"), lines, call.timeNanos("since"));
    }

    private static boolean tty(Container.Details details) {
        return Boolean.TRUE.equals(details.config().tty());
    }

    /** Turns log lines into Docker's frames; the head is sent with the first of them or when the call has begun. */
    private static final class LogStream implements LogSink {
        private final DockerRequest call;
        private final boolean tty;
        private final boolean attached;
        private final boolean timestamps;
        private final boolean details;
        private HttpExchange.@Nullable Stream stream;
        private @Nullable Subscription subscription;
        private boolean over;

        LogStream(DockerRequest call, boolean tty, boolean attached) {
            this.call = call;
            this.tty = tty;
            this.attached = attached;
            this.timestamps = call.flag("timestamps");
            this.details = call.flag("details");
            if (call.flag("follow") || (attached && call.flag("stream"))) {
                call.exchange().longPoll();
            }
        }

        void begun(ApiResult<Subscription> result) {
            switch (result) {
                case ApiResult.Error<Subscription>(int status, String message) -> call.error(status, message);
                case ApiResult.Ok<Subscription>(Subscription value) -> {
                    subscription = value;
                    if (over) {
                        value.close();
                    }
                    opened();
                }
            }
        }

        private HttpExchange.Stream opened() {
            HttpExchange.Stream open = stream;
            if (open == null) {
                open = attached ? hijacked(call, tty) : call.stream(200, Map.of("content-type", mediaType(call, tty)));
                stream = open;
                open.onAbandoned(this::close);
            }
            return open;
        }

        private void close() {
            over = true;
            if (subscription != null) {
                subscription.close();
            }
        }

        @Override
        public void line(boolean stderr, Instant time, Map<String, String> context, String text) {
            var line = new StringBuilder();
            if (timestamps) {
                line.append(LOG_TIME.format(time)).append(' ');
            }
            if (details) {
                line.append(context.entrySet().stream()
                                .map(entry -> URLEncoder.encode(entry.getKey(), StandardCharsets.UTF_8) + "="
                                        + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                                .collect(Collectors.joining(",")))
                        .append(' ');
            }
            line.append(text);
            if (!text.endsWith("\n")) {
                line.append('\n');
            }
            opened().write(frame(tty, stderr, line.toString()));
        }

        @Override
        public void end() {
            over = true;
            opened().close();
        }
    }

    private static String mediaType(DockerRequest call, boolean tty) {
        return tty || call.version().compareTo(DockerRequest.Version.MULTIPLEXED) < 0 ? RAW : MULTIPLEXED;
    }

    private static byte[] frame(boolean tty, boolean stderr, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        if (tty) {
            return payload;
        }
        return java.nio.ByteBuffer.allocate(8 + payload.length)
                .put((byte) (stderr ? 2 : 1))
                .put(new byte[3])
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    /** A plain byte stream in both directions if the client asks to upgrade, else an answer that goes on. */
    private static HttpExchange.Stream hijacked(DockerRequest call, boolean tty) {
        if (call.request().header("upgrade") != null) {
            return call.stream(
                    101,
                    new LinkedHashMap<>(
                            Map.of("content-type", mediaType(call, tty), "connection", "Upgrade", "upgrade", "tcp")));
        }
        return call.stream(200, Map.of("content-type", RAW));
    }

    // ---- exec, wait, stats

    /** {@code POST /exec/{id}/start}. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record ExecStart(
            @JsonProperty("Detach") boolean detach,
            @JsonProperty("Tty") boolean tty) {}

    void execStart(DockerRequest call) {
        ExecStart start = call.request().body().length == 0 ? new ExecStart(false, false) : call.body(ExecStart.class);
        daemon.exec(call.id()).orThrow();
        if (start.detach()) {
            daemon.execStart(call.id(), UNHEARD);
            call.respond(HttpMessage.Response.empty(200));
            return;
        }
        // The head goes out before the command begins, as clients rely on who read the head alone first.
        var sink = new ExecStream(call, start.tty());
        sink.begun(daemon.execStart(call.id(), sink));
    }

    /** Nobody is notified of a detached command's output, and nobody keeps it. */
    private static final ExecSink UNHEARD = new ExecSink() {
        @Override
        public void output(boolean error, String text) {}

        @Override
        public void ended(int exitCode) {}
    };

    /** Turns what a command writes into Docker's frames. */
    private static final class ExecStream implements ExecSink {
        private final DockerRequest call;
        private final boolean tty;
        private HttpExchange.@Nullable Stream stream;
        private @Nullable Execution execution;

        ExecStream(DockerRequest call, boolean tty) {
            this.call = call;
            this.tty = tty;
        }

        void begun(ApiResult<Execution> result) {
            switch (result) {
                case ApiResult.Error<Execution>(int status, String message) -> call.error(status, message);
                case ApiResult.Ok<Execution>(Execution value) -> {
                    execution = value;
                    opened();
                }
            }
        }

        private HttpExchange.Stream opened() {
            HttpExchange.Stream open = stream;
            if (open == null) {
                open = hijacked(call, tty);
                stream = open;
                open.onAbandoned(() -> {
                    if (execution != null) {
                        execution.kill();
                    }
                });
                open.onInput(this::typed);
            }
            return open;
        }

        /** Commands read nothing; but Ctrl-C in a terminal ends them. */
        private void typed(byte[] input) {
            for (byte each : input) {
                if (tty && each == CTRL_C && execution != null) {
                    execution.interrupt();
                }
            }
        }

        @Override
        public void output(boolean stderr, String text) {
            opened().write(frame(tty, stderr, text));
        }

        @Override
        public void ended(int exitCode) {
            opened().close();
        }
    }

    void containerWait(DockerRequest call) {
        var stream = new HttpExchange.@Nullable Stream[1];
        daemon.containerWait(
                call.id(),
                call.request().parameter("condition"),
                found -> {
                    switch (found) {
                        case ApiResult.Ok<Nothing>(Nothing value) -> stream[0] = call.stream(200, JSON);
                        case ApiResult.Error<Nothing>(int status, String message) -> call.error(status, message);
                    }
                },
                ended -> {
                    if (stream[0] != null) {
                        stream[0].write(line(ended));
                        stream[0].close();
                    }
                });
    }

    void stats(DockerRequest call) {
        Map<String, Object> first = daemon.containerStats(call.id()).orThrow();
        boolean streaming = call.request().parameter("stream") == null || call.flag("stream");
        if (!streaming || call.flag("one-shot")) {
            call.json(200, first);
            return;
        }
        call.exchange().longPoll();
        HttpExchange.Stream stream = call.stream(200, JSON);
        stream.write(line(first));
        repeatStats(call.id(), stream);
    }

    private void repeatStats(String container, HttpExchange.Stream stream) {
        simulation.schedule(Duration.ofSeconds(1), () -> {
            if (stream.abandoned()) {
                return;
            }
            switch (daemon.containerStats(container)) {
                case ApiResult.Ok<Map<String, Object>>(Map<String, Object> picture) -> {
                    stream.write(line(picture));
                    repeatStats(container, stream);
                }
                case ApiResult.Error<Map<String, Object>> gone -> stream.close();
            }
        });
    }

    // ---- pull

    void pull(DockerRequest call) {
        String image = call.request().parameter("fromImage");
        if (image == null || image.isEmpty()) {
            call.error(501, "importing images is not modelled by the embedded engine");
            return;
        }
        String tag = call.request().parameter("tag");
        String reference = image;
        if (tag != null && !tag.isEmpty()) {
            reference = image + (tag.contains(":") ? "@" : ":") + tag;
        }
        var stream = new HttpExchange.@Nullable Stream[1];
        daemon.imagePull(
                reference,
                progress -> {
                    HttpExchange.Stream open = stream[0];
                    if (open == null) {
                        open = call.stream(200, JSON);
                        stream[0] = open;
                    }
                    open.write(line(withoutNulls(progress)));
                },
                result -> {
                    HttpExchange.Stream open = stream[0];
                    switch (result) {
                        case ApiResult.Ok<Nothing>(Nothing value) -> {
                            if (open == null) {
                                open = call.stream(200, JSON);
                            }
                            open.close();
                        }
                        case ApiResult.Error<Nothing>(int status, String message) -> {
                            if (open == null) {
                                call.error(status, message);
                            } else {
                                open.write(line(Map.of("errorDetail", Map.of("message", message), "error", message)));
                                open.close();
                            }
                        }
                    }
                });
    }

    private static Map<String, Object> withoutNulls(Object value) {
        Map<String, Object> tree = DockerRequest.tree(value);
        tree.values().removeIf(java.util.Objects::isNull);
        return tree;
    }
}
