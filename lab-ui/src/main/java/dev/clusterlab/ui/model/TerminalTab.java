package dev.clusterlab.ui.model;

import dev.clusterlab.lab.LoginShell;
import dev.clusterlab.provisioning.Machine;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.util.Subscription;

/** One shell of the terminal. */
public final class TerminalTab {
    private final Optional<LoginShell> login;
    private final TerminalModel terminal;
    private final ReadOnlyObjectWrapper<Optional<Machine.State>> state =
            new ReadOnlyObjectWrapper<>(Optional.of(Machine.State.RUNNING));
    private final Subscription subscription;

    /**
     * @param login empty: the lab's own shell
     * @param left called when somebody has left the shell by {@code exit}
     */
    TerminalTab(Optional<LoginShell> login, TerminalModel terminal, Runnable left) {
        this.login = login;
        this.terminal = terminal;
        this.subscription = terminal.running().subscribe(running -> {
            if (!running && login.filter(LoginShell::exitAsked).isPresent()) {
                left.run();
            }
        });
    }

    /** The machine that it is on; empty for the lab's own shell. */
    public Optional<String> machine() {
        return login.map(LoginShell::machine);
    }

    public TerminalModel terminal() {
        return terminal;
    }

    /** How its machine is; empty if there is none of its name. The lab's own shell has one that always runs. */
    public ReadOnlyObjectProperty<Optional<Machine.State>> state() {
        return state.getReadOnlyProperty();
    }

    /** Whether commands can run. */
    public boolean open() {
        return state.get().equals(Optional.of(Machine.State.RUNNING));
    }

    void state(Optional<Machine.State> now) {
        Optional<Machine.State> before = state.get();
        if (now.equals(before)) {
            return;
        }
        boolean frozen = before.equals(Optional.of(Machine.State.PAUSED));
        state.set(now);
        if (open()) {
            if (!frozen) {
                terminal.note(new TerminalEntry.Returned());
            }
        } else if (!now.equals(Optional.of(Machine.State.PAUSED))) {
            terminal.forgetQueued();
        }
    }

    void close() {
        subscription.unsubscribe();
        terminal.close();
        login.ifPresent(LoginShell::close);
    }
}
