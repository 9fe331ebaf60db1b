package dev.clusterlab.ui.model;

import dev.clusterlab.lab.words.Narrator;
import dev.clusterlab.lab.words.Telling;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.util.Subscription;

/**
 * What the narrator says now, and what it said before. While a person looks back, new sentences wait behind the one that is
 * read. Used on the toolkit's thread.
 */
public final class NarratorModel implements AutoCloseable {
    private final Narrator narrator = new Narrator();
    private final ObservableValue<ClusterSnapshot> snapshot;
    private final LongSupplier nanoTime;
    private final long began;
    private final List<ClusterEvent> unheard = new ArrayList<>();
    private final ReadOnlyObjectWrapper<Optional<Telling>> shown = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyBooleanWrapper older = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper newer = new ReadOnlyBooleanWrapper();
    private final Subscription subscription;
    /** What is read instead of what is said now. */
    private Optional<Telling> read = Optional.empty();

    /**
     * @param events grows before {@code snapshot} shows what came of them
     * @param nanoTime wall-clock time, as {@link System#nanoTime}
     */
    public NarratorModel(
            ObservableList<ClusterEvent> events, ObservableValue<ClusterSnapshot> snapshot, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
        ListChangeListener<ClusterEvent> growth = change -> {
            while (change.next()) {
                unheard.addAll(change.getAddedSubList());
            }
        };
        events.addListener(growth);
        this.snapshot = snapshot;
        subscription = Subscription.combine(() -> events.removeListener(growth), snapshot.subscribe(now -> {
            hear();
            tick();
        }));
    }

    private void hear() {
        narrator.hear(List.copyOf(unheard), snapshot.getValue(), now());
        unheard.clear();
    }

    private Duration now() {
        return Duration.ofNanos(nanoTime.getAsLong() - began);
    }

    /** Says what is due; to be called a few times a second. */
    public void tick() {
        if (!unheard.isEmpty()) {
            hear();
        }
        Optional<Telling> said = narrator.tell(now());
        List<Telling> all = narrator.said();
        if (read.isPresent() && !all.contains(read.get())) {
            read = Optional.empty();
        }
        shown.set(read.or(() -> said));
        int place = place(all);
        older.set(place > 0);
        newer.set(read.isPresent());
    }

    /** Position among what was said; behind all of it when that is how things stand. */
    private int place(List<Telling> all) {
        int at = shown.get().map(all::lastIndexOf).orElse(-1);
        return at < 0 ? all.size() : at;
    }

    /** To what was said before. */
    public void back() {
        List<Telling> all = narrator.said();
        int place = place(all);
        if (place > 0) {
            read = Optional.of(all.get(place - 1));
            tick();
        }
    }

    /** To what was said after that; after the last, to what is said now. */
    public void forward() {
        List<Telling> all = narrator.said();
        int next = place(all) + 1;
        Optional<Telling> following = next < all.size() ? Optional.of(all.get(next)) : Optional.empty();
        read = following.filter(
                telling -> read.isPresent() && !narrator.tell(now()).equals(following));
        tick();
    }

    /** Empty as long as there is nothing to speak of. */
    public ReadOnlyObjectProperty<Optional<Telling>> shown() {
        return shown.getReadOnlyProperty();
    }

    /** Whether something was said before what is shown. */
    public ReadOnlyBooleanProperty older() {
        return older.getReadOnlyProperty();
    }

    /** Whether something is said now that is not what is shown. */
    public ReadOnlyBooleanProperty newer() {
        return newer.getReadOnlyProperty();
    }

    @Override
    public void close() {
        subscription.unsubscribe();
    }
}
