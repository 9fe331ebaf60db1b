package dev.clusterlab.lab.shell;

import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.lab.shell.Streams.Buffer;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.shell.language.Glob;
import dev.clusterlab.shell.language.Quoting;
import dev.clusterlab.shell.language.ShellInput;
import dev.clusterlab.shell.language.ShellParser;
import dev.clusterlab.shell.language.ShellSyntaxException;
import dev.clusterlab.shell.language.Syntax;
import dev.clusterlab.shell.language.Syntax.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks the tree of a script and runs it. One thread at a time. */
public final class Interpreter {
    /** Rounds after which a loop is ended: a forgotten condition must not hang a lab. */
    static final int ROUNDS_MAX = 10_000;

    /** Commands after which a script is ended: loops in loops have more rounds than anybody waits for. */
    static final int COMMANDS_MAX = 1_000_000;

    private static final int DEPTH_MAX = 100;
    private static final System.Logger LOG = System.getLogger(Interpreter.class.getName());

    private final ShellState state;
    private final Expander expander;
    /** Above 0 while a failure is looked at by somebody ({@code if}, {@code &&}, {@code !}), so that it ends nothing. */
    private int watched;

    private int loops;
    private int commands;
    private int depth;

    Interpreter(ShellState state) {
        this.state = state;
        this.expander = new Expander(state, this);
    }

    int run(Command command, Streams streams) throws InterruptedException {
        int status = switch (command) {
            case Syntax.Simple simple -> simple(simple, streams);
            case Syntax.Pipeline pipeline -> pipeline(pipeline, streams);
            case Syntax.AndOr andOr -> andOr(andOr, streams);
            case Syntax.Sequence sequence -> sequence(sequence, streams);
            case Syntax.For loop -> forLoop(loop, streams);
            case Syntax.If choice -> choose(choice, streams);
            case Syntax.Loop loop -> loop(loop, streams);
            case Syntax.Case choice -> choose(choice, streams);
            case Syntax.Function function -> define(function);
            case Syntax.Subshell subshell -> checked(apart(() -> run(subshell.body(), streams)));
            case Syntax.Redirected redirected -> redirected(redirected, streams);
        };
        state.status = status;
        return status;
    }

    /** Ends the script if a failure that nobody looked at does so. */
    private int checked(int status) {
        if (status != 0 && state.exitOnError && watched == 0) {
            state.status = status;
            throw new ShellControl.Exit(status, false);
        }
        return status;
    }

    private int sequence(Syntax.Sequence sequence, Streams streams) throws InterruptedException {
        int status = 0;
        for (Syntax.Item item : sequence.items()) {
            status = run(item.command(), streams);
        }
        return status;
    }

    private int andOr(Syntax.AndOr andOr, Streams streams) throws InterruptedException {
        int left = watched(andOr.left(), streams);
        if ((left == 0) != andOr.and()) {
            return left;
        }
        return run(andOr.right(), streams);
    }

    private int watched(Command command, Streams streams) throws InterruptedException {
        watched++;
        try {
            return run(command, streams);
        } finally {
            watched--;
        }
    }

    private int pipeline(Syntax.Pipeline pipeline, Streams streams) throws InterruptedException {
        List<Command> stages = pipeline.stages();
        if (stages.size() == 1) {
            int status = watched(stages.getFirst(), streams);
            return pipeline.negated() ? (status == 0 ? 1 : 0) : status;
        }
        ShellInput input = streams.in();
        int status = 0;
        watched++;
        try {
            for (int i = 0; i < stages.size(); i++) {
                Command stage = stages.get(i);
                boolean last = i == stages.size() - 1;
                Buffer pipe = new Buffer();
                Streams own = streams.withIn(input).withOut(last ? streams.out() : pipe);
                status = apart(() -> run(stage, own));
                input = new ShellInput(pipe.toString());
            }
        } finally {
            watched--;
        }
        if (pipeline.negated()) {
            return status == 0 ? 1 : 0;
        }
        return checked(status);
    }

    private interface Part {
        int run() throws InterruptedException;
    }

    /** Runs something whose assignments and {@code exit} stay inside. */
    private int apart(Part part) throws InterruptedException {
        ShellState.Saved saved = state.save();
        try {
            return part.run();
        } catch (ShellControl.Exit exit) {
            return exit.status;
        } finally {
            state.restore(saved);
        }
    }

