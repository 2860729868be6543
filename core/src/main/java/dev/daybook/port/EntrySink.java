package dev.daybook.port;

import dev.daybook.lifecycle.ExperimentId;

/** Takes what a generation holds, in the journal's order. */
public interface EntrySink {

    /**
     * One event.
     *
     * @return false to stop in front of this entry: the next read begins with it again
     */
    boolean event(Entry entry);

    /**
     * An experiment goes on here that the same process has in another generation.
     *
     * @return false to stop in front of this mark
     */
    default boolean continued(Continuation mark) {
        return true;
    }

    /** One metric record. */
    void metric(ExperimentId id, int metric, long step, double value, long epochMilli);

    /**
     * One metric record, and where it stands.
     *
     * @param document the number of its document
     * @param slot its number in there, from 0
     */
    default void metric(
            ExperimentId id, long document, int slot, int metric, long step, double value, long epochMilli) {
        metric(id, metric, step, value, epochMilli);
    }

    /**
     * Records that stand one behind the other: as many calls of {@code metric}, unless a sink has a quicker way. It {@link MetricBatch#take
     * takes} what it is done with.
     *
     * @param slot the number of the first of them in its document
     */
    default void metrics(ExperimentId id, long document, int slot, MetricBatch batch) {
        for (int record = 0; record < batch.size(); record++) {
            metric(
                    id,
                    document,
                    slot + record,
                    batch.metric(record),
                    batch.step(record),
                    batch.value(record),
                    batch.epochMilli(record));
            batch.take(record + 1);
        }
    }

    /** The owner has let the experiment go: another process may take it over although this one lives on. */
    void released(ExperimentId id);
}
