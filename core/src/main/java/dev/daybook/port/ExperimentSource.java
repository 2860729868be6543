package dev.daybook.port;

import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.MetricSummary;
import java.util.List;

/** One experiment as the projection sees it: the folded state, and all that led to it. */
public interface ExperimentSource {

    ExperimentId id();

    ExperimentData data();

    /** The events before any {@code SavePrepared}, in their order; at no cost once the records were read. */
    List<Entry> entries();

    List<MetricSummary> metrics();

    /** Streams the metric records in the journal's order, in bounded memory. */
    default void records(RecordSink sink) {
        records(0, sink);
    }

    /**
     * Streams the records behind the first so many: of an experiment that runs on, those that were not there the last time.
     *
     * @param after how many an earlier source of the same experiment has given
     */
    void records(long after, RecordSink sink);

    /** Takes one metric record. */
    interface RecordSink {
        void metric(int metric, long step, double value, long epochMilli);
    }
}
