package dev.clusterlab.simulator.programs;

import dev.clusterlab.shell.language.ExpansionException;
import dev.clusterlab.shell.language.Glob;
import dev.clusterlab.shell.language.Quoting;
import dev.clusterlab.shell.language.ShellInput;
import dev.clusterlab.shell.language.ShellParser;
import dev.clusterlab.shell.language.ShellSyntaxException;
import dev.clusterlab.shell.language.Syntax;
import dev.clusterlab.shell.language.Syntax.Command;
import dev.clusterlab.shell.language.WordExpansion;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * Runs scripts in a container. The language is the same as that of the lab's shell; the way to run it is not, since this
 * one may never block: whatever may take time is given a continuation, and each has exactly one outcome, at once or at a
 * later virtual time, or none if the container ends before.
 *
 * <p>No script can hold the simulation up. After a number of steps the rest goes on a moment of virtual time later, which
 * also bounds the stack; so does each turn of a loop. The stages of a pipe run one after the other: each reads what the one
 * before has written by its end.
 */
final class ContainerShell {
    /** What one turn of a loop takes at least, and a number of steps without one. */
    private static final Duration STEP = Duration.ofMillis(1);

    private static final int STEPS_AT_ONCE = 50;
    /** How deep commands may stand in each other while they run; functions that call themselves count as well. */
    private static final int DEPTH_MAX = 500;
    /** Most characters in a pipe or a substitution. */
    private static final int PIPE_MAX = 1_000_000;

    private final ProgramContext context;
    private final ContainerFiles files;
    private final ShellMemory memory;
    private final ContainerBuiltins builtins;
    private final int level;
    private int steps;

    /** @param level how many shells have started each other up to this one */
    ContainerShell(ProgramContext context, ShellMemory memory, int level) {
        this.context = context;
        this.files = new ContainerFiles(context);
        this.memory = memory;
        this.level = level;
        this.builtins = new ContainerBuiltins(this, memory, files);
    }

    /** What became of a command, and with it of what stands around. */
    sealed interface Outcome {
        int status();

        /** Went its way. */
        record Ended(int status) implements Outcome {}

        /** {@code exit}, or a failure that ends the script. */
        record Exit(int status) implements Outcome {}

        /** {@code return}. */
        record Return(int status) implements Outcome {}

        /** {@code break} and {@code continue}. */
        record Jump(boolean again, int levels) implements Outcome {
            @Override
            public int status() {
                return 0;
            }
        }
    }

    /** What a command reads and writes. */
    record Streams(ShellInput in, ShellSink out, ShellSink err) {
        Streams withIn(ShellInput input) {
            return new Streams(input, out, err);
        }

        Streams withOut(ShellSink sink) {
            return new Streams(in, sink, err);
        }

        Streams withErr(ShellSink sink) {
            return new Streams(in, out, sink);
        }
    }

    /**
     * What holds for a command because of where it stands.
     *
     * @param watched somebody looks at its status ({@code if}, {@code &&}, {@code !}): a failure ends nothing
     */
    record Place(Streams streams, boolean watched, int depth, int loops) {
        Place with(Streams others) {
            return new Place(others, watched, depth, loops);
        }

        Place inCondition() {
            return new Place(streams, true, depth, loops);
        }

        Place inLoop() {
            return new Place(streams, watched, depth, loops + 1);
        }

        Place outsideLoops() {
            return new Place(streams, watched, depth, 0);
        }
    }

    /** Runs a whole script; {@code done} gets its status. */
    void run(String script, Streams streams, IntConsumer done) {
        evaluate(script, new Place(streams, false, 0, 0), outcome -> done.accept(outcome.status()));
    }

    /** Runs a text as part of this shell. */
    void evaluate(String script, Place place, Consumer<Outcome> done) {
        Syntax.Sequence sequence;
        try {
            sequence = ShellParser.parse(script);
        } catch (ShellSyntaxException e) {
            say(place, "syntax error: " + e.getMessage());
            done.accept(new Outcome.Exit(2));
            return;
        }
        run(sequence, place, done);
    }

    void say(Place place, String text) {
        place.streams().err().write("sh: " + text + "\n");
    }

