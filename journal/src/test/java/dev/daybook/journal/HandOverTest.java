package dev.daybook.journal;

import static dev.daybook.journal.Samples.TIME;
import static dev.daybook.journal.Samples.begin;
import static dev.daybook.journal.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.JournalException;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalReading;
import dev.daybook.port.JournalSettings;
import dev.daybook.port.JournalSettings.Force;
import dev.daybook.port.MetricLease;
import dev.daybook.port.Tail;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threads that log flat out while another one takes the ground from under them: what {@code publish} said is true, whatever the two of them
 * met in the middle of.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HandOverTest {

    private static final JournalSettings SMALL =
            new JournalSettings(false, Force.PROCESS, 1 << 20, Duration.ofMillis(Long.MAX_VALUE), Long.MAX_VALUE);
    private static final JournalSettings LARGE =
            new JournalSettings(false, Force.PROCESS, 256 << 20, Duration.ofMillis(Long.MAX_VALUE), Long.MAX_VALUE);
    private static final BlockWriter.Sizes TINY = new BlockWriter.Sizes(1, 4);

    /** Those who log beside a disturbance. */
    private List<Told> told = List.of();

    @TempDir
    private Path directory;

    /** What one thread was told: it logs its own number as metric, and counts its steps. */
    private static final class Told {
        private final int thread;
        private final AtomicLong acknowledged = new AtomicLong();

        Told(int thread) {
            this.thread = thread;
        }

        boolean hasLogged() {
            return acknowledged.get() > 0;
        }

        boolean publish(MetricLease lease) {
            long step = acknowledged.get();
            if (!lease.publish(thread, step, (double) step, TIME.toEpochMilli())) {
                return false;
            }
            acknowledged.setRelease(step + 1);
            return true;
        }
    }

    /** Requires that each thread's records of an experiment are there once, in order, and no others. */
    private static final class Logged implements EntrySink {
        private final ExperimentId id;
        private final long[] next;
        private long sinceGeneration;
        private long events;

        Logged(ExperimentId id, int threads) {
            this.id = id;
            this.next = new long[threads];
        }

        static Logged of(Journal journal, ExperimentId id, int threads) {
            var sink = new Logged(id, threads);
            for (var generation : journal.generations()) {
                sink.sinceGeneration = 0;
                generation.read(0, sink);
                assertThat(generation.damage()).isEmpty();
            }
            return sink;
        }

        @Override
        public boolean event(Entry entry) {
            if (entry.id().equals(id)) {
                require(entry.index() == events, "index " + entry);
                require(entry.cut().records() == sinceGeneration, "cut " + entry.cut() + " " + sinceGeneration);
                events++;
            }
            return true;
        }

        @Override
        public void metric(ExperimentId of, int metric, long step, double value, long epochMilli) {
            if (of.equals(id)) {
                require(step == next[metric], "thread " + metric + " at " + next[metric] + " has " + step);
                require(value == step, "value " + value + " of " + step);
                next[metric]++;
                sinceGeneration++;
            }
        }

        @Override
        public void released(ExperimentId of) {}

        void requireExactly(List<Told> told) {
            for (var each : told) {
                require(
                        next[each.thread] == each.acknowledged.get(),
                        "thread " + each.thread + " was told " + each.acknowledged + ", there are "
                                + next[each.thread]);
            }
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new AssertionError(otherwise);
            }
        }
    }

    private interface Part {
        void run() throws Exception;
    }

    /** Runs parts at once, to their end. */
    private static void atOnce(List<Part> parts) throws InterruptedException, ExecutionException {
        var pool = Executors.newFixedThreadPool(parts.size());
        try {
            var start = new CyclicBarrier(parts.size());
            var running = new ArrayList<Future<?>>();
            for (var part : parts) {
                running.add(pool.submit(() -> {
                    start.await();
                    part.run();
                    return true;
                }));
            }
            for (var each : running) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static List<Told> threads(int count) {
        var told = new ArrayList<Told>();
        for (int i = 0; i < count; i++) {
            told.add(new Told(i));
        }
        return told;
    }

    /** Logs until the journal says no: by a lease that is asked for anew, or at the end by an exception. */
    private static void logOn(Journal journal, ExperimentId id, Told told, AtomicBoolean isOver) {
        while (!isOver.get()) {
            try {
                var lease = journal.lease(id);
                while (!isOver.get() && told.publish(lease)) {
                    Thread.onSpinWait();
                }
            } catch (JournalException e) {
                assertThat(e).hasMessage("the journal is closed");
                return;
            } catch (IllegalStateException e) {
                // it is let go, and taken up again in a moment
                assertThat(e).hasMessageContaining("its stream does not end here");
            }
        }
    }

    private long acknowledged() {
        return told.stream().mapToLong(each -> each.acknowledged.get()).sum();
    }

    private interface Disturbance {
        void run(Journal journal, ExperimentId id, Tail tail);
    }

    private void whileThreadsLog(int count, JournalSettings settings, BlockWriter.Sizes sizes, Disturbance disturbance)
            throws Exception {
        told = threads(count);
        var journal = Samples.open(directory, settings, sizes);
        var tail = begin(journal, id(1)).tail();
        var isOver = new AtomicBoolean();
        var parts = new ArrayList<Part>();
        for (var each : told) {
            parts.add(() -> logOn(journal, id(1), each, isOver));
        }
        parts.add(() -> {
            try {
                Script.await("a record of each thread", () -> told.stream().allMatch(Told::hasLogged));
                disturbance.run(journal, id(1), tail);
            } finally {
                isOver.set(true);
            }
        });
        atOnce(parts);
        Logged.of(journal, id(1), count).requireExactly(told);
        journal.close();
        try (var later = Samples.open(directory)) {
            Logged.of(later, id(1), count).requireExactly(told);
            assertThat(later.generations()).noneMatch(Generation::isAlive);
        }
    }

    @Test
    void events_in_between_lose_nothing() throws Exception {
        whileThreadsLog(3, LARGE, TINY, (journal, id, tail) -> {
            var end = tail;
            for (int i = 0; i < 300; i++) {
                end = Samples.tag(journal, id, end, "tag " + i);
            }
        });
    }

    @Test
    void leases_that_are_sealed_lose_nothing() throws Exception {
        whileThreadsLog(3, LARGE, TINY, (journal, id, tail) -> {
            for (int i = 0; i < 2_000; i++) {
                journal.lease(id).seal();
            }
        });
    }

    @Test
    void releases_and_what_takes_it_up_again_lose_nothing() throws Exception {
        whileThreadsLog(2, LARGE, TINY, (journal, id, tail) -> {
            var end = tail;
            for (int i = 0; i < 50; i++) {
                long before = acknowledged();
                Script.await("one record more", () -> acknowledged() > before);
                journal.release(id);
                end = Samples.tag(journal, id, end, "again " + i);
            }
        });
    }

    @Test
    void generations_that_become_full_lose_nothing() throws Exception {
        whileThreadsLog(2, SMALL, new BlockWriter.Sizes(8, 128), (journal, id, tail) -> {
            while (journal.generations().size() < 5) {
                Thread.onSpinWait();
            }
        });
    }

    @Test
    void generations_that_become_full_between_events_lose_nothing() throws Exception {
        whileThreadsLog(2, SMALL, new BlockWriter.Sizes(8, 128), (journal, id, tail) -> {
            var end = tail;
            for (int i = 0; journal.generations().size() < 5; i++) {
                end = Samples.tag(journal, id, end, "tag " + i);
            }
        });
    }

    @Test
    void a_block_is_there_for_its_writer_however_much_others_write_behind_it() {
        told = threads(1);
        var others = threads(1);
        try (var journal = Samples.open(directory, LARGE, BlockWriter.Sizes.DEFAULT)) {
            begin(journal, id(1));
            begin(journal, id(2));
            var seldom = journal.lease(id(1));
            var often = journal.lease(id(2));
            for (int i = 0; i < 5; i++) {
                told.get(0).publish(seldom);
                for (int n = 0; n < 1 << 20; n++) {
                    others.get(0).publish(often);
                }
                if (i % 2 == 0) {
                    // which has its block unmapped
                    journal.forceRecords();
                }
            }
            Logged.of(journal, id(1), 1).requireExactly(told);
            Logged.of(journal, id(2), 1).requireExactly(others);
        }
    }

    @Test
    void blocks_that_are_unmapped_before_each_force_lose_nothing() throws Exception {
        whileThreadsLog(2, LARGE, BlockWriter.Sizes.DEFAULT, (journal, id, tail) -> {
            for (int i = 0; i < 15; i++) {
                ((ChronicleJournal) journal).forceRecords();
            }
        });
    }

    @Test
    void a_journal_that_closes_tells_the_truth_to_the_end() throws Exception {
        for (int round = 0; round < 20; round++) {
            var place = directory.resolve("round-" + round);
            var told = threads(3);
            var journal = Samples.open(place, LARGE, TINY);
            begin(journal, id(1));
            var closed = new AtomicBoolean();
            var parts = new ArrayList<Part>();
            for (var each : told) {
                var lease = journal.lease(id(1));
                parts.add(() -> {
                    boolean wasClosed = false;
                    while (each.publish(lease)) {
                        assertThat(wasClosed).isFalse();
                        wasClosed = closed.get();
                    }
                });
            }
            parts.add(() -> {
                while (told.get(0).acknowledged.get() < 500) {
                    Thread.onSpinWait();
                }
                journal.close();
                closed.set(true);
            });
            atOnce(parts);
            Logged.of(journal, id(1), 3).requireExactly(told);
        }
    }

    @Test
    void nothing_is_published_through_a_lease_whose_seal_has_returned() throws Exception {
        try (var journal = Samples.open(directory, LARGE, TINY)) {
            begin(journal, id(1));
            for (int round = 0; round < 500; round++) {
                var lease = journal.lease(id(1));
                var sealed = new AtomicBoolean();
                var late = new AtomicLong();
                Part logs = () -> {
                    boolean wasSealed;
                    do {
                        wasSealed = sealed.get();
                        if (!lease.publish(0, 0, 0, 0)) {
                            return;
                        }
                        late.addAndGet(wasSealed ? 1 : 0);
                    } while (!wasSealed);
                };
                var first = new Thread(() -> unchecked(logs));
                first.start();
                lease.seal();
                sealed.set(true);
                first.join();
                assertThat(late).hasValue(0);
                assertThat(lease.publish(0, 0, 0, 0)).isFalse();
            }
        }
    }

    private static void unchecked(Part part) {
        try {
            part.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void experiments_that_begin_and_end_while_generations_become_full_are_never_refused() throws Exception {
        var ids = new AtomicLong();
        try (var journal = Samples.open(directory, SMALL, TINY)) {
            Part sweep = () -> {
                for (int i = 0; i < 40; i++) {
                    if (i == 30) {
                        // the housekeeper has had reason to make it by now, but maybe not the time
                        Script.await(
                                "the next generation",
                                () -> journal.generations().size() > 1);
                    }
                    var id = id((int) ids.incrementAndGet());
                    var tail = begin(journal, id).tail();
                    var lease = journal.lease(id);
                    assertThat(lease.publish(0, 0, 0, 0)).isTrue();
                    tail = journal.append(
                                    id, AppendCondition.continues(tail), TIME, new Event.NoteTaken("x".repeat(40_000)))
                            .tail();
                    journal.append(id, AppendCondition.continues(tail), TIME, new Event.ExperimentDiscarded());
                }
            };
            atOnce(List.of(sweep, sweep, sweep));
        }
        try (var later = Samples.open(directory)) {
            var events = new HashMap<ExperimentId, Long>();
            for (var entry : JournalReading.entries(JournalReading.everything(later))) {
                events.merge(entry.id(), 1L, Long::sum);
            }
            assertThat(events).hasSize(ids.intValue());
            assertThat(events.values()).containsOnly(3L);
        }
    }

    @Test
    void two_hundred_threads_share_a_bounded_number_of_writers() throws Exception {
        Entry last;
        try (var journal = Samples.open(directory, LARGE, BlockWriter.Sizes.DEFAULT)) {
            var tail = begin(journal, id(1)).tail();
            var lease = journal.lease(id(1));
            var parts = new ArrayList<Part>();
            for (int i = 0; i < 200; i++) {
                int thread = i;
                parts.add(() -> {
                    for (int step = 0; step < 500; step++) {
                        assertThat(lease.publish(thread, step, step, 0)).isTrue();
                    }
                });
            }
            atOnce(parts);
            last = journal.append(id(1), AppendCondition.continues(tail), TIME, new Event.Tagged("all"));
        }
        assertThat(last.cut().records()).isEqualTo(100_000);
        assertThat(last.cut().writers()).hasSizeLessThanOrEqualTo(Stretch.MOST_WRITERS);
        try (var later = Samples.open(directory)) {
            assertThat(Logged.of(later, id(1), 200).next).containsOnly(500);
        }
    }

    @Test
    void an_experiment_of_ten_records_takes_less_than_eight_kibibytes() throws IOException {
        try (var journal = Samples.open(directory)) {
            var tail = begin(journal, id(1)).tail();
            Samples.publish(journal, id(1), 10);
            Samples.tag(journal, id(1), tail, "done");
        }
        var documents = Samples.documents(JournalDirectory.queue(
                directory.resolve(JournalDirectory.of(directory).generations().get(0))));
        int bytes = documents.get(documents.size() - 1).end() - documents.get(0).start();
        assertThat(bytes).isLessThan(8 << 10);
    }
}
