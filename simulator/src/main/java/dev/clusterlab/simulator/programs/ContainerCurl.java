package dev.clusterlab.simulator.programs;

import dev.clusterlab.shell.curl.CurlFailure;
import dev.clusterlab.shell.curl.CurlMistake;
import dev.clusterlab.shell.curl.CurlOptions;
import dev.clusterlab.shell.curl.CurlRequest;
import dev.clusterlab.shell.curl.CurlResult;
import dev.clusterlab.shell.curl.CurlTransfer;
import dev.clusterlab.shell.curl.CurlUrl;
import dev.clusterlab.simulator.core.HttpExchange.Failure;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** {@code curl} inside a container: over the simulated network, one address after another, without waiting. */
public final class ContainerCurl {
    private final ProgramContext context;
    private final ContainerCommands.Output output;
    private final ContainerFiles files;

    ContainerCurl(ProgramContext context, ContainerCommands.Output output, ContainerFiles files) {
        this.context = context;
        this.output = output;
        this.files = files;
    }

    /** Runs it; {@code done} gets the exit status, at once or later, and never if the container ends before. */
    void run(List<String> arguments, IntConsumer done) {
        CurlOptions options;
        try {
            options = CurlOptions.parse(arguments);
        } catch (CurlMistake mistake) {
            fail(mistake, done);
            return;
        }
        transfer(options, 0, done);
    }

    private void fail(CurlMistake mistake, IntConsumer done) {
        output.stderr("curl: " + mistake.text() + "\n");
        done.accept(mistake.status());
    }

    private void transfer(CurlOptions options, int index, IntConsumer done) {
        boolean last = index == options.addresses().size() - 1;
        IntConsumer ended = last ? done : status -> transfer(options, index + 1, done);
        try {
            var transfer = new CurlTransfer(options, options.addresses().get(index), new Place());
            follow(transfer, transfer.begin(), ended);
        } catch (CurlMistake mistake) {
            fail(mistake, ended);
        }
    }

    private void follow(CurlTransfer transfer, CurlTransfer.Step step, IntConsumer done) {
        switch (step) {
            case CurlTransfer.Step.End(int status) -> done.accept(status);
            case CurlTransfer.Step.Send(CurlRequest request, Duration delay) -> {
                Runnable send = () -> send(request, result -> follow(transfer, transfer.next(result), done));
                if (delay.isZero()) {
                    send.run();
                } else {
                    context.scope().schedule(delay, send);
                }
            }
        }
    }

    private void send(CurlRequest request, Consumer<CurlResult> done) {
        CurlUrl url = request.url();
        long began = context.simulation().nowNanos();
        context.http(url.host(), url.port(), message(request), request.timeout(), result -> {
            Duration took = Duration.ofNanos(context.simulation().nowNanos() - began);
            done.accept(
                    switch (result) {
                        case HttpResult.Answered answered -> {
                            Map<String, List<String>> headers = new LinkedHashMap<>();
                            answered.response().headers().forEach((name, value) -> headers.put(name, List.of(value)));
                            int status = answered.response().status();
                            yield new CurlResult.Answer(
                                    status,
                                    ContainerCommands.reason(status),
                                    headers,
                                    answered.response().text(),
                                    "",
                                    took);
                        }
                        case HttpResult.Failed failed -> {
                            CurlFailure failure = failure(failed.failure());
                            yield new CurlResult.NoAnswer(failure, failure.text(url.host(), url.port(), took), took);
                        }
                    });
        });
    }

    private static Request message(CurlRequest request) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("host", request.url().authority());
        request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        String path = request.url().uri().getPath();
        return new Request(
                request.method(),
                path == null || path.isEmpty() ? "/" : path,
                Request.query(request.url().uri().getRawQuery()),
                headers,
                request.body().getBytes(StandardCharsets.UTF_8));
    }

    /** How curl, and what is built on its words, calls a connection that failed. */
    public static CurlFailure failure(Failure failure) {
        return switch (failure) {
            case REFUSED -> CurlFailure.REFUSED;
            case RESET -> CurlFailure.RESET;
            case TIMEOUT -> CurlFailure.TIMEOUT;
            case UNREACHABLE -> CurlFailure.UNREACHABLE;
            case UNKNOWN_HOST -> CurlFailure.UNKNOWN_HOST;
        };
    }

    private final class Place implements CurlTransfer.Place {
        @Override
        public void stdout(String text) {
            output.stdout(text);
        }

        @Override
        public void stderr(String text) {
            output.stderr(text);
        }

        @Override
        public void write(String file, String text) {
            try {
                files.write(file, false).write(text);
            } catch (ShellRefusal refusal) {
                output.stderr("curl: " + refusal.getMessage() + "\n");
            }
        }

        @Override
        public String read(String file) {
            return files.read(file).orElse("");
        }
    }
}
