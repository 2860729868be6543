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

    private String[] names(String... args) {
        return repository
                .daybook(args)
                .out()
                .lines()
                .skip(1)
                .map(line -> line.split(" ", 2)[0])
                .toArray(String[]::new);
    }

    private void twoOfAnotherCommit() {
        repository.saved("before-1", NOON, TestRepository::logLoss);
        repository.saved("before-2", ONE, run -> run.setParam("old", 1));
        repository.commit("later.txt", "later");
    }

    @Test
    void shows_the_saved_ones_of_the_commit_that_is_checked_out_and_says_how_to_see_the_others() {
        twoOfAnotherCommit();
        repository.saved("here", TWO, run -> {});

        var result = repository.daybook("list");

        assertThat(result.out().lines().map(line -> line.split(" ", 2)[0])).containsExactly("name", "here");
        assertThat(result.out()).doesNotContain("loss").doesNotContain("old");
        assertThat(result.err())
                .isEqualTo("2 experiments of other commits are not shown; --all-baselines (-A) shows them\n");
        assertThat(repository.daybook("list", "--json").json().findValuesAsText("name"))
                .containsExactly("here");
        assertThat(names("list", "-A")).containsExactly("here", "before-2", "before-1");
        assertThat(names("list", "--all-baselines")).containsExactly("here", "before-2", "before-1");
        assertThat(repository.daybook("list", "-A").err()).isEmpty();
    }

    @Test
    void shows_unfinished_ones_of_whatever_commit() {
        repository.interrupted("left", NOON, run -> {});
        repository.commit("later.txt", "later");

        assertThat(names("list")).containsExactly("left");
        assertThat(repository.daybook("list").err()).isEmpty();
    }

    @Test
    void says_what_is_hidden_where_nothing_is_left_to_show() {
        repository.saved("before", NOON, run -> {});
        repository.commit("later.txt", "later");

        assertThat(repository.daybook("list"))
                .isEqualTo(new Result(
                        0, "", "1 experiment of another commit is not shown; --all-baselines (-A) shows it\n"));
        assertThat(repository.daybook("list", "--json").out()).isEqualTo("[]\n");
    }

    private void threeToSort() {
        repository.saved("a", NOON, run -> run.setParam("size", "big").logMetric("val/acc", 0, 0.5));
        repository.saved("b", ONE, run -> run.setParam("size", 10).logMetric("val/acc", 0, 0.75));
        repository.saved("c", TWO, run -> run.setParam("size", 9.5).logMetric("val/acc", 0, Double.NaN));
        repository.interrupted("d", TWO, run -> {});
    }

    @Test
    void sorts_by_a_column_with_what_is_missing_at_the_end_whatever_the_direction() {
        threeToSort();

        assertThat(names("list", "--sort", "metrics.val/acc")).containsExactly("a", "b", "d", "c");
        assertThat(names("list", "--sort", "-metrics.val/acc")).containsExactly("b", "a", "d", "c");
        assertThat(names("list", "--sort=-val/acc")).containsExactly("b", "a", "d", "c");
        assertThat(names("list", "--sort", "val/acc", "--reverse")).containsExactly("b", "a", "d", "c");
        assertThat(names("list", "--sort", "-val/acc", "--reverse")).containsExactly("a", "b", "d", "c");
        assertThat(names("list", "--sort", "params.size")).containsExactly("c", "b", "a", "d");
        assertThat(names("list", "--sort", "-size")).containsExactly("b", "c", "a", "d");
        assertThat(repository
                        .daybook("list", "--json", "--sort", "-val/acc")
                        .json()
                        .findValuesAsText("name"))
                .containsExactly("b", "a", "d", "c");
    }

    @Test
    void sorts_by_what_every_experiment_has() {
        threeToSort();

        assertThat(names("list")).containsExactly("d", "c", "b", "a");
        assertThat(names("list", "--reverse")).containsExactly("a", "b", "c", "d");
        assertThat(names("list", "--sort", "name")).containsExactly("a", "b", "c", "d");
        assertThat(names("list", "--sort", "-name")).containsExactly("d", "c", "b", "a");
        assertThat(names("list", "--sort", "time")).containsExactly("a", "b", "d", "c");
        assertThat(names("list", "--sort", "status")).containsExactly("d", "c", "b", "a");
        assertThat(names("list", "--sort", "baseline")).containsExactly("d", "c", "b", "a");
    }

    @Test
    void a_name_that_means_two_columns_has_to_be_whole() {
        repository.saved("a", NOON, run -> run.setParam("loss", 2).logMetric("loss", 0, 1));
        repository.saved("b", ONE, run -> run.setParam("loss", 1).logMetric("loss", 0, 2));

        assertThat(repository.daybook("list", "--sort", "loss"))
                .isEqualTo(new Result(
                        2,
                        "",
                        "daybook: cannot sort: 'loss' means several columns; write metrics.loss or params.loss;"
                                + " see 'daybook list --help'\n"));
        assertThat(names("list", "--sort", "metrics.loss")).containsExactly("a", "b");
        assertThat(names("list", "--sort", "params.loss")).containsExactly("b", "a");
        assertThat(repository.daybook("list").out().lines().findFirst().orElseThrow())
                .contains("metrics.loss", "params.loss");
    }

    @Test
    void an_unknown_column_is_2_and_names_near_ones() {
        repository.saved("a", NOON, run -> run.setParam("layers", 2).logMetric("val/acc", 0, 1));
        var help = "; see 'daybook list --help'\n";

        assertThat(repository.daybook("list", "--sort", "acc"))
                .isEqualTo(new Result(
                        2, "", "daybook: cannot sort: there is no column 'acc'; did you mean 'val/acc'?" + help));
        assertThat(repository.daybook("list", "--columns", "name,layer"))
                .isEqualTo(new Result(2, "", "daybook: there is no column 'layer'; did you mean 'layers'?" + help));
        assertThat(repository.daybook("list", "--columns", "nothing-like-it"))
                .isEqualTo(new Result(
                        2,
                        "",
                        "daybook: there is no column 'nothing-like-it'; there are 'name', 'status', 'time', 'baseline',"
                                + " 'commit', 'ref', 'val/acc', 'lr', 'layers'" + help));
        assertThat(repository.daybook("list", "--columns", "x*").code()).isEqualTo(2);
    }

    @Test
    void shows_the_columns_that_are_asked_for_in_their_order() {
        repository.saved("a", NOON, run -> {
            run.logMetric("val/acc", 0, 0.5);
            run.logMetric("train/acc", 0, 0.25);
        });

        assertThat(repository.daybook("list", "--columns", "lr,name,val/*,*acc").out())
                .isEqualTo("""
                        lr  name  val/acc  train/acc
                        0.1  a         0.5       0.25
                        """.replace("lr  name", " lr  name"));
        assertThat(repository
                        .daybook("list", "--columns", "metrics.*")
                        .out()
                        .lines()
                        .findFirst())
                .contains("val/acc  train/acc");
        assertThat(repository
                        .daybook("list", "--columns", "name", "--columns", "commit,ref")
                        .out())
                .contains(" "
                        + repository
                                .git("rev-parse", "refs/exps/" + repository.headOfRef() + "/a")
                                .substring(0, 7) + " ")
                .contains("refs/exps/" + repository.headOfRef() + "/a");
    }

    @Test
    void columns_can_be_asked_for_that_only_hidden_experiments_have() {
        twoOfAnotherCommit();
        repository.saved("here", TWO, run -> {});

        assertThat(repository.daybook("list", "--columns", "name,loss").out()).isEqualTo("name  loss\nhere  -\n");
    }

    @Test
    void without_experiments_any_column_will_do() {
        assertThat(repository.daybook("list", "--columns", "name,loss", "--sort", "loss", "--csv"))
                .isEqualTo(new Result(0, "name\r\n", ""));
        assertThat(repository.daybook("list", "--sort", "loss").code()).isZero();
    }

    @Test
    void leaves_out_columns_in_which_all_have_the_same() {
        repository.saved("a", NOON, run -> run.setParam("seed", 1).logMetric("loss", 0, 1));
        repository.saved("b", NOON, run -> run.setParam("seed", 2).logMetric("loss", 0, 1));

        assertThat(repository.daybook("list", "--only-changed").out())
                .isEqualTo("name  seed\na        1\nb        2\n");
        assertThat(repository
                        .daybook("list", "--only-changed", "--columns", "lr,name,seed,loss")
                        .out())
                .isEqualTo("name  seed\na        1\nb        2\n");
    }

    @Test
    void only_one_experiment_has_changed_nothing() {
        repository.saved("a", NOON, run -> run.setParam("seed", 1));

        assertThat(repository.daybook("list", "--only-changed")).isEqualTo(repository.daybook("list"));
    }

    @Test
    void what_only_some_have_has_changed() {
        repository.saved("a", NOON, run -> run.setParam("seed", null));
        repository.saved("b", NOON, run -> {});

        assertThat(repository.daybook("list", "--only-changed").out()).isEqualTo("name  seed\na     null\nb     -\n");
    }

    @Test
    void gives_all_digits_as_csv() {
        repository.saved(
                "a",
                NOON,
                run -> run.setParam("text", "one, \"two\"\nthree")
                        .setParam("list", List.of(1, "x"))
                        .setParam("nothing", null)
                        .logMetric("loss", 0, 1 / 3.0));
        repository.saved("b", ONE, run -> run.setParam("text", "plain"));
        var head = repository.head();

        assertThat(repository.daybook("list", "--csv"))
                .isEqualTo(new Result(
                        0,
                        "name,status,time,baseline,metrics.loss,params.lr,params.text,params.list,params.nothing\r\n"
                                + "b,persisted,2026-11-23T13:00:00Z," + head + ",,0.1,plain,,\r\n"
                                + "a,persisted,2026-11-23T12:00:00Z," + head
                                + ",0.3333333333333333,0.1,\"one, \"\"two\"\"\nthree\",\"[1,\"\"x\"\"]\",null\r\n",
                        ""));
    }

    @Test
    void a_csv_cannot_steer_the_terminal_either() {
        repository.saved("a", NOON, run -> run.setParam("text", "\u001b[2J"));

        assertThat(repository.daybook("list", "--csv").out()).contains("\u001b[2J");
        assertThat(repository.daybook(OptionalInt.of(80), "list", "--csv").out())
                .contains("\\u001b[2J")
                .doesNotContain("\u001b");
    }

    @Test
    void gives_a_table_as_markdown() {
        repository.saved("a", NOON, run -> run.setParam("text", "one|two *<b>").logMetric("loss", 0, 1 / 3.0));
        repository.saved("b", ONE, run -> run.setParam("text", "`x`\n[y] _z_ ~~&lt;"));

        assertThat(repository
                        .daybook("list", "--md", "--columns", "name,loss,text")
                        .out())
                .isEqualTo("""
                        | name | loss | text |
                        | --- | --: | --- |
                        | b | - | \\`x\\`\\\\n\\[y] \\_z\\_ \\~\\~\\&lt; |
                        | a | 0.333333 | one\\|two \\*\\<b> |
                        """);
    }

    @Test
    void one_format_at_a_time() {
        var help = "; see 'daybook list --help'\n";

        assertThat(repository.daybook("list", "--csv", "--md"))
                .isEqualTo(new Result(2, "", "daybook: --csv and --md do not go together" + help));
        assertThat(repository.daybook("list", "--csv", "--json"))
                .isEqualTo(new Result(2, "", "daybook: --json and --csv do not go together" + help));
        assertThat(repository.daybook("--json", "list", "--md"))
                .isEqualTo(new Result(2, "", "daybook: --json and --md do not go together" + help));
        assertThat(repository.daybook("list", "--json", "--columns", "name"))
                .isEqualTo(new Result(
                        2, "", "daybook: --json has no columns, it gives everything; leave out --columns" + help));
        assertThat(repository.daybook("list", "--json", "--only-changed").code())
                .isEqualTo(2);
    }

    @Test
    void marks_the_best_value_of_metrics_whose_name_says_what_is_good() {
        repository.saved("a", NOON, run -> {
            run.logMetric("loss", 0, 0.5);
            run.logMetric("val/acc", 0, 0.5);
            run.logMetric("time", 0, 1);
        });
        repository.saved("b", ONE, run -> {
            run.logMetric("loss", 0, 0.25);
            run.logMetric("val/acc", 0, 0.5);
            run.logMetric("time", 0, 2);
        });
        repository.saved("c", TWO, run -> {
            run.logMetric("loss", 0, Double.NaN);
            run.logMetric("val/acc", 0, 0.125);
        });

        assertThat(repository
                        .daybook("list", "--columns", "name,loss,val/acc,metrics.time,lr")
                        .out())
                .isEqualTo("""
                        name  loss   val/acc   metrics.time   lr
                        c      NaN     0.125              -  0.1
                        b     0.25*      0.5*             2  0.1
                        a      0.5       0.5*             1  0.1
                        """);
        assertThat(repository.daybook("list", "--csv").out()).doesNotContain("*");
    }

    @Test
    void colours_the_header_and_the_status_on_a_terminal_alone() {
        repository.interrupted("open", NOON, run -> {});
        repository.interrupted("broken", NOON, run -> run.fail("why"));
        repository.saved("done", NOON, run -> {});
        var place = repository.folder().toString();

        var coloured = Result.onTerminal(120, "-C", place, "list");

        assertThat(coloured.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("\u001b[1mname ").endsWith("\u001b[0m"),
                        line -> assertThat(line).contains("\u001b[31mcompleted (failed)\u001b[0m"),
                        line -> assertThat(line).contains("\u001b[33minterrupted\u001b[0m"),
                        line -> assertThat(line).contains("persisted").doesNotContain("\u001b"));
        assertThat(coloured.out().replaceAll("\u001b\\[[0-9]+m", ""))
                .isEqualTo(repository.daybook("list").out());
        assertThat(Result.onTerminal(120, "-C", place, "list", "--csv").out()).doesNotContain("\u001b");
        assertThat(Result.onTerminal(120, "-C", place, "list", "--md").out()).doesNotContain("\u001b");
        assertThat(Result.onTerminal(120, "-C", place, "list", "--json").out()).doesNotContain("\u001b");
    }

    @Test
    void wants_no_colours_where_the_environment_says_so() {
        assertThat(Terminal.wantsColours(Map.of("TERM", "xterm"))).isTrue();
        assertThat(Terminal.wantsColours(Map.of("NO_COLOR", ""))).isTrue();
        assertThat(Terminal.wantsColours(Map.of("NO_COLOR", "1"))).isFalse();
        assertThat(Terminal.wantsColours(Map.of("TERM", "dumb"))).isFalse();
    }

    @Test
    void shows_what_dvc_has_under_way() {
        var head = repository.head();
        var queued = repository.savedByDvc("q", Map.of("params.yaml", "lr: 0.7\n"));
        var failed = repository.savedByDvc("f", Map.of("params.yaml", "lr: 0.8\n"));
        repository.git("update-ref", "-d", "refs/exps/" + repository.headOfRef() + "/q");
        repository.git("update-ref", "-d", "refs/exps/" + repository.headOfRef() + "/f");
        var line = "%s %s Ada <a@b> %d +0000\tcommit: dvc-exp:%s:%s:%s\n";
        var none = "0".repeat(40);
        repository.write(
                ".git/logs/refs/exps/celery/stash", line.formatted(none, queued, ONE.getEpochSecond(), head, head, ""));
        repository.write(
                ".git/logs/refs/exps/celery/failed",
                line.formatted(none, failed, NOON.getEpochSecond(), head, head, "bad"));
        repository.write(".dvc/tmp/exps/run/workspace/workspace.run", """
                {"baseline_rev": "%s", "root_dir": ".", "name": "busy", "status": 2}""".formatted(head));
        repository.write(
                ".dvc/tmp/exps/run/workspace/workspace.json",
                "{\"pid\": " + ProcessHandle.current().pid() + "}");
        repository.saved("saved", NOON, run -> {});

        assertThat(repository
                        .daybook("list", "--columns", "name,status,lr")
                        .out()
                        .lines())
                .containsExactly(
                        "name     status          lr",
                        "busy     running (dvc)    -",
                        queued.substring(0, 7) + "  queued         0.7",
                        "bad      failed         0.8",
                        "saved    persisted      0.1");
        var json = repository.daybook("list", "--json").json();
        assertThat(json.findValuesAsText("status")).containsExactly("running (dvc)", "queued", "failed", "persisted");
        assertThat(json.get(1).get("commit").textValue()).isEqualTo(queued);
        assertThat(json.get(1).get("ref").isNull()).isTrue();
    }

    @Test
    void what_cannot_be_read_spoils_its_own_cells() {
        repository.savedByDvc("half", Map.of("params.yaml", "lr: 0.7\n", "dvclive/metrics.json", "{\"loss\": "));
        repository.savedByDvc("whole", Map.of("params.yaml", "lr: 0.8\n", "dvclive/metrics.json", "{\"loss\": 1}"));

        var result = repository.daybook("list", "--columns", "name,status,loss,lr", "--sort", "name");

        assertThat(result.out()).isEqualTo("""
                        name   status     loss   lr
                        half   persisted     !  0.7
                        whole  persisted     1  0.8
                        """);
        assertThat(result.err()).startsWith("warning: experiment 'half': dvclive/metrics.json cannot be read: ");
        assertThat(result.code()).isZero();
    }

    @Test
    void says_once_what_is_wrong_with_many() {
        for (int i = 0; i < 5; i++) {
            repository.savedByDvc("x" + i, Map.of("dvc.yaml", "metrics: [nowhere.json]\n", "n", "" + i));
        }

        assertThat(repository.daybook("list", "--sort", "name").err())
                .isEqualTo("warning: experiments 'x0', 'x1', 'x2' and 2 more: nowhere.json is listed in a dvc.yaml and"
                        + " not in the commit\n");
    }

    @Test
    void shows_both_of_two_keys_that_dvc_takes_for_one() {
        repository.savedByDvc("twice", Map.of("dvclive/metrics.json", "{\"train\":{\"acc\":1},\"train.acc\":2}"));

        assertThat(repository.daybook("list", "--columns", "name,train*").out())
                .isEqualTo("name   train/acc  train.acc\ntwice          1          2\n");
        assertThat(repository.daybook("list", "--csv").out()).contains("metrics.train/acc,metrics.train.acc");
        assertThat(repository.daybook("list", "--json").json().get(0).get("metrics"))
                .hasToString("{\"train/acc\":1,\"train.acc\":2}");
    }

    @Test
    void the_second_time_no_commit_is_read() throws IOException {
        repository.saved("first", NOON, TestRepository::logLoss);
        repository.savedByDvc("by-dvc", Map.of("dvclive/metrics.json", "{\"auc\": 0.75}"));
        var first = repository.daybook("list");
        Files.move(repository.gitFolder().resolve("objects"), folder.resolve("objects"));
        Files.createDirectory(repository.gitFolder().resolve("objects"));

        assertThat(repository.daybook("list")).isEqualTo(first);
    }
}
