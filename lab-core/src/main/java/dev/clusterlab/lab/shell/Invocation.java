package dev.clusterlab.lab.shell;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock;
import java.util.List;
import java.util.Optional;

/** One call of a command: its name, its arguments, its streams. */
record Invocation(ShellState state, Interpreter interpreter, String name, List<String> arguments, Streams streams) {
    Invocation {
        arguments = List.copyOf(arguments);
    }

    Engine engine() {
        return state.context().engine();
    }

    EngineClock clock() {
        return engine().clock();
    }

    void out(String text) {
        streams.out().accept(text);
    }

    void line(String text) {
        streams.out().accept(text + "\n");
    }

    void error(String text) {
        streams.err().accept(text + "\n");
    }

    /** An exported variable. */
    Optional<String> environment(String variable) {
        return state.exported(variable);
    }

    ShellFailure failure(String message) {
        return new ShellFailure(1, name + ": " + message);
    }

    ShellFailure failure(int status, String message) {
        return new ShellFailure(status, name + ": " + message);
    }

    /** The same call with other arguments. */
    Invocation with(List<String> others) {
        return new Invocation(state, interpreter, name, others, streams);
    }

    /** The texts of the files named, or standard input if none is. */
    String read(List<String> files) {
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