    /** Goes on now, or a moment later where it has gone on at once too often. */
    private void next(Runnable action) {
        steps++;
        if (steps % STEPS_AT_ONCE == 0) {
            context.scope().schedule(STEP, action);
        } else {
            action.run();
        }
    }

    void run(Command command, Place around, Consumer<Outcome> done) {
        if (around.depth() == DEPTH_MAX) {
            say(around, "commands and functions stand in each other more than " + DEPTH_MAX + " deep");
            done.accept(new Outcome.Exit(2));
            return;
        }
        if (around.streams().out().full()) {
            // Nobody can take what it would write, as at a pipe that is closed.
            done.accept(new Outcome.Exit(141));
            return;
        }
        Place place = new Place(around.streams(), around.watched(), around.depth() + 1, around.loops());
        next(() -> dispatch(command, place, outcome -> {
            memory.status = outcome.status();
            done.accept(outcome);
        }));
    }

    private void dispatch(Command command, Place place, Consumer<Outcome> done) {
        switch (command) {
            case Syntax.Simple simple -> simple(simple, place, done);
            case Syntax.Pipeline pipeline -> pipeline(pipeline, place, done);
            case Syntax.AndOr andOr -> andOr(andOr, place, done);
            case Syntax.Sequence sequence -> sequence(sequence, 0, 0, place, done);
            case Syntax.For loop -> forLoop(loop, place, done);
            case Syntax.If choice -> choose(choice, 0, place, done);
            case Syntax.Loop loop -> turn(loop, 0, place.inLoop(), done);
            case Syntax.Case choice -> choose(choice, place, done);
            case Syntax.Function function -> {
                memory.functions().put(function.name(), function.body());
                done.accept(new Outcome.Ended(0));
            }
            case Syntax.Subshell subshell ->
                apart(memory.copy(), subshell.body(), place, status -> done.accept(checked(status, place)));
            case Syntax.Redirected redirected ->
                redirect(redirected.redirects(), place, done, (inner, then) -> run(redirected.body(), inner, then));
        }
    }

    /** A failure that nobody looks at may end the script. */
    private Outcome checked(int status, Place place) {
        return status != 0 && memory.exitOnError && !place.watched()
                ? new Outcome.Exit(status)
                : new Outcome.Ended(status);
    }

    /** Runs something in a shell of its own, whose assignments and {@code exit} stay there. */
    private void apart(ShellMemory own, Command body, Place place, IntConsumer done) {
        if (level == ContainerCommands.LEVELS_MAX) {
            say(place, "shells start each other more than " + ContainerCommands.LEVELS_MAX + " deep");
            done.accept(2);
            return;
        }
        var shell = new ContainerShell(context, own, level + 1);
        shell.steps = steps;
        shell.run(body, place.outsideLoops(), outcome -> {
            steps = shell.steps;
            done.accept(outcome.status());
        });
    }

    // ---- lists, conditions, loops

    private void sequence(Syntax.Sequence sequence, int at, int status, Place place, Consumer<Outcome> done) {
        if (at == sequence.items().size()) {
            done.accept(new Outcome.Ended(status));
            return;
        }
        run(sequence.items().get(at).command(), place, outcome -> {
            if (outcome instanceof Outcome.Ended ended) {
                sequence(sequence, at + 1, ended.status(), place, done);
            } else {
                done.accept(outcome);
            }
        });
    }

    /** A chain is read from its left end, so that its length costs no depth. */
    private void andOr(Syntax.AndOr last, Place place, Consumer<Outcome> done) {
        Deque<Syntax.AndOr> links = new ArrayDeque<>();
        Command first = last;
        while (first instanceof Syntax.AndOr link) {
            links.push(link);
            first = link.left();
        }
        run(first, place.inCondition(), outcome -> chain(links, outcome, place, done));
    }

    private void chain(Deque<Syntax.AndOr> links, Outcome outcome, Place place, Consumer<Outcome> done) {
        if (!(outcome instanceof Outcome.Ended ended)) {
            done.accept(outcome);
            return;
        }
        while (!links.isEmpty()) {
            Syntax.AndOr link = links.pop();
            if ((ended.status() == 0) == link.and()) {
                run(
                        link.right(),
                        links.isEmpty() ? place : place.inCondition(),
                        next -> chain(links, next, place, done));
                return;
            }
        }
        done.accept(outcome);
    }

