package dev.clusterlab.ui.recovery;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.recovery.RecoveryComparison;
import dev.clusterlab.ui.model.recovery.RecoveryComparison.Row;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/** Two recoveries beside each other, a line for each duration. */
final class ComparisonPane {
    private static final double[] SHARES = {40, 20, 20, 20};

    private final GridPane root = new GridPane();

    ComparisonPane(RecoveryComparison comparison) {
        root.setId("recovery-comparison");
        root.getStyleClass().add("recovery-comparison");
        for (double share : SHARES) {
            ColumnConstraints column = new ColumnConstraints();
            column.setPercentWidth(share);
            column.setHgrow(Priority.ALWAYS);
            root.getColumnConstraints().add(column);
        }
        root.addRow(0, cell("", "muted"), cell(comparison.one(), "strong"), cell(comparison.other(), "recovery-other"));
        int line = 1;
        String lane = "";
        for (Row row : comparison.rows()) {
            if (!row.lane().equals(lane)) {
                lane = row.lane();
                root.add(cell(lane, "recovery-lane"), 0, line++, SHARES.length, 1);
            }
            Label difference = cell(row.difference(), "recovery-difference");
            Widgets.setTone(difference, row.tone());
            root.addRow(
                    line++,
                    cell(row.name(), "recovery-edge"),
                    cell(row.one(), "recovery-time"),
                    cell(row.other(), "recovery-time"),
                    difference);
        }
    }

    Node node() {
        return root;
    }

    private static Label cell(String words, String styleClass) {
        Label cell = Widgets.wrapped(words, styleClass);
        cell.setMinWidth(0);
        cell.setMaxWidth(Region.USE_COMPUTED_SIZE);
        return cell;
    }
}
