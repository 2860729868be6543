package dev.daybook.journal;

import static dev.daybook.journal.Samples.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Continuation;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalSettings;
import dev.daybook.port.JournalSettings.Force;
import dev.daybook.port.Mark;
import dev.daybook.port.MetricLease;
import dev.daybook.port.Tail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * Whatever threads do to experiments side by side, the documents give one order in which each thread's own records keep theirs: every
 * acknowledged record once, nothing else, and each on its side of the events.
 *
 * <p>A record says who logged it: the metric is the thread, the step its counter in that experiment, the value a number that was drawn when
 * the record was about to be published, so that events can be compared with it.
 */
class OrderProperties {

    private static final int EXPERIMENTS = 3;

    private Path directory = Path.of("");

    @BeforeTry
    void make() throws IOException {
        directory = Files.createTempDirectory("daybook-order").toRealPath();
    }

    @AfterTry
    void delete() throws IOException {
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    /** One experiment in the program: its lifecycle calls come one at a time, its records from all threads. */
    private static final class Subject {
        private final ExperimentId id;
        private final int threads;
        private Tail tail;
        private final List<Bounds> bounds = new ArrayList<>();

        /** How many records of each thread were acknowledged, and how many were begun. */
        private final AtomicLongArray acknowledged;

        private final AtomicLongArray begun;

        Subject(ExperimentId id, int threads) {
            this.id = id;
            this.threads = threads;
            this.tail = Tail.start(id);
            this.acknowledged = new AtomicLongArray(threads);
            this.begun = new AtomicLongArray(threads);
        }

        synchronized void event(Journal journal, String text) {
            var least = snapshot(acknowledged);
            var condition = tail.events() == 0 ? AppendCondition.begins(id) : AppendCondition.continues(tail);
            var event = tail.events() == 0 ? Samples.initialized(text) : new Event.Tagged(text);
            tail = journal.append(id, condition, TIME, event).tail();
            bounds.add(new Bounds(least, snapshot(begun)));
        }

        synchronized void release(Journal journal) {
            journal.release(id);
            event(journal, "again");
        }

        private List<Long> snapshot(AtomicLongArray of) {
            return IntStream.range(0, threads).mapToObj(of::get).toList();
        }
    }

    /** Of each thread, how many records must stand before an event and how many may. */
    private record Bounds(List<Long> least, List<Long> most) {}

    private static final class Program {
        private final Journal journal;
        private final List<Subject> subjects = new ArrayList<>();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Program(Journal journal, int threads) {
            this.journal = journal;
            for (int i = 0; i < EXPERIMENTS; i++) {
                subjects.add(new Subject(Samples.id(i + 1), threads));
            }
            subjects.forEach(each -> each.event(journal, "first"));
        }

        void run(int threads, int actions, long seed, boolean isVirtual) throws InterruptedException {
            var start = new CyclicBarrier(threads);
            var running = new ArrayList<Thread>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                running.add(started(isVirtual, () -> {
                    try {
                        start.await();
                        act(thread, actions, new Random(seed + thread));
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                }));
            }
            for (var each : running) {
                each.join();
            }
            if (failure.get() != null) {
                throw new AssertionError("a thread has failed", failure.get());
            }
        }

        private void act(int thread, int actions, Random random) {
            var leases = new MetricLease[EXPERIMENTS];
            for (int i = 0; i < actions; i++) {
                int which = random.nextInt(EXPERIMENTS);
                var subject = subjects.get(which);
                int dice = random.nextInt(100);
                if (dice < 3) {
                    subject.event(journal, "of thread " + thread);
                } else if (dice < 4) {
                    subject.release(journal);
                } else if (dice < 6 && leases[which] != null) {
                    leases[which].seal();
                } else {
                    for (int burst = random.nextInt(40); burst >= 0; burst--) {
                        leases[which] = publish(subject, leases[which], thread);
                    }
                }
            }
        }

        private MetricLease publish(Subject subject, MetricLease known, int thread) {
            long step = subject.begun.getAndIncrement(thread);
            var lease = known == null ? lease(subject) : known;
            while (!lease.publish(thread, step, (double) step, TIME.toEpochMilli())) {
                lease = lease(subject);
            }
            subject.acknowledged.setRelease(thread, step + 1);
            return lease;
        }

        private MetricLease lease(Subject subject) {
            synchronized (subject) {
                return journal.lease(subject.id);
            }
        }
    }

    /** A virtual thread where the JDK has them, if one is wanted. */
    private static Thread started(boolean isVirtual, Runnable part) {
        if (isVirtual) {
            try {
                return (Thread) Thread.class
                        .getMethod("startVirtualThread", Runnable.class)
                        .invoke(null, part);
            } catch (NoSuchMethodException e) {
                // a JDK of before
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("virtual threads cannot be started", e);
            }
        }
        var thread = new Thread(part);
        thread.start();
        return thread;
    }

    /** Checks the order as it comes, over the generations of a journal. */
    private static final class Order implements EntrySink {
        private final Map<ExperimentId, Seen> experiments = new HashMap<>();
        private final boolean checksCuts;
        private String generation = "";

        /** What one experiment gave. */
        private static final class Seen {
            private final Subject subject;
            private final long[] next;
            private long events;
            private long records;
            private final Map<String, Long> inGeneration = new HashMap<>();

            Seen(Subject subject) {
                this.subject = subject;
                this.next = new long[subject.threads];
            }
        }

        Order(List<Subject> subjects, boolean checksCuts) {
            subjects.forEach(each -> experiments.put(each.id, new Seen(each)));
            this.checksCuts = checksCuts;
        }

        Order in(Generation next) {
            generation = next.name();
            return this;
        }

        private Seen seen(ExperimentId id) {
            return Objects.requireNonNull(experiments.get(id), "an experiment that nobody began");
        }

        @Override
        public boolean event(Entry entry) {
            var seen = seen(entry.id());
            require(entry.index() == seen.events, entry + " is not event " + seen.events);
            require(entry.position().generation().equals(generation), "the position of " + entry);
            long before = seen.inGeneration.getOrDefault(generation, 0L);
            require(entry.cut().records() == before, entry.cut() + " behind " + before);
            if (checksCuts) {
                var bounds = seen.subject.bounds.get((int) entry.index());
                for (int thread = 0; thread < seen.next.length; thread++) {
                    require(
                            bounds.least.get(thread) <= seen.next[thread]
                                    && seen.next[thread] <= bounds.most.get(thread),
                            "event " + entry.index() + " stands behind " + seen.next[thread] + " of thread " + thread
                                    + ", not between " + bounds.least.get(thread) + " and " + bounds.most.get(thread));
                }
            }
            seen.events++;
            return true;
        }

        @Override
        public boolean continued(Continuation mark) {
            var seen = seen(mark.id());
            require(mark.before().events() == seen.events, mark + " behind " + seen.events);
            require(mark.records() == seen.records, mark + " behind " + seen.records);
            require(mark.cut().records() == seen.inGeneration.getOrDefault(mark.from(), 0L), "the cut of " + mark);
            return true;
        }

        @Override
        public void metric(ExperimentId id, int metric, long step, double value, long epochMilli) {
            var seen = seen(id);
            require(
                    step == seen.next[metric] && value == step && epochMilli == TIME.toEpochMilli(),
                    "thread " + metric + " of " + id + " is at " + seen.next[metric] + " and has " + step);
            seen.next[metric]++;
            seen.records++;
            seen.inGeneration.merge(generation, 1L, Long::sum);
        }

        @Override
        public void released(ExperimentId id) {}

        /** All that was acknowledged, and all events. */
        void requireComplete() {
            for (var seen : experiments.values()) {
                var subject = seen.subject;
                require(seen.events == subject.tail.events(), seen.events + " events of " + subject.tail);
                require(
                        Arrays.stream(seen.next).boxed().toList().equals(subject.snapshot(subject.acknowledged)),
                        Arrays.toString(seen.next) + " of " + subject.acknowledged);
            }
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new AssertionError(otherwise);
            }
        }
    }

