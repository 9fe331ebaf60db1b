package dev.clusterlab.ui.kit;

import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.scene.control.ListView;
import javafx.scene.control.skin.VirtualFlow;

/** A list that grows at its end and shows its end, unless the person has scrolled back to read something. */
public final class FollowingList<T> extends ListView<T> {
    private final ListChangeListener<T> growth = change -> grown();
    private final ObservableList<T> source;
    /** Bringing the end into view takes some turns: only then are bars and cells where they will be. */
    private static final int TURNS = 4;

    private boolean following = true;
    private int turns = TURNS;
    private int shown;

    public FollowingList(ObservableList<T> source) {
        super(source);
        this.source = source;
        source.addListener(growth);
    }

    public void dispose() {
        source.removeListener(growth);
        setItems(FXCollections.emptyObservableList());
    }

    private void grown() {
        following |= atEnd();
        turns = TURNS;
        shown = source.size();
        requestLayout();
    }

    /** Whether the last line of those that there were is in sight. */
    private boolean atEnd() {
        if (!(lookup(".virtual-flow") instanceof VirtualFlow<?> flow) || flow.getLastVisibleCell() == null) {
            return true;
        }
        return flow.getLastVisibleCell().getIndex() >= shown - 2;
    }

    @Override
    protected void layoutChildren() {
        super.layoutChildren();
        // Only now does the list know how many lines it has.
        if (following && !source.isEmpty() && lookup(".virtual-flow") instanceof VirtualFlow<?> flow) {
            // Not scrollTo: it reckons from a position that can be beyond the end when a long line has come or gone.
            flow.setPosition(1);
            flow.requestLayout();
            following = --turns > 0;
            if (following) {
                FxThread.later(this::requestLayout);
            }
        }
    }
}