    private void choose(Syntax.If choice, int at, Place place, Consumer<Outcome> done) {
        if (at == choice.branches().size()) {
            choice.otherwise().ifPresentOrElse(body -> run(body, place, done), () -> done.accept(new Outcome.Ended(0)));
            return;
        }
        Syntax.Branch branch = choice.branches().get(at);
        run(branch.condition(), place.inCondition(), outcome -> {
            if (!(outcome instanceof Outcome.Ended ended)) {
                done.accept(outcome);
            } else if (ended.status() == 0) {
                run(branch.body(), place, done);
            } else {
                choose(choice, at + 1, place, done);
            }
        });
    }

    private void choose(Syntax.Case choice, Place place, Consumer<Outcome> done) {
        expand(
                place,
                done,
                (expansion, draft) -> {
                    String subject = expansion.text(choice.subject());
                    for (Syntax.CaseItem item : choice.items()) {
                        for (Syntax.Word pattern : item.patterns()) {
                            if (Glob.matches(expansion.pattern(pattern), subject)) {
                                return Optional.of(item.body());
                            }
                        }
                    }
                    return Optional.<Command>empty();
                },
                (body, status) -> body.ifPresentOrElse(
                        found -> run(found, place, done), () -> done.accept(new Outcome.Ended(0))));
    }

    private void forLoop(Syntax.For loop, Place place, Consumer<Outcome> done) {
        expand(
                place,
                done,
                (expansion, draft) -> fields(loop.words(), expansion),
                (values, status) -> turn(loop, values, 0, 0, place.inLoop(), done));
    }

    private void turn(Syntax.For loop, List<String> values, int at, int status, Place place, Consumer<Outcome> done) {
        if (at == values.size()) {
            done.accept(new Outcome.Ended(status));
            return;
        }
        memory.assign(loop.variable(), values.get(at));
        run(
                loop.body(),
                place,
                outcome -> afterTurn(
                        outcome,
                        next -> context.scope().schedule(STEP, () -> turn(loop, values, at + 1, next, place, done)),
                        done));
    }

    private void turn(Syntax.Loop loop, int status, Place place, Consumer<Outcome> done) {
        run(loop.condition(), place.inCondition(), condition -> {
            if (!(condition instanceof Outcome.Ended ended)) {
                afterTurn(condition, next -> later(loop, next, place, done), done);
            } else if ((ended.status() == 0) == loop.until()) {
                done.accept(new Outcome.Ended(status));
            } else {
                run(loop.body(), place, outcome -> afterTurn(outcome, next -> later(loop, next, place, done), done));
            }
        });
    }

    private void later(Syntax.Loop loop, int status, Place place, Consumer<Outcome> done) {
        context.scope().schedule(STEP, () -> turn(loop, status, place, done));
    }

    /** Goes round again, or leaves the loop; a jump out of several loops is passed on. */
    private static void afterTurn(Outcome outcome, IntConsumer again, Consumer<Outcome> done) {
        switch (outcome) {
            case Outcome.Ended ended -> again.accept(ended.status());
            case Outcome.Jump jump -> {
                if (jump.levels() > 1) {
                    done.accept(new Outcome.Jump(jump.again(), jump.levels() - 1));
                } else if (jump.again()) {
                    again.accept(0);
                } else {
                    done.accept(new Outcome.Ended(0));
                }
            }
            case Outcome.Exit exit -> done.accept(exit);
            case Outcome.Return end -> done.accept(end);
        }
    }

    // ---- pipes

    private void pipeline(Syntax.Pipeline pipeline, Place place, Consumer<Outcome> done) {
        if (pipeline.stages().size() == 1) {
            run(pipeline.stages().getFirst(), place.inCondition(), outcome -> {
                boolean turned = pipeline.negated() && outcome instanceof Outcome.Ended;
                done.accept(turned ? new Outcome.Ended(outcome.status() == 0 ? 1 : 0) : outcome);
            });
            return;
        }
        stage(pipeline, 0, place.streams().in(), place, done);
    }