    /** Reads on in all generations, in their order, like somebody who follows. */
    private static final class Follower {
        private final Journal journal;
        private final Order order;
        private final Map<String, Long> cursors = new HashMap<>();

        Follower(Journal journal, List<Subject> subjects) {
            this.journal = journal;
            this.order = new Order(subjects, false);
        }

        void poll() {
            for (var generation : journal.generations()) {
                var sink = new InOrder(order.in(generation));
                cursors.put(generation.name(), generation.read(cursors.getOrDefault(generation.name(), 0L), sink));
                assertThat(generation.damage()).isEmpty();
            }
        }
    }

    /** Stops in front of a mark behind which something has not been read yet, as whoever puts generations together must. */
    private static final class InOrder implements EntrySink {
        private final Order order;

        InOrder(Order order) {
            this.order = order;
        }

        @Override
        public boolean event(Entry entry) {
            return order.event(entry);
        }

        @Override
        public boolean continued(Continuation mark) {
            var seen = order.seen(mark.id());
            return mark.before().events() <= seen.events && mark.records() <= seen.records && order.continued(mark);
        }

        @Override
        public void metric(ExperimentId id, int metric, long step, double value, long epochMilli) {
            order.metric(id, metric, step, value, epochMilli);
        }

        @Override
        public void released(ExperimentId id) {}
    }

