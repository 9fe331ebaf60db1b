package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.Widgets;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListBlock;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.Parser;

/** Lays out CommonMark (with tables) as nodes. Raw HTML and pictures are left out; a picture's words stay. */
final class MarkdownView {
    private static final int INLINE_CODE_BOX_MAX = 34;
    private static final Pattern SET_OFF = Pattern.compile(" ([:;?!»])");
    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    private final Consumer<String> browser;

    private MarkdownView(Consumer<String> browser) {
        this.browser = browser;
    }

    /** {@code browser} opens links. */
    static VBox of(String markdown, Consumer<String> browser) {
        VBox page = new VBox();
        page.getStyleClass().add("markdown");
        new MarkdownView(browser).blocks(PARSER.parse(markdown), page);
        return page;
    }

    private void blocks(org.commonmark.node.Node parent, VBox page) {
        for (org.commonmark.node.Node node = parent.getFirstChild(); node != null; node = node.getNext()) {
            switch (node) {
                case Heading heading ->
                    page.getChildren().add(flow(heading, "heading-" + Math.min(heading.getLevel(), 4)));
                case Paragraph paragraph -> page.getChildren().add(flow(paragraph, "paragraph"));
                case ListBlock list -> page.getChildren().add(list(list));
                case FencedCodeBlock code -> page.getChildren().add(code(code.getLiteral()));
                case IndentedCodeBlock code -> page.getChildren().add(code(code.getLiteral()));
                case BlockQuote quote -> {
                    VBox inner = new VBox();
                    inner.getStyleClass().addAll("markdown", "quote");
                    blocks(quote, inner);
                    page.getChildren().add(inner);
                }
                case TableBlock table -> page.getChildren().add(table(table));
                case ThematicBreak line -> {
                    Label rule = new Label();
                    rule.getStyleClass().add("rule");
                    rule.setMaxWidth(Double.MAX_VALUE);
                    page.getChildren().add(rule);
                }
                default -> {
                    // raw HTML and link definitions have no looks
                }
            }
        }
    }

    private TextFlow flow(org.commonmark.node.Node block, String styleClass) {
        TextFlow flow = new TextFlow();
        flow.getStyleClass().addAll("flow", styleClass);
        // By itself a flow refuses to be narrower than its text on one line.
        flow.setMinWidth(0);
        inlines(block, flow, List.of());
        return flow;
    }

    private void inlines(org.commonmark.node.Node parent, TextFlow flow, List<String> styles) {
        for (org.commonmark.node.Node node = parent.getFirstChild(); node != null; node = node.getNext()) {
            switch (node) {
                case org.commonmark.node.Text text -> add(flow, text.getLiteral(), styles);
                case SoftLineBreak line -> add(flow, " ", styles);
                case HardLineBreak line -> add(flow, "\n", styles);
                case StrongEmphasis strong -> inlines(strong, flow, with(styles, "strong"));
                case Emphasis emphasis -> inlines(emphasis, flow, with(styles, "emphasis"));
                case Code code -> flow.getChildren().add(inlineCode(code.getLiteral()));
                case Link link -> flow.getChildren().add(link(link));
                case Image image -> inlines(image, flow, with(styles, "emphasis"));
                default -> inlines(node, flow, styles);
            }
        }
    }

    private static List<String> with(List<String> styles, String more) {
        return java.util.stream.Stream.concat(styles.stream(), java.util.stream.Stream.of(more))
                .toList();
    }

    private static void add(TextFlow flow, String literal, List<String> styles) {
        Text text = new Text(bound(literal));
        text.getStyleClass().add("prose");
        text.getStyleClass().addAll(styles);
        flow.getChildren().add(text);
    }

    /** No line begins with a mark that French sets off by a space. */
    private static String bound(String prose) {
        return SET_OFF.matcher(prose).replaceAll("\u00a0$1").replace("« ", "«\u00a0");
    }

    private static Node inlineCode(String literal) {
        if (literal.length() <= INLINE_CODE_BOX_MAX) {
            return Widgets.label(literal, "inline-code");
        }
        Text text = new Text(literal);
        text.getStyleClass().addAll("prose", "code-text");
        return text;
    }

    private Hyperlink link(Link link) {
        StringBuilder words = new StringBuilder();
        collect(link, words);
        Hyperlink hyperlink = new Hyperlink(words.toString());
        hyperlink.setOnAction(event -> browser.accept(link.getDestination()));
        return hyperlink;
    }

    private static void collect(org.commonmark.node.Node parent, StringBuilder words) {
        for (org.commonmark.node.Node node = parent.getFirstChild(); node != null; node = node.getNext()) {
            switch (node) {
                case org.commonmark.node.Text text -> words.append(text.getLiteral());
                case Code code -> words.append(code.getLiteral());
                default -> collect(node, words);
            }
        }
    }

    private VBox list(ListBlock list) {
        VBox box = new VBox();
        box.getStyleClass().add("list");
        int number = list instanceof OrderedList ordered && ordered.getMarkerStartNumber() != null
                ? ordered.getMarkerStartNumber()
                : 1;
        for (org.commonmark.node.Node item = list.getFirstChild(); item != null; item = item.getNext()) {
            Label mark = Widgets.label(list instanceof BulletList ? "•" : number + ".", "list-mark");
            mark.setMinWidth(javafx.scene.layout.Region.USE_PREF_SIZE);
            VBox content = new VBox();
            content.getStyleClass().add("markdown");
            blocks(item, content);
            HBox.setHgrow(content, Priority.ALWAYS);
            HBox row = new HBox(mark, content);
            row.getStyleClass().add("list-item");
            box.getChildren().add(row);
            number++;
        }
        return box;
    }

    private static Node code(String literal) {
        Label label = Widgets.wrapped(literal.stripTrailing(), "code-block");
        label.setMaxWidth(Double.MAX_VALUE);
        return label;
    }

    private GridPane table(TableBlock table) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("table-grid");
        int row = 0;
        int columns = 0;
        for (org.commonmark.node.Node part = table.getFirstChild(); part != null; part = part.getNext()) {
            for (org.commonmark.node.Node line = part.getFirstChild(); line != null; line = line.getNext()) {
                if (line instanceof TableRow) {
                    int column = 0;
                    for (org.commonmark.node.Node cell = line.getFirstChild(); cell != null; cell = cell.getNext()) {
                        if (cell instanceof TableCell tableCell) {
                            TextFlow flow = flow(tableCell, tableCell.isHeader() ? "table-head" : "table-cell");
                            grid.add(flow, column++, row);
                        }
                    }
                    columns = Math.max(columns, column);
                    row++;
                }
            }
        }
        for (int i = 0; i < columns; i++) {
            ColumnConstraints constraints = new ColumnConstraints();
            constraints.setPercentWidth(100.0 / columns);
            grid.getColumnConstraints().add(constraints);
        }
        return grid;
    }
}
