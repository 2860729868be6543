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
import java.util.function.Consumer;
import java.util.function.Function;

/** Facts, a line each, and below them tables with a blank line between. */
final class Sheet {

    private static final int LABEL_CHARACTERS = 10;

    private final List<Consumer<Terminal>> parts = new ArrayList<>();

    Sheet fact(String label, String value) {
        return fact(label, Optional.of(value));
    }

    /** Left out if there is none. */
    Sheet fact(String label, Optional<String> value) {
        value.ifPresent(text ->
                parts.add(terminal -> terminal.line(label + " ".repeat(LABEL_CHARACTERS - label.length()) + text)));
        return this;
    }

    Sheet section(Optional<Table> table) {
        table.ifPresent(filled -> parts.add(terminal -> {
            terminal.line("");
            terminal.table(filled);
        }));
        return this;
    }

    void print(Terminal terminal) {
        parts.forEach(part -> part.accept(terminal));
    }

    /** Parameters by key, and where they come from as far as that is known. */
    static Optional<Table> params(Map<String, Object> params, Map<String, Params.Origin> origins) {
        var header = List.of("parameter", "value", "from");
        int columns = origins.isEmpty() ? 2 : 3;
        var table = new Table(header.subList(0, columns));
        params.forEach((key, value) -> table.add(List.of(
                        Table.Cell.text(key),
                        Table.Cell.whole(value),
                        Table.Cell.cut(Optional.ofNullable(origins.get(key))
                                .map(Params.Origin::toString)
                                .orElse("")))
                .subList(0, columns)));
        return nonEmpty(table, params.isEmpty());
    }

    static Optional<Table> lastMetrics(Map<String, Object> metrics) {
        var table = new Table(List.of("metric", "last"));
        metrics.forEach((name, value) -> table.add(List.of(Table.Cell.text(name), Table.Cell.whole(value))));
        return nonEmpty(table, metrics.isEmpty());
    }

    static Optional<Table> metrics(List<MetricSummary> metrics) {
        var table = new Table(List.of("metric", "count", "last step", "last", "min", "max", "mean"));
        metrics.forEach(metric -> table.add(List.of(
                Table.Cell.text(metric.name()),
                Table.Cell.whole(metric.count()),
                Table.Cell.whole(metric.lastStep()),
                Table.Cell.whole(metric.last()),
                Table.Cell.whole(metric.min()),
                Table.Cell.whole(metric.max()),
                Table.Cell.whole(metric.mean()))));
        return nonEmpty(table, metrics.isEmpty());
    }

    static Optional<Table> checkpoints(List<Checkpoint> checkpoints) {
        var table = new Table(List.of("checkpoint", "commit", "message"));
        checkpoints.forEach(made -> table.add(List.of(
                Table.Cell.whole((long) made.number()),
                Table.Cell.commit(made.commit()),
                Table.Cell.cut(made.message()))));
        return nonEmpty(table, checkpoints.isEmpty());
    }

    static Optional<Table> notes(Annotations annotations, Function<Instant, String> times) {
        var table = new Table(List.of("noted", "by", "note"));
        annotations
                .notes()
                .forEach(note -> table.add(List.of(
                        Table.Cell.text(times.apply(note.time())),
                        Table.Cell.cut(note.author()),
                        Table.Cell.cut(note.text()))));
        return nonEmpty(table, annotations.notes().isEmpty());
    }

    private static Optional<Table> nonEmpty(Table table, boolean isEmpty) {
        return isEmpty ? Optional.empty() : Optional.of(table);
    }
}
