package dev.clusterlab.lab.shell;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One call of a command: its name, its arguments, its streams. */
public record Invocation(
        ShellState state, Interpreter interpreter, String name, List<String> arguments, Streams streams) {
    /** A long sleep lets others look now and then. */
    private static final Duration SLEEP_PIECE = Duration.ofSeconds(1);

    public Invocation {
        arguments = List.copyOf(arguments);
    }

    public Engine engine() {
        return state.context().engine();
    }

    public EngineClock clock() {
        return engine().clock();
    }

    /** The cluster's time. */
    public Instant now() {
        return clock().now();
    }

    public void out(String text) {
        streams.out().accept(text);
    }

    public void line(String text) {
        streams.out().accept(text + "\n");
    }

    public void error(String text) {
        streams.err().accept(text + "\n");
    }

    /** An exported variable. */
    public Optional<String> environment(String variable) {
        return state.exported(variable);
    }

    public ShellFailure failure(String message) {
        return new ShellFailure(1, name + ": " + message);
    }

    public ShellFailure failure(int status, String message) {
        return new ShellFailure(status, name + ": " + message);
    }

    /** Lets engine time pass, and who looks between commands look now and then. */
    public void sleep(Duration total) throws InterruptedException {
        for (Duration rest = total; rest.isPositive(); rest = rest.minus(SLEEP_PIECE)) {
            clock().sleep(rest.compareTo(SLEEP_PIECE) < 0 ? rest : SLEEP_PIECE);
            state().between.run();
        }
    }

    /** The same call with other arguments. */
    public Invocation with(List<String> others) {
        return new Invocation(state, interpreter, name, others, streams);
    }

    /** The texts of the files named, or standard input if none is. */
    public String read(List<String> files) {
        if (files.isEmpty()) {
            return streams.in().rest();
        }
        StringBuilder text = new StringBuilder();
        for (String file : files) {
            text.append(
                    file.equals("-")
                            ? streams.in().rest()
                            : state.read(file).orElseThrow(() -> failure(file + ": No such file or directory")));
        }
        return text.toString();
    }
}