    private void stage(Syntax.Pipeline pipeline, int at, ShellInput input, Place place, Consumer<Outcome> done) {
        boolean last = at == pipeline.stages().size() - 1;
        var pipe = new ShellSink.Buffer(PIPE_MAX);
        Streams own = place.streams().withIn(input);
        Place inside = place.inCondition().with(last ? own : own.withOut(pipe));
        apart(memory.copy(), pipeline.stages().get(at), inside, status -> {
            if (!last) {
                if (pipe.full()) {
                    say(place, "more than " + PIPE_MAX + " characters in a pipe: the rest is lost");
                }
                stage(pipeline, at + 1, new ShellInput(pipe.toString()), place, done);
            } else if (pipeline.negated()) {
                done.accept(new Outcome.Ended(status == 0 ? 1 : 0));
            } else {
                done.accept(checked(status, place));
            }
        });
    }

    // ---- words

    /** A command whose output is needed before words can be expanded. */
    private static final class Wanted extends Exception {
        private static final long serialVersionUID = 1L;
        final transient Command command;

        Wanted(Command command) {
            super(null, null, false, false);
            this.command = command;
        }
    }

    private interface Expanding<T> {
        /** @param draft the variables as they are by now */
        T of(WordExpansion<Wanted> expansion, Draft draft) throws Wanted;
    }

    private interface Expanded<T> {
        /** @param substitution status of the last command that was substituted; 0 without one */
        void accept(T result, int substitution);
    }

    /**
     * Expands words, and is begun again each time the output of a command is needed: with the outputs so far, and with what
     * the words assign kept apart until they are whole. So each command runs once, in the order of the words, and only if
     * what it prints is needed.
     *
     * @param failed gets the outcome where words stand for nothing
     */
    private <T> void expand(Place place, Consumer<Outcome> failed, Expanding<T> words, Expanded<T> done) {
        expand(place, failed, words, done, List.of(), 0);
    }

    private <T> void expand(
            Place place,
            Consumer<Outcome> failed,
            Expanding<T> words,
            Expanded<T> done,
            List<String> outputs,
            int substitution) {
        var draft = new Draft();
        var known = outputs.iterator();
        WordExpansion.Substitutions<Wanted> substitutions = command -> {
            if (known.hasNext()) {
                return known.next();
            }
            throw new Wanted(command);
        };
        T result;
        try {
            result = words.of(new WordExpansion<>(draft, substitutions, files::matching), draft);
        } catch (ExpansionException e) {
            say(place, e.text());
            failed.accept(e.endsScript() ? new Outcome.Exit(1) : checked(1, place));
            return;
        } catch (Wanted wanted) {
            substitute(wanted.command, draft, place, (text, status) -> {
                List<String> more = new ArrayList<>(outputs);
                more.add(text);
                next(() -> expand(place, failed, words, done, more, status));
            });
            return;
        }
        draft.keep();
        done.accept(result, substitution);
    }

    /** Variables as they are while words are expanded; what the words assign counts once they are whole. */
    private final class Draft implements WordExpansion.Parameters {
        private final Map<String, String> assigned = new TreeMap<>();

        @Override
        public Optional<String> variable(String name) {
            String text = assigned.get(name);
            return text == null ? memory.variable(name) : Optional.of(text);
        }

        @Override
        public void assign(String name, String value) {
            assigned.put(name, value);
        }

        @Override
        public List<String> positional() {
            return memory.positional;
        }

        @Override
        public String name() {
            return memory.name;
        }

        @Override
        public int status() {
            return memory.status;
        }

        @Override
        public boolean failOnUnset() {
            return memory.failOnUnset;
        }

        void keep() {
            assigned.forEach(memory::assign);
        }

        ShellMemory copied() {
            ShellMemory copy = memory.copy();
            assigned.forEach(copy::assign);
            return copy;
        }
    }

    private void substitute(Command command, Draft draft, Place place, Expanded<String> done) {
        Optional<Syntax.Word> file = Syntax.fileOf(command);
        if (file.isPresent()) {
            expand(
                    place,
                    outcome -> done.accept("", outcome.status()),
                    (words, ignored) -> words.text(file.get()),
                    (name, status) -> {
                        Optional<String> text = files.read(name);
                        if (text.isEmpty()) {
                            say(place, "can't open " + name + ": no such file");
                        }
                        done.accept(withoutEndingLines(text.orElse("")), text.isPresent() ? 0 : 1);
                    });
            return;
        }
        var output = new ShellSink.Buffer(PIPE_MAX);
        Place inside = place.inCondition().with(place.streams().withOut(output));
        apart(draft.copied(), command, inside, status -> {
            if (output.full()) {
                say(place, "more than " + PIPE_MAX + " characters in a substitution: the rest is lost");
            }
            done.accept(withoutEndingLines(output.toString()), status);
        });
    }

