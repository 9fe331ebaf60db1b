package dev.clusterlab.ui.model;

import dev.clusterlab.lab.words.History;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import java.util.Locale;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;

/** The events that match what the person looks for. */
public final class EventsModel {
    private final History history;
    private Sentences sentences;
    private final FilteredList<ClusterEvent> shown;
    private final StringProperty search = new SimpleStringProperty("");
    private final BooleanProperty troubleOnly = new SimpleBooleanProperty();

    /**
     * @param history of the same events, for their causes
     * @param sentences in the language that is searched
     */
    public EventsModel(ObservableList<ClusterEvent> events, History history, Sentences sentences) {
        this.history = history;
        this.sentences = sentences;
        shown = new FilteredList<>(events);
        search.addListener((of, was, is) -> refilter());
        troubleOnly.addListener((of, was, is) -> refilter());
    }

    private void refilter() {
        String wanted = search.get().strip().toLowerCase(Locale.ROOT);
        boolean trouble = troubleOnly.get();
        shown.setPredicate(event -> (!trouble || isTrouble(event)) && (wanted.isEmpty() || matches(event, wanted)));
    }

    private static boolean isTrouble(ClusterEvent event) {
        return switch (event.severity()) {
            case WARNING, BAD -> true;
            case INFO, GOOD -> event instanceof ClusterEvent.OfFault;
        };
    }

    private boolean matches(ClusterEvent event, String wanted) {
        String all = sentences.subject(event) + " " + sentences.of(event) + " "
                + event.getClass().getSimpleName() + " " + command(event) + " " + sentences.because(event, history);
        return all.toLowerCase(Locale.ROOT).contains(wanted);
    }

    /** A fault is looked for by its name in commands too. */
    private static String command(ClusterEvent event) {
        return event instanceof ClusterEvent.OfFault of ? of.fault().kind().code() : "";
    }

    public ObservableList<ClusterEvent> shown() {
        return shown;
    }

    /** Searches in another language from now on. */
    public void language(Sentences changed) {
        sentences = changed;
        refilter();
    }

    /** Text that events must contain. */
    public StringProperty search() {
        return search;
    }

    /** Only warnings, failures and faults. */
    public BooleanProperty troubleOnly() {
        return troubleOnly;
    }
}
