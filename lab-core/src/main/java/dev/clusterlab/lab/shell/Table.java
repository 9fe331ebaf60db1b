package dev.clusterlab.lab.shell;

import java.util.ArrayList;
import java.util.List;

/** Columns as the real command lines align them: at least {@code widthMin} wide, {@code gap} blanks apart. */
public final class Table {
    private final int widthMin;
    private final int gap;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(int widthMin, int gap) {
        this.widthMin = widthMin;
        this.gap = gap;
    }

    /** Docker's own: a column is at least 10 wide, its gap of 3 counted in. */
    public static Table docker() {
        return new Table(10, 3);
    }

    public Table row(List<String> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    public Table row(String... cells) {
        return row(List.of(cells));
    }

    @Override
    public String toString() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (int i = 0; i < columns - 1; i++) {
            int column = i;
            widths[i] = Math.max(
                    widthMin,
                    rows.stream()
                                    .filter(row -> column < row.size())
                                    .mapToInt(row -> row.get(column)
                                            .codePointCount(0, row.get(column).length()))
                                    .max()
                                    .orElse(0)
                            + gap);
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                text.append(cell);
                if (i < row.size() - 1) {
                    text.append(" ".repeat(Math.max(0, widths[i] - cell.codePointCount(0, cell.length()))));
                }
            }
            text.append('\n');
        }
        return text.toString();
    }
}
