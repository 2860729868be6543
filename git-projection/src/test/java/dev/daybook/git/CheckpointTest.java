package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.PlotOptions;
import dev.daybook.RepositoryException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints and what begins with them, in real repositories. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CheckpointTest {

    @TempDir
    Path temp;

    private GitRepo repo;
    private Daybook daybook;

    @BeforeEach
    void open() {
        repo = GitRepo.reference(temp.resolve("repo"));
        daybook = Daybook.open(repo.top, DaybookOptions.defaults().withWarnings(warning -> {}));
    }

    @AfterEach
    void close() {
        daybook.close();
        repo.assertSound();
    }

    @Test
    void every_checkpoint_survives_gc_while_the_experiment_runs() {
        try (var run = daybook.experiment("lion").init()) {
            for (int step = 0; step < 5; step++) {
                run.logMetric("loss", step, 1.0 / (step + 1));
                repo.write("train.py", "print(" + step + ")\n");
                run.makeCheckpoint("step " + step);
                repo.git("gc", "--prune=now", "--quiet");
            }
            var checkpoints = run.checkpoints();
            for (var checkpoint : checkpoints) {
                int step = checkpoint.number() - 1;
                assertThat(repo.show(checkpoint.commit(), "train.py")).isEqualTo("print(" + step + ")\n");
                assertThat(repo.show(checkpoint.commit(), "dvclive/plots/metrics/loss.tsv"))
                        .hasLineCount(step + 2);
            }
            var saved = run.save();
            repo.git("gc", "--prune=now", "--quiet");
            assertThat(repo.git("rev-list", "--first-parent", saved.commit() + "^2")
                            .lines())
                    .hasSize(checkpoints.size() + 1);
        }
    }

    /** Recorded by Daybook itself, and by git. */
    @ParameterizedTest
    @ValueSource(strings = {"* diff", "* text"})
    void a_checkpoint_writes_what_has_changed_since_the_last_one(String attributes) {
        var noise = noise();
        repo.write(".gitattributes", attributes + "\n").write("noise.txt", "").write("train.log", "");
        repo.commit("noise");
        repo.write("noise.txt", noise);
        daybook.experiment("lion").init();
        // by another process, which holds no pack
        reopen();
        var run = daybook.resume("lion");
        long packed = packedBytes();
        for (int step = 0; step < 3; step++) {
            repo.write("train.log", "step " + step + "\n");
            run.makeCheckpoint("step " + step);
        }
        assertThat(packedBytes() - packed).isLessThan(noise.length() / 10);
        repo.git("gc", "--prune=now", "--quiet");
        repo.assertSound();

        var checkpoints = run.checkpoints();
        var saved = run.save();
        reopen();
        repo.git("gc", "--prune=now", "--quiet");
        repo.assertSound();
        assertThat(repo.show(saved.commit(), "noise.txt")).isEqualTo(noise);
        for (var checkpoint : checkpoints) {
            assertThat(repo.show(checkpoint.commit(), "noise.txt")).isEqualTo(noise);
            assertThat(repo.show(checkpoint.commit(), "train.log")).isEqualTo(checkpoint.message() + "\n");
        }
    }

    private void reopen() {
        daybook.close();
        daybook = Daybook.open(repo.top, DaybookOptions.defaults().withWarnings(warning -> {}));
    }

    /** Lines that are hard to compress. */
    private static String noise() {
        return new Random(42).longs(20_000).mapToObj(Long::toHexString).collect(Collectors.joining("\n", "", "\n"));
    }

    private long packedBytes() {
        var packs = repo.top.resolve(".git/objects/pack");
        return GitRepo.listing(packs).stream()
                .filter(name -> name.endsWith(".pack"))
                .mapToLong(name -> packs.resolve(name).toFile().length())
                .sum();
    }

    @Test
    void a_checkpoint_of_a_long_experiment_holds_samples_and_the_save_all() {
        try (var run = daybook.experiment("long").init()) {
            var loss = run.metric("loss");
            long size = 0;
            for (int part = 0; part < 4; part++) {
                for (int i = 0; i < 10_000; i++) {
                    loss.log(Math.sin(i / 100.0) + part);
                }
                var checkpoint = run.makeCheckpoint("part " + part);
                var rows = repo.show(checkpoint.commit(), "dvclive/plots/metrics/loss.tsv");
                assertThat(rows.lines().count()).isBetween(500L, 2_200L);
                assertThat(rows).startsWith("step\tloss\n0\t0.0\n").contains("\n" + ((part + 1) * 10_000 - 1) + "\t");
                size = Math.max(size, rows.length());
            }
            assertThat(size).isLessThan(100_000);
            assertThat(repo.show(run.save().commit(), "dvclive/plots/metrics/loss.tsv"))
                    .hasLineCount(40_001);
        }
    }

    @Test
    void a_large_series_is_whole_in_the_cache_of_dvc_and_the_commit_points_there() throws Exception {
        var saved = daybook.run("large", run -> {
                    var loss = run.metric("train/loss");
                    for (int step = 0; step < 100_001; step++) {
                        loss.log(step, step / 8.0);
                    }
                })
                .orElseThrow();

        assertThat(repo.files(saved.commit()))
                .contains("dvclive/series/train/.gitignore", "dvclive/series/train/loss.tsv.gz.dvc");
        assertThat(repo.show(saved.commit(), "dvclive/series/train/.gitignore")).isEqualTo("/loss.tsv.gz\n");
        var pointer = repo.show(saved.commit(), "dvclive/series/train/loss.tsv.gz.dvc")
                .lines()
                .toList();
        var md5 = pointer.get(1).substring("- md5: ".length());
        var content = repo.top.resolve(".dvc/cache/files/md5/" + md5.substring(0, 2) + "/" + md5.substring(2));
        assertThat(pointer)
                .containsExactly(
                        "outs:",
                        "- md5: " + md5,
                        "  size: " + Files.size(content),
                        "  hash: md5",
                        "  path: loss.tsv.gz");
        try (var whole = new GZIPInputStream(Files.newInputStream(content))) {
            var rows = new String(whole.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rows)
                    .hasLineCount(100_002)
                    .startsWith("step\tloss\n0\t0.0\n")
                    .endsWith("100000\t12500.0\n");
        }
        assertThat(repo.show(saved.commit(), "dvclive/plots/metrics/train/loss.tsv")
                        .lines()
                        .count())
                .isBetween(500L, 2_200L);
    }

    @Test
    void what_begins_with_a_checkpoint_has_its_code_parameters_and_plots() {
        repo.write("train.py", "print(1)\n");
        try (var source = daybook.experiment("lion").init()) {
            source.setParam("lr", 0.5);
            source.setParam("note", Double.NaN);
            source.logMetric("loss", 0, 2.0);
            source.logMetric("loss", 1, 1.0);
            source.makeCheckpoint("good");
            repo.write("train.py", "print(2)\n");
            source.setParam("lr", 99);
            source.logMetric("loss", 2, 99.0);
            source.save();
        }
        // the code tree as it was recorded is kept by nobody any more
        repo.git("gc", "--prune=now", "--quiet");

        try (var run = daybook.resumeFrom("lion", 1)) {
            run.logMetric("loss", 0.5);
            var next = run.makeCheckpoint("next");
            var saved = run.save();

            assertThat(saved.name()).isEqualTo("lion-2");
            assertThat(repo.show(saved.commit(), "params.yaml")).contains("lr: 0.5 ");
            assertThat(repo.show(saved.commit(), "dvclive/plots/metrics/loss.tsv"))
                    .isEqualTo("step\tloss\n0\t2.0\n1\t1.0\n2\t0.5\n");
            assertThat(repo.show(next.commit(), "dvclive/plots/metrics/loss.tsv"))
                    .isEqualTo("step\tloss\n0\t2.0\n1\t1.0\n2\t0.5\n");
            assertThat(repo.show(saved.commit(), "dvclive/metrics.json")).contains("\"loss\": 0.5");
            assertThat(repo.git("rev-list", "--parents", "-1", next.commit()))
                    .endsWith(repo.git("rev-parse", "refs/exps/" + path(saved.baseline()) + "/lion^2"));
        }
    }

    @Test
    void a_checkpoint_is_found_whatever_was_said_of_it_and_whatever_else_is_called_like_its_file() {
        repo.write("a/daybook.json", "no JSON").commit("a file of that name");
        repo.save("lion", run -> {
            run.logMetric("loss", 0.5);
            run.makeCheckpoint("loss 0.75\rloss 0.5\u2028done");
        });

        try (var saved = SavedExperiments.open(repo.top)) {
            assertThat(saved.checkpoints("lion")).hasSize(1);
            assertThat(saved.apply("lion@1", ApplyOptions.DEFAULT).commit())
                    .isEqualTo(saved.checkpoints("lion").get(0).commit());
        }
        try (var run = daybook.resumeFrom("lion", 1)) {
            assertThat(run.metrics()).hasSize(1);
        }
    }

    @Test
    void the_code_of_what_begins_with_a_checkpoint_is_the_checkpoints() {
        repo.write("train.py", "print(1)\n");
        try (var source = daybook.experiment("lion").init()) {
            source.logMetric("loss", 0, 2.0);
            source.makeCheckpoint("good");
            repo.write("train.py", "print(2)\n");
            source.save();
        }

        try (var run = daybook.resumeFrom("lion", 1)) {
            var saved = run.save();

            assertThat(repo.show(saved.commit(), "train.py")).isEqualTo("print(1)\n");
            assertThat(repo.files(saved.commit())).doesNotHaveDuplicates();
        }
    }

    private static String path(String baseline) {
        return baseline.substring(0, 2) + "/" + baseline.substring(2);
    }

    @Test
    void a_checkpoint_whose_commit_is_gone_is_said() {
        String commit;
        try (var source = daybook.experiment("lion").init()) {
            commit = source.makeCheckpoint("lost").commit();
            repo.git(
                    "update-ref",
                    "-d",
                    "refs/daybook/checkpoints/" + source.id().orElseThrow());
            repo.git("gc", "--prune=now", "--quiet");

            assertThatThrownBy(() -> daybook.resumeFrom("lion", commit))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessage("the checkpoint " + commit
                            + " is not in the repository any more; fetch it from a clone that has it");
            source.discard();
        }
    }

    @Test
    void custom_plots_are_files_of_points_with_an_entry_in_dvc_yaml() {
        var saved = daybook.run("lion", run -> {
                    run.logPlot(
                            "val/roc",
                            List.of(ordered("fpr", 0, "tpr", 0.5), ordered("fpr", 1, "tpr", Double.NaN)),
                            PlotOptions.of("fpr", "tpr").withTitle("ROC: ${x}").withLabels("false", "true"));
                    run.logPlot(
                            "conf",
                            List.of(ordered("actual", "cat", "predicted", "dog")),
                            PlotOptions.of("actual", "predicted").withTemplate("confusion"));
                })
                .orElseThrow();

        assertThat(repo.show(saved.commit(), "dvclive/plots/custom/val/roc.json"))
                .isEqualTo("""
                [
                    {
                        "fpr": 0,
                        "tpr": 0.5
                    },
                    {
                        "fpr": 1,
                        "tpr": null
                    }
                ]
                """);
        assertThat(repo.show(saved.commit(), "dvclive/dvc.yaml")).endsWith("""
                plots:
                - plots/custom/val/roc.json:
                    template: linear
                    x: fpr
                    y: tpr
                    title: "ROC: \\\\${x}"
                    x_label: "false"
                    y_label: "true"
                - plots/custom/conf.json:
                    template: confusion
                    x: actual
                    y: predicted
                """);
        assertThat(repo.show(saved.commit(), "dvclive/daybook.json")).contains("\"type\": \"PlotLogged\"");
    }

    @Test
    void the_points_of_a_plot_all_have_the_same_fields_as_dvc_wants_it() {
        var saved = daybook.run(
                        "lion",
                        run -> run.logPlot(
                                "roc",
                                List.of(Map.of("fpr", 0), ordered("tpr", 1, "fpr", 1), Map.of("tpr", 2)),
                                PlotOptions.of("fpr", "tpr")))
                .orElseThrow();

        assertThat(repo.show(saved.commit(), "dvclive/plots/custom/roc.json").replaceAll("\\s", ""))
                .isEqualTo("[{'fpr':0,'tpr':null},{'tpr':1,'fpr':1},{'tpr':2,'fpr':null}]".replace('\'', '"'));
    }

    @Test
    void an_axis_that_has_the_name_of_a_column_of_dvc_is_a_column_of_another_name() {
        var saved = daybook.run("lion", run -> {
                    run.logPlot("a", List.of(ordered("rev", 1, "rev_", 2)), PlotOptions.of("rev", "rev_"));
                    run.logPlot(
                            "b",
                            List.of(ordered("field", 1, "filename", 2)),
                            PlotOptions.of("field", "field").withLabels("f", "g"));
                })
                .orElseThrow();

        assertThat(repo.show(saved.commit(), "dvclive/plots/custom/a.json").replaceAll("\\s", ""))
                .isEqualTo("[{'rev__':1,'rev_':2}]".replace('\'', '"'));
        assertThat(repo.show(saved.commit(), "dvclive/plots/custom/b.json").replaceAll("\\s", ""))
                .isEqualTo("[{'field_':1,'filename':2}]".replace('\'', '"'));
        assertThat(repo.show(saved.commit(), "dvclive/dvc.yaml")).endsWith("""
                - plots/custom/a.json:
                    template: linear
                    x: rev__
                    y: rev_
                    x_label: rev
                - plots/custom/b.json:
                    template: linear
                    x: field_
                    y: field_
                    x_label: f
                    y_label: g
                """);
    }

    private static Map<String, Object> ordered(String first, Object one, String second, Object two) {
        var map = new LinkedHashMap<String, Object>();
        map.put(first, one);
        map.put(second, two);
        return map;
    }
}
