package dev.daybook.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table in Markdown: the first column holds names, the others figures. Not thread-safe. */
final class Table {

    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... columns) {
        this.columns = List.of(columns);
    }

    void row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    void print(PrintStream out) {
        out.println(line(columns));
        out.println("|---|" + "--:|".repeat(columns.size() - 1));
        rows.forEach(row -> out.println(line(row)));
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    /** A figure with so many digits behind the point. */
    static String figure(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** The median, and from where to where the forks went. */
    static String spread(Samples samples, String name, double unit, int digits) {
        return figure(samples.median(name) / unit, digits) + " (" + figure(samples.least(name) / unit, digits) + "-"
                + figure(samples.greatest(name) / unit, digits) + ")";
    }
}
