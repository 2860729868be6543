package dev.daybook;

import dev.daybook.port.SavedRecord;
import dev.daybook.port.SharedKeys;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the list of experiments.
 *
 * @param baseline the commit that it started from
 * @param ref where it is saved
 * @param commit what is saved
 * @param time of the last event, or of the commit
 * @param params by key, leaves; a {@code null} parameter has the value {@code null}
 * @param metrics the last value of each metric, by name
 * @param failure the message of what made it fail, if it did
 * @param problems what could not be read of it, each one a sentence
 */
public record ExperimentSummary(
        String name,
        Status status,
        String baseline,
        Optional<String> ref,
        Optional<String> commit,
        Instant time,
        Map<String, Object> params,
        Map<String, Object> metrics,
        Optional<String> failure,
        List<String> problems) {

    public ExperimentSummary {
        params = SharedKeys.frozen(params);
        metrics = SharedKeys.frozen(metrics);
        problems = List.copyOf(problems);
    }

    /** For Daybook's own modules: what a record of the repository says. */
    public static ExperimentSummary of(SavedRecord saved) {
        return Summaries.of(saved);
    }

    /** How an experiment stands, as seen from outside. */
    public enum Status {
        /** ACTIVE, and its owner lives. */
        RUNNING,
        /** ACTIVE, and its owner is gone: resume, save or discard it. */
        INTERRUPTED,
        /** COMPLETED and not saved. */
        COMPLETED,
        /** Saved. */
        PERSISTED,
        /** Given up without a commit. Never in a list; it is how following one may end. */
        DISCARDED
    }

    /** One line: name, status, parameters, metrics. */
    @Override
    public String toString() {
        var line = new StringBuilder("%-24s %-11s".formatted(name, status.name().toLowerCase(java.util.Locale.ROOT)));
        params.forEach((key, value) -> line.append(' ').append(key).append('=').append(value));
        if (!metrics.isEmpty()) {
            line.append(" |");
        }
        metrics.forEach((key, value) -> line.append(' ').append(key).append('=').append(value));
        failure.ifPresent(message -> line.append(" | failed: ").append(message));
        return line.toString();
    }
}
