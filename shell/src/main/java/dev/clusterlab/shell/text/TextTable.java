package dev.clusterlab.shell.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Columns as the real command lines align them (Go's {@code text/tabwriter}): each as wide as its widest cell and a gap,
 * the last one not padded.
 */
public final class TextTable {
    private final int widthMin;
    private final int gap;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * @param widthMin least width of a column in characters, its gap counted in
     * @param gap blanks between a column's widest cell and the next column
     */
    public TextTable(int widthMin, int gap) {
        this.widthMin = widthMin;
        this.gap = gap;
    }

    /** Docker's own: a column is at least 10 wide, its gap of 3 counted in. */
    public static TextTable docker() {
        return new TextTable(10, 3);
    }

    /** Consul's own: columns are two blanks apart. */
    public static TextTable consul() {
        return new TextTable(0, 2);
    }

    /** Adds a row; rows may differ in length. */
    public TextTable row(List<String> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    /** Adds a row. */
    public TextTable row(String... cells) {
        return row(List.of(cells));
    }

    @Override
    public String toString() {
        int[] widths = widths();
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                text.append(cell);
                if (i < row.size() - 1) {
                    text.append(" ".repeat(Math.max(0, widths[i] - length(cell))));
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    private int[] widths() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], Math.max(widthMin, length(row.get(i)) + gap));
            }
        }
        return widths;
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
