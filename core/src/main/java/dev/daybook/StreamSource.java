package dev.daybook;

import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.ExperimentFold;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.MetricSummary;
import dev.daybook.port.Entry;
import dev.daybook.port.ExperimentSource;
import java.util.List;
import java.util.Optional;

/**
 * One experiment for the projection, as it stood at one moment: what comes later in the journal is left out. Reads the journal once for
 * events and records together, if the records are asked for first. Not thread-safe.
 */
final class StreamSource implements ExperimentSource {

    private static final RecordSink NOBODY = (metric, step, value, epochMilli) -> {};

    private final ExperimentId id;
    private final ExperimentFold fold;
    private final List<Stream.Stretch> stretches;
    private final SourceReading reading;
    private Optional<List<Entry>> entries = Optional.empty();

    /**
     * The source at the moment of the fold.
     *
     * @param fold its own copy
     * @param reading not beyond that moment; it is read on with
     */
    StreamSource(ExperimentId id, ExperimentFold fold, List<Stream.Stretch> stretches, SourceReading reading) {
        this.id = id;
        this.fold = fold;
        this.stretches = stretches;
        this.reading = reading;
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
        // the records that are read over here may be asked for yet
        return entries.orElseGet(() -> read(new SourceReading(id), NOBODY));
    }

    @Override
    public List<MetricSummary> metrics() {
        return fold.metrics();
    }

    @Override
    public void records(long after, RecordSink sink) {
        if (entries.isEmpty() && reading.records() == after && !reading.hasSkipped()) {
            read(reading, sink);
        } else {
            read(new SourceReading(id), new Behind(after, sink));
        }
    }

    private List<Entry> read(SourceReading with, RecordSink sink) {
        with.advance(stretches, fold.metricRecords(), sink);
        if (with.records() < fold.metricRecords()) {
            throw new CorruptJournalException(
                    "the journal gave " + with.records() + " of the " + fold.metricRecords()
                            + " metric records of experiment '" + data().name()
                            + "'; it was damaged or deleted since it was read first",
                    stretches.get(stretches.size() - 1).generation().name(),
                    0);
        }
        var read = with.entries();
        entries = Optional.of(read);
        return read;
    }

    /** Passes over so many records. */
    private static final class Behind implements RecordSink {

        private final RecordSink sink;
        private long left;

        Behind(long after, RecordSink sink) {
            this.left = after;
            this.sink = sink;
        }

        @Override
        public void metric(int metric, long step, double value, long epochMilli) {
            if (left > 0) {
                left--;
            } else {
                sink.metric(metric, step, value, epochMilli);
            }
        }
    }
}
