package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** The rows of a metric's TSV file, read as Python's {@code float()} would read them, bit for bit. */
final class PlotRows {

    private PlotRows() {}

    /** A step and a value, which is compared by its bits: NaN is NaN, and -0.0 is not 0.0. */
    record Row(long step, Double value) {}

    static Row row(long step, double value) {
        return new Row(step, value);
    }

    static List<Row> parse(String column, String tsv) {
        assertThat(tsv).startsWith("step\t" + column + "\n").endsWith("\n");
        var rows = new ArrayList<Row>();
        tsv.lines().skip(1).forEach(line -> {
            var cells = line.split("\t", -1);
            assertThat(cells).as(line).hasSize(2);
            rows.add(new Row(Long.parseLong(cells[0]), value(cells[1])));
        });
        return rows;
    }

    private static double value(String text) {
        return switch (text) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
