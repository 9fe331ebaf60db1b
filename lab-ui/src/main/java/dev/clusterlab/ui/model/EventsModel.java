package dev.clusterlab.ui.model;

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
    private final FilteredList<ClusterEvent> shown;
    private final StringProperty search = new SimpleStringProperty("");
    private final BooleanProperty troubleOnly = new SimpleBooleanProperty();

    public EventsModel(ObservableList<ClusterEvent> events) {
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
            case INFO, GOOD -> event.kind() == ClusterEvent.Kind.FAULT;
        };
    }

    private static boolean matches(ClusterEvent event, String wanted) {
        String all = event.subject() + " " + event.text() + " " + event.kind() + " "
                + event.cause().orElse("");
        return all.toLowerCase(Locale.ROOT).contains(wanted);
    }

    public ObservableList<ClusterEvent> shown() {
        return shown;
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
