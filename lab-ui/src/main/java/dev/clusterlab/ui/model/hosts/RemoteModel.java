package dev.clusterlab.ui.model.hosts;

import dev.clusterlab.lab.words.RemoteWords;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostFinder;
import dev.clusterlab.provisioning.hosts.lab.HostPlan;
import dev.clusterlab.provisioning.hosts.lab.LabHosts;
import dev.clusterlab.ui.model.Notifications;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.TaskRunner;
import dev.clusterlab.ui.model.TaskRunner.RunningTask;
import dev.clusterlab.ui.model.Texts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Hosts for a lab: chosen, then looked at, so that it is said what the lab will do on each before anything is touched. Used on the toolkit's
 * thread.
 */
public final class RemoteModel {
    private final Below below;
    private final TaskRunner tasks;
    private final Supplier<Texts> texts;
    private final HostsModel hosts;
    private final ReadOnlyObjectWrapper<State> state =
            new ReadOnlyObjectWrapper<>(new State.Choosing(Optional.empty()));
    private final ReadOnlyObjectWrapper<List<Left>> left = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<Optional<Notice>> returned = new ReadOnlyObjectWrapper<>(Optional.empty());
    private @Nullable RunningTask underWay;

    /** What is asked of hosts and of what is kept of labs on them. Every call blocks and is made in the background. */
    public interface Below {
        /** Hosts that this user's programs know. */
        HostFinder.Result find();

        /**
         * What a lab would do with each; nothing is touched.
         *
         * @throws dev.clusterlab.provisioning.LabException INPUT for mistakes in the list, ENVIRONMENT if this computer lacks something
         */
        List<HostPlan> plans(LabHosts hosts);

        /** Labs on hosts whose programs have ended, the oldest first. */
        List<Left> left();

        /**
         * Leaves the hosts of such a lab as they were found.
         *
         * @throws dev.clusterlab.provisioning.LabException CONFLICT if a program has it again, REFUSED if that cannot be done on one of them
         */
        void giveBack(String lab);
    }

    /** A lab that a program left on hosts when it was ended. */
    public record Left(String lab, List<String> machines, Instant created) {
        public Left {
            machines = List.copyOf(machines);
        }
    }

    /**
     * What a lab does with one host.
     *
     * @param says what it will do, or why it does not take it
     * @param advice what to do where it is not taken
     * @param taken whether it may be a machine
     * @param lendable whether it is taken if the person lends it in spite of what is on it
     * @param lent whether the person does
     */
    public record Row(String host, String says, String advice, boolean taken, boolean lendable, boolean lent) {}

    /** Where the person is. */
    public sealed interface State {
        /** {@code trouble}: why the last hosts could not be looked at. */
        record Choosing(Optional<Notice> trouble) implements State {}

        /** {@code hosts}: their names. */
        record Looking(String hosts) implements State {}

        /**
         * {@code rows}: what is done on each host, {@code done} what in general. {@code hosts}: what to begin with.
         */
        record Planned(List<Row> rows, String done, LabHosts hosts) implements State {
            public Planned {
                rows = List.copyOf(rows);
            }

            /** How many machines the lab can have. */
            public int free() {
                return (int) rows.stream().filter(Row::taken).count();
            }
        }
    }

    /**
     * @param tasks of the window, which outlive what it stands on
     * @param texts in the language of the moment
     */
    public RemoteModel(Below below, TaskRunner tasks, Supplier<Texts> texts) {
        this.below = below;
        this.tasks = tasks;
        this.texts = texts;
        this.hosts = new HostsModel(below::find, tasks, texts);
    }

    public ReadOnlyObjectProperty<State> state() {
        return state.getReadOnlyProperty();
    }

    /** From which the person chooses. */
    public HostsModel hosts() {
        return hosts;
    }

    /** Labs that were left on hosts, as they were read last. */
    public ReadOnlyObjectProperty<List<Left>> left() {
        return left.getReadOnlyProperty();
    }

    /** What became of the last lab whose hosts were given back. */
    public ReadOnlyObjectProperty<Optional<Notice>> returned() {
        return returned.getReadOnlyProperty();
    }

    /** Reads anew which hosts are known, and which labs were left; the choice begins anew. */
    public void begin() {
        cancel();
        returned.set(Optional.empty());
        hosts.look();
        readLeft();
    }

    private void readLeft() {
        tasks.quietly(
                below::left,
                left::set,
                failure -> returned.set(
                        Optional.of(Notifications.notice(texts.get().get("remote.left"), failure, texts.get()))));
    }

    /** Looks at the hosts that are chosen. Without effect where none is, or while it looks. */
    public void look() {
        List<Host> chosen = hosts.state().get().chosen();
        if (!chosen.isEmpty()) {
            look(new LabHosts(chosen, Set.of()));
        }
    }

    /** Lends a host in spite of what is on it, or does not any more; all are looked at again. */
    public void lend(String host, boolean lent) {
        if (state.get() instanceof State.Planned(var rows, var done, LabHosts given)) {
            Set<String> names = new TreeSet<>(given.lent());
            if (lent) {
                names.add(host);
            } else {
                names.remove(host);
            }
            look(new LabHosts(given.hosts(), names));
        }
    }

    private void look(LabHosts wanted) {
        if (underWay != null) {
            return;
        }
        String names = wanted.hosts().stream().map(Host::name).collect(Collectors.joining(", "));
        String title = texts.get().get("remote.looking", names);
        state.set(new State.Looking(names));
        var mine = new RunningTask[1];
        mine[0] = tasks.run(
                title,
                () -> below.plans(wanted),
                plans -> {
                    if (mine[0] != null && mine[0].equals(underWay)) {
                        underWay = null;
                        state.set(planned(plans, wanted));
                    }
                },
                failure -> {
                    if (mine[0] != null && mine[0].equals(underWay) && !(failure instanceof CancellationException)) {
                        underWay = null;
                        Texts now = texts.get();
                        state.set(new State.Choosing(
                                Optional.of(Notifications.notice(now.get("remote.looking.what"), failure, now))));
                    }
                });
        underWay = mine[0];
    }

    private State.Planned planned(List<HostPlan> plans, LabHosts wanted) {
        Texts now = texts.get();
        RemoteWords words = RemoteWords.of(now.locale());
        List<Row> rows = plans.stream()
                .map(plan -> {
                    String name = plan.host().name();
                    return new Row(
                            name,
                            plan.refused().map(now.errors()::what).orElseGet(() -> words.host(plan)),
                            plan.refused().map(now.errors()::advice).orElse(""),
                            plan.refused().isEmpty(),
                            plan.lendable() || wanted.lent().contains(name),
                            wanted.lent().contains(name));
                })
                .toList();
        return new State.Planned(rows, words.done(), wanted);
    }

    /** Gives up looking, or what was looked at; the person chooses again. */
    public void cancel() {
        RunningTask task = underWay;
        underWay = null;
        if (task != null) {
            task.cancel();
        }
        state.set(new State.Choosing(Optional.empty()));
    }

    /** Leaves the hosts of a lab that was left over as they were found, and says what came of it. */
    public void giveBack(String lab) {
        Texts now = texts.get();
        returned.set(Optional.empty());
        tasks.runToTheEnd(
                now.get("remote.returning", lab),
                () -> {
                    below.giveBack(lab);
                    return true;
                },
                done -> {
                    returned.set(Optional.of(new Notice(Level.GOOD, now.get("remote.returned", lab), "", "")));
                    readLeft();
                },
                failure -> {
                    returned.set(Optional.of(Notifications.notice(now.get("remote.returning", lab), failure, now)));
                    readLeft();
                });
    }
}
