package dev.daybook.journal;

import static dev.daybook.journal.Samples.begin;
import static dev.daybook.journal.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.FailingFiles;
import dev.daybook.JournalException;
import dev.daybook.lifecycle.Event;
import dev.daybook.port.AppendCondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NameReservationsTest {

    @TempDir
    private Path directory;

    private List<Path> files() throws IOException {
        return Disk.list(JournalDirectory.of(directory).names());
    }

    @Test
    void a_reservation_is_a_file_that_says_all() throws IOException {
        try (var journal = Samples.open(directory)) {
            assertThat(journal.reserveName("../lr sweep\n1", id(1))).isTrue();
            begin(journal, id(1));

            assertThat(files()).hasSize(1);
            var file = files().get(0);
            assertThat(file.getFileName().toString()).matches("_\\._lr_sweep_1-[0-9a-f]{16}");
            assertThat(file)
                    .hasContent(id(1) + "\n" + journal.generations().get(0).name() + "\n../lr sweep\n1");

            journal.releaseName("../lr sweep\n1", id(1));
            assertThat(files()).isEmpty();
        }
    }

    /** Versions of Daybook that run side by side look for a name in the same file. */
    @ParameterizedTest
    @CsvSource({
        "azAZ09._-`{@[/:, azAZ09._-______-ef20d18cb42c76e3",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-42f2d97335669f86"
    })
    void a_name_has_the_same_file_for_ever(String name, String file) throws IOException {
        try (var journal = Samples.open(directory)) {
            assertThat(journal.reserveName(name, id(1))).isTrue();

            assertThat(files().get(0).getFileName()).hasToString(file);
        }
    }

    @Test
    void to_reserve_a_name_twice_is_to_have_it() throws IOException {
        try (var journal = Samples.open(directory)) {
            assertThat(journal.reserveName("x", id(1))).isTrue();
            assertThat(journal.reserveName("x", id(1))).isTrue();
            assertThat(journal.reserveName("x", id(2))).isFalse();
            assertThat(files()).hasSize(1);
        }
    }

    @Test
    void names_are_reserved_and_released_inside_the_lock_too() throws IOException {
        try (var dead = Samples.open(directory)) {
            assertThat(dead.reserveName("x", id(1))).isTrue();
        }
        try (var journal = Samples.open(directory)) {
            assertThat(journal.exclusively(() -> journal.reserveName("x", id(2))))
                    .isTrue();
            assertThat(journal.<Boolean>exclusively(() -> {
                        journal.releaseName("x", id(2));
                        return true;
                    }))
                    .isTrue();
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void a_release_that_the_disk_has_forgotten_is_void_once_the_experiment_is_settled() throws IOException {
        byte[] content;
        try (var dead = Samples.open(directory)) {
            assertThat(dead.reserveName("x", id(1))).isTrue();
            var begun = begin(dead, id(1));
            content = Files.readAllBytes(files().get(0));
            dead.releaseName("x", id(1));
            dead.append(id(1), AppendCondition.continues(begun.tail()), Samples.TIME, new Event.ExperimentDiscarded());
        }
        try (var journal = Samples.open(directory)) {
            assertThat(journal.reserveName("x", id(2))).isTrue();
            var file = files().get(0);
            journal.releaseName("x", id(2));
            Files.write(file, content);

            assertThat(journal.reserveName("x", id(2))).isTrue();
        }
    }

    @Test
    void whether_a_dead_process_still_needs_a_name_depends_on_the_experiment_of_that_name_alone() {
        try (var dead = Samples.open(directory)) {
            assertThat(dead.reserveName("begun", id(1))).isTrue();
            assertThat(dead.reserveName("never begun", id(2))).isTrue();
            begin(dead, id(1));
            var other = begin(dead, id(3));
            dead.append(id(3), AppendCondition.continues(other.tail()), Samples.TIME, new Event.ExperimentDiscarded());
        }
        try (var journal = Samples.open(directory)) {
            assertThat(journal.reserveName("begun", id(4))).isFalse();
            begin(journal, id(5));
            assertThat(journal.reserveName("never begun", id(4))).isTrue();
        }
        try (var journal = Samples.open(directory)) {
            assertThat(journal.reserveName("never begun", id(6))).isTrue();
        }
    }

    @Test
    void a_name_that_is_given_back_while_somebody_waits_to_ask_for_it_is_his() throws Exception {
        try (var owner = Samples.open(directory);
                var other = Samples.open(directory)) {
            assertThat(owner.reserveName("x", id(1))).isTrue();
            begin(owner, id(2));
            var isReserved = new AtomicBoolean();
            var asking = new Thread(() -> isReserved.set(other.reserveName("x", id(3))));

            owner.exclusively(() -> {
                asking.start();
                Script.await("him to wait for the lock", () -> asking.getState() == Thread.State.WAITING);
                owner.releaseName("x", id(1));
                return true;
            });
            asking.join();

            assertThat(isReserved).isTrue();
        }
    }

    @Test
    void names_that_are_released_together_are_free_at_once() throws IOException {
        try (var journal = Samples.open(directory)) {
            journal.together(() -> {
                for (int i = 0; i < 3; i++) {
                    assertThat(journal.reserveName("x", id(i))).isTrue();
                    journal.releaseName("x", id(i));
                }
            });
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void a_reservation_whose_generation_is_gone_is_void() throws IOException {
        try (var dead = Samples.open(directory)) {
            assertThat(dead.reserveName("x", id(1))).isTrue();
            begin(dead, id(1));
        }
        Disk.deleteFlat(
                directory.resolve(JournalDirectory.of(directory).generations().get(0)));

        try (var journal = Samples.open(directory)) {
            assertThat(journal.reserveName("x", id(2))).isTrue();
        }
    }

    @Test
    void a_file_that_is_no_reservation_is_reported_not_replaced() throws IOException {
        try (var journal = Samples.open(directory)) {
            assertThat(journal.reserveName("x", id(1))).isTrue();
            var file = files().get(0);
            Files.writeString(file, "nonsense");

            assertThatThrownBy(() -> journal.reserveName("x", id(2)))
                    .isInstanceOf(JournalException.class)
                    .hasMessage("the name 'x' cannot be reserved: " + file
                            + " is no reservation of Daybook, delete it: it is incomplete");
            assertThat(file).hasContent("nonsense");
        }
    }

    /** As a power cut leaves one where there are no hard links. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\0\0\0"})
    void one_of_which_nothing_was_written_is_replaced(String content) throws IOException {
        try (var journal = Samples.open(directory)) {
            assertThat(journal.reserveName("x", id(1))).isTrue();
            Files.writeString(files().get(0), content);

            assertThat(journal.reserveName("x", id(2))).isTrue();
            assertThat(journal.reserveName("x", id(1))).isFalse();
        }
    }

    @Test
    void without_hard_links_a_name_is_one_experiments_too() throws IOException {
        try (var journal = Samples.open(directory)) {
            begin(journal, id(1));
            try (var files = FailingFiles.below(directory)) {
                files.fail(FailingFiles.Kind.RENAME, 1, FailingFiles.Cause.IO, true);
                assertThat(journal.reserveName("x", id(1))).isTrue();
                assertThat(journal.reserveName("x", id(1))).isTrue();
                assertThat(journal.reserveName("x", id(2))).isFalse();

                assertThat(files.forced())
                        .contains(
                                files().get(0).toString(),
                                JournalDirectory.of(directory).names().toString());
            }
            assertThat(files()).hasSize(1);
        }
    }
}
