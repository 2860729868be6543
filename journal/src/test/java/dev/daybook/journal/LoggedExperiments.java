package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Entry;
import dev.daybook.port.JournalReading.EventItem;
import dev.daybook.port.JournalReading.Item;
import dev.daybook.port.JournalReading.MetricItem;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/**
 * What was logged, and what of it was acknowledged: of each experiment its events, and the records of two threads, which each have a metric of
 * their own and log its steps from 0 on.
 */
final class LoggedExperiments {

    static final int METRICS = 2;
    static final int MOST = 6;

    /** One experiment. */
    static final class One {
        private final int number;
        private final List<Logged> events = new CopyOnWriteArrayList<>();
        private final AtomicLongArray started = new AtomicLongArray(METRICS);
        private final AtomicLongArray acknowledged = new AtomicLongArray(METRICS);

        private One(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        ExperimentId id() {
            return Samples.id(number);
        }

        /** The next record of a metric, which is being published from now on. */
        MetricItem begins(int metric) {
            return record(number, metric, started.getAndIncrement(metric));
        }

        void notTaken(int metric) {
            started.decrementAndGet(metric);
        }

        void taken(int metric) {
            acknowledged.incrementAndGet(metric);
        }

        Counts acknowledged() {
            return new Counts(events.size(), List.of(acknowledged.get(0), acknowledged.get(1)));
        }

        private List<Long> started() {
            return List.of(started.get(0), started.get(1));
        }

        /** An event was appended; the counts are those before its append was called. */
        void event(Entry entry, Counts before) {
            events.add(new Logged(entry, before.records(), started()));
        }

        Entry last() {
            return events.get(events.size() - 1).entry();
        }
    }

    /** An event, the records that were acknowledged before it was appended, and those that were begun before that came back. */
    private record Logged(Entry entry, List<Long> atLeast, List<Long> atMost) {}

    /** How much of an experiment. */
    record Counts(long events, List<Long> records) {
        static final Counts NONE = new Counts(0, List.of(0L, 0L));

        long total() {
            return events + records.get(0) + records.get(1);
        }

        Counts or(Counts other) {
            return new Counts(
                    Math.max(events, other.events),
                    List.of(
                            Math.max(records.get(0), other.records.get(0)),
                            Math.max(records.get(1), other.records.get(1))));
        }

        /** How much of another one is missing here. */
        long lacks(Counts other) {
            return Math.max(0, other.events - events)
                    + Math.max(0, other.records.get(0) - records.get(0))
                    + Math.max(0, other.records.get(1) - records.get(1));
        }
    }

    private final List<One> all = new CopyOnWriteArrayList<>();

    One begin() {
        var one = new One(all.size() + 1);
        all.add(one);
        return one;
    }

    List<One> all() {
        return all;
    }

    List<Counts> acknowledged() {
        return all.stream().map(One::acknowledged).toList();
    }

    private static MetricItem record(int number, int metric, long step) {
        double value = number * 1_000.0 + metric * 100.0 + step / 8.0;
        return new MetricItem(
                Samples.id(number),
                metric,
                step,
                Double.doubleToRawLongBits(value),
                Samples.TIME.toEpochMilli() + step);
    }

    /**
     * Requires that what was read of an experiment is the beginning of what was logged, thread by thread: every event behind the records that were
     * there before it.
     *
     * @return how much was read
     */
    Counts requireBeginning(String what, ExperimentId id, List<Item> items) {
        var one = all.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
        int events = 0;
        var records = new long[METRICS];
        for (var item : items) {
            if (item instanceof EventItem event) {
                int index = events;
                require(index < one.events.size(), () -> what + ": " + event + " was never appended");
                var logged = one.events.get(index);
                require(event.entry().equals(logged.entry()), () -> what + ": " + event + " is not " + logged);
                for (int metric = 0; metric < METRICS; metric++) {
                    long before = records[metric];
                    require(
                            before >= logged.atLeast().get(metric)
                                    && before <= logged.atMost().get(metric),
                            () -> what + ": behind " + before + " records of a metric there is " + logged);
                }
                events++;
            } else if (item instanceof MetricItem metric) {
                var expected = record(one.number, metric.metric(), records[metric.metric()]++);
                require(
                        metric.equals(expected) && metric.step() < one.started.get(metric.metric()),
                        () -> what + ": " + metric + " is not " + expected);
            }
        }
        return new Counts(events, List.of(records[0], records[1]));
    }

    private static void require(boolean condition, Supplier<String> otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise.get());
        }
    }
}
