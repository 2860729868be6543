package dev.daybook.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Experiments in columns, written as people, spreadsheets or GitHub read them. */
final class Listing {

    private static final String BEST = "*";
    private static final String NOT_BEST = " ";

    private final List<Column> columns;
    private final List<String> headers;
    private final List<Row> rows;

    Listing(List<Column> columns, Function<Column, String> headers, List<Row> rows) {
        this.columns = columns;
        this.headers = columns.stream().map(headers).toList();
        this.rows = rows;
    }

    /** For people: short numbers, the best value of a metric marked. */
    Table table(Function<Instant, String> times) {
        var best = columns.stream().map(this::best).toList();
        var shown = new ArrayList<String>();
        for (int i = 0; i < columns.size(); i++) {
            shown.add(headers.get(i) + (best.get(i).isPresent() ? NOT_BEST : ""));
        }
        var table = new Table(shown);
        for (var row : rows) {
            var cells = new ArrayList<Table.Cell>(columns.size());
            for (int i = 0; i < columns.size(); i++) {
                var value = columns.get(i).value(row);
                cells.add(marked(cell(columns.get(i), row, value, times), value, best.get(i)));
            }
            table.add(cells);
        }
        return table;
    }

    private OptionalDouble best(Column column) {
        return column.kind() == Column.Kind.METRIC
                ? Better.of(column.name())
                        .map(better ->
                                better.best(rows.stream().map(column::value).toList()))
                        .orElse(OptionalDouble.empty())
                : OptionalDouble.empty();
    }

    /** In a column with a mark all others have room for it, so that their digits stay in line. */
    private static Table.Cell marked(Table.Cell cell, @Nullable Object value, OptionalDouble best) {
        if (best.isEmpty()) {
            return cell;
        }
        boolean isBest = value instanceof Number number && number.doubleValue() == best.getAsDouble();
        return cell.followedBy(isBest ? BEST : NOT_BEST);
    }

    private static Table.Cell cell(Column column, Row row, @Nullable Object value, Function<Instant, String> times) {
        if (value == Column.ABSENT) {
            return row.problems().isEmpty() || column.isFixed() ? Table.Cell.ABSENT : Table.Cell.UNREADABLE;
        }
        return switch (column.kind()) {
            case STATUS -> Table.Cell.text(row.statusWithOutcome()).coloured(Colour.ofStatus(row));
            case TIME -> Table.Cell.text(times.apply(row.time()));
            case BASELINE, COMMIT -> Table.Cell.text(Text.commit(String.valueOf(value)));
            case NAME, REF -> Table.Cell.text(String.valueOf(value));
            case METRIC, PARAM -> Table.Cell.brief(value);
        };
    }

    /** RFC 4180, with a header of the names that never mean two columns; all digits, and commits whole. */
    List<String> csv() {
        var lines = new ArrayList<String>(rows.size() + 1);
        lines.add(columns.stream().map(Column::key).map(Listing::csvField).collect(Collectors.joining(",")));
        for (var row : rows) {
            lines.add(columns.stream()
                    .map(column -> csvField(Json.plain(column.value(row))))
                    .collect(Collectors.joining(",")));
        }
        return lines;
    }

    private static String csvField(String text) {
        boolean isPlain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                && !text.startsWith(" ")
                && !text.endsWith(" ");
        return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** A table as GitHub shows it, with the numbers that people see. */
    List<String> markdown(Function<Instant, String> times) {
        var lines = new ArrayList<String>(rows.size() + 2);
        lines.add(markdownRow(headers));
        var isNumeric = new boolean[columns.size()];
        var cells = new ArrayList<String>();
        for (int i = 0; i < columns.size(); i++) {
            var column = columns.get(i);
            isNumeric[i] = !column.isFixed()
                    && rows.stream()
                            .map(column::value)
                            .allMatch(value -> value == Column.ABSENT || value instanceof Number);
            cells.add(isNumeric[i] ? "--:" : "---");
        }
        lines.add("| " + String.join(" | ", cells) + " |");
        for (var row : rows) {
            lines.add(markdownRow(columns.stream()
                    .map(column -> cell(column, row, column.value(row), times).text())
                    .toList()));
        }
        return lines;
    }

    private static String markdownRow(List<String> cells) {
        return cells.stream().map(Listing::markdownText).collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** What would end the cell, or be taken for a format. */
    private static String markdownText(String text) {
        return Text.printable(text).replaceAll("[\\\\|`*_~&<\\[]", "\\\\$0");
    }

    /** How a status looks on a terminal. */
    private static final class Colour {

        private static final String RED = "31";
        private static final String GREEN = "32";
        private static final String YELLOW = "33";
        private static final String BLUE = "34";
        private static final String CYAN = "36";

        private Colour() {}

        static Optional<String> ofStatus(Row row) {
            if (row.failure().isPresent() || row.status().equals("failed")) {
                return Optional.of(RED);
            }
            return switch (row.status()) {
                case "running", "running (dvc)" -> Optional.of(CYAN);
                case "interrupted" -> Optional.of(YELLOW);
                case "completed" -> Optional.of(GREEN);
                case "queued" -> Optional.of(BLUE);
                default -> Optional.empty();
            };
        }
    }
}
