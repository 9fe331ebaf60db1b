package dev.clusterlab.lab.shell;

import dev.clusterlab.lab.LoginShell;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A shell on a machine. What it runs is never interrupted by the machine's end, for it may be what ends the machine: requests to its
 * daemon fail by themselves, and the script ends after the command.
 */
final class MachineShell implements LoginShell {
    private final String machine;
    private final Engine engine;
    private final BuiltInShell shell;
    private final ReentrantLock turn;
    private final AutoCloseable watching;
    private volatile Runnable between = ShellState.NOTHING;
    /** Whether the machine was off since the last script began. */
    private volatile boolean off;
    /** Whether it was not even there: then its disk is another one, too. */
    private volatile boolean gone;

    /** @param turn which a script takes for as long as it runs, as {@code shell} does */
    MachineShell(String machine, ShellContext context, BuiltInShell shell, ReentrantLock turn) {
        this.machine = machine;
        this.engine = context.engine();
        this.shell = shell;
        this.turn = turn;
        shell.betweenCommands(this::goOn);
        this.watching = context.observer().onSnapshot((snapshot, events) -> events.forEach(this::hear));
    }

    /** What happens to the machine while nothing runs here. */
    private void hear(ClusterEvent event) {
        switch (event) {
            case ClusterEvent.MachineStateChanged changed
            when changed.machine().equals(machine) && off(changed.after()) -> off = true;
            case ClusterEvent.MachineRemoved removed
            when removed.machine().equals(machine) -> {
                off = true;
                gone = true;
            }
            case ClusterEvent other -> {}
        }
    }

    private static boolean off(Machine.State state) {
        return state == Machine.State.STOPPED || state == Machine.State.KILLED;
    }

    private Optional<Machine.State> state() {
        return engine.machine(machine).map(Machine::state);
    }

    private void noteState() {
        Optional<Machine.State> state = state();
        if (state.isEmpty()) {
            gone = true;
        }
        if (state.map(MachineShell::off).orElse(true)) {
            off = true;
        }
    }

    /** Why nothing can run on the machine now; empty if something can. */
    private Optional<String> closed() {
        Optional<Machine> now = engine.machine(machine);
        if (now.filter(Machine::cutOff).isPresent()) {
            return Optional.of(
                    machine + " is cut off from the others, and the lab does not go there until it is started.");
        }
        return now.map(Machine::state)
                .map(state -> switch (state) {
                    case RUNNING -> "";
                    case PAUSED -> machine + " is frozen: nothing runs on it until it goes on.";
                    case STOPPED -> machine + " is shut down: nothing runs on it until it is started.";
                    case KILLED -> machine + " has no power: nothing runs on it until it is started.";
                })
                .or(() -> Optional.of("There is no machine " + machine + "."))
                .filter(why -> !why.isEmpty());
    }

    /** Between two commands. On a frozen machine the next one hangs by itself, if it asks it for something. */
    private void goOn() {
        noteState();
        if (off) {
            throw ShellFailure.endingScript(
                    CLOSED,
                    "Connection to " + machine + " closed. "
                            + closed().orElse(machine + " was off meanwhile, and is back."));
        }
        between.run();
    }

    @Override
    public int run(String script, boolean stopAtFirstFailure, Output output) {
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException e) {
            return BuiltInShell.CANCELLED;
        }
        try {
            noteState();
            Optional<String> why = closed();
            if (why.isPresent()) {
                shell.refuse(script, why.get(), CLOSED, output);
                return CLOSED;
            }
            if (off) {
                shell.restart(gone);
                off = false;
                gone = false;
            }
            return shell.run(script, stopAtFirstFailure, output);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public String machine() {
        return machine;
    }

    @Override
    public boolean exitAsked() {
        return shell.exitAsked();
    }

    @Override
    public List<String> complete(String line) {
        return shell.complete(line);
    }

    @Override
    public String prompt() {
        return shell.prompt();
    }

    @Override
    public boolean isSet(String variable) {
        return shell.isSet(variable);
    }

    @Override
    public boolean incomplete(String text) {
        return shell.incomplete(text);
    }

    @Override
    public AutoCloseable onOutput(Consumer<Line> listener) {
        return shell.onOutput(listener);
    }

    @Override
    public AutoCloseable onEnd(Consumer<Ended> listener) {
        return shell.onEnd(listener);
    }

    @Override
    public AutoCloseable betweenCommands(Runnable action) {
        between = action;
        return () -> between = ShellState.NOTHING;
    }

    @Override
    public void close() {
        try {
            watching.close();
        } catch (Exception e) {
            throw new IllegalStateException("an observer's subscription cannot fail to end", e);
        } finally {
            shell.close();
        }
    }
}