    private int forLoop(Syntax.For loop, Streams streams) throws InterruptedException {
        int status = 0;
        List<String> values = new ArrayList<>();
        for (Syntax.Word word : loop.words()) {
            values.addAll(expander.fields(word, streams));
        }
        loops++;
        try {
            for (String value : values) {
                state.assign(loop.variable(), value);
                try {
                    status = run(loop.body(), streams);
                } catch (ShellControl.Jump jump) {
                    status = 0;
                    if (!goesOn(jump)) {
                        break;
                    }
                }
            }
        } finally {
            loops--;
        }
        return status;
    }

    private int loop(Syntax.Loop loop, Streams streams) throws InterruptedException {
        int status = 0;
        loops++;
        try {
            for (int round = 0; ; round++) {
                if (round == ROUNDS_MAX) {
                    throw new ShellFailure(
                            1,
                            "line " + loop.at().line() + ": the loop has gone round " + ROUNDS_MAX
                                    + " times and is ended here");
                }
                try {
                    if ((watched(loop.condition(), streams) == 0) == loop.until()) {
                        break;
                    }
                    status = run(loop.body(), streams);
                } catch (ShellControl.Jump jump) {
                    status = 0;
                    if (!goesOn(jump)) {
                        break;
                    }
                }
            }
        } finally {
            loops--;
        }
        return status;
    }

    /** Whether this loop takes its next round; a jump out of several loops is passed on. */
    private static boolean goesOn(ShellControl.Jump jump) {
        if (jump.levels > 1) {
            throw new ShellControl.Jump(jump.again, jump.levels - 1);
        }
        return jump.again;
    }

    boolean inLoop() {
        return loops > 0;
    }

    private int choose(Syntax.If choice, Streams streams) throws InterruptedException {
        for (Syntax.Branch branch : choice.branches()) {
            if (watched(branch.condition(), streams) == 0) {
                return run(branch.body(), streams);
            }
        }
        return choice.otherwise().isPresent() ? run(choice.otherwise().get(), streams) : 0;
    }

    private int choose(Syntax.Case choice, Streams streams) throws InterruptedException {
        String subject = expander.text(choice.subject(), streams);
        for (Syntax.CaseItem item : choice.items()) {
            for (Syntax.Word pattern : item.patterns()) {
                if (Glob.matches(expander.pattern(pattern, streams), subject)) {
                    return run(item.body(), streams);
                }
            }
        }
        return 0;
    }

    private int define(Syntax.Function function) {
        state.functions().put(function.name(), function.body());
        return 0;
    }

    // ---- simple commands

