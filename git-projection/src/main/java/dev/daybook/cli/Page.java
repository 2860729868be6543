package dev.daybook.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.daybook.Checkpoint;
import dev.daybook.Experiment;
import dev.daybook.ExperimentSummary;
import dev.daybook.MetricSummary;
import dev.daybook.Params;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All of one experiment: its summary, and what the journal has besides while it is unfinished. */
final class Page {

    private final ExperimentSummary summary;
    private final List<MetricSummary> metrics;
    private final List<Checkpoint> checkpoints;
    private final Map<String, Params.Origin> origins = new LinkedHashMap<>();
    private final boolean isUnfinished;

    /**
     * Reads all that it needs.
     *
     * @param handle of an unfinished experiment
     */
    Page(ExperimentSummary summary, Optional<Experiment> handle) {
        this.summary = summary;
        this.isUnfinished = handle.isPresent();
        this.metrics = handle.map(Experiment::metrics).orElse(List.of());
        this.checkpoints = handle.map(Experiment::checkpoints).orElse(List.of());
        handle.map(Experiment::params)
                .ifPresent(params -> summary.params()
                        .keySet()
                        .forEach(key -> params.origin(key).ifPresent(origin -> origins.put(key, origin))));
    }

    ObjectNode json() {
        var node = Json.of(summary);
        if (isUnfinished) {
            var nodes = JsonNodeFactory.instance.objectNode();
            origins.forEach((key, origin) -> nodes.set(key, Json.of(origin)));
            node.set("origins", nodes);
            node.set("summaries", Json.array(metrics.stream().map(Json::of).toList()));
            node.set(
                    "checkpoints", Json.array(checkpoints.stream().map(Json::of).toList()));
        }
        return node;
    }

    /** For people. */
    List<String> lines(Function<Instant, String> times) {
        var lines = new ArrayList<String>();
        fact(lines, "name", Optional.of(summary.name()));
        fact(lines, "status", Optional.of(Status.withOutcome(summary)));
        fact(lines, "failure", summary.failure());
        fact(lines, "time", Optional.of(times.apply(summary.time())));
        fact(lines, "baseline", Optional.of(summary.baseline()));
        fact(lines, "commit", summary.commit());
        fact(lines, "ref", summary.ref());
        section(lines, params());
        section(lines, isUnfinished ? metricSummaries() : lastMetrics());
        section(lines, checkpoints());
        return lines;
    }

    private static void fact(List<String> lines, String label, Optional<String> value) {
        value.ifPresent(text -> lines.add(label + " ".repeat(10 - label.length()) + text));
    }

    private static void section(List<String> lines, Optional<Table> table) {
        table.ifPresent(filled -> {
            lines.add("");
            lines.addAll(filled.lines());
        });
    }

    private Optional<Table> params() {
        var table = new Table(List.of("parameter", "value", origins.isEmpty() ? "" : "from"));
        summary.params()
                .forEach((key, value) -> table.add(List.of(
                        Table.Cell.text(key),
                        cell(value),
                        Table.Cell.text(Optional.ofNullable(origins.get(key))
                                .map(Params.Origin::toString)
                                .orElse("")))));
        return nonEmpty(table, summary.params().isEmpty());
    }

    private Optional<Table> lastMetrics() {
        var table = new Table(List.of("metric", "last"));
        summary.metrics().forEach((name, value) -> table.add(List.of(Table.Cell.text(name), cell(value))));
        return nonEmpty(table, summary.metrics().isEmpty());
    }

    private Optional<Table> metricSummaries() {
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

    private Optional<Table> checkpoints() {
        var table = new Table(List.of("checkpoint", "commit", "message"));
        checkpoints.forEach(made -> table.add(
                List.of(cell((long) made.number()), Table.Cell.text(made.commit()), Table.Cell.text(made.message()))));
        return nonEmpty(table, checkpoints.isEmpty());
    }

    private static Optional<Table> nonEmpty(Table table, boolean isEmpty) {
        return isEmpty ? Optional.empty() : Optional.of(table);
    }

    private static Table.Cell cell(@Nullable Object value) {
        return value instanceof Number ? Table.Cell.number(Text.whole(value)) : Table.Cell.text(Text.whole(value));
    }
}
