package dev.daybook.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rows in columns of even width, two spaces apart; columns of numbers stand at their right edge. Where there is not room for all of it, cells
 * become shorter that can, those of the widest columns first; then columns are left out.
 */
final class Table {

    private static final String GAP = "  ";
    private static final String BOLD = "1";

    private final List<Cell> header;
    private final List<List<Cell>> rows = new ArrayList<>();

    // of each column, as far as there are rows
    private final int[] widths;
    private final boolean[] hasNumber;
    private final boolean[] hasText;
    private final boolean[] canBeShorter;

    Table(List<String> header) {
        this(header.stream().map(Cell::text));
    }

    private Table(Stream<Cell> header) {
        this.header = header.toList();
        this.widths = new int[this.header.size()];
        this.hasNumber = new boolean[widths.length];
        this.hasText = new boolean[widths.length];
        this.canBeShorter = new boolean[widths.length];
        widen(this.header);
    }

    /** With a header in which something can become shorter. */
    static Table under(Cell... header) {
        return new Table(Stream.of(header));
    }

    /**
     * What stands in one place.
     *
     * @param isNeutral whether it leaves its column's edge to the others
     * @param colour the parameter of the terminal's sequence for it
     * @param shorter what takes its place where it is wider than so many columns; it may be wider than that itself
     */
    record Cell(
            String text,
            boolean isNumber,
            boolean isNeutral,
            Optional<String> colour,
            Optional<IntFunction<String>> shorter) {

        static final Cell ABSENT = new Cell("-", false, true);

        /** As DVC has it: there may be something, and it cannot be read. */
        static final Cell UNREADABLE = new Cell("!", false, true);

        Cell(String text, boolean isNumber, boolean isNeutral) {
            this(text, isNumber, isNeutral, Optional.empty(), Optional.empty());
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

        /** A value with all that it holds, as long as there is room: then a number has six digits, and a text is cut. */
        static Cell whole(@Nullable Object value) {
            return value instanceof Number
                    ? number(Text.whole(value)).or(columns -> Text.brief(value))
                    : cut(String.valueOf(value));
        }

        /** A commit, as git abbreviates it where there is no room. */
        static Cell commit(String id) {
            return text(id).or(columns -> Text.commit(id));
        }

        /** A text of which the beginning will do. */
        static Cell cut(String text) {
            return text(text).cutAround(0);
        }

        /** The same, where what stands at an index in it will do. */
        Cell cutAround(int index) {
            return or(columns -> Text.cut(text, columns, index));
        }

        private Cell or(IntFunction<String> newShorter) {
            return new Cell(text, isNumber, isNeutral, colour, Optional.of(newShorter));
        }

        Cell coloured(Optional<String> newColour) {
            return new Cell(text, isNumber, isNeutral, newColour, shorter);
        }

        Cell followedBy(String more) {
            return new Cell(text + more, isNumber, isNeutral, colour, shorter);
        }

        private String within(int columns) {
            return shorter.isEmpty() || Text.columns(text) <= columns
                    ? text
                    : shorter.get().apply(columns);
        }
    }

    /** @param row is not to be changed any more */
    void add(List<Cell> row) {
        if (row.size() != header.size()) {
            throw new IllegalArgumentException(row.size() + " cells in " + header.size() + " columns");
        }
        rows.add(row);
        widen(row);
        for (int column = 0; column < widths.length; column++) {
            var cell = row.get(column);
            hasNumber[column] |= cell.isNumber();
            hasText[column] |= !cell.isNumber() && !cell.isNeutral();
        }
    }

    private void widen(List<Cell> cells) {
        for (int column = 0; column < widths.length; column++) {
            var cell = cells.get(column);
            widths[column] = Math.max(widths[column], Text.columns(cell.text()));
            canBeShorter[column] |= cell.shorter().isPresent();
        }
    }

    /** Makes it as wide as that at most, for all lines that are asked for; gives the number of columns, from the left, that fit: at least one. */
    int fit(OptionalInt columns) {
        if (columns.isEmpty()) {
            return header.size();
        }
        shorten(columns.getAsInt());
        int count = 0;
        int used = -GAP.length();
        while (count < header.size() && used + GAP.length() + widths[count] <= columns.getAsInt()) {
            used += GAP.length() + widths[count];
            count++;
        }
        return Math.max(count, 1);
    }

    private void shorten(int columns) {
        int[] least = new int[widths.length];
        for (int column = 0; column < widths.length; column++) {
            least[column] = canBeShorter[column] ? width(column, 0) : widths[column];
        }
        while (width() > columns) {
            int widest = IntStream.range(0, widths.length)
                    .filter(column -> widths[column] > least[column])
                    .map(column -> widths[column])
                    .max()
                    .orElse(0);
            if (widest == 0) {
                return;
            }
            for (int column = 0; column < widths.length; column++) {
                if (widths[column] == widest && widest > least[column]) {
                    widths[column] = width(column, Math.min(widest - 1, columns));
                }
            }
        }
        // a commit has made more room than was needed, and a text can have it
        for (int column = 0; column < widths.length; column++) {
            while (width() < columns && width(column, widths[column] + 1) > widths[column]) {
                widths[column]++;
            }
        }
    }

    private int width() {
        return IntStream.of(widths).sum() + (widths.length - 1) * GAP.length();
    }

    /** Of a column whose cells are to be no wider than that. */
    private int width(int column, int most) {
        return Stream.concat(Stream.of(header), rows.stream())
                .mapToInt(row -> Text.columns(row.get(column).within(most)))
                .max()
                .orElse(0);
    }

    /** The names of the columns from the given one on. */
    List<String> headerFrom(int first) {
        return header.subList(first, header.size()).stream()
                .map(name -> name.text().stripTrailing())
                .toList();
    }

    /** The header and the rows, cut after so many columns. */
    List<String> lines(int columnCount) {
        return lines(columnCount, false);
    }

    /** @param isColoured whether they have a terminal's sequences in them: the header is bold, and cells have their colours */
    List<String> lines(int columnCount, boolean isColoured) {
        var lines = new ArrayList<String>(rows.size() + 1);
        var first = line(header, columnCount, false);
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
            var text = cell.within(widths[column]);
            int padding = widths[column] - Text.columns(text);
            boolean isRight = hasNumber[column] && !hasText[column];
            line.append(column == 0 ? "" : GAP);
            line.append(" ".repeat(isRight ? padding : 0));
            line.append(
                    isColoured && cell.colour().isPresent()
                            ? coloured(cell.colour().get(), text)
                            : text);
            line.append(" ".repeat(isRight ? 0 : padding));
        }
        return line.toString().stripTrailing();
    }

    private static String coloured(String colour, String text) {
        return "\u001b[" + colour + "m" + text + "\u001b[0m";
    }
}
