package dev.clusterlab.lab.cli;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.AbstractVisitor;
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
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.Parser;

/** Markdown as text for a terminal: wrapped, and with the terminal's own emphasis where it has any. */
final class TerminalProse {
    /** How a piece of text stands out, as the parameters of an SGR sequence; empty for not at all. */
    private enum Style {
        PLAIN(""),
        EMPHASIS("3"),
        STRONG("1"),
        CODE("36"),
        LINK("4");

        private final String parameters;

        Style(String parameters) {
            this.parameters = parameters;
        }
    }

    private static final Parser MARKDOWN = Parser.builder().build();
    private static final int WIDTH_MIN = 30;

    private final int width;
    private final boolean styled;

    /**
     * @param width columns that a line may have
     * @param styled whether the terminal shows emphasis; if not, only code is marked, by quotes
     */
    TerminalProse(int width, boolean styled) {
        this.width = Math.max(WIDTH_MIN, width);
        this.styled = styled;
    }

    String render(String markdown) {
        List<String> lines = new ArrayList<>();
        blocks(MARKDOWN.parse(markdown), "", lines);
        while (!lines.isEmpty() && lines.getLast().isBlank()) {
            lines.removeLast();
        }
        return String.join("\n", lines) + (lines.isEmpty() ? "" : "\n");
    }

    private void blocks(Node parent, String indent, List<String> lines) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNext()) {
            switch (node) {
                case Heading heading -> {
                    wrap(inline(heading, Style.STRONG), indent, indent, lines);
                    lines.add("");
                }
                case Paragraph paragraph -> {
                    wrap(inline(paragraph, Style.PLAIN), indent, indent, lines);
                    lines.add("");
                }
                case BulletList list -> list(list, indent, 0, lines);
                case OrderedList list -> {
                    Integer start = list.getMarkerStartNumber();
                    list(list, indent, start == null ? 1 : start, lines);
                }
                case BlockQuote quote -> blocks(quote, indent + "│ ", lines);
                case FencedCodeBlock code -> code(code.getLiteral(), indent, lines);
                case IndentedCodeBlock code -> code(code.getLiteral(), indent, lines);
                case ThematicBreak rule -> {
                    lines.add(indent + "─".repeat(Math.max(3, width - indent.length())));
                    lines.add("");
                }
                default -> blocks(node, indent, lines);
            }
        }
    }

    private void list(Node list, String indent, int firstNumber, List<String> lines) {
        int number = firstNumber;
        for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
            if (item instanceof ListItem) {
                String mark = firstNumber > 0 ? number++ + ". " : "• ";
                List<String> inside = new ArrayList<>();
                blocks(item, indent + " ".repeat(mark.length()), inside);
                while (!inside.isEmpty() && inside.getLast().isBlank()) {
                    inside.removeLast();
                }
                if (!inside.isEmpty()) {
                    String first = inside.removeFirst();
                    lines.add(indent + mark + first.substring(indent.length() + mark.length()));
                }
                lines.addAll(inside);
            }
        }
        lines.add("");
    }

    private void code(String literal, String indent, List<String> lines) {
        literal.lines().forEach(line -> lines.add(indent + "    " + style(line, Style.CODE)));
        lines.add("");
    }

    // ---- words

    /** A word or the blank after it; {@code text} is "\n" for a break that the author wants. */
    private record Piece(String text, Style style) {}

    private List<Piece> inline(Node block, Style base) {
        List<Piece> pieces = new ArrayList<>();
        block.accept(new AbstractVisitor() {
            private Style style = base;

            private void within(Style inner, Node node) {
                Style before = style;
                style = inner;
                visitChildren(node);
                style = before;
            }

            @Override
            public void visit(Text text) {
                pieces.add(new Piece(text.getLiteral(), style));
            }

            @Override
            public void visit(Code code) {
                pieces.add(new Piece(styled ? code.getLiteral() : "'" + code.getLiteral() + "'", Style.CODE));
            }

            @Override
            public void visit(Emphasis emphasis) {
                within(Style.EMPHASIS, emphasis);
            }

            @Override
            public void visit(StrongEmphasis strong) {
                within(Style.STRONG, strong);
            }

            @Override
            public void visit(Link link) {
                within(Style.LINK, link);
                pieces.add(new Piece(" (" + link.getDestination() + ")", style));
            }

            @Override
            public void visit(Image image) {
                within(style, image);
            }

            @Override
            public void visit(SoftLineBreak soft) {
                pieces.add(new Piece(" ", style));
            }

            @Override
            public void visit(HardLineBreak hard) {
                pieces.add(new Piece("\n", style));
            }
        });
        return pieces;
    }

    private void wrap(List<Piece> pieces, String firstIndent, String indent, List<String> lines) {
        StringBuilder line = new StringBuilder(firstIndent);
        int[] used = {firstIndent.length()};
        boolean empty = true;
        StringBuilder word = new StringBuilder();
        int wordLength = 0;
        for (int i = 0; i <= pieces.size(); i++) {
            Piece piece = i < pieces.size() ? pieces.get(i) : new Piece("\n", Style.PLAIN);
            int from = 0;
            String text = piece.text();
            for (int at = 0; at <= text.length(); at++) {
                boolean end = at == text.length();
                if (!end && text.charAt(at) != ' ' && text.charAt(at) != '\n') {
                    continue;
                }
                String part = text.substring(from, at);
                from = at + 1;
                word.append(style(part, piece.style()));
                wordLength += part.length();
                if (end) {
                    break;
                }
                if (wordLength > 0) {
                    if (!empty && used[0] + 1 + wordLength > width) {
                        lines.add(line.toString());
                        line.setLength(0);
                        line.append(indent);
                        used[0] = indent.length();
                        empty = true;
                    }
                    line.append(empty ? "" : " ").append(word);
                    used[0] += wordLength + (empty ? 0 : 1);
                    empty = false;
                    word.setLength(0);
                    wordLength = 0;
                }
                if (text.charAt(at) == '\n' && !empty) {
                    lines.add(line.toString());
                    line.setLength(0);
                    line.append(indent);
                    used[0] = indent.length();
                    empty = true;
                }
            }
        }
    }

    private String style(String text, Style style) {
        return !styled || text.isEmpty() || style == Style.PLAIN
                ? text
                : "\033[" + style.parameters + "m" + text + "\033[0m";
    }
}
