package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SaveCommandTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant ONE = Instant.parse("2026-11-23T13:00:00Z");

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    }

    @Test
    void saves_an_interrupted_experiment() {
        repository.interrupted("x", NOON, TestRepository::logLoss);

        var result = repository.daybook("save", "x");

        var ref = "refs/exps/" + repository.headOfRef() + "/x";
        var commit = repository.git("rev-parse", ref);
        assertThat(result).isEqualTo(new Result(0, "x " + commit.substring(0, 7) + " " + ref + "\n", ""));
        assertThat(repository.git("rev-parse", ref + "^")).isEqualTo(repository.head());
        assertThat(repository.git("status", "--porcelain")).isEmpty();
        assertThat(repository
                        .daybook("list", "--json")
                        .json()
                        .get(0)
                        .get("status")
                        .textValue())
                .isEqualTo("persisted");
    }

    @Test
    void saves_a_completed_experiment_under_another_name() {
        repository.interrupted("x", NOON, run -> run.fail("out of memory"));

        var json = repository.daybook("save", "x", "--as", "y", "--json").json();

        var ref = "refs/exps/" + repository.headOfRef() + "/y";
        assertThat(json)
                .hasToString("{\"name\":\"y\",\"ref\":\"%s\",\"commit\":\"%s\",\"baseline\":\"%s\"}"
                        .formatted(ref, repository.git("rev-parse", ref), repository.head()));
        assertThat(repository.daybook("show", "y").out())
                .contains("\nstatus    persisted (failed)\nfailure   out of memory\n");
    }

    @Test
    void finishes_a_save_that_was_cut_in_half_under_the_name_that_it_had_begun_with() {
        repository.cutSaveInHalf("x", NOON);

        var result = repository.daybook("save", "x", "--as", "y");

        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("x ");
        assertThat(result.err())
                .startsWith("warning: a save of experiment 'x' was half done and is finished as refs/exps/")
                .endsWith("/x\n")
                .hasLineCount(1);
    }

    @Test
    void warns_where_the_journal_has_lost_a_part_of_it() {
        repository.interrupted("x", NOON, run -> run.setParam("mark", "the damaged place"));
        repository.damageJournal("the damaged place");

        var result = repository.daybook("save", "x");

        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("x ");
        assertThat(result.err()).startsWith("warning: generation ").hasLineCount(1);
    }

    @Test
    void an_unknown_name_is_an_error_that_names_the_unfinished_ones() {
        assertThat(repository.daybook("save", "nowhere"))
                .isEqualTo(new Result(
                        1,
                        "",
                        "daybook: there is no unfinished experiment 'nowhere' in this repository;"
                                + " none is unfinished\n"));
        repository.interrupted("x", NOON, run -> {});
        repository.interrupted("y", ONE, run -> {});
        assertThat(repository.daybook("save", "nowhere"))
                .isEqualTo(new Result(
                        1,
                        "",
                        "daybook: there is no unfinished experiment 'nowhere' in this repository;"
                                + " unfinished are 'y', 'x'\n"));
    }

    @Test
    void what_is_saved_already_is_said_to_be() {
        var saved = repository.saved("x", NOON, run -> {});

        assertThat(repository.daybook("save", "x"))
                .isEqualTo(new Result(
                        1,
                        "",
                        "daybook: experiment 'x' is saved already, as " + saved.ref() + "; none is unfinished\n"));
    }

    @Test
    void one_that_is_being_run_is_left_alone() {
        try (var daybook = repository.open(NOON);
                var running = daybook.experiment("x").init()) {
            var result = repository.daybook("save", "x");

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err())
                    .startsWith("daybook: cannot save: experiment 'x' is being run by ")
                    .hasLineCount(1);
            running.logMetric("loss", 0.5);
            assertThat(running.save().name()).isEqualTo("x");
        }
    }

    @Test
    void a_name_that_no_experiment_can_have_is_an_error() {
        repository.interrupted("x", NOON, run -> {});

        var result = repository.daybook("save", "x", "--as", "a..b");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("daybook: ").contains("a..b").hasLineCount(1);
    }
}
