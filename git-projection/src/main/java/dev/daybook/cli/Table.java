package dev.daybook.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Rows in columns of even width, two spaces apart; columns of numbers stand at their right edge. */
final class Table {

    private static final String GAP = "  ";

    private final List<String> header;
    private final List<List<Cell>> rows = new ArrayList<>();

    Table(List<String> header) {
        this.header = header.stream().map(Text::printable).toList();
    }

    /**
     * What stands in one place.
     *
     * @param isNeutral whether it leaves its column's edge to the others
     */
    record Cell(String text, boolean isNumber, boolean isNeutral) {

        static final Cell ABSENT = new Cell("-", false, true);

        static Cell number(String text) {
            return new Cell(text, true, false);
        }

        static Cell text(String text) {
            return new Cell(Text.printable(text), false, false);
        }
    }

    void add(List<Cell> row) {
        if (row.size() != header.size()) {
            throw new IllegalArgumentException(row.size() + " cells in " + header.size() + " columns");
        }
        rows.add(List.copyOf(row));
    }

    /** How many columns, from the left, fit in a width; at least one. */
    int fitting(OptionalInt columns) {
        if (columns.isEmpty()) {
            return header.size();
        }
        int count = 0;
        int used = -GAP.length();
        while (count < header.size() && used + GAP.length() + width(count) <= columns.getAsInt()) {
            used += GAP.length() + width(count);
            count++;
        }
        return Math.max(count, 1);
    }

    /** The names of the columns from the given one on. */
    List<String> headerFrom(int first) {
        return header.subList(first, header.size());
    }

    /** The header and the rows, cut after so many columns. */
    List<String> lines(int columnCount) {
        int[] widths = IntStream.range(0, columnCount).map(this::width).toArray();
        boolean[] right = new boolean[columnCount];
        for (int column = 0; column < columnCount; column++) {
            right[column] = isNumeric(column);
        }
        var lines = new ArrayList<String>();
        lines.add(line(header, widths, right));
        rows.forEach(row -> lines.add(line(row.stream().map(Cell::text).toList(), widths, right)));
        return lines;
    }

    List<String> lines() {
        return lines(header.size());
    }

    private int width(int column) {
        return Math.max(
                Text.length(header.get(column)),
                rows.stream()
                        .mapToInt(row -> Text.length(row.get(column).text()))
                        .max()
                        .orElse(0));
    }

    private boolean isNumeric(int column) {
        return rows.stream().map(row -> row.get(column)).anyMatch(Cell::isNumber)
                && rows.stream().map(row -> row.get(column)).allMatch(cell -> cell.isNumber() || cell.isNeutral());
    }

    private static String line(List<String> texts, int[] widths, boolean[] right) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            var text = texts.get(column);
            var padding = " ".repeat(widths[column] - Text.length(text));
            line.append(column == 0 ? "" : GAP).append(right[column] ? padding + text : text + padding);
        }
        return line.toString().stripTrailing();
    }
}
