package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ShowCommandTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant ONE = Instant.parse("2026-11-23T13:00:00Z");
    private static final Instant TWO = Instant.parse("2026-11-23T14:00:00Z");

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    }

    @Test
    void shows_all_of_an_unfinished_experiment() {
        repository.interrupted("x", NOON, run -> {
            run.setParam("depth", 3).setParam("text", "a\nb");
            TestRepository.logLoss(run);
            run.makeCheckpoint("half way");
            run.fail("out of memory");
        });
        var checkpoint = repository
                .daybook("show", "x", "--json")
                .json()
                .get("checkpoints")
                .get(0)
                .get("commit")
                .textValue();

        assertThat(repository.daybook("show", "x"))
                .isEqualTo(new Result(
                        0, """
                        name      x
                        status    completed (failed)
                        failure   out of memory
                        time      2026-11-23 12:00
                        baseline  BASELINE

                        parameter  value  from
                        lr         0.1    params.yaml
                        depth      3      set, for dvclive/params.yaml
                        text       a\\nb   set, for dvclive/params.yaml

                        metric  count  last step                last                 min  max                 mean
                        loss        2         10  0.3333333333333333  0.3333333333333333  0.5  0.41666666666666663

                        checkpoint  commit                                    message
                                 1  CHECKPOINT  half way
                        """.replace("BASELINE", repository.head()).replace("CHECKPOINT", checkpoint), ""));
    }

    @Test
    void gives_all_of_an_unfinished_experiment_as_json() {
        repository.interrupted("x", NOON, run -> {
            run.setParam("depth", 3);
            TestRepository.logLoss(run);
        });

        var json = repository.daybook("show", "x", "--json").json();

        assertThat(json.get("name").textValue()).isEqualTo("x");
        assertThat(json.get("status").textValue()).isEqualTo("interrupted");
        assertThat(json.get("origins"))
                .hasToString("{\"lr\":{\"file\":\"params.yaml\",\"set\":false},"
                        + "\"depth\":{\"file\":\"dvclive/params.yaml\",\"set\":true}}");
        assertThat(json.get("summaries"))
                .hasToString("[{\"name\":\"loss\",\"count\":2,\"lastStep\":10,\"last\":0.3333333333333333,"
                        + "\"min\":0.3333333333333333,\"max\":0.5,\"mean\":0.41666666666666663}]");
        assertThat(json.get("checkpoints")).isEmpty();
    }

    @Test
    void shows_a_saved_experiment() {
        var saved = repository.saved("x", NOON, TestRepository::logLoss);

        assertThat(repository.daybook("show", "x"))
                .isEqualTo(new Result(0, """
                        name      x
                        status    persisted
                        time      2026-11-23 12:00
                        baseline  %s
                        commit    %s
                        ref       %s

                        parameter  value
                        lr           0.1

                        metric                last
                        loss    0.3333333333333333
                        """.formatted(saved.baseline(), saved.commit(), saved.ref()), ""));
    }

    @Test
    void notes_that_cannot_be_read_are_a_warning_and_hide_nothing_else() {
        var saved = repository.saved("x", NOON, run -> run.makeCheckpoint("half way"));
        repository.git("update-ref", "refs/daybook/notes/" + saved.commit(), repository.head() + "^{tree}");

        var result = repository.daybook("show", "x");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("half way");
        assertThat(result.err())
                .contains("the tags and notes on " + saved.commit() + " cannot be read")
                .hasLineCount(1);
        assertThat(repository.daybook("list", "-A").err()).isEmpty();
    }

    @Test
    void shows_that_of_the_present_baseline_and_names_the_others() {
        var older = repository.saved("x", NOON, run -> {});
        repository.commit("train.txt", "more\n");
        var newer = repository.saved("x", ONE, run -> {});
        repository.git("checkout", "--quiet", "--detach", "HEAD~1");

        var result = repository.daybook("show", "x", "--json");

        assertThat(result.json().get("commit").textValue()).isEqualTo(older.commit());
        assertThat(result.err())
                .isEqualTo("there are 2 experiments 'x'; this is the one of the present baseline, the other is "
                        + newer.ref() + "\n");
        assertThat(repository
                        .daybook("remove", "x", "--json")
                        .json()
                        .at("/0/commit")
                        .textValue())
                .isEqualTo(older.commit());
    }

    @Test
    void of_several_of_other_baselines_a_whole_ref_means_one() {
        var older = repository.saved("x", NOON, run -> {});
        repository.commit("train.txt", "more\n");
        var newer = repository.saved("x", ONE, run -> {});
        repository.commit("train.txt", "still more\n");

        var unclear = repository.daybook("show", "x");
        var result = repository.daybook("show", older.ref(), "--json");

        assertThat(unclear.code()).isEqualTo(1);
        assertThat(unclear.err())
                .startsWith("daybook: the name 'x' means several experiments")
                .contains(older.ref(), newer.ref())
                .hasLineCount(1);
        assertThat(result.json().get("commit").textValue()).isEqualTo(older.commit());
        assertThat(result.err()).isEmpty();
    }

    @Test
    void shows_the_unfinished_one_before_saved_ones() {
        var saved = repository.saved("x", TWO, run -> {});
        repository.commit("train.txt", "more\n");
        repository.interrupted("x", NOON, run -> {});

        var result = repository.daybook("show", "x");

        assertThat(result.out()).startsWith("name      x\nstatus    interrupted\n");
        assertThat(result.err())
                .isEqualTo(
                        "there are 2 experiments 'x'; this is the unfinished one, the other is " + saved.ref() + "\n");
    }

    @Test
    void shows_what_dvc_has_in_its_queue_as_far_as_the_list_knows_it() {
        var head = repository.head();
        var queued = repository.savedByDvc("q", Map.of("params.yaml", "lr: 0.7\n"));
        repository.git("update-ref", "-d", "refs/exps/" + repository.headOfRef() + "/q");
        repository.write(
                ".git/logs/refs/exps/celery/stash",
                "%s %s Ada <a@b> %d +0000\tcommit: dvc-exp:%s:%s:waits\n"
                        .formatted("0".repeat(40), queued, ONE.getEpochSecond(), head, head));

        assertThat(repository.daybook("show", "waits")).isEqualTo(new Result(0, """
                        name      waits
                        status    queued
                        time      2026-11-23 13:00
                        baseline  %s
                        commit    %s

                        parameter  value
                        lr           0.7
                        """.formatted(head, queued), ""));
        assertThat(repository.daybook("show", "waits", "--json").json())
                .isEqualTo(repository.daybook("list", "--json").json().get(0));
    }

    @Test
    void an_unknown_name_is_an_error() {
        assertThat(repository.daybook("show", "nowhere"))
                .isEqualTo(new Result(
                        1,
                        "",
                        "daybook: there is no experiment 'nowhere' in this repository;"
                                + " 'daybook list' shows what there is\n"));
    }

    @Test
    void a_name_may_begin_with_an_at_sign() {
        assertThat(repository.daybook("show", "@params.yaml").err())
                .startsWith("daybook: there is no experiment '@params.yaml'");
    }
}
