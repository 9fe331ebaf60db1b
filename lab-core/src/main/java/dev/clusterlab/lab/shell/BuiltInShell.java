package dev.clusterlab.lab.shell;

import dev.clusterlab.lab.LoginShell;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.shell.language.ShellInput;
import dev.clusterlab.shell.language.ShellParser;
import dev.clusterlab.shell.language.ShellSyntaxException;
import dev.clusterlab.shell.language.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The shell of a session. One command runs at a time: whoever comes while another runs, waits. Prompt and completion may
 * be asked for by any thread meanwhile.
 */
public final class BuiltInShell implements Shell, AutoCloseable {
    /** Most characters that one script may print, on each of its two streams. */
    static final int OUTPUT_MAX = 64_000_000;

    private static final int LAST_WORDS_MAX = 10_000;

    /** Status of a command that was cancelled. */
    public static final int CANCELLED = 130;

    private static final int SYNTAX_ERROR = 2;

    private final ShellState state;
    private final List<Consumer<Line>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Ended>> endListeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock turn;
    private volatile boolean exitAsked;

    /** @param commands those that the shell has besides what its language needs, by name; closed with the shell */
    public BuiltInShell(ShellContext context, Map<String, ShellCommand> commands) {
        this(context, commands, Optional.empty(), new ReentrantLock(true));
    }

    private BuiltInShell(
            ShellContext context, Map<String, ShellCommand> commands, Optional<String> home, ReentrantLock turn) {
        Map<String, ShellCommand> all = new TreeMap<>(Builtins.all());
        all.putAll(commands);
        this.state = new ShellState(context, Map.copyOf(all), home);
        this.turn = turn;
    }

    /**
     * A shell on a machine of this lab, which need not be there yet. It runs its commands beside those of this shell. Only where
     * time moves on demand they take turns: which of two requests comes first must not depend on this computer, or runs
     * would not repeat.
     *
     * @param commands as this shell was made with, but made anew; closed with the new shell
     */
    public LoginShell on(String machine, Map<String, ShellCommand> commands) {
        ShellContext context = state.context();
        boolean onDemand = context.engine().clock().pace() instanceof Pace.OnDemand;
        ReentrantLock shared = onDemand ? turn : new ReentrantLock(true);
        return new MachineShell(
                machine, context, new BuiltInShell(context, commands, Optional.of(machine), shared), shared);
    }

    /**
     * Another shell of the same lab, with nothing of what this one has in its memory.
     *
     * @param commands as this shell was made with, but made anew; closed with the new shell
     */
    public BuiltInShell beside(Map<String, ShellCommand> commands) {
        return new BuiltInShell(state.context(), commands);
    }

    /** Says why a script is not run, to whoever listens. */
    void refuse(String script, String why, int status, Output output) {
        OutputListener err = new OutputListener(Line.Kind.STDERR, output::stderr);
        tell(Line.Kind.COMMAND, script.strip());
        err.accept(why + "\n");
        err.flush();
        ended(script.strip(), status);
        state.status = status;
    }

    /** Forgets what a machine forgets that was off; {@code disk}: files as well. */
    void restart(boolean disk) {
        state.restart(disk);
    }

    @Override
    public int run(String script, boolean stopAtFirstFailure, Output output) {
        return run(script, stopAtFirstFailure, List.of(), output);
    }

