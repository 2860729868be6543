package dev.daybook.port;

import dev.daybook.lifecycle.ExperimentId;
import java.util.Optional;

/** Reads a generation whole and lets one experiment's part through: for generations in which nothing is filled in behind its place. */
final class FilteredReading implements Reading {

    private final Generation generation;
    private final ExperimentId id;
    private long cursor;

    FilteredReading(Generation generation, ExperimentId id) {
        this.generation = generation;
        this.id = id;
    }

    @Override
    public boolean advance(EntrySink sink, Mark until) {
        var filter = new Filter(sink);
        cursor = generation.read(cursor, filter);
        return !filter.isStopped;
    }

    @Override
    public Optional<String> damage() {
        return generation.damage(id);
    }

    private final class Filter implements EntrySink {

        private final EntrySink sink;
        private boolean isStopped;

        Filter(EntrySink sink) {
            this.sink = sink;
        }

        @Override
        public boolean event(Entry entry) {
            isStopped = entry.id().equals(id) && !sink.event(entry);
            return !isStopped;
        }

        @Override
        public boolean continued(Continuation mark) {
            isStopped = mark.id().equals(id) && !sink.continued(mark);
            return !isStopped;
        }

        @Override
        public void metric(ExperimentId of, int metric, long step, double value, long epochMilli) {
            if (of.equals(id)) {
                sink.metric(of, metric, step, value, epochMilli);
            }
        }

        @Override
        public void metric(
                ExperimentId of, long document, int slot, int metric, long step, double value, long epochMilli) {
            if (of.equals(id)) {
                sink.metric(of, document, slot, metric, step, value, epochMilli);
            }
        }

        @Override
        public void metrics(ExperimentId of, long document, int slot, MetricBatch batch) {
            if (of.equals(id)) {
                sink.metrics(of, document, slot, batch);
            } else {
                batch.take(batch.size());
            }
        }

        @Override
        public void released(ExperimentId of) {
            if (of.equals(id)) {
                sink.released(of);
            }
        }
    }
}
