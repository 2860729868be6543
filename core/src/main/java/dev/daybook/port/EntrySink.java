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

    /** The owner has let the experiment go: another process may take it over although this one lives on. */
    void released(ExperimentId id);
}
