package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;

/** Counts what it is given. */
final class CountingSink implements EntrySink {

    long items;
    long records;

    @Override
    public boolean event(Entry entry) {
        items++;
        return true;
    }

    @Override
    public void metric(ExperimentId id, int metric, long step, double value, long epochMilli) {
        items++;
        records++;
    }

    @Override
    public void released(ExperimentId id) {
        items++;
    }
}
