package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.programs.Program;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.simulator.programs.StandardImages;
import dev.clusterlab.simulator.programs.UtilityProgram;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Images for tests: a web server that can also ask others, one that ignores signals, one that fails, one that ends. */
final class TestPrograms {
    private TestPrograms() {}

    static ProgramCatalog catalog() {
        var catalog = new ProgramCatalog();
        StandardImages.utilities().forEach(catalog::add);
        return catalog.add(image("test/web", Web::new))
                .add(image("test/stubborn", Stubborn::new))
                .add(image("test/failing", Failing::new))
                .add(image("test/finishing", Finishing::new))
                .add(image("test/box", context -> new UtilityProgram(context, List.of("sleep", "infinity"))));
    }

    private static ProgramCatalog.Image image(String name, ProgramCatalog.Factory factory) {
        return new ProgramCatalog.Image(name, List.of("/serve"), Set.of(80), 10_000_000, factory);
    }

    /** Answers on port 80 with its container's hostname; runs {@code get HOST PORT} and {@code resolve NAME}. */
    private record Web(ProgramContext context) implements Program {
        @Override
        public void start() {
            context.stdout("serving on 80");
            context.listen(80, exchange -> {
                if (exchange.request().path().equals("/slow")) {
                    context.scope()
                            .schedule(
                                    Duration.ofSeconds(20),
                                    () -> exchange.respond(HttpMessage.Response.text(200, "slow")));
                } else {
                    exchange.respond(HttpMessage.Response.text(200, context.hostname()));
                }
            });
        }

        @Override
        public void signal(String signal) {
            if (signal.equals("SIGTERM")) {
                context.exit(0);
            }
        }

        @Override
        public void exec(List<String> command, Consumer<ExecResult> done) {
            switch (command.get(0)) {
                case "get" -> get(command, done);
                case "resolve" -> done.accept(ExecResult.ok(String.join(" ", context.resolve(command.get(1)))));
                case "healthy" ->
                    done.accept(
                            context.storage().containsKey("sick")
                                    ? ExecResult.failed(1, "not well")
                                    : ExecResult.ok("well"));
                case "sicken" -> {
                    context.storage().put("sick", true);
                    done.accept(ExecResult.ok(""));
                }
                case "write" -> {
                    context.volume("/data").put("note", command.get(1));
                    done.accept(ExecResult.ok(""));
                }
                case "read" ->
                    done.accept(
                            ExecResult.ok(String.valueOf(context.volume("/data").getOrDefault("note", "nothing"))));
                case "environment" ->
                    done.accept(ExecResult.ok(context.environment().toString()));
                case "interfaces" ->
                    done.accept(ExecResult.ok(String.join(
                            " ",
                            context.interfaces().stream()
                                    .map(end -> end.network() + "=" + end.address())
                                    .toList())));
                default -> done.accept(ExecResult.notFound(command));
            }
        }

        private void get(List<String> command, Consumer<ExecResult> done) {
            String path = command.size() > 3 ? command.get(3) : "/";
            context.http(
                    command.get(1),
                    Integer.parseInt(command.get(2)),
                    HttpMessage.Request.get(path),
                    Duration.ofSeconds(5),
                    result -> done.accept(
                            switch (result) {
                                case HttpResult.Answered(HttpMessage.Response response) ->
                                    ExecResult.ok(response.text());
                                case HttpResult.Failed(var failure) -> ExecResult.failed(1, failure.name());
                            }));
        }
    }

    /** Does nothing for ever and ignores what it is told. */
    private record Stubborn(ProgramContext context) implements Program {
        @Override
        public void start() {}

        @Override
        public void signal(String signal) {}
    }

    /** Ends with status 0 after 200 ms. */
    private record Finishing(ProgramContext context) implements Program {
        @Override
        public void start() {
            context.stdout("done");
            context.scope().schedule(Duration.ofMillis(200), () -> context.exit(0));
        }

        @Override
        public void signal(String signal) {
            context.exit(0);
        }
    }

    /** Ends with status 1 after 200 ms. */
    private record Failing(ProgramContext context) implements Program {
        @Override
        public void start() {
            context.stderr("cannot start");
            context.scope().schedule(Duration.ofMillis(200), () -> context.exit(1));
        }

        @Override
        public void signal(String signal) {
            context.exit(1);
        }
    }
}
