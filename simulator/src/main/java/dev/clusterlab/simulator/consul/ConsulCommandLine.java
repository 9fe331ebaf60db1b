package dev.clusterlab.simulator.consul;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.clusterlab.shell.consul.ConsulAnswer;
import dev.clusterlab.shell.consul.ConsulInvocation;
import dev.clusterlab.shell.consul.ConsulOutput;
import dev.clusterlab.shell.consul.ConsulQuestion;
import dev.clusterlab.shell.consul.ConsulRequest;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Json;
import dev.clusterlab.simulator.programs.ContainerCurl;
import dev.clusterlab.simulator.programs.Program.ExecResult;
import dev.clusterlab.simulator.programs.ProgramContext;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The {@code consul} command inside a container: carries its questions to the agent's own HTTP API, or to the agent of
 * {@code -http-addr} and {@code CONSUL_HTTP_ADDR} over the simulated network, without waiting.
 */
final class ConsulCommandLine {
    /** The real command waits as long as the agent lets it; a request that gets no answer ends all the same. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final ProgramContext context;
    private final HttpService api;
    private final AgentSettings settings;

    ConsulCommandLine(ProgramContext context, HttpService api, AgentSettings settings) {
        this.context = context;
        this.api = api;
        this.settings = settings;
    }

    /** Runs what stands behind {@code consul}. */
    void run(List<String> arguments, Consumer<ExecResult> done) {
        if (!arguments.isEmpty() && arguments.getFirst().equals("agent")) {
            done.accept(ExecResult.failed(1, "==> Address already in use: " + settings.httpPort() + "\n"));
            return;
        }
        var invocation = new ConsulInvocation(arguments, new Container());
        String given = invocation.address();
        String address = given != null ? given : context.environment().getOrDefault("CONSUL_HTTP_ADDR", "");
        follow(invocation, invocation.begin(), address.replaceFirst("^http://", ""), done);
    }

    private void follow(
            ConsulInvocation invocation, ConsulInvocation.Step step, String address, Consumer<ExecResult> done) {
        switch (step) {
            case ConsulInvocation.Step.End(ConsulOutput(int status, String out, String err)) ->
                done.accept(new ExecResult(status, out, err));
            case ConsulInvocation.Step.Ask(ConsulQuestion question, ConsulRequest request) ->
                ask(message(request), address, answer -> follow(invocation, invocation.next(answer), address, done));
        }
    }

    private static HttpMessage.Request message(ConsulRequest request) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        request.query().forEach((name, value) -> query.put(name, List.of(value)));
        return new HttpMessage.Request(
                request.method(),
                request.path(),
                query,
                Map.of(),
                Base64.getDecoder().decode(request.body()));
    }

    private void ask(HttpMessage.Request request, String address, Consumer<ConsulAnswer> done) {
        if (address.isEmpty()) {
            api.handle(new LocalExchange(request, result -> done.accept(answer(result, own()))));
            return;
        }
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        String port = colon < 0 ? "" : address.substring(colon + 1);
        int number = port.matches("\\d{1,5}") ? Integer.parseInt(port) : 8500;
        context.http(host, number, request, TIMEOUT, result -> done.accept(answer(result, host + ":" + number)));
    }

    private String own() {
        return "127.0.0.1:" + settings.httpPort();
    }

    private static ConsulAnswer answer(HttpResult result, String address) {
        return switch (result) {
            case HttpResult.Answered answered -> {
                HttpMessage.Response response = answered.response();
                yield new ConsulAnswer.Reply(response.status(), response.text(), tree(response.text()));
            }
            case HttpResult.Failed failed ->
                new ConsulAnswer.NoAnswer(ContainerCurl.failure(failed.failure()), address);
        };
    }

    private static @Nullable Object tree(String text) {
        try {
            return Json.MAPPER.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** {@code docker exec} gives no standard input, and nothing of the agent's image is there to be read. */
    private final class Container implements ConsulInvocation.Place {
        @Override
        public String stdin() {
            return "";
        }

        @Override
        public @Nullable String file(String name) {
            return null;
        }

        @Override
        public boolean segments() {
            return !settings.legacy();
        }
    }

    /** A request from within the container. */
    private record LocalExchange(HttpMessage.Request request, Consumer<HttpResult> done) implements HttpExchange {
        @Override
        public void respond(HttpMessage.Response response) {
            done.accept(new HttpResult.Answered(response));
        }

        @Override
        public Stream stream(HttpMessage.Response head) {
            throw new UnsupportedOperationException("Consul's API does not stream here");
        }

        @Override
        public void fail(Failure failure) {
            done.accept(new HttpResult.Failed(failure));
        }

        @Override
        public void longPoll() {}

        @Override
        public boolean abandoned() {
            return false;
        }
    }

    /** The result of a command that must be known at once; says so if it has to ask another machine. */
    static ExecResult now(Consumer<Consumer<ExecResult>> command) {
        @Nullable ExecResult[] result = {null};
        command.accept(answer -> result[0] = answer);
        ExecResult found = result[0];
        return found != null
                ? found
                : ExecResult.failed(1, "Error: the answer has to come from another server; ask asynchronously\n");
    }
}
