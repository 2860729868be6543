package dev.daybook;

import java.time.Instant;
import java.util.List;

/**
 * An experiment as it stood at one moment of its history.
 *
 * @param time of the last thing that had happened to it
 * @param params as they stood, with their origins
 * @param metrics those that had a value, in the order of their definition
 * @param checkpoints oldest first
 */
public record Moment(
        ExperimentState state, Instant time, Params params, List<MetricSummary> metrics, List<Checkpoint> checkpoints) {

    public Moment {
        metrics = List.copyOf(metrics);
        checkpoints = List.copyOf(checkpoints);
    }
}