    private static String withoutEndingLines(String text) {
        int stop = text.length();
        while (stop > 0 && text.charAt(stop - 1) == '\n') {
            stop--;
        }
        return text.substring(0, stop);
    }

    private static List<String> fields(List<Syntax.Word> words, WordExpansion<Wanted> expansion) throws Wanted {
        List<String> fields = new ArrayList<>();
        for (Syntax.Word word : words) {
            fields.addAll(expansion.fields(word));
        }
        return fields;
    }

    // ---- simple commands

    private void simple(Syntax.Simple command, Place place, Consumer<Outcome> done) {
        expand(
                place,
                done,
                (expansion, draft) -> fields(command.words(), expansion),
                (words, status) -> redirect(command.redirects(), place, done, (inner, then) -> {
                    if (words.isEmpty()) {
                        assign(command.assignments(), status, inner, then);
                    } else {
                        call(command.assignments(), words, !command.redirects().isEmpty(), inner, then);
                    }
                }));
    }

    private void assign(List<Syntax.Assignment> assignments, int before, Place place, Consumer<Outcome> done) {
        expand(place, done, (expansion, draft) -> values(assignments, expansion, draft), (values, status) -> {
            values.forEach(memory::assign);
            done.accept(checked(status == 0 ? before : status, place));
        });
    }

    /** The values that variables get, in order; a later one may use an earlier one. */
    private static Map<String, String> values(
            List<Syntax.Assignment> assignments, WordExpansion<Wanted> expansion, Draft draft) throws Wanted {
        var values = new TreeMap<String, String>();
        for (Syntax.Assignment assignment : assignments) {
            String name = assignment.name();
            String before = assignment.append() ? draft.variable(name).orElse("") : "";
            String value = before + expansion.text(assignment.value());
            if (value.length() > WordExpansion.LENGTH_MAX) {
                throw ExpansionException.endingScript(name + ": the text becomes too long");
            }
            draft.assign(name, value);
            values.put(name, value);
        }
        return values;
    }

    private void call(
            List<Syntax.Assignment> assignments,
            List<String> words,
            boolean redirected,
            Place place,
            Consumer<Outcome> done) {
        var shadowed = new TreeMap<String, Optional<String>>();
        var newlyExported = new ArrayList<String>();
        for (Syntax.Assignment assignment : assignments) {
            shadowed.putIfAbsent(assignment.name(), memory.variable(assignment.name()));
        }
        expand(place, done, (expansion, draft) -> values(assignments, expansion, draft), (values, status) -> {
            values.forEach((name, value) -> {
                memory.assign(name, value);
                if (!memory.isExported(name)) {
                    newlyExported.add(name);
                    memory.export(name);
                }
            });
            if (memory.trace) {
                place.streams()
                        .err()
                        .write("+ " + words.stream().map(Quoting::quote).collect(Collectors.joining(" ")) + "\n");
            }
            call(words, redirected, place, outcome -> {
                shadowed.forEach(memory::restore);
                newlyExported.forEach(memory::unexport);
                done.accept(outcome);
            });
        });
    }

    private void call(List<String> words, boolean redirected, Place place, Consumer<Outcome> done) {
        String name = words.getFirst();
        Command function = memory.functions().get(name);
        if (function != null) {
            callFunction(function, words, place, done);
        } else if (name.equals("exec") && redirected) {
            say(place, "exec: redirections for the rest of a script are not in this lab's containers");
            done.accept(checked(2, place));
        } else if (!builtins.run(words, place, outcome -> done.accept(afterBuiltin(outcome, place)))) {
            runCommand(words, place, status -> done.accept(checked(status, place)));
        }
    }

    private Outcome afterBuiltin(Outcome outcome, Place place) {
        return outcome instanceof Outcome.Ended ended ? checked(ended.status(), place) : outcome;
    }

