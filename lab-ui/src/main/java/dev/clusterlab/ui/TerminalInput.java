package dev.clusterlab.ui;

import javafx.scene.control.TextArea;
import javafx.scene.input.Clipboard;
import javafx.scene.text.Text;

/** Where commands are written: one line high, and higher as more is written or pasted. */
final class TerminalInput extends TextArea {
    private static final int ROWS_MAX = 6;
    private static final double EDGE = 6;

    TerminalInput() {
        setWrapText(true);
        setPrefRowCount(1);
        setMinHeight(USE_PREF_SIZE);
        setMaxHeight(USE_PREF_SIZE);
    }

    @Override
    protected void layoutChildren() {
        super.layoutChildren();
        // Only once it is laid out is it known how many rows a text fills.
        if (lookup(".content .text") instanceof Text text) {
            double row = Math.ceil(text.getFont().getSize() * 1.4);
            double height = Math.ceil(text.getLayoutBounds().getHeight()) + EDGE;
            setPrefHeight(Math.clamp(height, row + EDGE, row * ROWS_MAX));
        }
    }

    /** Whether the caret is on the first line, where going up means going back in the history. */
    boolean onFirstLine() {
        return getText().lastIndexOf('\n', getCaretPosition() - 1) < 0;
    }

    boolean onLastLine() {
        return getText().indexOf('\n', getCaretPosition()) < 0;
    }

    /** Pastes without the end of the last line, which would be one line more to look at. */
    @Override
    public void paste() {
        String text = Clipboard.getSystemClipboard().getString();
        if (text != null) {
            replaceSelection(text.replace("\r\n", "\n").stripTrailing());
        }
    }
}
