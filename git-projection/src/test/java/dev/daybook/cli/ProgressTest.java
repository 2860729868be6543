package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that take longer than a second. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProgressTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final String CLEAR = "\r\u001b[K";

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(folder);
    }

    private void saveThree() throws IOException {
        for (var name : List.of("a", "b", "c")) {
            repository.saved(name, NOON, TestRepository::logLoss);
        }
        Files.deleteIfExists(repository.gitFolder().resolve("daybook/cache/saved-3"));
    }

    /** On a terminal, by a clock that goes on by a second whenever it is asked. */
    private Result slowly(String... args) {
        return Result.onTerminal(
                80,
                Stream.concat(Stream.of("-C", folder.toString()), Arrays.stream(args))
                        .toArray(String[]::new));
    }

    @Test
    void a_list_says_how_many_experiments_are_read_while_it_has_to_read_them() throws IOException {
        saveThree();

        var first = slowly("list");
        var second = slowly("list");

        assertThat(first.err())
                .isEqualTo(CLEAR + "reading experiments  0 of 3"
                        + CLEAR + "reading experiments  1 of 3  1.0/s  2 s left"
                        + CLEAR + "reading experiments  2 of 3  1.0/s  1 s left"
                        + CLEAR);
        assertThat(second).isEqualTo(new Result(0, first.out(), ""));
    }

    @Test
    void so_does_whatever_looks_for_one_of_them() throws IOException {
        saveThree();

        assertThat(slowly("show", "b").err()).contains("reading experiments  2 of 3  1.0/s  1 s left");
    }

    @Test
    void nothing_is_said_within_the_first_second_nor_where_a_program_reads() throws IOException {
        saveThree();

        assertThat(repository.daybook(OptionalInt.of(80), "list").err()).isEmpty();
        saveThree();
        assertThat(repository.daybook("list").err()).isEmpty();
        saveThree();
        assertThat(slowly("list", "--json").err()).isEmpty();
    }

    @Test
    void verify_says_how_much_of_the_journal_and_of_the_commits_it_has_checked() throws IOException {
        saveThree();

        assertThat(slowly("verify").err())
                .contains("checking the journal  2 of 3  1.0/s  1 s left", "checking commits  2 of 3  1.0/s  1 s left")
                .endsWith(CLEAR);
    }

    @Test
    void gc_says_how_much_it_has_looked_at_and_let_go() throws IOException {
        saveThree();
        repository.saved("d", NOON, run -> {
            run.makeCheckpoint("early");
            run.logMetric("loss", 0.5);
        });
        repository.daybook("remove", "a");
        repository.daybook("remove", "b");

        var collected = slowly("gc", "--keep-days", "0");

        assertThat(collected.out()).contains("let go 2, about ");
        assertThat(collected.err())
                .contains(
                        "reading experiments  1 of 2  1.0/s  1 s left",
                        "looking at refs  1 of ",
                        "measuring what goes  1 of 2  1.0/s  1 s left",
                        "letting go  1 of 2  1.0/s  1 s left",
                        "reading the journal  3 of 4  1.0/s  1 s left")
                .endsWith(CLEAR);
        assertThat(slowly("gc", "--keep-days", "0", "--json").err()).isEmpty();
    }

    @Test
    void apply_says_how_much_of_the_data_it_has_compared_and_copied() throws IOException {
        repository.write("data/a", "aaaa");
        repository.write("data/b", "bbbb");
        repository.saved("lion", NOON, run -> run.addArtifact(Path.of("data")));
        Files.delete(folder.resolve("data/a"));
        Files.delete(folder.resolve("data/b"));

        var applied = slowly("apply", "lion");

        assertThat(folder.resolve("data/b")).hasContent("bbbb");
        assertThat(applied.err())
                .contains(
                        "comparing data  1 of 2  1.0/s  1 s left",
                        "copying data  4 B of 8 B",
                        "copying data  8 B of 8 B")
                .contains(CLEAR + "applied lion (");
    }
}
