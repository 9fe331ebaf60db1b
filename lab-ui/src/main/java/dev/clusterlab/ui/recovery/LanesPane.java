package dev.clusterlab.ui.recovery;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.recovery.RecoveryCard;
import dev.clusterlab.ui.model.recovery.RecoveryCard.Lane;
import dev.clusterlab.ui.model.recovery.RecoveryCard.Row;
import dev.clusterlab.ui.model.recovery.TimeAxis;
import java.util.function.LongConsumer;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/** Stages lane by lane: what each is called, when it came on the common axis, in words, and how many requests failed in it. */
public final class LanesPane {
    private static final double TRACK_MIN = 80;
    private static final int COLUMNS = 4;

    private final GridPane root = new GridPane();
    private final LongConsumer lead;

    /** @param lead shows the event with this number */
    public LanesPane(RecoveryCard card, LongConsumer lead) {
        this.lead = lead;
        root.getStyleClass().add("recovery-lanes");
        ColumnConstraints track = new ColumnConstraints();
        track.setHgrow(Priority.ALWAYS);
        track.setMinWidth(TRACK_MIN);
        root.getColumnConstraints()
                .addAll(new ColumnConstraints(), track, new ColumnConstraints(), new ColumnConstraints());
        TimeMarks marks = new TimeMarks(card.axis(), card.marks());
        int line = 0;
        for (Lane lane : card.lanes()) {
            Label name = Widgets.label(lane.name(), "recovery-lane");
            name.setMinWidth(Region.USE_PREF_SIZE);
            root.add(name, 0, line);
            if (line == 0) {
                root.add(marks, 1, 0);
            }
            line++;
            for (Row row : lane.rows()) {
                add(row, card.axis(), line++);
            }
        }
    }

    public Node node() {
        return root;
    }

    private void add(Row row, TimeAxis axis, int line) {
        root.add(name(row), 0, line);
        Label state = Widgets.wrapped(row.state(), row.place().isPresent() ? "recovery-time" : "recovery-state");
        row.place()
                .ifPresentOrElse(
                        place -> {
                            TimeTrack track = new TimeTrack(axis, place);
                            Widgets.describe(track, row.said());
                            if (row.event() != 0) {
                                track.getStyleClass().add("time-leads");
                                track.setOnMouseClicked(event -> lead.accept(row.event()));
                            }
                            state.setWrapText(false);
                            state.setMinWidth(Region.USE_PREF_SIZE);
                            root.add(track, 1, line);
                            root.add(state, 2, line);
                        },
                        () -> root.add(state, 1, line, COLUMNS - 2, 1));
        if (!row.failed().isEmpty()) {
            Label failed = Widgets.label(row.failed(), "recovery-failed");
            failed.setMinWidth(Region.USE_PREF_SIZE);
            root.add(failed, COLUMNS - 1, line);
        }
    }

    /** A stage that an event tells of is a button that leads to it. */
    private Region name(Row row) {
        if (row.event() == 0) {
            Label name = Widgets.label(row.name(), "recovery-stage");
            name.setId("recovery-" + row.id());
            name.setMinWidth(Region.USE_PREF_SIZE);
            Widgets.describe(name, row.said());
            return name;
        }
        Button name = new Button(row.name());
        name.setId("recovery-" + row.id());
        name.getStyleClass().addAll("flat", "recovery-stage");
        name.setMinWidth(Region.USE_PREF_SIZE);
        name.setOnAction(event -> lead.accept(row.event()));
        Widgets.describe(name, row.said());
        return name;
    }
}
