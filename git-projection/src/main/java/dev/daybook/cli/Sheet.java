package dev.daybook.cli;

import dev.daybook.Checkpoint;
import dev.daybook.MetricSummary;
import dev.daybook.Params;
import dev.daybook.git.Annotations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Facts, a line each, and below them tables with a blank line between. */
final class Sheet {

    private static final int LABEL_CHARACTERS = 10;

    private final List<String> lines = new ArrayList<>();

    Sheet fact(String label, String value) {
        return fact(label, Optional.of(value));
    }

    /** Left out if there is none. */
    Sheet fact(String label, Optional<String> value) {
        value.ifPresent(text -> lines.add(label + " ".repeat(LABEL_CHARACTERS - label.length()) + text));
        return this;
    }

    Sheet section(Optional<Table> table) {
        table.ifPresent(filled -> {
            lines.add("");
            lines.addAll(filled.lines());
        });
        return this;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Parameters by key, and where they come from as far as that is known. */
    static Optional<Table> params(Map<String, Object> params, Map<String, Params.Origin> origins) {
        var table = new Table(List.of("parameter", "value", origins.isEmpty() ? "" : "from"));
        params.forEach((key, value) -> table.add(List.of(
                Table.Cell.text(key),
                cell(value),
                Table.Cell.text(Optional.ofNullable(origins.get(key))
                        .map(Params.Origin::toString)
                        .orElse("")))));
        return nonEmpty(table, params.isEmpty());
    }

    static Optional<Table> lastMetrics(Map<String, Object> metrics) {
        var table = new Table(List.of("metric", "last"));
        metrics.forEach((name, value) -> table.add(List.of(Table.Cell.text(name), cell(value))));
        return nonEmpty(table, metrics.isEmpty());
    }

    static Optional<Table> metrics(List<MetricSummary> metrics) {
        var table = new Table(List.of("metric", "count", "last step", "last", "min", "max", "mean"));
        metrics.forEach(metric -> table.add(List.of(
                Table.Cell.text(metric.name()),
                cell(metric.count()),
                cell(metric.lastStep()),
                cell(metric.last()),
                cell(metric.min()),
                cell(metric.max()),
                cell(metric.mean()))));
        return nonEmpty(table, metrics.isEmpty());
    }

    static Optional<Table> checkpoints(List<Checkpoint> checkpoints) {
        var table = new Table(List.of("checkpoint", "commit", "message"));
        checkpoints.forEach(made -> table.add(
                List.of(cell((long) made.number()), Table.Cell.text(made.commit()), Table.Cell.text(made.message()))));
        return nonEmpty(table, checkpoints.isEmpty());
    }

    static Optional<Table> notes(Annotations annotations, Function<Instant, String> times) {
        var table = new Table(List.of("noted", "by", "note"));
        annotations
                .notes()
                .forEach(note -> table.add(List.of(
                        Table.Cell.text(times.apply(note.time())),
                        Table.Cell.text(note.author()),
                        Table.Cell.text(note.text()))));
        return nonEmpty(table, annotations.notes().isEmpty());
    }

    private static Optional<Table> nonEmpty(Table table, boolean isEmpty) {
        return isEmpty ? Optional.empty() : Optional.of(table);
    }

    private static Table.Cell cell(@Nullable Object value) {
        return value instanceof Number ? Table.Cell.number(Text.whole(value)) : Table.Cell.text(Text.whole(value));
    }
}
