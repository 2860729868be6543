package dev.daybook.journal;

import static dev.daybook.journal.Samples.TIME;
import static dev.daybook.journal.Samples.begin;
import static dev.daybook.journal.Samples.id;
import static dev.daybook.journal.Samples.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.JournalException;
import dev.daybook.Rounds;
import dev.daybook.lifecycle.Event;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalReading;
import dev.daybook.port.JournalSettings.Force;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A disk that reports once that it could not write, at each force of a script: what was not on disk by then is lost, and no later force says
 * so again.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FailingForceTest {

    private static final String CAUSE = "Input/output error";
    private static final String HOUSEKEEPER = "daybook-journal";
    private static final int MOST_FORCES = 200;

    @TempDir
    private Path directory;

    /** Fails where it is told to. */
    private static final class FailingDisk implements QueueWriter.Sync {
        private final BiPredicate<String, Integer> fails;
        private final Map<String, Integer> forces = new HashMap<>();
        private Optional<Path> failed = Optional.empty();

        /**
         * @param fails given a thread, and how many forces of this thread there were
         */
        FailingDisk(BiPredicate<String, Integer> fails) {
            this.fails = fails;
        }

        /** Fails once. */
        static FailingDisk at(int force, String thread) {
            return new FailingDisk((name, count) -> name.equals(thread) && count == force);
        }

        @Override
        public synchronized void sync(Path path, FileDescriptor file) throws IOException {
            var thread = Thread.currentThread().getName();
            if (fails.test(thread, forces.merge(thread, 1, Integer::sum))) {
                failed = Optional.of(path);
                throw new IOException(CAUSE);
            }
        }

        synchronized Optional<Path> failed() {
            return failed;
        }

        synchronized boolean wasForcedBy(String thread) {
            return forces.containsKey(thread);
        }
    }

    private static ChronicleJournal open(Path directory, Force force, QueueWriter.Sync disk) {
        return new ChronicleJournal(
                JournalDirectory.of(directory),
                new JvmAccess(false),
                disk,
                Script.settings(force),
                BlockWriter.Sizes.DEFAULT);
    }

    @ParameterizedTest
    @EnumSource(Force.class)
    void whichever_force_fails_nothing_is_acknowledged_that_failed_and_nothing_lost_that_was_acknowledged(Force force) {
        var caller = Thread.currentThread().getName();
        long seed = Rounds.seed();
        int scripts = 0;
        int failures = 0;
        int items = 0;
        for (var thread : List.of(caller, HOUSEKEEPER)) {
            boolean isOver = false;
            for (int number = 1; !isOver; number++) {
                assertThat(number).isLessThan(MOST_FORCES);
                var disk = FailingDisk.at(number, thread);
                var place = directory.resolve(thread + number);
                var journal = open(place, force, disk);
                var script = new Script(() -> disk.failed().isPresent(), seed);
                var thrown = thrownBy(() -> script.run(journal));
                isOver = disk.failed().isEmpty();
                var what =
                        "force " + number + " of " + thread + " at " + force + ": " + disk.failed() + "; seed " + seed;
                if (thrown.isPresent()) {
                    failures++;
                    assertThat(thrown.get())
                            .as(what)
                            .isInstanceOf(JournalException.class)
                            .hasMessageContaining(CAUSE);
                    requireRefusals(what, journal);
                } else {
                    // the generation that could not be begun was taken back, and another one made in its place
                    disk.failed().ifPresent(path -> assertThat(path).as(what).doesNotExist());
                }
                journal.close();
                scripts++;
                items += script.acknowledged().size();
                script.requireReadable(what, place);
            }
        }
        System.out.printf(
                "failing forces at %s: %d scripts, %d failed, %d acknowledged, 0 lost; seed %d%n",
                force, scripts, failures, items, seed);
        Rounds.done(scripts, "failing forces");
    }

    private static Optional<Throwable> thrownBy(Runnable script) {
        try {
            script.run();
            return Optional.empty();
        } catch (JournalException e) {
            return Optional.of(e);
        }
    }

    private static void requireRefusals(String what, Journal journal) {
        var refused = thrownBy(() -> begin(journal, id(7)));
        assertThat(refused).as(what).isPresent();
        // by close itself, the last to fail
        assertThat(refused.get().getMessage()).as(what).containsAnyOf(CAUSE, "the journal is closed");
        assertThat(thrownBy(() -> journal.lease(id(1)))).as(what).isPresent();
        assertThat(thrownBy(() -> journal.reserveName("x", id(7)))).as(what).isPresent();
    }

    @Test
    void a_background_force_that_fails_makes_the_next_call_fail() {
        var disk = new FailingDisk((thread, count) -> thread.equals(HOUSEKEEPER));
        var journal = open(directory, Force.INTERVAL, disk);
        begin(journal, id(1));
        var lease = journal.lease(id(1));
        assertThat(lease.publish(0, 0, 0, 0)).isTrue();

        Script.await("a failed force", () -> disk.failed().isPresent());
        Script.await(
                "a refusal", () -> thrownBy(() -> lease.publish(0, 1, 1, 1)).isPresent());

        assertThatThrownBy(() -> lease.publish(0, 1, 1, 1))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(CAUSE);
        assertThatThrownBy(() -> begin(journal, id(2))).hasMessageContaining(CAUSE);
        journal.close();
        try (var later = Samples.open(directory)) {
            assertThat(JournalReading.records(JournalReading.everything(later))).isNotEmpty();
            assertThat(later.generations()).noneMatch(Generation::isAlive);
        }
    }

    @Test
    void a_background_force_that_failed_and_that_no_call_has_told_of_is_told_by_close() {
        var disk = new FailingDisk((thread, count) -> thread.equals(HOUSEKEEPER));
        var journal = open(directory, Force.INTERVAL, disk);
        begin(journal, id(1));
        Samples.publish(journal, id(1), 3);
        Script.await("a failed force", () -> disk.failed().isPresent());

        assertThatThrownBy(journal::close)
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("was closed, but what was written last may not be on disk: " + CAUSE);
        journal.close();
    }

    @Test
    void what_was_logged_before_an_experiment_was_let_go_is_forced_in_the_background_too() {
        var disk = new FailingDisk((thread, count) -> false);
        try (var journal = open(directory, Force.INTERVAL, disk)) {
            begin(journal, id(1));
            Samples.publish(journal, id(1), 3);
            journal.release(id(1));

            Script.await("a force in the background", () -> disk.wasForcedBy(HOUSEKEEPER));
        }
    }

    @Test
    void a_generation_that_was_deleted_after_its_end_is_not_missed_by_the_next_force() throws IOException {
        try (var journal = open(directory, Force.PROCESS, QueueWriter.Sync.DISK)) {
            var tail = begin(journal, id(1)).tail();
            var full = journal.generations().get(0);
            // the next one takes its place when it is ready
            while (journal.generations().size() < 2
                    || journal.generations().get(1).read(0, new JournalReading()) == 0) {
                tail = tag(journal, id(1), tail, Script.LONG_TAG);
            }
            Script.await("the end of the full generation", () -> !full.isAlive());
            // as the retention does
            Disk.deleteFlat(directory.resolve(full.name()));

            journal.append(
                    id(1),
                    AppendCondition.continues(tail),
                    TIME,
                    new Event.SavePrepared("refs/exps/aa/1", "3".repeat(40), "4".repeat(40), Optional.empty()));
        }
    }
}
