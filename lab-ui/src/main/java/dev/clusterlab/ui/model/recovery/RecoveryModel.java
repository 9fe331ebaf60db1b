package dev.clusterlab.ui.model.recovery;

import dev.clusterlab.provisioning.anatomy.Anatomy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/**
 * The anatomies of the faults of a run, one of which is looked at: the last, as long as no other is chosen. Used on the toolkit's
 * thread.
 */
public final class RecoveryModel {
    private final Supplier<List<Anatomy>> source;
    private final Executor background;
    private final Executor ui;
    private final ReadOnlyObjectWrapper<Looked> looked = new ReadOnlyObjectWrapper<>(Looked.NOTHING);
    private List<Anatomy> all = List.of();
    private Optional<String> chosen = Optional.empty();
    private boolean comparing;
    private boolean reading;

    /**
     * What is looked at.
     *
     * @param all of every fault that broke something, the earliest first
     * @param card the one that is looked at; empty as long as nothing was broken
     * @param other what it can be compared with: the last, or where it is that itself, the one before; empty if there is only one
     * @param comparing whether it is compared with {@code other}
     */
    public record Looked(List<Anatomy> all, Optional<Anatomy> card, Optional<Anatomy> other, boolean comparing) {
        static final Looked NOTHING = new Looked(List.of(), Optional.empty(), Optional.empty(), false);

        public Looked {
            all = List.copyOf(all);
        }

        /** Whether the fault that began last is looked at. */
        public boolean last() {
            return card.equals(all.isEmpty() ? Optional.empty() : Optional.of(all.getLast()));
        }
    }

    /**
     * @param source anatomies as they are now, the earliest first; may take a while
     * @param background where {@code source} is asked
     * @param ui where what it said is taken
     */
    public RecoveryModel(Supplier<List<Anatomy>> source, Executor background, Executor ui) {
        this.source = source;
        this.background = background;
        this.ui = ui;
    }

    public ReadOnlyObjectProperty<Looked> looked() {
        return looked.getReadOnlyProperty();
    }

    /** Asks how things are now; what is known comes later. To be called a few times a second while somebody looks. */
    public void refresh() {
        if (reading) {
            return;
        }
        reading = true;
        background.execute(() -> {
            Optional<List<Anatomy>> read = Optional.empty();
            try {
                read = Optional.of(List.copyOf(source.get()));
            } finally {
                Optional<List<Anatomy>> come = read;
                ui.execute(() -> take(come));
            }
        });
    }

    private void take(Optional<List<Anatomy>> read) {
        reading = false;
        read.ifPresent(now -> {
            all = now;
            look();
        });
    }

    /** Looks at one fault. Whoever chooses the last one is shown later ones when these begin. */
    public void choose(String faultId) {
        boolean last = !all.isEmpty() && all.getLast().fault().id().equals(faultId);
        chosen = last ? Optional.empty() : Optional.of(faultId);
        look();
    }

    /** Whether two are compared, where there are two. */
    public void compare(boolean wanted) {
        comparing = wanted;
        look();
    }

    private void look() {
        if (all.isEmpty()) {
            looked.set(Looked.NOTHING);
            return;
        }
        Anatomy last = all.getLast();
        Anatomy card = chosen.flatMap(id -> all.stream()
                        .filter(each -> each.fault().id().equals(id))
                        .findFirst())
                .orElse(last);
        Optional<Anatomy> other = card != last
                ? Optional.of(last)
                : all.size() > 1 ? Optional.of(all.get(all.size() - 2)) : Optional.empty();
        looked.set(new Looked(all, Optional.of(card), other, comparing && other.isPresent()));
    }
}
