package dev.daybook.journal;

import static dev.daybook.journal.Samples.begin;
import static dev.daybook.journal.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.FailingFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names are forced as well as what has them: without that a power cut takes a whole file whose content was forced. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ForcedNamesTest {

    private Path directory;

    @BeforeEach
    void directory(@TempDir Path temporary) throws IOException {
        directory = temporary.toRealPath();
    }

    private List<String> forcedBy(Runnable action) {
        try (var files = FailingFiles.below(directory)) {
            action.run();
            return files.forced();
        }
    }

    @Test
    void a_first_event_is_on_disk_with_all_names_on_the_way_to_it() {
        try (var journal = Samples.open(directory)) {
            var forced = forcedBy(() -> begin(journal, id(1)));

            var generation = directory.resolve(journal.generations().get(0).name());
            assertThat(forced)
                    .contains(
                            JournalDirectory.queue(generation).toString(),
                            JournalDirectory.queueMetadata(generation).toString(),
                            generation.toString(),
                            directory.toString());
            var writer = JournalDirectory.writer(generation).getFileName().toString();
            // it is forced where it is made, before its folder has its name
            var made = forced.stream()
                    .filter(path -> path.endsWith("/" + writer))
                    .map(path -> path.substring(0, path.length() - writer.length() - 1))
                    .toList();
            assertThat(made).hasSize(1);
            assertThat(forced.indexOf(made.get(0))).isGreaterThan(forced.indexOf(made.get(0) + "/" + writer));
            assertThat(forced.lastIndexOf(directory.toString())).isGreaterThan(forced.indexOf(made.get(0)));
        }
    }

    @Test
    void a_journal_in_new_folders_is_on_disk_with_each_of_them() {
        var place = directory.resolve("a/b/journal");
        try (var journal = Samples.open(place)) {
            var forced = forcedBy(() -> begin(journal, id(1)));

            assertThat(forced)
                    .contains(
                            directory.toString(),
                            directory.resolve("a").toString(),
                            directory.resolve("a/b").toString());
        }
    }

    @Test
    void what_an_heir_goes_on_from_is_forced_with_its_names_whoever_wrote_it() {
        try (var journal = Samples.open(directory);
                var heir = Samples.open(directory)) {
            begin(journal, id(1));
            var theirs = heir.generations().get(0);

            var forced = forcedBy(theirs::force);

            var generation = directory.resolve(theirs.name());
            assertThat(forced)
                    .contains(
                            JournalDirectory.queue(generation).toString(), generation.toString(), directory.toString());
        }
    }

    @Test
    void a_name_that_is_reserved_and_one_that_is_given_back_is_so_on_disk() {
        try (var journal = Samples.open(directory)) {
            begin(journal, id(1));
            var names = directory.resolve("names").toString();

            var reserving =
                    forcedBy(() -> assertThat(journal.reserveName("two", id(2))).isTrue());
            var releasing = forcedBy(() -> journal.releaseName("two", id(2)));

            assertThat(reserving.get(0)).startsWith(names + "/");
            assertThat(reserving).contains(names, directory.toString());
            assertThat(releasing).contains(names);

            assertThat(journal.reserveName("two", id(2))).isTrue();
            var together = forcedBy(() -> journal.together(() -> journal.releaseName("two", id(2))));
            assertThat(together).containsExactly(names);
        }
    }
}
