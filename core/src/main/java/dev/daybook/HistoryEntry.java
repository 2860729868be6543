package dev.daybook;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that happened to an experiment: a call of its life cycle, or a metric value.
 *
 * @param position where in the journal it stands; empty if the journal is gone and only the saved commit tells of it
 * @param time to the millisecond
 * @param kind the event's name: {@code ExperimentInitialized}, {@code ParamsSet}, {@code MetricDefined}, {@code MetricLogged},
 *     {@code CheckpointMade}, {@code Tagged}, {@code NoteTaken}, {@code ExperimentCompleted}, {@code SavePrepared}, {@code SaveAbandoned},
 *     {@code ExperimentPersisted}, {@code ExperimentDiscarded}, {@code ExperimentResumed}
 * @param details by name: texts, numbers (whole ones as longs), booleans, null, and maps and lists of them, none of which can be changed.
 *     Where only the commit tells of it, NaN and the infinities are {@code "nan"}, {@code "inf"} and {@code "-inf"}
 */
public record HistoryEntry(Optional<HistoryPosition> position, Instant time, String kind, Map<String, Object> details) {

    /** The kind of a metric value; its details are {@code name}, {@code step} and {@code value}. */
    public static final String METRIC_LOGGED = "MetricLogged";

    public HistoryEntry {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** Time, kind, details, in one line. */
    @Override
    public String toString() {
        return time + " " + kind + " " + details;
    }
}
