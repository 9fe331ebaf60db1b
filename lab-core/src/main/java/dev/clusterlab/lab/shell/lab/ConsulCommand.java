package dev.clusterlab.lab.shell.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.lab.shell.Interruptible;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.lab.shell.ShellState;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.client.LabHttp;
import dev.clusterlab.shell.consul.ConsulAnswer;
import dev.clusterlab.shell.consul.ConsulInvocation;
import dev.clusterlab.shell.consul.ConsulOutput;
import dev.clusterlab.shell.consul.ConsulQuestion;
import dev.clusterlab.shell.consul.ConsulRequest;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code consul}: carries its questions to the HTTP API of one agent and waits for the answers. */
public final class ConsulCommand implements ShellCommand {
    private static final int PORT = 8500;

    /** Of engine time. Consul itself gives up a search for a leader after 7 s. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Override
    public String summary() {
        return "the Consul command line: members, catalog, kv, info, operator raft list-peers";
    }

    @Override
    public int run(Invocation call) throws InterruptedException {
        var invocation = new ConsulInvocation(call.arguments(), new Place(call));
        ConsulInvocation.Step step = invocation.begin();
        @Nullable URI agent = null;
        while (true) {
            switch (step) {
                case ConsulInvocation.Step.End(ConsulOutput(int status, String out, String err)) -> {
                    call.out(out);
                    call.streams().err().accept(err);
                    return status;
                }
                case ConsulInvocation.Step.Ask(ConsulQuestion question, ConsulRequest request) -> {
                    agent = agent == null ? agent(call, invocation) : agent;
                    step = invocation.next(ask(call, agent, request));
                }
            }
        }
    }

    /** The agent of -http-addr or CONSUL_HTTP_ADDR; else the one on the machine that docker talks to, or the first. */
    private static URI agent(Invocation call, ConsulInvocation invocation) {
        String given = invocation.address();
        if (given == null) {
            given = call.environment("CONSUL_HTTP_ADDR").orElse("");
        }
        if (!given.isEmpty()) {
            try {
                return WrittenAddress.parse(given.contains("://") ? given : "http://" + given, PORT);
            } catch (IllegalArgumentException e) {
                throw call.failure("'" + given + "' is not an address, write HOST:PORT");
            }
        }
        Optional<String> home = call.state().home();
        List<Machine> machines = new ArrayList<>();
        if (home.isEmpty()) {
            call.state().activeMachine().ifPresent(machines::add);
            machines.addAll(call.engine().machines());
        } else {
            // On a machine it is the agent there, as for the real consul.
            call.engine().machine(home.get()).ifPresent(machines::add);
        }
        for (int port : new int[] {PORT, PORT + 1}) {
            for (Machine machine : machines) {
                String at = machine.ports().get(port);
                if (machine.state() == Machine.State.RUNNING && at != null) {
                    return URI.create("http://" + at);
                }
            }
        }
        throw new ShellFailure(
                1,
                "Error: " + home.map(machine -> machine + " does not publish").orElse("no machine publishes")
                        + " Consul's port " + PORT + ". Say which agent: consul COMMAND -http-addr=ADDRESS:PORT");
    }

    private static ConsulAnswer ask(Invocation call, URI agent, ConsulRequest request) throws InterruptedException {
        var sent = new LabHttp.Request(
                request.method(),
                URI.create("http://" + agent.getRawAuthority() + request.target()),
                Map.of(),
                Base64.getDecoder().decode(request.body()),
                TIMEOUT);
        LabHttp.Result result = Interruptible.call(() -> call.state().http().send(sent));
        return switch (result) {
            case LabHttp.Result.Answer answer ->
                new ConsulAnswer.Reply(answer.status(), answer.text(), tree(answer.text()));
            case LabHttp.Result.NoAnswer none -> new ConsulAnswer.NoAnswer(none.failure(), agent.getRawAuthority());
        };
    }

    private static @Nullable Object tree(String text) {
        try {
            return Json.MAPPER.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private record Place(Invocation call) implements ConsulInvocation.Place {
        @Override
        public String stdin() {
            return call.streams().in().rest();
        }

        @Override
        public @Nullable String file(String name) {
            return call.state().read(name).orElse(null);
        }

        @Override
        public String hint(String given, List<String> known) {
            return Suggestions.nearest(given, known)
                    .map(near -> "Did you mean 'consul " + near + "'?")
                    .orElse("");
        }
    }

    @Override
    public List<String> complete(ShellState state, List<String> words) {
        return ConsulInvocation.complete(words.subList(0, words.size() - 1));
    }
}
