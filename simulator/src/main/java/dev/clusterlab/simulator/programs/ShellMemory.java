package dev.clusterlab.simulator.programs;

import dev.clusterlab.shell.language.Syntax;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one shell in a container remembers: variables, functions, arguments and options. A subshell gets a copy. */
final class ShellMemory {
    private final Map<String, String> variables;
    private final Set<String> exported;
    private final Map<String, Syntax.Command> functions;
    /** For each function that runs, what its local variables were outside. */
    private final Deque<Map<String, Optional<String>>> outside = new ArrayDeque<>();

    /** {@code $0}. */
    String name;
    /** {@code $1}, {@code $2}, … */
    List<String> positional;

    boolean exitOnError;
    boolean failOnUnset;
    boolean trace;
    /** Status of the command that ended last. */
    int status;

    /** @param environment variables that are exported from the beginning */
    ShellMemory(Map<String, String> environment, String name, List<String> positional) {
        this(new TreeMap<>(environment), new TreeSet<>(environment.keySet()), new TreeMap<>(), name, positional);
    }

    private ShellMemory(
            Map<String, String> variables,
            Set<String> exported,
            Map<String, Syntax.Command> functions,
            String name,
            List<String> positional) {
        this.variables = variables;
        this.exported = exported;
        this.functions = functions;
        this.name = name;
        this.positional = positional;
    }

    /** The memory of a subshell: nothing that it changes is seen here. */
    ShellMemory copy() {
        var copy = new ShellMemory(
                new TreeMap<>(variables), new TreeSet<>(exported), new TreeMap<>(functions), name, positional);
        copy.exitOnError = exitOnError;
        copy.failOnUnset = failOnUnset;
        copy.trace = trace;
        copy.status = status;
        // A function may go on in a subshell, which must be able to name local variables of its own.
        outside.forEach(ignored -> copy.outside.add(new TreeMap<>()));
        return copy;
    }

    /** Names the script and what it is given. */
    void begin(String script, List<String> arguments) {
        name = script;
        positional = List.copyOf(arguments);
    }

    /** Turns an option of {@code set} on or off; tells whether it is known. */
    boolean option(char option, boolean on) {
        switch (option) {
            case 'e' -> exitOnError = on;
            case 'u' -> failOnUnset = on;
            case 'x' -> trace = on;
            default -> {
                return false;
            }
        }
        return true;
    }

    Optional<String> variable(String variable) {
        return Optional.ofNullable(variables.get(variable));
    }

    void assign(String variable, String value) {
        variables.put(variable, value);
    }

    void unset(String variable) {
        variables.remove(variable);
        exported.remove(variable);
    }

    void restore(String variable, Optional<String> value) {
        value.ifPresentOrElse(text -> variables.put(variable, text), () -> variables.remove(variable));
    }

    void export(String variable) {
        exported.add(variable);
    }

    void unexport(String variable) {
        exported.remove(variable);
    }

    boolean isExported(String variable) {
        return exported.contains(variable);
    }

    Map<String, String> variables() {
        return new TreeMap<>(variables);
    }

    /** What commands see. */
    Map<String, String> environment() {
        var environment = new TreeMap<String, String>();
        variables.forEach((variable, value) -> {
            if (exported.contains(variable)) {
                environment.put(variable, value);
            }
        });
        return environment;
    }

    Map<String, Syntax.Command> functions() {
        return functions;
    }

    // ---- functions' own variables

    void enterFunction() {
        outside.push(new TreeMap<>());
    }

    void leaveFunction() {
        outside.pop().forEach(this::restore);
    }

    /** Makes a variable the running function's own; tells whether a function runs. */
    boolean local(String variable) {
        Map<String, Optional<String>> saved = outside.peek();
        if (saved == null) {
            return false;
        }
        saved.putIfAbsent(variable, variable(variable));
        return true;
    }
}