    /** Runs a command that is not the shell's own. */
    void runCommand(List<String> words, Place place, IntConsumer done) {
        Streams streams = place.streams();
        var output = new ContainerCommands.Output() {
            @Override
            public void stdout(String text) {
                streams.out().write(text);
            }

            @Override
            public void stderr(String text) {
                streams.err().write(text);
            }
        };
        new ContainerCommands(context, output, memory.environment(), streams.in(), level).run(words, done);
    }

    private void callFunction(Command body, List<String> words, Place place, Consumer<Outcome> done) {
        List<String> before = memory.positional;
        memory.positional = List.copyOf(words.subList(1, words.size()));
        memory.enterFunction();
        run(body, place, outcome -> {
            memory.leaveFunction();
            memory.positional = before;
            done.accept(outcome instanceof Outcome.Return end ? checked(end.status(), place) : outcome);
        });
    }

    // ---- redirections

    private interface Redirected {
        void run(Place place, Consumer<Outcome> done);
    }

    private void redirect(List<Syntax.Redirect> redirects, Place place, Consumer<Outcome> done, Redirected body) {
        if (redirects.isEmpty()) {
            body.run(place, done);
            return;
        }
        expand(
                place,
                done,
                (expansion, draft) -> {
                    List<String> targets = new ArrayList<>();
                    for (Syntax.Redirect redirect : redirects) {
                        Syntax.HereDocument document = redirect.document();
                        targets.add(expansion.text(document == null ? redirect.target() : document.body()));
                    }
                    return targets;
                },
                (targets, status) -> {
                    Map<String, ShellSink> opened = new TreeMap<>();
                    Streams streams = place.streams();
                    try {
                        for (int i = 0; i < targets.size(); i++) {
                            streams = redirected(streams, redirects.get(i), targets.get(i), opened);
                        }
                    } catch (ShellRefusal refusal) {
                        say(place, refusal.text());
                        done.accept(checked(1, place));
                        return;
                    }
                    body.run(place.with(streams), outcome -> done.accept(afterWriting(opened, outcome, place)));
                });
    }

    /** What was lost because a file was full is said. */
    private Outcome afterWriting(Map<String, ShellSink> opened, Outcome outcome, Place place) {
        boolean full = false;
        for (Map.Entry<String, ShellSink> each : opened.entrySet()) {
            if (each.getValue().full()) {
                say(place, "write error: " + each.getKey() + ": No space left on device");
                full = true;
            }
        }
        // The command ended because of the file, not the script.
        return full ? checked(1, place) : outcome;
    }

    private Streams redirected(
            Streams current, Syntax.Redirect redirect, String target, Map<String, ShellSink> opened) {
        return switch (redirect.kind()) {
            case HERE -> current.withIn(new ShellInput(target));
            case READ ->
                current.withIn(new ShellInput(files.read(target)
                        .orElseThrow(() -> new ShellRefusal("can't open " + target + ": no such file"))));
            case DUPLICATE -> {
                if (target.equals("1") && redirect.descriptor() == 2) {
                    yield current.withErr(current.out());
                }
                if (target.equals("2") && redirect.descriptor() == 1) {
                    yield current.withOut(current.err());
                }
                if (target.equals("-")) {
                    yield into(current, redirect.descriptor(), ShellSink.nowhere());
                }
                if (target.equals(String.valueOf(redirect.descriptor()))) {
                    yield current;
                }
                throw new ShellRefusal("line " + redirect.at().line() + ", column "
                        + redirect.at().column() + ": " + redirect.descriptor() + ">&" + target
                        + " is not in this lab's containers, only 2>&1 and 1>&2");
            }
            case WRITE, APPEND -> {
                ShellSink sink = switch (target) {
                    case "/dev/stdout" -> current.out();
                    case "/dev/stderr" -> current.err();
                    default -> files.write(target, redirect.kind() == Syntax.RedirectKind.APPEND);
                };
                if (!target.startsWith("/dev/")) {
                    opened.put(target, sink);
                }
                yield into(current, redirect.descriptor(), sink);
            }
        };
    }

    private static Streams into(Streams streams, int descriptor, ShellSink sink) {
        return switch (descriptor) {
            case -1 -> streams.withOut(sink).withErr(sink);
            case 1 -> streams.withOut(sink);
            case 2 -> streams.withErr(sink);
            default -> streams.withIn(ShellInput.empty());
        };
    }
}
