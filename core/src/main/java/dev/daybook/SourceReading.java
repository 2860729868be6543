package dev.daybook;

import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Continuation;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import dev.daybook.port.ExperimentSource.RecordSink;
import dev.daybook.port.MetricBatch;
import dev.daybook.port.Reading;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one experiment along its stretches, up to the first {@code SavePrepared}, and on from there when there is more: keeps the events and
 * gives each record once. Not thread-safe.
 */
final class SourceReading {

    private final ExperimentId id;
    private final List<Entry> entries = new ArrayList<>();
    private long records;
    private boolean hasSkipped;

    /** The stretch that is being read. */
    private int stretch;

    private @Nullable Reading reading;
    private boolean isInside;

    SourceReading(ExperimentId id) {
        this.id = id;
    }

    /** The events so far, in their order. */
    List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** How many records it has given. */
    long records() {
        return records;
    }

    /** Whether it has read over a record that the one who read did not want yet, so that it cannot be gone on with. */
    boolean hasSkipped() {
        return hasSkipped;
    }

    /**
     * Reads on.
     *
     * @param stretches of the experiment: those of the last time, of which the last may have grown, and maybe more
     * @param most how many records to give in all, from the beginning on
     */
    void advance(List<Stream.Stretch> stretches, long most, RecordSink sink) {
        var filter = new Filter(most, sink);
        while (true) {
            var next = stretches.get(stretch);
            if (reading == null) {
                isInside = false;
                reading = next.generation().reading(id);
            }
            reading.advance(filter, next.until());
            if (stretch == stretches.size() - 1) {
                return;
            }
            stretch++;
            reading = null;
        }
    }

    /** Lets the experiment's own part through. */
    private final class Filter implements EntrySink {

        private final long most;
        private final RecordSink sink;

        Filter(long most, RecordSink sink) {
            this.most = most;
            this.sink = sink;
        }

        @Override
        public boolean event(Entry entry) {
            if (!entry.id().equals(id) || entry.index() < entries.size()) {
                return true;
            }
            // Behind a gap: the next stretch of this experiment comes first.
            isInside = entry.index() == entries.size() && !(entry.event() instanceof Event.SavePrepared);
            if (isInside) {
                entries.add(entry);
            }
            return isInside;
        }

        @Override
        public boolean continued(Continuation mark) {
            isInside = mark.before().events() == entries.size();
            return true;
        }

        @Override
        public void metric(ExperimentId of, int metric, long step, double value, long epochMilli) {
            if (!isInside || !of.equals(id)) {
                return;
            }
            if (records == most) {
                hasSkipped = true;
                return;
            }
            records++;
            sink.metric(metric, step, value, epochMilli);
        }

        @Override
        public void metrics(ExperimentId of, long document, int slot, MetricBatch batch) {
            int size = batch.size();
            int taken = 0;
            try {
                while (taken < size) {
                    int record = taken++; // whatever the sink says: it was given to it
                    metric(of, batch.metric(record), batch.step(record), batch.value(record), batch.epochMilli(record));
                }
            } finally {
                batch.take(taken);
            }
        }

        @Override
        public void released(ExperimentId of) {}
    }
}
