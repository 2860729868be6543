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

    /** One metric record. */
    void metric(ExperimentId id, int metric, long step, double value, long epochMilli);

    /** The owner has let the experiment go: another process may take it over although this one lives on. */
    void released(ExperimentId id);
}
