package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import dev.daybook.port.Generation;
import dev.daybook.port.Tail;

/** Checks what a {@link LoggingProgram} left: each thread's steps without a gap, and the events likewise. */
final class LoggedSink implements EntrySink {

    private final ExperimentId id;
    private final long[] steps = new long[LoggingProgram.THREADS];
    private Tail tail;

    LoggedSink(ExperimentId id) {
        this.id = id;
        this.tail = Tail.start(id);
    }

    /** Reads the whole of a generation that must be sound. */
    static LoggedSink of(Generation generation, ExperimentId id) {
        var sink = new LoggedSink(id);
        generation.read(0, sink);
        if (generation.damage().isPresent()) {
            throw new AssertionError(generation.damage().get());
        }
        return sink;
    }

    Tail tail() {
        return tail;
    }

    long steps(int metric) {
        return steps[metric];
    }

    /** How many acknowledged records and events are not here. */
    long lost(Acks acks) {
        long lost = Math.max(0, acks.get(LoggingProgram.EVENTS) - tail.events());
        for (int metric = 0; metric < steps.length; metric++) {
            lost += Math.max(0, acks.get(metric) - steps[metric]);
        }
        return lost;
    }

    @Override
    public boolean event(Entry entry) {
        require(entry.id().equals(id) && entry.index() == tail.events(), entry.toString());
        tail = entry.tail();
        return true;
    }

    @Override
    public void metric(ExperimentId of, int metric, long step, double value, long epochMilli) {
        require(of.equals(id) && step == steps[metric] && value == (double) step, metric + " has step " + step);
        steps[metric]++;
    }

    @Override
    public void released(ExperimentId of) {
        throw new AssertionError(of + " was released");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
