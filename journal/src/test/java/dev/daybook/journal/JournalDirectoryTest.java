package dev.daybook.journal;

import static dev.daybook.journal.Samples.begin;
import static dev.daybook.journal.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.FailingFiles;
import dev.daybook.JournalException;
import dev.daybook.port.Generation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JournalDirectoryTest {

    @TempDir
    private Path directory;

    @Test
    void a_generation_holds_these_files() throws IOException {
        try (var journal = Samples.open(directory)) {
            begin(journal, id(1));
            var generation = journal.generations().get(0);

            assertThat(generation.name()).matches("\\d{8}T\\d{6}\\.\\d{3}Z-[0-9a-f]{8}");
            assertThat(generation.writer())
                    .matches("process " + ProcessHandle.current().pid() + " on host \\S+");
            assertThat(Disk.list(directory.resolve(generation.name())))
                    .extracting(path -> path.getFileName().toString())
                    .containsExactly("19700101F.cq4", "lock", "metadata.cq4t", "writer");
            assertThat(Disk.list(directory)).containsExactly(directory.resolve(generation.name()));
        }
    }

    @Test
    void generations_sort_by_their_making_even_if_the_clock_goes_back() throws IOException {
        var journals = JournalDirectory.of(directory);
        Files.createDirectories(journals.generation("20990101T000000.000Z-ffffffff"));
        Files.createDirectories(journals.names());
        Files.createFile(journals.takeoverLock());

        assertThat(JournalDirectory.newName(Disk.names(directory), Samples.TIME))
                .startsWith("20990101T000000.001Z-");
        Files.delete(journals.generation("20990101T000000.000Z-ffffffff"));
        assertThat(JournalDirectory.newName(Disk.names(directory), Samples.TIME))
                .startsWith("20261123T101530.123Z-");
    }

    @Test
    void what_is_no_generation_is_not_listed() throws IOException {
        var journals = JournalDirectory.of(directory);
        Samples.place(directory, new byte[8]);
        Files.createDirectories(journals.names());
        Files.createFile(journals.takeoverLock());
        Files.createDirectories(directory.resolve("something"));
        Files.createDirectories(directory.resolve(".new-" + Samples.GENERATION));
        Files.createFile(directory.resolve("20261123T101530.124Z-00c0ffee"));
        Files.createDirectories(directory.resolve("20261123T101530.125Z-00c0ffee"));

        assertThat(journals.generations()).containsExactly(Samples.GENERATION);
    }

    @Test
    void only_old_leftovers_whose_maker_is_gone_are_cleaned() throws IOException {
        var journals = JournalDirectory.of(directory);
        var old = makeLeftover("20261101T000000.000Z-00000001");
        var locked = makeLeftover("20261101T000000.000Z-00000002");
        var young = makeLeftover("20261123T000000.000Z-00000003");
        Files.delete(JournalDirectory.lock(locked));
        try (var lock = LivenessLock.take(JournalDirectory.lock(locked), JournalDirectory.lock(locked))) {
            journals.cleanLeftovers(Disk.names(directory), Samples.TIME);

            assertThat(lock).isNotNull();
            assertThat(List.of(old, locked, young)).filteredOn(Files::exists).containsExactly(locked, young);
        }
    }

    @Test
    void who_makes_a_generation_cleans_what_died_long_ago() throws IOException {
        var old = makeLeftover("20201101T000000.000Z-00000001");
        try (var journal = Samples.open(directory)) {
            begin(journal, id(1));

            assertThat(old).doesNotExist();
        }
    }

    private Path makeLeftover(String name) throws IOException {
        var leftover = Files.createDirectories(JournalDirectory.of(directory).beingMade(name));
        Files.createFile(JournalDirectory.lock(leftover));
        Files.createFile(JournalDirectory.writer(leftover));
        return leftover;
    }

    @Test
    void one_directory_is_one_by_whatever_path() throws IOException {
        var real = Files.createDirectories(directory.toRealPath().resolve("real"));
        var link = Files.createSymbolicLink(directory.resolve("link"), real);

        assertThat(JournalDirectory.of(link.resolve("a/../b"))).isEqualTo(new JournalDirectory(real.resolve("b")));
        try (var journal = Samples.open(link);
                var other = Samples.open(real)) {
            begin(journal, id(1));
            assertThat(other.generations()).hasSize(1).allMatch(Generation::isAlive);
        }
    }

    @Test
    void of_a_generation_that_could_not_be_made_nothing_is_left() throws IOException {
        var real = directory.toRealPath();
        try (var journal = Samples.open(real)) {
            try (var files = FailingFiles.below(real)) {
                files.fail(FailingFiles.Kind.RENAME, 1, FailingFiles.Cause.IO, false);
                assertThatThrownBy(() -> begin(journal, id(1)))
                        .isInstanceOf(JournalException.class)
                        .hasMessageContaining("the journal " + real + " cannot be written: ");
            }
            assertThat(Disk.names(real)).isEmpty();
            assertThat(System.getProperties().stringPropertyNames())
                    .as("locks")
                    .noneMatch(property -> property.contains(real.toString()));
            begin(journal, id(1));
        }
    }

    @Test
    void a_generation_that_was_only_made_is_nothing() throws IOException {
        try (var own = OwnGeneration.make(JournalDirectory.of(directory));
                var journal = Samples.open(directory)) {
            assertThat(Files.isDirectory(own.path())).isTrue();
            assertThat(LivenessLock.isHeld(JournalDirectory.lock(own.path()))).isTrue();
            assertThat(journal.generations()).isEmpty();
        }
    }
}
