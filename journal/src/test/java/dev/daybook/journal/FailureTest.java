package dev.daybook.journal;

import static dev.daybook.journal.Samples.TIME;
import static dev.daybook.journal.Samples.begin;
import static dev.daybook.journal.Samples.id;
import static dev.daybook.journal.Samples.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.JournalException;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalReading;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the journal does when the disk fails it, and when the user interrupts it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FailureTest {

    @TempDir
    private Path directory;

    /** A journal on a disk that fails from its nth force on. */
    private Journal openOnDiskThatFailsAt(int force) {
        var forces = new int[1];
        QueueWriter.Sync sync = (path, file) -> {
            if (++forces[0] >= force) {
                throw new IOException("Input/output error");
            }
            file.sync();
        };
        return new ChronicleJournal(JournalDirectory.of(directory), new JvmAccess(false), sync);
    }

    @Test
    void after_a_force_that_failed_the_journal_takes_nothing_more_and_says_why() {
        var journal = openOnDiskThatFailsAt(2);
        var first = begin(journal, id(1));
        var lease = journal.lease(id(1));
        assertThat(lease.publish(0, 1, 1, 1)).isTrue();
        var other = journal.lease(id(1));

        assertThatThrownBy(() -> tag(journal, id(1), first.tail(), "lost"))
                .isInstanceOf(JournalException.class)
                .hasMessage("the journal " + directory + " cannot be written any more: Input/output error"
                        + "; what was on disk before is safe: mend that, and open Daybook again");

        var refusal = "the journal takes no more writes, because one has failed: Input/output error"
                + "; what was on disk before is safe: mend that, and open Daybook again";
        assertThat(other.publish(0, 2, 2, 2)).isFalse();
        assertThatThrownBy(() -> journal.lease(id(1)))
                .isInstanceOf(JournalException.class)
                .hasMessage(refusal);
        assertThatThrownBy(() -> begin(journal, id(2)))
                .isInstanceOf(JournalException.class)
                .hasMessage(refusal);
        assertThatThrownBy(() -> journal.reserveName("x", id(2))).hasMessage(refusal);
        journal.close();
        try (var later = Samples.open(directory)) {
            assertThat(JournalReading.everything(later)).startsWith(new JournalReading.EventItem(first));
            assertThat(later.generations()).noneMatch(Generation::isAlive);
        }
    }

    @Test
    void a_lease_is_refused_as_soon_as_another_experiments_force_failed() {
        var journal = openOnDiskThatFailsAt(3);
        begin(journal, id(1));
        var lease = journal.lease(id(1));
        var second = begin(journal, id(2));

        assertThatThrownBy(() -> tag(journal, id(2), second.tail(), "lost")).isInstanceOf(JournalException.class);

        assertThatThrownBy(() -> lease.publish(0, 1, 1, 1))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("takes no more writes");
        journal.close();
    }

    @Test
    void a_lease_that_has_room_in_its_block_is_refused_too() {
        var isBroken = new AtomicBoolean();
        QueueWriter.Sync sync = (path, file) -> {
            if (isBroken.get()) {
                throw new IOException("Input/output error");
            }
            file.sync();
        };
        var journal = new ChronicleJournal(JournalDirectory.of(directory), new JvmAccess(false), sync);
        begin(journal, id(1));
        var lease = journal.lease(id(1));
        assertThat(lease.publish(0, 1, 1, 1)).isTrue();
        var second = begin(journal, id(2));
        isBroken.set(true);
        assertThatThrownBy(() -> tag(journal, id(2), second.tail(), "lost")).isInstanceOf(JournalException.class);

        assertThatThrownBy(() -> lease.publish(0, 2, 2, 2))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("takes no more writes");
        journal.close();
    }

    @Test
    void a_force_that_fails_at_the_end_is_reported_and_the_generation_given_up() {
        var journal = openOnDiskThatFailsAt(2);
        begin(journal, id(1));

        assertThatThrownBy(journal::close)
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("was closed, but what was written last may not be on disk: Input/output error");

        assertThat(journal.generations()).hasSize(1).noneMatch(Generation::isAlive);
        journal.close();
    }

    @Test
    void a_queue_that_was_deleted_under_us_is_noticed_by_the_next_event() throws IOException {
        var journal = Samples.open(directory);
        var first = begin(journal, id(1));
        var queue = queue(journal);
        Files.delete(queue);

        assertThatThrownBy(() -> tag(journal, id(1), first.tail(), "into nowhere"))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(queue + " was deleted under us");
        assertThatThrownBy(() -> begin(journal, id(2))).hasMessageContaining("takes no more writes");
        journal.close();
    }

    @Test
    void a_queue_that_was_replaced_under_us_is_noticed_too() throws IOException {
        var journal = Samples.open(directory);
        var first = begin(journal, id(1));
        var queue = queue(journal);
        var copy = Files.copy(queue, directory.resolve("copy"));
        Files.move(copy, queue, StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> tag(journal, id(1), first.tail(), "into nowhere"))
                .hasMessageContaining(queue + " was deleted under us");
        journal.close();
    }

    @Test
    void a_directory_that_cannot_be_made_is_a_refusal_that_leaves_the_journal_usable() throws IOException {
        var blocked = directory.resolve("blocked");
        Files.writeString(blocked, "a file");
        try (var journal = Samples.open(blocked)) {
            assertThat(journal.generations()).isEmpty();
            assertThatThrownBy(() -> begin(journal, id(1)))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("cannot be written");

            Files.delete(blocked);

            begin(journal, id(1));
            assertThat(journal.generations()).hasSize(1);
        }
    }

    @Test
    void an_interrupted_thread_is_still_interrupted_after_a_call_that_failed() throws IOException {
        var blocked = directory.resolve("blocked");
        Files.writeString(blocked, "a file");
        try (var journal = Samples.open(blocked)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> begin(journal, id(1))).isInstanceOf(JournalException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void an_interrupted_thread_journals_like_any_other() {
        try (var journal = Samples.open(directory)) {
            Thread.currentThread().interrupt();
            assertThat(journal.reserveName("x", id(1))).isTrue();
            var tail = begin(journal, id(1)).tail();
            var lease = journal.lease(id(1));
            for (int step = 0; step < 200_000; step++) {
                if (!lease.publish(0, step, step, TIME.toEpochMilli())) {
                    throw new AssertionError("sealed");
                }
            }
            tag(journal, id(1), tail, "interrupted");
            assertThat(journal.exclusively(() -> JournalReading.everything(journal)))
                    .hasSize(200_002);
            journal.generations().forEach(Generation::force);
            assertThat(journal.generations().get(0).isAlive()).isTrue();
            journal.releaseName("x", id(1));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void what_an_interrupt_has_ended_is_done_again_and_the_interrupt_is_kept() throws IOException {
        var runs = new int[1];

        var done = Disk.uninterrupted(() -> {
            if (++runs[0] < 3) {
                Thread.currentThread().interrupt();
                throw new ClosedByInterruptException();
            }
            return Thread.currentThread().isInterrupted() ? "interrupted" : "done";
        });

        assertThat(done).isEqualTo("done");
        assertThat(runs).containsExactly(3);
        assertThat(Thread.interrupted()).isTrue();
    }

    private Path queue(Journal journal) {
        return JournalDirectory.queue(
                directory.resolve(journal.generations().get(0).name()));
    }
}
