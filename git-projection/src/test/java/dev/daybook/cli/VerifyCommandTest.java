package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VerifyCommandTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    }

    @Test
    void says_how_much_it_has_checked_and_that_all_is_sound() {
        repository.saved("x", NOON, TestRepository::logLoss);
        repository.interrupted("y", NOON, TestRepository::logLoss);

        assertThat(repository.daybook("verify")).isEqualTo(new Result(0, """
                        checked        count
                        generations        2
                        experiments        2
                        events             7
                        metric values      4
                        commits            1

                        no problems
                        """, ""));
    }

    @Test
    void checks_one_experiment_alone() {
        repository.saved("x", NOON, TestRepository::logLoss);
        repository.interrupted("y", NOON, TestRepository::logLoss);

        var result = repository.daybook("verify", "y", "--json");

        assertThat(result.code()).isZero();
        assertThat(result.json())
                .hasToString("{\"sound\":true,\"generations\":1,\"experiments\":1,\"events\":2,\"records\":2,"
                        + "\"commits\":0,\"problems\":[]}");
    }

    @Test
    void a_problem_is_printed_and_1() {
        repository.saved("x", NOON, run -> run.tag("sticky"));
        repository.damageJournal("sticky");

        var result = repository.daybook("verify");
        var json = repository.daybook("verify", "--json");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("\nproblem: ").doesNotContain("no problems");
        assertThat(result.err())
                .startsWith("daybook: the journal is not sound: ")
                .hasLineCount(1);
        assertThat(json.code()).isEqualTo(1);
        assertThat(json.json().get("sound").booleanValue()).isFalse();
        assertThat(json.json().get("problems")).isNotEmpty();
        assertThat(repository.daybook("verify", "x").code()).isEqualTo(1);
    }

    @Test
    void says_where_there_was_nothing_to_check() throws IOException {
        repository.saved("x", NOON, TestRepository::logLoss);
        repository.deleteJournal();

        var result = repository.daybook("verify", "x");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("events             0\n");
        assertThat(result.err())
                .isEqualTo("this repository has no journal of experiment 'x'; only its commit was looked at\n");
        assertThat(repository.daybook("verify").err()).isEmpty();
    }

    @Test
    void a_journal_folder_that_is_none_is_an_error() throws IOException {
        var file = Files.createFile(folder.resolve("file"));
        for (var wrong : List.of(folder.resolve("nowhere"), file)) {
            var error = new Result(
                    1,
                    "",
                    "daybook: there is no journal folder '" + wrong
                            + "'; give the one that the program uses with --journal\n");

            assertThat(repository.daybook("verify", "--journal", wrong.toString()))
                    .isEqualTo(error);
            assertThat(repository.daybook("gc", "--journal", wrong.toString())).isEqualTo(error);
        }
        assertThat(repository.daybook("verify").code()).isZero();
    }

    @Test
    void an_unknown_name_is_an_error() {
        var result = repository.daybook("verify", "nowhere");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("daybook: there is no experiment 'nowhere'")
                .hasLineCount(1);
    }
}
