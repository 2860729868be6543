package dev.daybook.cli;

import dev.daybook.ExperimentSummary;
import dev.daybook.git.DvcTask;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A line of the list, wherever it comes from: the journal, a commit, or what DVC has under way.
 *
 * @param status as it is written everywhere, the outcome aside
 * @param isUnfinished whether somebody still has to do something about it
 * @param problems what could not be read of it, each one a sentence
 */
record Row(
        String name,
        String status,
        boolean isUnfinished,
        String baseline,
        Optional<String> ref,
        Optional<String> commit,
        Instant time,
        Map<String, Object> params,
        Map<String, Object> metrics,
        Optional<String> failure,
        List<String> problems) {

    /** What still needs somebody first, then the newest. */
    static final Comparator<Row> ORDER = Comparator.comparing(Row::isUnfinished, Comparator.reverseOrder())
            .thenComparing(Row::time, Comparator.reverseOrder())
            .thenComparing(Row::name);

    static Row of(ExperimentSummary summary) {
        return new Row(
                summary.name(),
                Status.of(summary),
                Status.isUnfinished(summary),
                summary.baseline(),
                summary.ref(),
                summary.commit(),
                summary.time(),
                summary.params(),
                summary.metrics(),
                summary.failure(),
                summary.problems());
    }

    static Row of(DvcTask task) {
        // Daybook's own may be running too
        var status = task.state() == DvcTask.State.RUNNING
                ? "running (dvc)"
                : task.state().name().toLowerCase(Locale.ROOT);
        return new Row(
                task.name(),
                status,
                true,
                task.baseline(),
                Optional.empty(),
                task.commit(),
                task.time(),
                task.params(),
                Map.of(),
                Optional.empty(),
                task.problems());
    }

    /** The status for people, with the outcome where it is a bad one. */
    String statusWithOutcome() {
        return status + (failure.isPresent() ? " (failed)" : "");
    }
}