    private Journal open(int generationBits, int fewest, int most) {
        var settings = new JournalSettings(
                false, Force.PROCESS, 1L << generationBits, Duration.ofMillis(Long.MAX_VALUE), Long.MAX_VALUE);
        return Samples.open(directory, settings, new BlockWriter.Sizes(fewest, Math.max(fewest, most)));
    }

    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    void threads_keep_their_order_and_events_their_sides(
            @ForAll @IntRange(min = 1, max = 4) int threads,
            @ForAll @IntRange(min = 17, max = 20) int generationBits,
            @ForAll @IntRange(min = 1, max = 8) int fewest,
            @ForAll @IntRange(min = 1, max = 64) int most,
            @ForAll @IntRange(min = 1, max = 400) int actions,
            @ForAll long seed,
            @ForAll boolean isVirtual)
            throws InterruptedException {
        List<Subject> subjects;
        try (var journal = open(generationBits, fewest, most);
                var other = Samples.open(directory)) {
            var program = new Program(journal, threads);
            subjects = program.subjects;
            var follower = new Follower(other, subjects);
            var following = new Thread(() -> {
                try {
                    while (program.failure.get() == null
                            && !Thread.currentThread().isInterrupted()) {
                        follower.poll();
                    }
                } catch (Throwable e) {
                    program.failure.compareAndSet(null, e);
                }
            });
            following.start();
            try {
                program.run(threads, actions, seed, isVirtual);
            } finally {
                following.interrupt();
                following.join();
            }
            if (program.failure.get() != null) {
                throw new AssertionError("the follower has failed", program.failure.get());
            }
            follower.poll();
            follower.order.requireComplete();
            requireAll(journal, subjects);
            requireAll(other, subjects);
        }
        try (var later = Samples.open(directory)) {
            assertThat(later.generations()).noneMatch(Generation::isAlive);
            requireAll(later, subjects);
            requireEach(later, subjects);
        }
    }

    private static void requireAll(Journal journal, List<Subject> subjects) {
        var order = new Order(subjects, true);
        for (var generation : journal.generations()) {
            generation.read(0, order.in(generation));
            assertThat(generation.damage()).isEmpty();
        }
        order.requireComplete();
    }

    /** By readings of one experiment each. */
    private static void requireEach(Journal journal, List<Subject> subjects) {
        for (var subject : subjects) {
            var order = new Order(List.of(subject), true);
            for (var generation : journal.generations()) {
                var reading = generation.reading(subject.id);
                assertThat(reading.advance(order.in(generation), Mark.END)).isTrue();
                assertThat(reading.damage()).isEmpty();
            }
            order.requireComplete();
        }
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void a_mark_gives_again_what_was_read_up_to_it(
            @ForAll @IntRange(min = 1, max = 3) int threads,
            @ForAll @IntRange(min = 1, max = 8) int fewest,
            @ForAll @IntRange(min = 1, max = 64) int most,
            @ForAll long seed)
            throws InterruptedException {
        var settings = JournalSettings.defaults(false);
        try (var journal = Samples.open(directory, settings, new BlockWriter.Sizes(fewest, Math.max(fewest, most)))) {
            var program = new Program(journal, threads);
            var subject = program.subjects.get(0);
            var generation = journal.generations().get(0);
            var read = new Counted(subject.id);
            var cursor = new long[1];
            var marks = new ArrayList<Mark>();
            var counts = new ArrayList<long[]>();
            var following = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    cursor[0] = generation.read(cursor[0], read);
                    marks.add(generation.mark(subject.id));
                    counts.add(new long[] {read.events, read.records});
                }
            });
            var failure = new AtomicReference<Throwable>();
            following.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
            following.start();
            program.run(threads, 60, seed, false);
            following.interrupt();
            following.join();

            assertThat(failure.get()).isNull();
            assertThat(marks).isNotEmpty();
            for (int i = 0; i < marks.size(); i += Math.max(1, marks.size() / 20)) {
                var again = new Counted(subject.id);
                assertThat(generation.reading(subject.id).advance(again, marks.get(i)))
                        .isTrue();
                assertThat(new long[] {again.events, again.records}).isEqualTo(counts.get(i));
            }
        }
    }

    private static final class Counted implements EntrySink {
        private final ExperimentId id;
        private long events;
        private long records;

        Counted(ExperimentId id) {
            this.id = id;
        }

        @Override
        public boolean event(Entry entry) {
            events += entry.id().equals(id) ? 1 : 0;
            return true;
        }

        @Override
        public void metric(ExperimentId of, int metric, long step, double value, long epochMilli) {
            records += of.equals(id) ? 1 : 0;
        }

        @Override
        public void released(ExperimentId of) {}
    }
}
