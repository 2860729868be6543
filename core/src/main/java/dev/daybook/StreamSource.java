package dev.daybook;

import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.ExperimentFold;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.MetricSummary;
import dev.daybook.port.Continuation;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import dev.daybook.port.ExperimentSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One experiment for the projection, as it stood at one moment: what comes later in the journal is left out. Reads the stretches again
 * for each call and keeps nothing but the events.
 */
final class StreamSource implements ExperimentSource {

    private final ExperimentId id;
    private final ExperimentFold fold;
    private final List<Stream.Stretch> stretches;

    /**
     * The source at the moment of the fold.
     *
     * @param fold its own copy
     */
    StreamSource(ExperimentId id, ExperimentFold fold, List<Stream.Stretch> stretches) {
        this.id = id;
        this.fold = fold;
        this.stretches = stretches;
    }

    @Override
    public ExperimentId id() {
        return id;
    }

    @Override
    public ExperimentData data() {
        return fold.data();
    }

    @Override
    public List<Entry> entries() {
        var entries = new ArrayList<Entry>();
        read(new Replay(entries::add, (metric, step, value, epochMilli) -> {}));
        return entries;
    }

    @Override
    public List<MetricSummary> metrics() {
        return fold.metrics();
    }

    @Override
    public void records(RecordSink sink) {
        read(new Replay(entry -> {}, sink));
    }

    private void read(Replay replay) {
        for (var stretch : stretches) {
            replay.isInside = false;
            stretch.generation().reading(id).advance(replay, stretch.until());
        }
        if (replay.records < fold.metricRecords()) {
            throw new CorruptJournalException(
                    "the journal gave " + replay.records + " of the " + fold.metricRecords()
                            + " metric records of experiment '" + data().name()
                            + "'; it was damaged or deleted since it was read first",
                    stretches.get(stretches.size() - 1).generation().name(),
                    0);
        }
    }

    /** Lets this experiment's part through, up to the first {@code SavePrepared} and to as many records as were folded. */
    private final class Replay implements EntrySink {

        private final Consumer<Entry> entries;
        private final RecordSink recordSink;
        private long records;
        private long events;
        private boolean isInside;

        Replay(Consumer<Entry> entries, RecordSink recordSink) {
            this.entries = entries;
            this.recordSink = recordSink;
        }

        @Override
        public boolean event(Entry entry) {
            if (!entry.id().equals(id) || entry.index() < events) {
                return true;
            }
            // Behind a gap: the next stretch of this experiment comes first.
            isInside = entry.index() == events && !(entry.event() instanceof Event.SavePrepared);
            if (isInside) {
                events++;
                entries.accept(entry);
            }
            return isInside;
        }

        @Override
        public boolean continued(Continuation mark) {
            isInside = mark.before().events() == events;
            return true;
        }

        @Override
        public void metric(ExperimentId of, int metric, long step, double value, long epochMilli) {
            if (isInside && of.equals(id) && records < fold.metricRecords()) {
                records++;
                recordSink.metric(metric, step, value, epochMilli);
            }
        }

        @Override
        public void released(ExperimentId of) {}
    }
}