    private int simple(Syntax.Simple command, Streams streams) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        state.substitutionStatus = 0;
        try {
            if (++commands > COMMANDS_MAX) {
                throw ShellFailure.endingScript(
                        1, "the script has run " + COMMANDS_MAX + " commands and is ended here");
            }
            List<String> words = new ArrayList<>();
            for (Syntax.Word word : command.words()) {
                words.addAll(expander.fields(word, streams));
            }
            try (Redirection redirection = redirect(command.redirects(), streams)) {
                if (words.isEmpty()) {
                    for (Syntax.Assignment assignment : command.assignments()) {
                        assign(assignment, redirection.streams);
                    }
                    return checked(state.substitutionStatus);
                }
                Map<String, @Nullable String> shadowed = new TreeMap<>();
                List<String> newlyExported = new ArrayList<>();
                for (Syntax.Assignment assignment : command.assignments()) {
                    shadowed.put(
                            assignment.name(), state.variable(assignment.name()).orElse(null));
                    assign(assignment, redirection.streams);
                    if (!state.isExported(assignment.name())) {
                        newlyExported.add(assignment.name());
                        state.export(assignment.name());
                    }
                }
                try {
                    if (state.trace) {
                        streams.err()
                                .accept("+ "
                                        + String.join(
                                                " ",
                                                words.stream()
                                                        .map(Quoting::quote)
                                                        .toList()) + "\n");
                    }
                    int status = call(words, redirection.streams);
                    state.between.run();
                    return checked(status);
                } finally {
                    shadowed.forEach((name, value) -> {
                        if (value == null) {
                            state.unset(name);
                        } else {
                            state.assign(name, value);
                        }
                    });
                    newlyExported.forEach(state::unexport);
                }
            }
        } catch (ShellFailure failure) {
            streams.err().accept(failure.text() + "\n");
            if (failure.endsScript()) {
                throw new ShellControl.Exit(failure.status(), false);
            }
            return checked(failure.status());
        }
    }

    private void assign(Syntax.Assignment assignment, Streams streams) throws InterruptedException {
        String value = expander.text(assignment.value(), streams);
        String before = assignment.append() ? state.variable(assignment.name()).orElse("") : "";
        state.assign(assignment.name(), before + value);
    }

    /** Runs a command that is given as words; reports what goes wrong on standard error. */
    public int call(List<String> words, Streams streams) throws InterruptedException {
        String name = words.getFirst();
        List<String> arguments = words.subList(1, words.size());
        Syntax.Command function = state.functions().get(name);
        if (function != null) {
            return callFunction(function, arguments, streams);
        }
        ShellCommand command = state.commands().get(name);
        if (command == null) {
            Optional<String> script = name.contains("/") ? state.read(name) : Optional.empty();
            if (script.isPresent()) {
                return script(script.get(), name, arguments, streams);
            }
            streams.err()
                    .accept(Suggestions.unknownCommand(name, state.commands().keySet()) + "\n");
            return 127;
        }
        try {
            return command.run(new Invocation(state, this, name, arguments, streams));
        } catch (ShellFailure failure) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (failure.endsScript()) {
                throw failure;
            }
            streams.err().accept(failure.text() + "\n");
            return failure.status();
        } catch (LabException e) {
            streams.err().accept(name + ": " + e.getMessage() + (e.advice().isEmpty() ? "" : "\n" + e.advice()) + "\n");
            return e.kind() == LabException.Kind.CANCELLED ? 130 : 1;
        } catch (ShellControl | ShellSyntaxException e) {
            throw e;
        } catch (RuntimeException e) {
            return unexpected(name, e, streams);
        } catch (StackOverflowError | OutOfMemoryError e) {
            return unexpected(name, e, streams);
        }
    }

    private static int unexpected(String name, Throwable failure, Streams streams) {
        LOG.log(System.Logger.Level.WARNING, "The command " + name + " failed unexpectedly", failure);
        streams.err().accept(name + ": this command failed by a mistake of its own; the log has the details\n");
        return 1;
    }

    private int callFunction(Syntax.Command body, List<String> arguments, Streams streams) throws InterruptedException {
        deeper();
        List<String> before = state.positional();
        state.positional(arguments);
        try {
            return run(body, streams);
        } catch (ShellControl.Return end) {
            return end.status;
        } finally {
            depth--;
            state.positional(before);
        }
    }

    private void deeper() {
        if (depth == DEPTH_MAX) {
            throw new ShellFailure(1, "functions and scripts call each other more than " + DEPTH_MAX + " deep");
        }
        depth++;
    }

    /** Runs a text as part of this shell ({@code eval}, {@code source}). */
    public int evaluate(String text, Streams streams) throws InterruptedException {
        Syntax.Sequence script;
        try {
            script = ShellParser.parse(text);
        } catch (ShellSyntaxException e) {
            throw new ShellFailure(2, "syntax error: " + e.getMessage());
        }
        deeper();
        try {
            return run(script, streams);
        } finally {
            depth--;
        }
    }

    /** Runs a script file apart from this shell ({@code sh FILE}). */
    int script(String text, String name, List<String> arguments, Streams streams) throws InterruptedException {
        return apart(() -> {
            state.positional(arguments);
            try {
                return evaluate(text, streams);
            } catch (ShellFailure failure) {
                streams.err().accept(name + ": " + failure.text() + "\n");
                return failure.status();
            } catch (ShellControl.Return end) {
                return end.status;
            }
        });
    }

    /** What a substitution prints, without the new lines at its end. */
    String substitute(Command command, Streams streams) throws InterruptedException {
        Optional<Syntax.Word> file = Syntax.fileOf(command);
        if (file.isPresent()) {
            String name = expander.text(file.get(), streams);
            return withoutEndingLines(
                    state.read(name).orElseThrow(() -> new ShellFailure(1, name + ": No such file or directory")));
        }
        Buffer output = new Buffer();
        int status = apart(() -> {
            int before = watched;
            watched = Math.max(watched, 1);
            try {
                return run(command, streams.withOut(output));
            } finally {
                watched = before;
            }
        });
        state.substitutionStatus = status;
        state.status = status;
        return withoutEndingLines(output.toString());
    }

    private static String withoutEndingLines(String text) {
        int stop = text.length();
        while (stop > 0 && text.charAt(stop - 1) == '\n') {
            stop--;
        }
        return text.substring(0, stop);
    }

    // ---- redirections

    private int redirected(Syntax.Redirected command, Streams streams) throws InterruptedException {
        try (Redirection redirection = redirect(command.redirects(), streams)) {
            return run(command.body(), redirection.streams);
        } catch (ShellFailure failure) {
            streams.err().accept(failure.text() + "\n");
            if (failure.endsScript()) {
                throw new ShellControl.Exit(failure.status(), false);
            }
            return checked(failure.status());
        }
    }

    /** Streams in force for one command; closing writes the files. */
    private static final class Redirection implements AutoCloseable {
        private final ShellState state;
        private final Map<String, Buffer> files = new TreeMap<>();
        private Streams streams;

        Redirection(ShellState state, Streams streams) {
            this.state = state;
            this.streams = streams;
        }

        @Override
        public void close() {
            files.forEach((name, buffer) -> state.write(name, buffer.toString()));
        }
    }

    private Redirection redirect(List<Syntax.Redirect> redirects, Streams streams) throws InterruptedException {
        Redirection result = new Redirection(state, streams);
        for (Syntax.Redirect redirect : redirects) {
            Streams current = result.streams;
            switch (redirect.kind()) {
                case HERE -> {
                    Syntax.HereDocument document = redirect.document();
                    String text = document == null ? "" : expander.text(document.body(), streams);
                    result.streams = current.withIn(new ShellInput(text));
                }
                case READ -> {
                    String name = expander.text(redirect.target(), streams);
                    String text = state.read(name)
                            .orElseThrow(() -> new ShellFailure(1, name + ": No such file or directory"));
                    result.streams = current.withIn(new ShellInput(text));
                }
                case DUPLICATE -> {
                    String target = expander.text(redirect.target(), streams);
                    if (target.equals("1") && redirect.descriptor() == 2) {
                        result.streams = current.withErr(current.out());
                    } else if (target.equals("2") && redirect.descriptor() == 1) {
                        result.streams = current.withOut(current.err());
                    } else if (target.equals("-")) {
                        result.streams = toSink(current, redirect.descriptor(), text -> {});
                    } else if (!target.equals(String.valueOf(redirect.descriptor()))) {
                        throw new ShellFailure(
                                1,
                                "line " + redirect.at().line() + ", column "
                                        + redirect.at().column() + ": " + redirect.descriptor() + ">&" + target
                                        + " is not supported, only 2>&1 and 1>&2");
                    }
                }
                case WRITE, APPEND -> {
                    String name = expander.text(redirect.target(), streams);
                    Consumer<String> sink;
                    if (name.equals("/dev/null")) {
                        sink = text -> {};
                    } else if (name.equals("/dev/stderr")) {
                        sink = current.err();
                    } else if (name.equals("/dev/stdout")) {
                        sink = current.out();
                    } else {
                        Buffer buffer = new Buffer();
                        if (redirect.kind() == Syntax.RedirectKind.APPEND) {
                            state.read(name).ifPresent(buffer);
                        }
                        result.files.put(name, buffer);
                        sink = buffer;
                    }
                    result.streams = toSink(current, redirect.descriptor(), sink);
                }
            }
        }
        return result;
    }

    private static Streams toSink(Streams streams, int descriptor, Consumer<String> sink) {
        return switch (descriptor) {
            case -1 -> streams.withOut(sink).withErr(sink);
            case 1 -> streams.withOut(sink);
            case 2 -> streams.withErr(sink);
            default -> streams.withIn(ShellInput.empty());
        };
    }
}
