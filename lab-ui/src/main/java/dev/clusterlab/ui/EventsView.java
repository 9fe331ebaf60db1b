package dev.clusterlab.ui;

import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.ui.kit.FollowingList;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import javafx.util.Subscription;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** What happened, when and why. */
final class EventsView {
    private static final double LINE_HEIGHT = 2;

    private final WindowModels desk;
    private final Texts texts;
    private final FollowingList<ClusterEvent> list;
    private final VBox root = new VBox();
    private final Subscription subscription;

    EventsView(WindowModels desk, Texts texts) {
        this.desk = desk;
        this.texts = texts;
        desk.events.language(texts.sentences());
        list = new FollowingList<>(desk.events.shown());
        list.setId("events");
        list.getStyleClass().add("event-list");
        list.setCellFactory(view -> new EventCell());
        list.getSelectionModel().selectedItemProperty().subscribe(event -> {
            if (event != null) {
                desk.cluster.choose(event.subject());
            }
        });
        list.setPlaceholder(Widgets.wrapped(texts.get("events.empty"), "muted"));
        VBox.setVgrow(list, Priority.ALWAYS);
        TextField search = new TextField();
        search.setId("events-search");
        search.setPromptText(texts.get("events.search"));
        search.textProperty().bindBidirectional(desk.events.search());
        HBox.setHgrow(search, Priority.ALWAYS);
        search.setMaxWidth(360);
        ToggleButton trouble = new ToggleButton(texts.get("events.trouble"), Widgets.icon(Material2MZ.WARNING));
        trouble.setId("events-trouble");
        trouble.getStyleClass().add("small");
        trouble.setMinWidth(Region.USE_PREF_SIZE);
        trouble.selectedProperty().bindBidirectional(desk.events.troubleOnly());
        HBox bar = new HBox(search, trouble);
        bar.getStyleClass().add("events-bar");
        root.getChildren().addAll(bar, list);
        root.getStyleClass().add("events");
        subscription = () -> {
            search.textProperty().unbindBidirectional(desk.events.search());
            trouble.selectedProperty().unbindBidirectional(desk.events.troubleOnly());
        };
    }

    Node node() {
        return root;
    }

    /** Selects the newest of these events and shows it; a search that hides it ends. */
    void reveal(List<Long> numbers) {
        Predicate<ClusterEvent> wanted = event -> numbers.contains(event.number());
        if (desk.events.shown().stream().noneMatch(wanted)) {
            desk.events.search().set("");
            desk.events.troubleOnly().set(false);
        }
        for (int i = desk.events.shown().size() - 1; i >= 0; i--) {
            if (wanted.test(desk.events.shown().get(i))) {
                list.getSelectionModel().clearAndSelect(i);
                list.scrollTo(i);
                return;
            }
        }
        // Forgotten since: another one must not pass for it.
        list.getSelectionModel().clearSelection();
    }

    /** Gives the keyboard to the list. */
    void focus() {
        list.requestFocus();
    }

    void dispose() {
        subscription.unsubscribe();
        list.dispose();
    }

    private final class EventCell extends ListCell<ClusterEvent> {
        private final Label time = Widgets.label("", "event-time");
        private final Label severity = Widgets.label("", "event-severity");
        private final Label subject = Widgets.label("", "event-subject");
        private final Text text = word("event-text");
        private final Text cause = word("event-cause");
        private final TextFlow words = new TextFlow(text, cause);
        private final HBox row = new HBox(time, severity, subject, words);

        EventCell() {
            row.getStyleClass().add("event-row");
            time.setMinWidth(Region.USE_PREF_SIZE);
            severity.setMinWidth(Region.USE_PREF_SIZE);
            subject.setMinWidth(Region.USE_PREF_SIZE);
            words.setMinWidth(0);
            HBox.setHgrow(words, Priority.ALWAYS);
            // As wide as the list, never wider: long sentences go on in the next line.
            setPrefWidth(0);
        }

        private static Text word(String styleClass) {
            Text word = new Text();
            word.getStyleClass().add(styleClass);
            return word;
        }

        /** A cell does not ask how high its content is at the width that it has. */
        @Override
        protected double computePrefHeight(double width) {
            double least = Math.ceil(desk.settings.fontPixels() * LINE_HEIGHT);
            if (getGraphic() == null || getWidth() <= 0) {
                return least;
            }
            double high = row.prefHeight(getWidth() - snappedLeftInset() - snappedRightInset());
            return Math.max(least, snappedTopInset() + high + snappedBottomInset());
        }

        @Override
        protected void updateItem(ClusterEvent event, boolean empty) {
            super.updateItem(event, empty);
            if (empty || event == null) {
                setGraphic(null);
                return;
            }
            time.setText(Texts.clock(event.stamp().at()));
            boolean fault = event instanceof ClusterEvent.OfFault;
            String level = event.severity().name();
            severity.setText(fault ? texts.get("severity.FAULT") : texts.get("severity." + level));
            severity.setGraphic(icon(event, fault));
            severity.getStyleClass()
                    .setAll("event-severity", "severity-" + (fault ? "fault" : level.toLowerCase(Locale.ROOT)));
            Sentences sentences = texts.sentences();
            subject.setText(sentences.subject(event));
            text.setText(sentences.of(event));
            String because = sentences.because(event, desk.cluster.history());
            cause.setText(because.isEmpty() ? "" : "  " + texts.get("events.cause", because));
            setGraphic(row);
        }

        private static FontIcon icon(ClusterEvent event, boolean fault) {
            if (fault) {
                return Widgets.icon(Material2AL.FLASH_ON);
            }
            return Widgets.icon(
                    switch (event.severity()) {
                        case INFO -> Material2AL.INFO;
                        case GOOD -> Material2AL.CHECK_CIRCLE;
                        case WARNING -> Material2MZ.WARNING;
                        case BAD -> Material2AL.ERROR;
                    });
        }
    }
}
