package dev.clusterlab.ui.model;

import dev.clusterlab.lab.environment.EngineLabs;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.DockerLabs;
import dev.clusterlab.ui.model.Dialog.Answer;
import dev.clusterlab.ui.model.Dialog.Role;
import dev.clusterlab.ui.model.Inspection.Fact;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The labs on the user's Docker Engine: what each consists of, who has it, and its removal. Used on the toolkit's thread. */
public final class LabsModel {
    /** The answer that removes. */
    public static final String YES = "yes";

    private final EngineLabs.Source engine;
    private final Supplier<Optional<String>> own;
    private final TaskRunner tasks;
    private final Supplier<LabWords> words;
    private final long processId;
    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(new State(true, "", List.of()));
    private final ReadOnlyObjectWrapper<Optional<Notice>> result = new ReadOnlyObjectWrapper<>(Optional.empty());

    /** Who has a lab. */
    public enum Use {
        /** This window stands on it. */
        THIS_WINDOW,
        OTHER_PROGRAM,
        /** A program of this user had it and has ended, or left it. */
        LEFT_OVER,
        /** This user has no record of it: another user's, perhaps in use. */
        UNKNOWN
    }

    /** One lab. {@code since} is empty where nobody knows. */
    public record Row(String id, Use use, String machines, String counts, String since) {
        public boolean removable() {
            return use == Use.LEFT_OVER;
        }
    }

    /** {@code busy} with what {@code doing} says; the rows are those of the last reading. */
    public record State(boolean busy, String doing, List<Row> rows) {
        public State {
            rows = List.copyOf(rows);
        }

        /** Identifiers of what may be removed. */
        public List<String> leftOver() {
            return rows.stream().filter(Row::removable).map(Row::id).toList();
        }
    }

    /**
     * @param own the lab that the window stands on
     * @param processId of this program
     */
    LabsModel(
            EngineLabs.Source engine,
            Supplier<Optional<String>> own,
            TaskRunner tasks,
            Supplier<LabWords> words,
            long processId) {
        this.engine = engine;
        this.own = own;
        this.tasks = tasks;
        this.words = words;
        this.processId = processId;
    }

    public ReadOnlyObjectProperty<State> state() {
        return state.getReadOnlyProperty();
    }

    /** What the last removal, or reading, came to. */
    public ReadOnlyObjectProperty<Optional<Notice>> result() {
        return result.getReadOnlyProperty();
    }

    /** Reads anew, and forgets what was done before. */
    public void look() {
        result.set(Optional.empty());
        refresh();
    }

    private void refresh() {
        LabWords now = words.get();
        Optional<String> present = own.get();
        String doing = now.texts().get("labs.looking");
        state.set(new State(true, doing, state.get().rows()));
        tasks.run(
                doing,
                () -> {
                    try (EngineLabs labs = engine.open()) {
                        return labs.list().stream()
                                .map(lab -> row(lab, present, now))
                                .toList();
                    }
                },
                rows -> state.set(new State(false, "", rows)),
                failure -> {
                    state.set(new State(false, "", List.of()));
                    tell(Notifications.notice(now.texts().get("labs.looking.what"), failure, now.texts()));
                });
    }

    private Row row(DockerLabs.Lab lab, Optional<String> present, LabWords now) {
        return new Row(lab.id(), use(lab, present), now.machines(lab), now.counts(lab), now.since(lab));
    }

    private Use use(DockerLabs.Lab lab, Optional<String> present) {
        if (present.filter(lab.id()::equals).isPresent()) {
            return Use.THIS_WINDOW;
        }
        if (lab.record().isEmpty()) {
            return Use.UNKNOWN;
        }
        // One that this very program had and could not remove whole is nobody's any more.
        boolean here = lab.record().get().processId() == processId;
        return lab.inUse() && !here ? Use.OTHER_PROGRAM : Use.LEFT_OVER;
    }

    /** The question before labs are removed. */
    public Dialog question(List<String> ids) {
        Texts texts = words.get().texts();
        List<Row> rows = state.get().rows().stream()
                .filter(row -> ids.contains(row.id()))
                .toList();
        return new Dialog(
                "remove-labs",
                true,
                texts.get("labs.remove.title", ids.size(), String.join(", ", ids)),
                List.of(texts.get("labs.remove.words")),
                rows.stream()
                        .map(row -> new Fact(row.id(), row.machines() + "\n" + row.counts() + "\n" + row.since()))
                        .toList(),
                List.of(
                        new Answer("no", texts.get("remove.no"), Role.ESCAPE),
                        new Answer(YES, texts.get("labs.remove"), Role.MAIN_DANGER)));
    }

    /** Removes labs that were left over, one after another; what somebody has by now is not touched. */
    public void remove(List<String> ids) {
        LabWords now = words.get();
        Texts texts = now.texts();
        Optional<String> present = own.get();
        String doing = texts.get("labs.removing", String.join(", ", ids));
        result.set(Optional.empty());
        state.set(new State(true, doing, state.get().rows()));
        tasks.runToTheEnd(
                doing,
                () -> {
                    try (EngineLabs labs = engine.open()) {
                        for (String id : ids) {
                            remove(labs, id, present, now);
                        }
                    }
                    return true;
                },
                done -> {
                    refresh();
                    tell(new Notice(Level.GOOD, texts.get("labs.removed", String.join(", ", ids)), "", ""));
                },
                failure -> {
                    refresh();
                    tell(Notifications.notice(texts.get("labs.removing.what"), failure, texts));
                });
    }

    private void remove(EngineLabs labs, String id, Optional<String> present, LabWords now) {
        // It may have been taken up since the person looked.
        Set<Use> uses = labs.list().stream()
                .filter(lab -> lab.id().equals(id))
                .map(lab -> use(lab, present))
                .collect(Collectors.toSet());
        if (!uses.isEmpty() && !uses.equals(Set.of(Use.LEFT_OVER))) {
            throw new LabException(
                    LabException.Kind.CONFLICT,
                    now.texts().get("labs.used", id),
                    now.texts().get("labs.used.advice"));
        }
        labs.remove(id);
        requireGone(labs, id, now);
    }

    /** @throws LabException REFUSED if the engine still has something of it */
    static void requireGone(EngineLabs labs, String id, LabWords words) {
        labs.list().stream().filter(lab -> lab.id().equals(id)).findFirst().ifPresent(rest -> {
            throw new LabException(
                    LabException.Kind.REFUSED,
                    words.texts().get("labs.rest", id, words.counts(rest)),
                    words.texts().get("labs.rest.advice", id));
        });
    }

    private void tell(Notice notice) {
        result.set(Optional.of(notice));
    }
}
