package dev.clusterlab.ui.model.hosts;

import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostFinder;
import dev.clusterlab.ui.model.Notifications;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.TaskRunner;
import dev.clusterlab.ui.model.TaskRunner.RunningTask;
import dev.clusterlab.ui.model.Texts;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A Swarm that exists in the place of the lab: it is opened and left; the lab waits meanwhile as it is. Used on the toolkit's thread.
 *
 * @param <P> a place to stand on: a Swarm that is watched
 */
public final class WatchModel<P> {
    private final Below<P> below;
    private final TaskRunner tasks;
    private final Notifications notifications;
    private final Supplier<Texts> texts;
    private final HostsModel hosts;
    private final ReadOnlyObjectWrapper<Optional<P>> place = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<State> state =
            new ReadOnlyObjectWrapper<>(new State.Choosing(Optional.empty()));
    private @Nullable RunningTask underWay;

    /** Where places come from. Every call blocks and is made in the background. */
    public interface Below<P> {
        /** Hosts that this user's programs know. */
        HostFinder.Result find();

        /**
         * Goes to the hosts, begins to record, and waits for the first whole picture.
         *
         * @throws dev.clusterlab.provisioning.LabException INPUT for mistakes in the list, or hosts of two Swarms; REFUSED if none can be
         *     reached, with the reason of each
         */
        P watch(List<Host> hosts) throws InterruptedException;

        /**
         * Ends the watching.
         *
         * @return the recording, where one was kept
         */
        Optional<Path> end(P place);

        /** What was kept until now, the newest first. */
        List<Recording> recordings();

        /**
         * Writes a recording as a page beside it.
         *
         * @return the page
         */
        Path page(Path recording, Locale language);
    }

    /** What the person does. */
    public sealed interface State {
        /** {@code trouble}: why the last hosts could not be watched. */
        record Choosing(Optional<Notice> trouble) implements State {}

        /** {@code hosts}: their names. */
        record Opening(String hosts) implements State {}
    }

    /**
     * @param tasks of the window, which outlive what it stands on
     * @param texts in the language of the moment
     */
    public WatchModel(Below<P> below, TaskRunner tasks, Notifications notifications, Supplier<Texts> texts) {
        this.below = below;
        this.tasks = tasks;
        this.notifications = notifications;
        this.texts = texts;
        this.hosts = new HostsModel(below::find, tasks, texts);
    }

    /** What is watched; empty while there is the lab. */
    public ReadOnlyObjectProperty<Optional<P>> place() {
        return place.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<State> state() {
        return state.getReadOnlyProperty();
    }

    /** From which the person chooses. */
    public HostsModel hosts() {
        return hosts;
    }

    /** Opens the Swarm of the hosts that are chosen. Without effect where none is, or while one is opened. */
    public void open() {
        List<Host> chosen = hosts.state().get().chosen();
        if (underWay != null || chosen.isEmpty()) {
            return;
        }
        String names = chosen.stream().map(Host::name).collect(Collectors.joining(", "));
        String title = texts.get().get("watch.opening", names);
        state.set(new State.Opening(names));
        var mine = new RunningTask[1];
        RunningTask task = tasks.run(
                title,
                () -> below.watch(chosen),
                opened -> arrived(mine[0], opened),
                failure -> failed(mine[0], failure));
        mine[0] = task;
        underWay = task;
    }

    private void arrived(@Nullable RunningTask task, P opened) {
        if (task == null || task.cancelled()) {
            tasks.runToTheEnd(texts.get().get("watch.leaving"), () -> below.end(opened), file -> {}, failure -> {});
            return;
        }
        underWay = null;
        state.set(new State.Choosing(Optional.empty()));
        place.set(Optional.of(opened));
    }

    private void failed(@Nullable RunningTask task, Throwable failure) {
        if (task == null || task.cancelled() || failure instanceof CancellationException) {
            return;
        }
        underWay = null;
        Texts now = texts.get();
        state.set(new State.Choosing(Optional.of(Notifications.notice(now.get("watch.open.what"), failure, now))));
    }

    /** Gives up what is being opened; the person chooses again at once. */
    public void cancel() {
        RunningTask task = underWay;
        if (task != null) {
            underWay = null;
            task.cancel();
            state.set(new State.Choosing(Optional.empty()));
        }
    }

    /** Back to the lab; the recording stays, and it is said where. Without effect where nothing is watched. */
    public void leave() {
        Optional<P> left = place.get();
        if (left.isEmpty()) {
            return;
        }
        place.set(Optional.empty());
        Texts now = texts.get();
        tasks.runToTheEnd(
                now.get("watch.leaving"),
                () -> below.end(left.get()),
                recording -> recording.ifPresent(file -> notifications.say(
                        new Notice(Level.GOOD, now.get("watch.kept"), file.toString(), now.get("watch.kept.opens")))),
                failure -> notifications.failed(now.get("watch.leaving"), failure, now));
    }

    /** {@code then} gets, on the toolkit's thread, what was kept until now, the newest first. */
    public void recordings(Consumer<List<Recording>> then) {
        Texts now = texts.get();
        tasks.quietly(
                below::recordings, then, failure -> notifications.failed(now.get("watch.recordings"), failure, now));
    }

    /** Writes a recording as a page; {@code then} gets it on the toolkit's thread. */
    public void page(Path recording, Consumer<Path> then) {
        Texts now = texts.get();
        tasks.run(
                now.get("watch.page"),
                () -> below.page(recording, now.locale()),
                then,
                failure -> notifications.failed(now.get("watch.page"), failure, now));
    }
}
