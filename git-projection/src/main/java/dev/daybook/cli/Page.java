package dev.daybook.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.daybook.Checkpoint;
import dev.daybook.Experiment;
import dev.daybook.ExperimentSummary;
import dev.daybook.MetricSummary;
import dev.daybook.Params;
import dev.daybook.git.Annotations;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** All of one experiment: its summary, and what the journal has besides while it is unfinished. */
final class Page {

    private final ExperimentSummary summary;
    private final List<MetricSummary> metrics;
    private final List<Checkpoint> checkpoints;
    private final Map<String, Params.Origin> origins;
    private final Annotations annotations;
    private final boolean isUnfinished;

    /**
     * Reads all that it needs.
     *
     * @param handle of an unfinished experiment
     */
    Page(ExperimentSummary summary, Optional<Experiment> handle) {
        this(summary, handle, handle.map(Experiment::checkpoints).orElse(List.of()), Annotations.NONE);
    }

    /** Of a saved one. */
    Page(ExperimentSummary summary, List<Checkpoint> checkpoints, Annotations annotations) {
        this(summary, Optional.empty(), checkpoints, annotations);
    }

    private Page(
            ExperimentSummary summary,
            Optional<Experiment> handle,
            List<Checkpoint> checkpoints,
            Annotations annotations) {
        this.summary = summary;
        this.annotations = annotations;
        this.isUnfinished = handle.isPresent();
        this.metrics = handle.map(Experiment::metrics).orElse(List.of());
        this.checkpoints = checkpoints;
        this.origins = handle.map(Experiment::params)
                .map(params -> Experiments.origins(params, summary.params().keySet()))
                .orElse(Map.of());
    }

    /** Of what DVC has under way, for people: all that the list has of it. */
    static Sheet of(Row task, Function<Instant, String> times) {
        return new Sheet()
                .fact("name", task.name())
                .fact("status", task.status())
                .fact("time", times.apply(task.time()))
                .fact("baseline", task.baseline())
                .fact("commit", task.commit())
                .section(Sheet.params(task.params(), Map.of()));
    }

    ObjectNode json() {
        var node = Json.of(summary);
        if (isUnfinished) {
            Json.putDetails(node, origins, metrics, checkpoints);
        } else {
            node.setAll(Json.of(summary.name(), annotations));
            Json.putCheckpoints(node, checkpoints);
        }
        return node;
    }

    /** For people. */
    Sheet sheet(Function<Instant, String> times) {
        return new Sheet()
                .fact("name", summary.name())
                .fact("status", Status.withOutcome(summary))
                .fact("failure", summary.failure())
                .fact("time", times.apply(summary.time()))
                .fact("baseline", summary.baseline())
                .fact("commit", summary.commit())
                .fact("ref", summary.ref())
                .fact("tags", Optional.of(String.join(", ", annotations.tags())).filter(tags -> !tags.isEmpty()))
                .section(Sheet.params(summary.params(), origins))
                .section(isUnfinished ? Sheet.metrics(metrics) : Sheet.lastMetrics(summary.metrics()))
                .section(Sheet.checkpoints(checkpoints))
                .section(Sheet.notes(annotations, times));
    }
}
