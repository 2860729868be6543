package dev.daybook.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.daybook.Checkpoint;
import dev.daybook.Experiment;
import dev.daybook.ExperimentSummary;
import dev.daybook.MetricSummary;
import dev.daybook.Params;
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
        this.origins = handle.map(Experiment::params)
                .map(params -> Experiments.origins(params, summary.params().keySet()))
                .orElse(Map.of());
    }

    ObjectNode json() {
        var node = Json.of(summary);
        if (isUnfinished) {
            Json.putDetails(node, origins, metrics, checkpoints);
        }
        return node;
    }

    /** For people. */
    List<String> lines(Function<Instant, String> times) {
        return new Sheet()
                .fact("name", summary.name())
                .fact("status", Status.withOutcome(summary))
                .fact("failure", summary.failure())
                .fact("time", times.apply(summary.time()))
                .fact("baseline", summary.baseline())
                .fact("commit", summary.commit())
                .fact("ref", summary.ref())
                .section(Sheet.params(summary.params(), origins))
                .section(isUnfinished ? Sheet.metrics(metrics) : Sheet.lastMetrics(summary.metrics()))
                .section(Sheet.checkpoints(checkpoints))
                .lines();
    }
}
