package dev.daybook.port;

import dev.daybook.lifecycle.ExperimentId;
import java.util.List;

/**
 * What a finished generation holds.
 *
 * @param experiments in the order in which they begin in it
 * @param bytes how much of its file its documents take
 */
public record Contents(List<Content> experiments, long bytes) {

    public Contents {
        experiments = List.copyOf(experiments);
    }

    /**
     * One experiment's part.
     *
     * @param start where its part begins
     * @param isBegun whether its first event is in here
     * @param isSettled whether it was saved or discarded in here
     */
    public record Content(ExperimentId id, long start, boolean isBegun, boolean isSettled) {}
}