    /**
     * As {@link #run(String, boolean, Output)}.
     *
     * @param arguments the script's {@code $1}, {@code $2}, …
     */
    public int run(String script, boolean stopAtFirstFailure, List<String> arguments, Output output) {
        exitAsked = false;
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException e) {
            return CANCELLED;
        }
        try {
            return runAlone(script, stopAtFirstFailure, arguments, output);
        } finally {
            turn.unlock();
        }
    }

    private int runAlone(String script, boolean stopAtFirstFailure, List<String> arguments, Output output) {
        OutputListener out = new OutputListener(Line.Kind.STDOUT, output::stdout);
        OutputListener err = new OutputListener(Line.Kind.STDERR, output::stderr);
        Syntax.Sequence sequence;
        try {
            sequence = ShellParser.parse(script);
        } catch (ShellSyntaxException e) {
            tell(Line.Kind.COMMAND, script.strip());
            err.accept("syntax error: " + e.getMessage() + "\n");
            err.flush();
            ended(script.strip(), SYNTAX_ERROR);
            state.status = SYNTAX_ERROR;
            return SYNTAX_ERROR;
        }
        Interpreter interpreter = new Interpreter(state);
        Streams streams = new Streams(ShellInput.empty(), out, err);
        boolean before = state.exitOnError;
        if (!arguments.isEmpty()) {
            state.positional(arguments);
        }
        int status = 0;
        String underWay = "";
        try {
            state.exitOnError = before || stopAtFirstFailure;
            for (Syntax.Item item : sequence.items()) {
                underWay = item.source();
                tell(Line.Kind.COMMAND, item.source());
                if (!item.source().isBlank()) {
                    state.remember(item.source());
                }
                status = interpreter.run(item.command(), streams);
                out.flush();
                err.flush();
                ended(underWay, status);
                underWay = "";
            }
        } catch (ShellControl.Exit exit) {
            exitAsked = exit.asked;
            status = exit.status;
        } catch (ShellControl.Return end) {
            status = end.status;
        } catch (ShellControl.Jump stray) {
            status = state.status;
        } catch (ShellFailure failure) {
            err.accept(failure.text() + "\n");
            status = failure.status();
        } catch (InterruptedException e) {
            err.accept("cancelled\n");
            status = CANCELLED;
        } catch (StackOverflowError e) {
            err.accept("the script is nested too deeply for this shell\n");
            status = 1;
        } finally {
            if (stopAtFirstFailure) {
                state.exitOnError = before;
            }
            out.flush();
            err.flush();
        }
        if (!underWay.isEmpty()) {
            ended(underWay, status);
        }
        state.status = status;
        return status;
    }

    /** Whether the last script ended by {@code exit}: an interactive loop then ends too. */
    public boolean exitAsked() {
        return exitAsked;
    }

    @Override
    public List<String> history() {
        return state.history();
    }

    /** Names of all commands, in order. */
    public List<String> commands() {
        return List.copyOf(new TreeSet<>(state.commands().keySet()));
    }

    /** Makes {@code docker} talk to this machine when DOCKER_HOST is not set. */
    public void chooseMachine(String name) {
        state.chooseMachine(name);
    }

    @Override
    public List<String> complete(String line) {
        return Completion.complete(state, line);
    }

    @Override
    public String prompt() {
        String machine =
                state.home().or(() -> state.activeMachine().map(Machine::name)).orElse("");
        return machine.isEmpty() ? "$ " : machine + " $ ";
    }

    @Override
    public boolean isSet(String variable) {
        return state.variable(variable).isPresent();
    }

    @Override
    public boolean incomplete(String text) {
        try {
            ShellParser.parse(text);
            return false;
        } catch (ShellSyntaxException e) {
            return e.incomplete();
        }
    }

    @Override
    public AutoCloseable onOutput(Consumer<Line> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public AutoCloseable onEnd(Consumer<Ended> listener) {
        endListeners.add(listener);
        return () -> endListeners.remove(listener);
    }

    @Override
    public AutoCloseable betweenCommands(Runnable action) {
        state.between = action;
        return () -> state.between = ShellState.NOTHING;
    }

    private void tell(Line.Kind kind, String text) {
        Line line = new Line(kind, text);
        listeners.forEach(listener -> listener.accept(line));
    }

    private void ended(String command, int status) {
        Ended ended = new Ended(command, status);
        endListeners.forEach(listener -> listener.accept(ended));
    }

    /** Passes text on at once, and to the listeners line by line. */
    private final class OutputListener implements Consumer<String> {
        private final Line.Kind kind;
        private final Consumer<String> target;
        private final StringBuilder open = new StringBuilder();
        private long written;
        private boolean ended;

        OutputListener(Line.Kind kind, Consumer<String> target) {
            this.kind = kind;
            this.target = target;
        }

        @Override
        public void accept(String text) {
            if (text.isEmpty()) {
                return;
            }
            written += text.length();
            if (written > OUTPUT_MAX) {
                refuse(text.length());
            }
            target.accept(text);
            int begun = open.length();
            open.append(text);
            List<String> lines = new ArrayList<>();
            int from = 0;
            for (int stop = open.indexOf("\n", begun); stop >= 0; stop = open.indexOf("\n", from)) {
                lines.add(open.substring(from, stop));
                from = stop + 1;
            }
            open.delete(0, from);
            lines.forEach(line -> tell(kind, line));
        }

        /** Ends the script once; what is then said about it still gets through. */
        private void refuse(int length) {
            if (!ended || length > LAST_WORDS_MAX) {
                ended = true;
                throw ShellFailure.endingScript(
                        1, "the script prints more than " + OUTPUT_MAX / 1_000_000 + " million characters");
            }
        }

        void flush() {
            if (!open.isEmpty()) {
                tell(kind, open.toString());
                open.setLength(0);
            }
        }
    }

    /** Ends what commands do in the background and closes connections. */
    @Override
    public void close() {
        state.commands().values().forEach(ShellCommand::close);
        state.close();
    }
}
