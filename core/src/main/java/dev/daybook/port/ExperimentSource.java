package dev.daybook.port;

import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.MetricSummary;
import java.util.List;

/** One experiment as the projection sees it: the folded state, and all that led to it. */
public interface ExperimentSource {

    ExperimentId id();

    ExperimentData data();

    /** The events before any {@code SavePrepared}, in their order. */
    List<Entry> entries();

    List<MetricSummary> metrics();

    /** Streams the metric records in the journal's order, in bounded memory. */
    void records(RecordSink sink);

    /** Takes one metric record. */
    interface RecordSink {
        void metric(int metric, long step, double value, long epochMilli);
    }
}
