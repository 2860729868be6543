package dev.daybook.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Rows in columns of even width, two spaces apart; columns of numbers stand at their right edge. */
final class Table {

    private static final String GAP = "  ";
    private static final String BOLD = "1";

    private final List<String> header;
    private final List<List<Cell>> rows = new ArrayList<>();

    // of each column, as far as there are rows
    private final int[] widths;
    private final boolean[] hasNumber;
    private final boolean[] hasText;

    Table(List<String> header) {
        this.header = header.stream().map(Text::printable).toList();
        this.widths = this.header.stream().mapToInt(Text::columns).toArray();
        this.hasNumber = new boolean[widths.length];
        this.hasText = new boolean[widths.length];
    }

    /**
     * What stands in one place.
     *
     * @param isNeutral whether it leaves its column's edge to the others
     * @param colour the parameter of the terminal's sequence for it
     */
    record Cell(String text, boolean isNumber, boolean isNeutral, Optional<String> colour) {

        static final Cell ABSENT = new Cell("-", false, true);

        /** As DVC has it: there may be something, and it cannot be read. */
        static final Cell UNREADABLE = new Cell("!", false, true);

        Cell(String text, boolean isNumber, boolean isNeutral) {
            this(text, isNumber, isNeutral, Optional.empty());
        }

        static Cell number(String text) {
            return new Cell(text, true, false);
        }

        static Cell text(String text) {
            return new Cell(Text.printable(text), false, false);
        }

        /** A value as people read it. */
        static Cell brief(@Nullable Object value) {
            return value instanceof Number ? number(Text.brief(value)) : text(Text.brief(value));
        }

        Cell coloured(Optional<String> newColour) {
            return new Cell(text, isNumber, isNeutral, newColour);
        }

        Cell followedBy(String more) {
            return new Cell(text + more, isNumber, isNeutral, colour);
        }
    }

    /** @param row is not to be changed any more */
    void add(List<Cell> row) {
        if (row.size() != header.size()) {
            throw new IllegalArgumentException(row.size() + " cells in " + header.size() + " columns");
        }
        rows.add(row);
        for (int column = 0; column < widths.length; column++) {
            var cell = row.get(column);
            widths[column] = Math.max(widths[column], Text.columns(cell.text()));
            hasNumber[column] |= cell.isNumber();
            hasText[column] |= !cell.isNumber() && !cell.isNeutral();
        }
    }

    /** How many columns, from the left, fit in a width; at least one. */
    int fitting(OptionalInt columns) {
        if (columns.isEmpty()) {
            return header.size();
        }
        int count = 0;
        int used = -GAP.length();
        while (count < header.size() && used + GAP.length() + widths[count] <= columns.getAsInt()) {
            used += GAP.length() + widths[count];
            count++;
        }
        return Math.max(count, 1);
    }

    /** The names of the columns from the given one on. */
    List<String> headerFrom(int first) {
        return header.subList(first, header.size()).stream()
                .map(String::stripTrailing)
                .toList();
    }

    /** The header and the rows, cut after so many columns. */
    List<String> lines(int columnCount) {
        return lines(columnCount, false);
    }

    /** @param isColoured whether they have a terminal's sequences in them: the header is bold, and cells have their colours */
    List<String> lines(int columnCount, boolean isColoured) {
        var lines = new ArrayList<String>(rows.size() + 1);
        var names = new ArrayList<Cell>();
        header.forEach(name -> names.add(new Cell(name, false, false)));
        var first = line(names, columnCount, false);
        lines.add(isColoured ? coloured(BOLD, first) : first);
        rows.forEach(row -> lines.add(line(row, columnCount, isColoured)));
        return lines;
    }

    List<String> lines() {
        return lines(header.size());
    }

    private String line(List<Cell> cells, int columnCount, boolean isColoured) {
        var line = new StringBuilder();
        for (int column = 0; column < columnCount; column++) {
            var cell = cells.get(column);
            int padding = widths[column] - Text.columns(cell.text());
            boolean isRight = hasNumber[column] && !hasText[column];
            line.append(column == 0 ? "" : GAP);
            line.append(" ".repeat(isRight ? padding : 0));
            line.append(
                    isColoured && cell.colour().isPresent()
                            ? coloured(cell.colour().get(), cell.text())
                            : cell.text());
            line.append(" ".repeat(isRight ? 0 : padding));
        }
        return line.toString().stripTrailing();
    }

    private static String coloured(String colour, String text) {
        return "\u001b[" + colour + "m" + text + "\u001b[0m";
    }
}
