package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Experiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ListCommandTest {

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
    void shows_the_unfinished_ones_first_then_the_newest() {
        repository.interrupted("old", NOON, run -> run.setParam("seed", 20261123));
        repository.saved("first", ONE, TestRepository::logLoss);
        repository.saved("second", TWO, run -> run.setParam("lr", 0.01).logMetric("accuracy", 0, 1));

        assertThat(repository.daybook("list"))
                .isEqualTo(
                        new Result(0, """
                        name    status       time              baseline  accuracy      loss    lr      seed
                        old     interrupted  2026-11-23 12:00  BASELIN          -         -   0.1  20261123
                        second  persisted    2026-11-23 14:00  BASELIN          1         -  0.01         -
                        first   persisted    2026-11-23 13:00  BASELIN          -  0.333333   0.1         -
                        """.replace("BASELIN", repository.head().substring(0, 7)), ""));
    }

    @Test
    void tells_running_completed_and_failed_ones_apart() {
        repository.interrupted("done", NOON, Experiment::complete);
        repository.interrupted("broken", ONE, run -> run.fail("out of memory"));
        try (var daybook = repository.open(TWO);
                var running = daybook.experiment("running").init()) {
            running.logMetric("loss", 0.5);

            assertThat(repository.daybook("list").out().lines().map(line -> line.replaceAll(" +2026.*", "")))
                    .containsExactly(
                            "name     status              time              baseline  loss   lr",
                            "running  running",
                            "broken   completed (failed)",
                            "done     completed");
        }
    }

    @Test
    void leaves_out_columns_that_do_not_fit_the_terminal_and_says_so() {
        repository.saved("first", NOON, TestRepository::logLoss);

        var result = repository.daybook(OptionalInt.of(50), "list");

        assertThat(result.out())
                .isEqualTo("""
                        name   status     time              baseline
                        first  persisted  2026-11-23 12:00  BASELIN
                        """.replace("BASELIN", repository.head().substring(0, 7)));
        assertThat(result.err())
                .isEqualTo("left out for want of width: loss, lr; set COLUMNS, or use --json for all\n");
        assertThat(result.code()).isZero();
    }

    @Test
    void gives_everything_as_json() {
        repository.interrupted(
                "broken",
                NOON,
                run -> run.setParams(Map.of("big", 1L << 60, "layers", List.of(1, 2)))
                        .fail("out of\nmemory"));
        var saved = repository.saved("first", ONE, TestRepository::logLoss);

        var json = repository.daybook("list", "--json").json();

        assertThat(json).hasSize(2);
        var broken = json.get(0);
        assertThat(broken.fieldNames())
                .toIterable()
                .containsExactly(
                        "name",
                        "status",
                        "baseline",
                        "ref",
                        "commit",
                        "time",
                        "params",
                        "metrics",
                        "failure",
                        "problems");
        assertThat(broken.get("name").textValue()).isEqualTo("broken");
        assertThat(broken.get("status").textValue()).isEqualTo("completed");
        assertThat(broken.get("ref").isNull()).isTrue();
        assertThat(broken.get("time").textValue()).isEqualTo("2026-11-23T12:00:00Z");
        assertThat(broken.get("params").get("big").longValue()).isEqualTo(1L << 60);
        assertThat(broken.get("params").get("layers")).hasToString("[1,2]");
        assertThat(broken.get("failure").textValue()).isEqualTo("out of\nmemory");
        assertThat(broken.get("problems")).isEmpty();
        var first = json.get(1);
        assertThat(first.get("status").textValue()).isEqualTo("persisted");
        assertThat(first.get("baseline").textValue()).isEqualTo(repository.head());
        assertThat(first.get("ref").textValue()).isEqualTo(saved.ref());
        assertThat(first.get("commit").textValue()).isEqualTo(saved.commit());
        assertThat(first.get("metrics").get("loss").doubleValue()).isEqualTo(1 / 3.0);
        assertThat(first.get("failure").isNull()).isTrue();
    }

    @Test
    void writes_strict_json_in_ascii_whatever_the_values() {
        repository.interrupted("odd", NOON, run -> {
            run.setParam("größe", "\u001b[2J\n\uD83D\uDE00");
            run.setParam("nothing", null);
            run.logMetric("nan", Double.NaN);
            run.logMetric("up", Double.POSITIVE_INFINITY);
            run.logMetric("down", Double.NEGATIVE_INFINITY);
            run.logMetric("tiny", Double.MIN_VALUE);
        });

        var result = repository.daybook("list", "--json");
        var odd = result.json().get(0);

        assertThat(result.out()).isASCII();
        assertThat(odd.get("params").get("größe").textValue()).isEqualTo("\u001b[2J\n\uD83D\uDE00");
        assertThat(odd.get("params").get("nothing").isNull()).isTrue();
        assertThat(odd.get("metrics").get("nan").textValue()).isEqualTo("NaN");
        assertThat(odd.get("metrics").get("up").textValue()).isEqualTo("Infinity");
        assertThat(odd.get("metrics").get("down").textValue()).isEqualTo("-Infinity");
        assertThat(odd.get("metrics").get("tiny").doubleValue()).isEqualTo(Double.MIN_VALUE);
    }

    @Test
    void lets_no_value_steer_the_terminal() {
        repository.interrupted("odd", NOON, run -> run.setParam("text", "\u001b[2J\nnext"));

        assertThat(repository.daybook("list").out())
                .contains("\\u001b[2J\\nnext")
                .doesNotContain("\u001b");
    }

    @Test
    void says_kindly_that_there_is_nothing_yet() {
        assertThat(repository.daybook("list"))
                .isEqualTo(new Result(
                        0,
                        "",
                        "there are no experiments in this repository yet; a program makes one with"
                                + " Daybook.open().run(\"name\", run -> ...)\n"));
        assertThat(repository.daybook("list", "--json")).isEqualTo(new Result(0, "[]\n", ""));
    }

    @Test
    void shows_what_dvc_has_saved_too() {
        var baseline = repository.head();
        var ref = "refs/exps/" + repository.headOfRef() + "/by-dvc";
        repository.git("checkout", "--quiet", "--detach");
        repository.commit("dvclive/metrics.json", "{\"auc\": 0.75}");
        repository.git("update-ref", ref, "HEAD");
        repository.git("checkout", "--quiet", "main");

        var byDvc = repository.daybook("list", "--json").json().get(0);

        assertThat(byDvc.get("name").textValue()).isEqualTo("by-dvc");
        assertThat(byDvc.get("baseline").textValue()).isEqualTo(baseline);
        assertThat(byDvc.get("metrics").get("auc").doubleValue()).isEqualTo(0.75);
    }

    @Test
    void warns_of_what_cannot_be_read_of_an_experiment() {
        var ref = "refs/exps/" + repository.headOfRef() + "/garbled";
        repository.git("checkout", "--quiet", "--detach");
        repository.commit("dvclive/metrics.json", "{\"auc\": ");
        repository.git("update-ref", ref, "HEAD");
        repository.git("checkout", "--quiet", "main");

        var result = repository.daybook("list");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("garbled");
        assertThat(result.err()).startsWith("warning: experiment 'garbled': ").contains("dvclive/metrics.json");
    }

    @Test
    void warns_of_a_damaged_journal_and_shows_what_is_good() {
        repository.interrupted("whole", NOON, run -> run.setParam("lr", 0.2));
        repository.interrupted("cut", ONE, run -> run.setParam("mark", "the damaged place"));
        repository.damageJournal("the damaged place");

        var result = repository.daybook("list");

        assertThat(result.code()).isZero();
        assertThat(result.out().lines().map(line -> line.replaceAll(" 2026.*  ", " ")))
                .containsExactly(
                        "name   status       time              baseline   lr", //
                        "cut    interrupted  0.1",
                        "whole  interrupted  0.2");
        assertThat(result.err())
                .matches("warning: generation \\S+ is damaged at document \\d+, byte \\d+: .*checksum is wrong.*\n")
                .hasLineCount(1);
    }
}
