package dev.clusterlab.ui.model;

import dev.clusterlab.lab.LoginShell;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.util.Subscription;

/**
 * The shells of the terminal: first the lab's own, in which the guide runs its blocks and which stays, then one for each machine
 * that somebody logged in to. For the toolkit's thread.
 */
public final class TerminalTabs implements AutoCloseable {
    private final LoginSource logins;
    private final TaskRunner tasks;
    private final Executor ui;
    private final ObservableValue<ClusterSnapshot> snapshot;
    private final Consumer<LoginShell> opened;
    private final TerminalTab lab;
    private final ObservableList<TerminalTab> tabs = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<TerminalTab> selected = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyLongWrapper wanted = new ReadOnlyLongWrapper();
    private final ReadOnlyLongWrapper asked = new ReadOnlyLongWrapper();
    private final Subscription subscription;

    /**
     * @param lab the lab's own shell, which is not closed here
     * @param opened notified of each shell on a machine
     */
    public TerminalTabs(
            Shell lab,
            LoginSource logins,
            ObservableValue<ClusterSnapshot> snapshot,
            TaskRunner tasks,
            Executor ui,
            Consumer<LoginShell> opened) {
        this.logins = logins;
        this.tasks = tasks;
        this.ui = ui;
        this.snapshot = snapshot;
        this.opened = opened;
        this.lab = new TerminalTab(Optional.empty(), new TerminalModel(lab, tasks, ui), () -> {});
        tabs.add(this.lab);
        selected.set(this.lab);
        subscription = snapshot.subscribe(this::look);
    }

    private void look(ClusterSnapshot now) {
        tabs.forEach(tab -> tab.machine().ifPresent(machine -> tab.state(state(now, machine))));
    }

    private static Optional<Machine.State> state(ClusterSnapshot snapshot, String machine) {
        return snapshot.machine(machine).map(view -> view.machine().state());
    }

    /** The lab's own shell. */
    public TerminalTab lab() {
        return lab;
    }

    /** All of them, the lab's own first; a view must not change them. */
    public ObservableList<TerminalTab> all() {
        return tabs;
    }

    public ReadOnlyObjectProperty<TerminalTab> selected() {
        return selected.getReadOnlyProperty();
    }

    /** It changes when somebody wants to see the selected one. */
    public ReadOnlyLongProperty wanted() {
        return wanted.getReadOnlyProperty();
    }

    /** It changes when somebody wants a shell and has not said on which machine. */
    public ReadOnlyLongProperty asked() {
        return asked.getReadOnlyProperty();
    }

    /** The shell on a machine, if there is one. */
    public Optional<TerminalTab> on(String machine) {
        return tabs.stream()
                .filter(tab -> tab.machine().filter(machine::equals).isPresent())
                .findFirst();
    }

    /** Shows the shell on a machine, and opens it if there is none. */
    public void open(String machine) {
        show(on(machine).orElseGet(() -> make(machine)));
    }

    /**
     * On which machines there are shells, for the next cluster.
     *
     * @param selected the one that is shown, unless it is the lab's own
     */
    public record Logins(List<String> machines, Optional<String> selected) {
        public static final Logins NONE = new Logins(List.of(), Optional.empty());
    }

    public Logins logins() {
        return new Logins(
                tabs.stream().flatMap(tab -> tab.machine().stream()).toList(),
                selected.get().machine());
    }

    /**
     * Logs in anew, as in the cluster before this one, on each of those machines that this one has too. Nobody is led to the terminal
     * by that.
     */
    public void logInAnew(Logins earlier) {
        for (String machine : earlier.machines()) {
            if (snapshot.getValue().machine(machine).isPresent()) {
                TerminalTab tab = make(machine);
                tab.terminal().note(new TerminalEntry.Anew());
                if (earlier.selected().filter(machine::equals).isPresent()) {
                    select(tab);
                }
            }
        }
    }

    private TerminalTab make(String machine) {
        LoginShell login = logins.on(machine);
        TerminalTab[] made = new TerminalTab[1];
        TerminalTab tab = new TerminalTab(
                Optional.of(login), new TerminalModel(login, tasks, ui), () -> ui.execute(() -> close(made[0])));
        made[0] = tab;
        tab.state(state(snapshot.getValue(), machine));
        tabs.add(tab);
        opened.accept(login);
        return tab;
    }

    /** Asks on which machine a shell is wanted, where that is a question. */
    public void ask(Optional<String> nearest) {
        List<String> running = snapshot.getValue().machines().stream()
                .map(view -> view.machine())
                .filter(machine -> machine.state() == Machine.State.RUNNING)
                .map(Machine::name)
                .toList();
        Optional<String> only = running.size() == 1 ? Optional.of(running.getFirst()) : Optional.empty();
        nearest.filter(running::contains).or(() -> only).ifPresentOrElse(this::open, () -> asked.set(asked.get() + 1));
    }

    public void show(TerminalTab tab) {
        select(tab);
        wanted.set(wanted.get() + 1);
    }

    /** Selects the lab's own shell, for something happens there; whoever looks at something else goes on doing so. */
    public void selectLab() {
        select(lab);
    }

    private void select(TerminalTab tab) {
        if (tabs.contains(tab)) {
            selected.set(tab);
        }
    }

    /** Shows the one at this place, from 1; whether there is one. */
    public boolean show(int number) {
        if (number < 1 || number > tabs.size()) {
            return false;
        }
        show(tabs.get(number - 1));
        return true;
    }

    /** Shows the next one, or the one before if negative, round and round. */
    public void turn(int by) {
        show(tabs.get(Math.floorMod(tabs.indexOf(selected.get()) + by, tabs.size())));
    }

    /** Ends a shell on a machine, with what runs in it; without effect on the lab's own. */
    public void close(TerminalTab tab) {
        int at = tabs.indexOf(tab);
        if (at <= 0) {
            return;
        }
        if (selected.get() == tab) {
            selected.set(tabs.get(at + 1 < tabs.size() ? at + 1 : at - 1));
        }
        tabs.remove(tab);
        tab.close();
    }

    @Override
    public void close() {
        subscription.unsubscribe();
        tabs.forEach(TerminalTab::close);
    }
}
