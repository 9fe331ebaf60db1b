package dev.clusterlab.lab.shell.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import dev.clusterlab.lab.shell.ShellFailure;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.exception.JsonQueryUserException;

/**
 * A filter of jq's language. Its time is the cluster's; what would reach past its input (the environment, other inputs,
 * modules) is refused. The library's functions are read when the first filter is made, and not before.
 */
final class JqFilter {
    private static final Version LANGUAGE = Versions.JQ_1_7;
    private static final int COMPILE_ERROR = 3;
    private static final int NUMBERS_MAX = 100_000;

    /** Most calls of functions for one input; a filter without end makes them for ever. */
    private static final int CALLS_MAX = 10_000_000;

    /** Longest filter, and its deepest nesting of brackets. */
    private static final int LENGTH_MAX = 20_000;

    private static final int DEPTH_MAX = 200;

    /** Calls that the filter of this thread has made for its input. */
    private static final ThreadLocal<int[]> CALLS = ThreadLocal.withInitial(() -> new int[1]);

    private static final List<String> REFUSED = List.of(
            "env/0",
            "input/0",
            "inputs/0",
            "input_filename/0",
            "input_line_number/0",
            "debug/0",
            "debug/1",
            "debug_scope/0",
            "stderr/0",
            "halt/0",
            "halt_error/0",
            "halt_error/1",
            "localtime/0",
            "strflocaltime/1");

    /** The filter cannot do it to this input. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        Failure(String text, Throwable cause) {
            super(text, cause);
        }

        /** What follows {@code jq: error (at PLACE)}. */
        String text() {
            return String.valueOf(getMessage());
        }
    }

    /** Apart, so that the library is loaded by the first use of {@code jq} and not at the shell's start. */
    private static final class Functions {
        private static final Scope ALL = load();

        private static Scope load() {
            Scope scope = Scope.newEmptyScope();
            BuiltinFunctionLoader.getInstance().loadFunctions(LANGUAGE, scope);
            for (String name : REFUSED) {
                scope.addFunction(name, (inner, arguments, input, path, output, version) -> {
                    throw new ShellFailure(COMPILE_ERROR, "jq: error: " + name + " is not available in this shell");
                });
            }
            scope.addFunction(JqMatch.NAME, JqMatch.ARGUMENTS, new JqMatch());
            for (int count = 1; count <= 3; count++) {
                scope.addFunction("range", count, limited(scope.getFunction("range", count)));
            }
            new TreeMap<>(scope.getLocalFunctions())
                    .forEach((name, function) -> scope.addFunction(name, counted(function)));
            return scope;
        }

        private static Function counted(Function function) {
            return (scope, arguments, input, path, output, version) -> {
                if (++CALLS.get()[0] > CALLS_MAX) {
                    throw new ShellFailure(1, "jq: the filter makes more than " + CALLS_MAX + " calls");
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new ShellFailure(1, "jq: interrupted");
                }
                function.apply(scope, arguments, input, path, output, version);
            };
        }

        /** A loop that never ends would take the whole lab with it. */
        private static Function limited(Function range) {
            return (scope, arguments, input, path, output, version) -> {
                int[] count = {0};
                range.apply(
                        scope,
                        arguments,
                        input,
                        path,
                        (value, at) -> {
                            if (++count[0] > NUMBERS_MAX) {
                                throw new ShellFailure(1, "jq: range: more than " + NUMBERS_MAX + " numbers");
                            }
                            if (Thread.currentThread().isInterrupted()) {
                                throw new ShellFailure(1, "jq: interrupted");
                            }
                            output.emit(value, at);
                        },
                        version);
            };
        }
    }

    private final String program;
    private final Scope scope = Scope.newChildScope(Functions.ALL);
    private final JsonQuery query;

    /** @throws ShellFailure if the program is none */
    JqFilter(String program, Map<String, JsonNode> variables, Supplier<Instant> clock) {
        this.program = program;
        variables.forEach(scope::setValue);
        scope.addFunction("now", 0, (inner, arguments, input, path, output, version) -> {
            Instant now = clock.get();
            output.emit(DoubleNode.valueOf(now.getEpochSecond() + now.getNano() / 1e9), null);
        });
        refuseHuge(program);
        try {
            this.query = JsonQuery.compile(program, LANGUAGE);
        } catch (StackOverflowError e) {
            throw notCompiled("the filter is nested too deeply");
        } catch (JsonQueryException e) {
            throw notCompiled("syntax error (Unix shell quoting issues?)");
        }
    }

    private static void refuseHuge(String program) {
        int depth = 0;
        for (int i = 0; i < program.length(); i++) {
            depth += "([{".indexOf(program.charAt(i)) >= 0 ? 1 : ")]}".indexOf(program.charAt(i)) >= 0 ? -1 : 0;
            if (depth > DEPTH_MAX) {
                throw new ShellFailure(
                        COMPILE_ERROR, "jq: error: the filter is nested more than " + DEPTH_MAX + " deep");
            }
        }
        if (program.length() > LENGTH_MAX) {
            throw new ShellFailure(COMPILE_ERROR, "jq: error: the filter is longer than " + LENGTH_MAX + " characters");
        }
    }

    private ShellFailure notCompiled(String why) {
        return new ShellFailure(
                COMPILE_ERROR, "jq: error: " + why + " at <top-level>, line 1:\n" + program + "\njq: 1 compile error");
    }

    void apply(JsonNode input, Consumer<JsonNode> output) throws Failure {
        CALLS.get()[0] = 0;
        try {
            query.apply(scope, input, output::accept);
        } catch (JsonQueryUserException e) {
            JsonNode message = e.getMessageAsJsonNode();
            throw new Failure(message.isTextual() ? ": " + message.asText() : " (not a string): " + message, e);
        } catch (JsonQueryException e) {
            String message = String.valueOf(e.getOriginalMessage());
            if (message.startsWith("Function ") && message.endsWith(" does not exist")) {
                throw notCompiled(message.split(" ", -1)[1] + " is not defined");
            }
            if (message.startsWith("$") && message.endsWith(" is not defined")) {
                throw notCompiled(message);
            }
            throw new Failure(": " + message, e);
        } catch (StackOverflowError e) {
            throw new Failure(": the filter calls itself too often", e);
        }
    }
}
