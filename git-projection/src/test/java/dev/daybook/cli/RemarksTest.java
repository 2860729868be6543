package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Experiment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code daybook tag} and {@code daybook note}, whatever the state of the experiment. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RemarksTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() {
        repository = TestRepository.create(folder);
    }

    @Test
    void a_saved_one_keeps_them_beside_its_commit() {
        repository.saved("x", NOON, run -> {});

        assertThat(repository.daybook("tag", "x", "best").out()).isEqualTo("tags of x: best\n");
        assertThat(repository.daybook("note", "x", "slow").out()).isEqualTo("noted on x\n");
        assertThat(repository.daybook("show", "x").out()).contains("best", "slow");
        assertThat(repository.daybook("tag", "x", "best", "--delete").out()).isEqualTo("tags of x: \n");
    }

    @Test
    void an_interrupted_one_keeps_them_in_its_history_and_stays_interrupted() throws IOException {
        repository.interrupted("x", NOON, run -> TestRepository.logLoss(run.tag("first")));
        var code = repository.git("for-each-ref", "refs/daybook/code");
        repository.write("params.yaml", "lr: 7\n");

        assertThat(repository.daybook("tag", "x", " best ").out()).isEqualTo("tags of x: best, first\n");
        var json = repository.daybook("note", "x", "slow", "--json").json();

        assertThat(json.at("/tags/0").asText()).isEqualTo("best");
        assertThat(json.at("/notes/0/text").asText()).isEqualTo("slow");
        assertThat(repository.daybook("list", "--json").json().at("/0/status").asText())
                .isEqualTo("interrupted");
        assertThat(repository.git("for-each-ref", "refs/daybook/code")).isEqualTo(code);
        assertThat(repository.daybook("save", "x").code()).isZero();
        assertThat(repository.daybook("history", "x", "--events").out()).contains("best", "slow");
        assertThat(repository.daybook("verify").code()).isZero();
        assertThat(repository.git("show", "refs/exps/" + repository.headOfRef() + "/x:params.yaml"))
                .isEqualTo("lr: 0.1");
    }

    @Test
    void one_that_is_run_is_left_to_its_process() {
        try (var daybook = repository.open(NOON)) {
            var run = daybook.experiment("x").init();

            for (var command : new String[] {"tag", "note"}) {
                var refused = repository.daybook(command, "x", "best");
                assertThat(refused.code()).isEqualTo(1);
                assertThat(refused.err())
                        .startsWith("daybook: cannot resume: experiment 'x' is being run by ")
                        .contains(String.valueOf(ProcessHandle.current().pid()))
                        .endsWith("; wait for it, or end that process first\n");
            }
            run.tag("goes on");
        }
    }

    @Test
    void a_completed_one_is_to_be_saved_first() {
        repository.interrupted("x", NOON, Experiment::complete);

        var refused = repository.daybook("tag", "x", "best");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .isEqualTo("daybook: experiment 'x' is completed, and its history takes no more tags and notes; save it"
                        + " first with 'daybook save x'\n");
        assertThat(repository.daybook("save", "x").code()).isZero();
        assertThat(repository.daybook("tag", "x", "best").code()).isZero();
    }

    @Test
    void nothing_is_written_for_what_is_no_remark_or_no_experiment() {
        repository.interrupted("x", NOON, run -> run.tag("first"));
        var history = repository.daybook("history", "x").out();

        assertThat(repository.daybook("tag", "x", " ").code()).isEqualTo(1);
        assertThat(repository.daybook("note", "x", " ").code()).isEqualTo(1);
        assertThat(repository.daybook("tag", "x", "first", "--delete").err()).contains("no tag is taken away");
        assertThat(repository.daybook("history", "x").out()).isEqualTo(history);
        for (var args :
                new String[][] {{"tag", "none", "a"}, {"note", "none", "a"}, {"tag", "none", "a", "--delete"}}) {
            var refused = repository.daybook(args);
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("'none'");
        }
    }
}
