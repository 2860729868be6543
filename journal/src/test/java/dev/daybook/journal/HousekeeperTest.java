package dev.daybook.journal;

import static dev.daybook.journal.Samples.begin;
import static dev.daybook.journal.Samples.id;
import static dev.daybook.journal.Samples.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.JournalException;
import dev.daybook.port.JournalSettings.Force;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thread beside those who log: when it forces, and what becomes of the journal where it cannot do its work. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HousekeeperTest {

    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    /** To fill a generation. */
    private static final int ENOUGH_RECORDS = 20_000;

    private static final String HOUSEKEEPER = "daybook-journal";

    @TempDir
    private Path directory;

    /**
     * A disk that remembers when the housekeeper forced it, by a clock that stands still but where the housekeeper waits: it is woken in vain
     * shortly before the next force, and there is always something to force.
     */
    private static final class Forces implements Housekeeper.Clock, QueueWriter.Sync {

        private static final int ENOUGH = 10;
        private static final long SHORT_NANOS = Duration.ofMillis(1).toNanos();
        private static final long WOKEN_AFTER_NANOS = SECOND_NANOS * 95 / 100;

        private final List<Long> times = new ArrayList<>();
        private Optional<Path> first = Optional.empty();
        private Optional<ChronicleJournal> journal = Optional.empty();
        private long now;
        private int refused;
        private volatile boolean isRunning;

        synchronized Housekeeper housekeeper(ChronicleJournal of, boolean forces) {
            journal = Optional.of(of);
            return new Housekeeper(of, forces, this, Thread::new);
        }

        @Override
        public synchronized void sync(Path path, FileDescriptor file) throws IOException {
            first = first.or(() -> Optional.of(path));
            if (!first.equals(Optional.of(path))) {
                refused++;
                throw new IOException("Input/output error");
            }
            if (Thread.currentThread().getName().equals(HOUSEKEEPER)) {
                times.add(now);
            }
        }

        @Override
        public synchronized long nanoTime() {
            return now;
        }

        @Override
        public void park(Object blocker, long nanos) {
            if (!isRunning) {
                // a word that came while it was busy does not wake it again: a second is not waited for here
                LockSupport.parkNanos(blocker, SHORT_NANOS);
            } else if (isEnough()) {
                LockSupport.park(blocker);
            } else if (nanos > 0) {
                pass(nanos);
            }
        }

        private synchronized void pass(long nanos) {
            long woken = (times.isEmpty() ? 0 : times.get(times.size() - 1)) + WOKEN_AFTER_NANOS;
            now += now < woken ? Math.min(nanos, woken - now) : nanos;
            journal.orElseThrow().leftUnforced();
        }

        private synchronized boolean isEnough() {
            return times.size() >= ENOUGH;
        }

        private synchronized int refused() {
            return refused;
        }

        void requireOneEachSecond() {
            isRunning = true;
            journal.orElseThrow().wake();
            Script.await("forces in the background", this::isEnough);
            var expected = new ArrayList<Long>();
            for (long second = 1; second <= ENOUGH; second++) {
                expected.add(second * SECOND_NANOS);
            }
            synchronized (this) {
                assertThat(times).isEqualTo(expected);
            }
        }
    }

    private ChronicleJournal open(QueueWriter.Sync sync, Housekeeper.Maker keepers) {
        return new ChronicleJournal(
                JournalDirectory.of(directory),
                new JvmAccess(false),
                sync,
                Script.settings(Force.INTERVAL),
                BlockWriter.Sizes.DEFAULT,
                keepers);
    }

    @Test
    void records_are_forced_each_second_however_often_room_was_wanted_in_between() {
        var forces = new Forces();
        try (var journal = open(forces, forces::housekeeper)) {
            begin(journal, id(1));

            forces.requireOneEachSecond();
        }
    }

    @Test
    void records_are_forced_each_second_while_the_next_generation_cannot_be_made() {
        var forces = new Forces();
        try (var journal = open(forces, forces::housekeeper)) {
            begin(journal, id(1));
            publish(journal, id(1), ENOUGH_RECORDS);

            forces.requireOneEachSecond();

            // once a second, and not with each word that wakes it
            assertThat(forces.refused()).isBetween(1, Forces.ENOUGH + 1);
        }
    }

    /** A disk that fails once, when the next generation is being begun, while another thread forces what it has. */
    private static final class MetByAForce implements QueueWriter.Sync {

        private Optional<ChronicleJournal> journal = Optional.empty();
        private Optional<Path> first = Optional.empty();
        private volatile boolean hasFailed;
        private volatile boolean isBegun;
        private volatile Optional<Throwable> thrown = Optional.empty();

        @Override
        public void sync(Path path, FileDescriptor file) throws IOException {
            first = first.or(() -> Optional.of(path));
            if (first.equals(Optional.of(path))) {
                return;
            }
            isBegun = hasFailed;
            if (!hasFailed) {
                hasFailed = true;
                var forcing = new Thread(this::force);
                forcing.start();
                Script.await(
                        "the other thread to be done, or to wait for this one",
                        () -> forcing.getState() == Thread.State.TERMINATED
                                || forcing.getState() == Thread.State.BLOCKED);
                throw new IOException("Input/output error");
            }
        }

        private void force() {
            try {
                journal.orElseThrow().force();
            } catch (RuntimeException | Error e) {
                thrown = Optional.of(e);
            }
        }
    }

    @Test
    void a_force_while_the_next_generation_cannot_be_begun_meets_nothing_of_that() {
        var disk = new MetByAForce();
        try (var journal = open(disk, Housekeeper::new)) {
            disk.journal = Optional.of(journal);
            var begun = begin(journal, id(1));
            publish(journal, id(1), ENOUGH_RECORDS);
            Script.await("the next generation", () -> disk.isBegun);

            assertThat(disk.thrown).isEmpty();
            Samples.tag(journal, id(1), begun.tail(), "good");
        }
    }

    /** Where no more threads can be had. */
    private static final class Unstartable extends Thread {

        Unstartable(Runnable run) {
            super(run);
        }

        @Override
        public synchronized void start() {
            throw new OutOfMemoryError("unable to create native thread");
        }
    }

    @Test
    void without_its_housekeeper_a_journal_takes_nothing() {
        var journal = open(
                QueueWriter.Sync.DISK,
                (of, forces) -> new Housekeeper(of, forces, Housekeeper.Clock.SYSTEM, Unstartable::new));

        assertThatThrownBy(() -> begin(journal, id(1)))
                .isInstanceOf(JournalException.class)
                .hasMessage("the journal " + directory + " cannot be written any more: unable to create native thread"
                        + "; what was on disk before is safe: mend that, and open Daybook again");
        assertThatThrownBy(() -> begin(journal, id(1)))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("takes no more writes, because one has failed: unable to create native thread");
        assertThatThrownBy(() -> journal.reserveName("x", id(1))).hasMessageContaining("takes no more writes");
        journal.close();

        try (var later = Samples.open(directory)) {
            begin(later, id(1));
        }
    }
}
