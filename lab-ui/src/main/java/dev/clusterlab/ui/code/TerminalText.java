package dev.clusterlab.ui.code;

import java.util.List;
import java.util.Optional;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import org.fxmisc.richtext.Caret.CaretVisibility;
import org.fxmisc.richtext.StyledTextArea;
import org.fxmisc.richtext.model.ReadOnlyStyledDocumentBuilder;
import org.fxmisc.richtext.model.SegmentOps;
import org.fxmisc.richtext.model.StyledSegment;
import org.fxmisc.richtext.util.UndoUtils;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2AL;

/**
 * Text that is read, selected and copied like any text, a line a paragraph; only what is near the window has nodes. What stands
 * before a line (its prompt, a bar, a sign) is not part of the text, so that it is not copied.
 */
public final class TerminalText extends StyledTextArea<TerminalText.Look, String> {
    /** What a line looks like. */
    public enum Kind {
        COMMAND("terminal-command"),
        STDOUT("terminal-stdout"),
        STDERR("terminal-stderr"),
        FAILURE("terminal-failure"),
        /** What the lab says itself. */
        NOTE("terminal-note");

        private final String styleClass;

        Kind(String styleClass) {
            this.styleClass = styleClass;
        }
    }

    /** {@code prompt}: empty for lines that have none. */
    public record Look(Kind kind, String prompt) {
        static final Look PLAIN = new Look(Kind.STDOUT, "");
    }

    /** {@code meaning}: follows the text in a quieter style; mostly empty. */
    public record Line(Look look, String text, String meaning) {}

    /** What belongs to one word of a terminal, which are often addresses, names and options. */
    private static final String WORD_CHARACTERS = "_-./:@%+=,~#";

    private static final SegmentOps<String, String> SEGMENTS = SegmentOps.styledTextOps();

    private boolean filled;

    public TerminalText() {
        super(
                Look.PLAIN,
                (flow, look) -> {},
                Kind.STDOUT.styleClass,
                (text, styleClass) -> text.getStyleClass().add(styleClass),
                false);
        setEditable(false);
        setWrapText(true);
        setUndoManager(UndoUtils.noOpUndoManager());
        setParagraphGraphicFactory(this::before);
        setAccessibleRole(AccessibleRole.TEXT_AREA);
        // By keyboard, too, one wants to see where a selection begins.
        focusedProperty().subscribe(focused -> setShowCaret(focused ? CaretVisibility.ON : CaretVisibility.OFF));
    }

    /** How many lines there are. */
    public int lines() {
        return filled ? getParagraphs().size() : 0;
    }

    public void append(List<Line> lines) {
        if (lines.isEmpty()) {
            return;
        }
        int at = lines();
        var document = new ReadOnlyStyledDocumentBuilder<>(SEGMENTS, Look.PLAIN);
        if (filled) {
            // Joined to the last line that there is: what follows begins a new one.
            document.addParagraph("", Kind.STDOUT.styleClass, Look.PLAIN);
        }
        for (Line line : lines) {
            document.addParagraph(segments(line), line.look());
        }
        replace(getLength(), getLength(), document.build());
        filled = true;
        setParagraphStyle(at, lines.getFirst().look());
    }

    private static List<StyledSegment<String, String>> segments(Line line) {
        var text = new StyledSegment<>(line.text(), line.look().kind().styleClass);
        return line.meaning().isEmpty()
                ? List.of(text)
                : List.of(text, new StyledSegment<>(line.meaning(), Kind.STDOUT.styleClass));
    }

    public void dropFirst(int lines) {
        if (lines >= lines()) {
            empty();
            return;
        }
        Look first = getParagraph(lines).getParagraphStyle();
        deleteText(0, getAbsolutePosition(lines, 0));
        setParagraphStyle(0, first);
    }

    public void empty() {
        clear();
        filled = false;
        setParagraphStyle(0, Look.PLAIN);
    }

    private @Nullable Node before(int paragraph) {
        if (!filled || paragraph >= getParagraphs().size()) {
            return null;
        }
        Look look = getParagraph(paragraph).getParagraphStyle();
        Region bar = new Region();
        bar.getStyleClass().add("terminal-bar");
        HBox before = new HBox(bar);
        before.getStyleClass().addAll("terminal-before", "before-" + look.kind().styleClass);
        switch (look.kind()) {
            case COMMAND -> {
                Label prompt = new Label(look.prompt());
                prompt.getStyleClass().add("terminal-prompt");
                prompt.setMinWidth(Region.USE_PREF_SIZE);
                before.getChildren().add(prompt);
            }
            case FAILURE -> {
                FontIcon sign = new FontIcon(Material2AL.CANCEL);
                sign.getStyleClass().add("tone-bad");
                before.getChildren().add(sign);
            }
            case STDOUT, STDERR, NOTE -> {}
        }
        return before;
    }

    /** Whether the last line is in sight. */
    public boolean atEnd() {
        int last = getParagraphs().size() - 1;
        if (getHeight() <= 0 || getTotalHeightEstimate() <= getHeight()) {
            return true;
        }
        return getParagraphBoundsOnScreen(last)
                .flatMap(line -> Optional.ofNullable(localToScreen(getLayoutBounds()))
                        .map(room -> line.getMaxY() <= room.getMaxY() + 2))
                .orElse(false);
    }

    public void showEnd() {
        if (filled) {
            showParagraphAtBottom(getParagraphs().size() - 1);
        }
    }

    /** A name, address or option as a whole, where text in sentences would end at its first sign. */
    @Override
    public void selectWord() {
        String line = getText(getCurrentParagraph());
        int at = Math.min(getCaretColumn(), Math.max(0, line.length() - 1));
        if (line.isEmpty() || !ofWord(line.charAt(at))) {
            super.selectWord();
            return;
        }
        int start = at;
        while (start > 0 && ofWord(line.charAt(start - 1))) {
            start--;
        }
        int end = at;
        while (end < line.length() && ofWord(line.charAt(end))) {
            end++;
        }
        // A full stop or colon at the end belongs to the sentence.
        while (end > start + 1 && ".,:".indexOf(line.charAt(end - 1)) >= 0) {
            end--;
        }
        selectRange(getCurrentParagraph(), start, getCurrentParagraph(), end);
    }

    private static boolean ofWord(char c) {
        return Character.isLetterOrDigit(c) || WORD_CHARACTERS.indexOf(c) >= 0;
    }

    /** The control has no accessibility of its own. */
    @Override
    public Object queryAccessibleAttribute(AccessibleAttribute attribute, Object... parameters) {
        return switch (attribute) {
            case TEXT -> getText();
            case EDITABLE -> false;
            case SELECTION_START -> getSelection().getStart();
            case SELECTION_END -> getSelection().getEnd();
            case CARET_OFFSET -> getCaretPosition();
            case LINE_FOR_OFFSET ->
                offsetToPosition((Integer) parameters[0], Bias.Forward).getMajor();
            case LINE_START -> getAbsolutePosition((Integer) parameters[0], 0);
            case LINE_END -> getAbsolutePosition((Integer) parameters[0], getParagraphLength((Integer) parameters[0]));
            default -> super.queryAccessibleAttribute(attribute, parameters);
        };
    }
}
