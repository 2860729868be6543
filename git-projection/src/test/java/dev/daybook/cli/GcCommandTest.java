package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GcCommandTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    }

    @Test
    void deletes_what_is_past_the_retention_and_says_what_and_why() {
        repository.saved("x", NOON, run -> {});
        repository.interrupted("y", NOON, run -> {});

        var result = repository.daybook("gc", "--journal", "--keep-bytes", "0");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .matches("generation +size +reason\n"
                        + "[0-9TZ.]+-[0-9a-f]+ +[0-9.]+ [KM]?i?B +the journal is larger than 0 bytes,"
                        + " and all its experiments are saved or discarded\n"
                        + "\n"
                        + "deleted 1 generation, [0-9.]+ [KM]?i?B\n");
        assertThat(repository.daybook("history", "x").err()).contains("this repository has no journal of experiment");
        assertThat(repository.daybook("list", "--json").json().findValuesAsText("status"))
                .containsExactly("interrupted", "persisted");
        assertThat(repository.daybook("verify").code()).isZero();
    }

    @Test
    void only_says_so_if_it_is_dry() {
        repository.saved("x", NOON, run -> {});
        repository.saved("y", NOON, run -> {});
        var before = repository.content();

        var result = repository.daybook("gc", "--journal", "--dry-run", "--keep-days", "0");
        var json = repository
                .daybook("gc", "--dry-run", "--keep-bytes", "1K", "--json", "--journal")
                .json();

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("written last on ").containsPattern("\nwould delete 2 generations, .*B\n");
        assertThat(json.get("dryRun").booleanValue()).isTrue();
        assertThat(json.get("generations")).isNotEmpty();
        assertThat(json.get("bytes").longValue())
                .isEqualTo(json.get("generations").findValues("bytes").stream()
                        .mapToLong(com.fasterxml.jackson.databind.JsonNode::longValue)
                        .sum());
        assertThat(repository.content()).isEqualTo(before);
    }

    @Test
    void nothing_to_delete_is_said_kindly() {
        repository.saved("x", NOON, run -> {});

        assertThat(repository.daybook("gc", "--journal"))
                .isEqualTo(new Result(0, "", "there is nothing to delete in the journal\n"));
        assertThat(repository.daybook("gc", "--journal", "--json").json())
                .hasToString("{\"dryRun\":false,\"bytes\":0,\"generations\":[]}");
    }

    @Test
    void without_a_journal_there_is_nothing_to_delete() {
        assertThat(repository.daybook("gc", "--journal"))
                .isEqualTo(new Result(0, "", "there is nothing to delete in the journal\n"));
    }

    @Test
    void the_journal_may_be_elsewhere() {
        var journal = folder.resolve("journal");
        try (var daybook =
                Daybook.open(repository.folder(), DaybookOptions.defaults().withJournalDirectory(journal))) {
            daybook.run("x", run -> {});
        }

        assertThat(repository.daybook("gc", "--journal", "--keep-bytes", "0").out())
                .isEmpty();
        assertThat(repository
                        .daybook("gc", "--journal", journal.toString(), "--keep-bytes", "0")
                        .out())
                .contains("deleted 1 generation");
    }

    @Test
    void without_the_option_it_lets_go_what_was_removed_too() throws IOException {
        repository.saved("lion", Instant.EPOCH.plusSeconds(1_800_000_000), TestRepository::logLoss);
        repository.daybook("remove", "lion");

        assertThat(repository.daybook("gc").err()).startsWith("nothing was removed or overwritten so long ago\n");
        var trial = repository.daybook("gc", "--keep-days", "0", "--dry-run");
        assertThat(trial.out()).contains("lion").contains("would let go 1, about ");
        assertThat(repository
                        .daybook("gc", "--keep-days", "0", "--keep-bytes", "2G", "--dry-run")
                        .out())
                .isEqualTo(trial.out());
        assertThat(repository
                        .daybook("gc", "--keep-days", "0", "--json")
                        .json()
                        .at("/refs/0/what")
                        .textValue())
                .isEqualTo("lion");
        assertThat(repository.daybook("restore", "lion").code()).isEqualTo(1);
    }

    @Test
    void notes_on_what_something_else_has_removed_are_named() {
        var lion = repository.saved("lion", NOON, TestRepository::logLoss);
        repository.daybook("note", "lion", "the best so far");
        repository.git("update-ref", "-d", lion.ref());

        assertThat(repository.daybook("gc").err()).startsWith("nothing was removed or overwritten so long ago\n");
        assertThat(repository.daybook("gc", "--keep-days", "0").out())
                .contains("tags and notes", "refs/daybook/notes/" + lion.commit(), "let go 1, about ")
                .contains(" before compression for git gc to free\n");
    }

    @Test
    void what_cannot_be_read_has_no_size() {
        repository.saved("lion", NOON, TestRepository::logLoss);
        repository.daybook("remove", "lion");
        repository.write(".git/refs/heads/lost", "1".repeat(40) + "\n");

        assertThat(repository.daybook("gc", "--keep-days", "0", "--dry-run").out())
                .contains(
                        "would let go 1, nobody knows how much, because some of it cannot be read, for git gc to free\n");
        assertThat(repository
                        .daybook("gc", "--keep-days", "0", "--dry-run", "--json")
                        .json()
                        .get("gitBytes")
                        .isNull())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "--keep-bytes, 5x, 'is no size'",
        "--keep-bytes, -1, 'is no size'",
        "--keep-bytes, 9999999999999T, 'is no size'",
        "--keep-days, -1, 'is no number of days'",
        "--keep-days, week, 'is no number of days'",
    })
    void what_cannot_be_read_is_wrong_usage(String option, String value, String sentence) {
        var result = repository.daybook("gc", "--journal", option + "=" + value);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("daybook: ")
                .contains(option, "'" + value + "' " + sentence)
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "17, 17", "17B, 17", "1k, 1024", "500M, 524288000", "2G, 2147483648", "2GiB, 2147483648"})
    void a_size_is_a_number_of_bytes(String text, long bytes) {
        assertThat(Text.parseSize(text)).contains(bytes);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 KiB", "1572864, 1.5 MiB", "2147483648, 2.0 GiB"})
    void bytes_are_a_size(long bytes, String text) {
        assertThat(Text.size(bytes)).isEqualTo(text);
    }
}
