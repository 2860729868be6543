package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.RepositoryException;
import dev.daybook.git.dvc.FakeSource;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event.CheckpointMade;
import dev.daybook.lifecycle.Event.NoteTaken;
import dev.daybook.lifecycle.Event.Tagged;
import dev.daybook.lifecycle.ParamValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CommitTest {

    private static final String CHECKPOINTS = "refs/daybook/checkpoints/" + FakeSource.ID;

    @TempDir
    Path temp;

    private GitRepo repo;
    private GitProjection projection;

    @BeforeEach
    void open() {
        repo = GitRepo.reference(temp.resolve("repo"));
        projection = repo.open();
    }

    @AfterEach
    void close() {
        projection.close();
    }

    private FakeSource lion() {
        return FakeSource.of("lion", repo.code());
    }

    private String save(FakeSource source) {
        return projection.prepare(source, "lion", Optional.empty()).commit();
    }

    private FakeSource checkpoint(FakeSource source, String message) {
        var commit = projection.checkpoints().make(source, repo.code(), message);
        return source.event(new CheckpointMade(commit, repo.code(), message));
    }

    @Test
    void checkpoints_form_a_chain_behind_the_second_parent() {
        var source = checkpoint(checkpoint(lion().log("loss", 0, 2), ""), "half way");
        var commit = save(source.log("loss", 1, 1).complete());

        var second = repo.git("rev-parse", commit + "^2");
        assertThat(repo.git("rev-parse", CHECKPOINTS)).isEqualTo(second);
        assertThat(repo.git("log", "--format=%s", "main.." + second))
                .isEqualTo("daybook: checkpoint 2 of lion: half way\ndaybook: checkpoint 1 of lion");
        assertThat(repo.git("rev-parse", commit + "^1", second + "~2")).isEqualTo(repo.head() + "\n" + repo.head());
        assertThat(repo.show(second, "dvclive/plots/metrics/loss.tsv")).isEqualTo("step\tloss\n0\t2.0\n");
        assertThat(repo.show(second, "dvclive/daybook.json")).doesNotContain("outcome", "completed");
        assertThat(repo.top.resolve(".git/logs/" + CHECKPOINTS)).doesNotExist();
        repo.assertSound();

        projection.forget(source.id());
        assertThat(repo.refs("refs/daybook")).isEmpty();
    }

    @Test
    void a_checkpoint_that_was_pruned_is_left_out_and_named() {
        var source = checkpoint(lion().log("loss", 0, 2), "").complete();
        projection.forget(source.id());
        repo.git("gc", "--prune=now", "--quiet");

        var commit = save(source);
        assertThat(repo.git("rev-list", "--count", "main.." + commit)).isEqualTo("1");
        assertThat(repo.show(commit, "dvclive/daybook.json")).contains("is not in the repository any more");
        repo.assertSound();
    }

    @Test
    void code_that_was_pruned_is_an_error_that_names_it() {
        var code = new Code(repo.head(), "1234567890123456789012345678901234567890");
        assertThatThrownBy(() -> projection.prepare(lion().complete(), "lion", Optional.of(code)))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("code tree 1234567890123456789012345678901234567890 of experiment 'lion'");
    }

    @Test
    void the_last_recorded_code_is_taken_and_a_moved_head_is_recorded() {
        var source = lion().log("loss", 0, 1);
        var baseline = repo.head();
        repo.write("train.py", "later\n").commit("later");
        var commit = projection
                .prepare(source.complete(), "lion", Optional.of(repo.code()))
                .commit();

        assertThat(repo.show(commit, "train.py")).isEqualTo("later\n");
        assertThat(repo.git("rev-parse", commit + "^")).isEqualTo(baseline);
        assertThat(repo.show(commit, "dvclive/daybook.json"))
                .contains("\"baseline\": \"" + baseline + "\"", "\"head\": \"" + repo.head() + "\"");
        assertThat(repo.show(save(source), "train.py")).isEqualTo("print(\"train\")\n");
    }

    @Test
    void what_lies_behind_a_link_is_not_quoted() throws IOException {
        var outside = Files.createDirectories(temp.resolve("outside"));
        Files.writeString(outside.resolve("params.yaml"), "lr: 0.7\n");
        Files.delete(repo.top.resolve("params.yaml"));
        Files.createSymbolicLink(repo.top.resolve("params.yaml"), outside.resolve("params.yaml"));
        Files.createSymbolicLink(repo.top.resolve("conf"), outside);
        var source =
                lion().param("params.yaml:lr", ParamValue.of(0.5)).param("conf/params.yaml:lr", ParamValue.of(0.5));

        assertThat(projection.warnings(List.of(source))).isEmpty();
    }

    @Test
    void the_output_folder_holds_this_experiment_only() {
        repo.write("out/live/plots/metrics/old.tsv", "x")
                .write("out/live/custom.txt", "x")
                .write("out/kept", "x");
        repo.write("dvclive/kept", "x").commit("old results");
        var source = FakeSource.of(FakeSource.ID, "lion", repo.code(), "out/live", Optional.empty())
                .param("out/live/params.yaml:a.b", ParamValue.of("x"))
                .log("loss", 0, 1)
                .complete();
        var commit = save(source);

        assertThat(repo.files(commit))
                .contains(
                        "out/kept",
                        "dvclive/kept",
                        "out/live/params.yaml",
                        "out/live/metrics.json",
                        "out/live/daybook.json")
                .doesNotContain("out/live/plots/metrics/old.tsv", "out/live/custom.txt");
    }

    @Test
    void a_file_in_the_place_of_the_output_folder_is_replaced_and_named() {
        repo.write("dvclive", "a file").commit("odd");
        var commit = save(lion().log("loss", 0, 1).complete());

        assertThat(repo.show(commit, "dvclive/daybook.json")).contains("the code's dvclive is not in the commit");
        repo.assertSound();
    }

    @Test
    void without_metrics_and_parameters_there_is_only_the_history() {
        assertThat(repo.git("diff", "--name-only", "HEAD", save(lion().complete())))
                .isEqualTo("dvclive/daybook.json");
    }

    @Test
    void other_parameter_files_are_edited_and_listed() {
        repo.write("conf/train.yaml", "batch: 8 # small\n").commit("conf");
        var commit = save(lion().param("conf/train.yaml:batch", ParamValue.of(16))
                .param("conf/new.yaml:a.b", ParamValue.of(true))
                .complete());

        assertThat(repo.show(commit, "conf/train.yaml")).isEqualTo("batch: 16 # small\n");
        assertThat(repo.show(commit, "conf/new.yaml")).isEqualTo("a:\n  b: true\n");
        assertThat(repo.show(commit, "dvclive/dvc.yaml"))
                .isEqualTo("params:\n- \"../conf/train.yaml\"\n- \"../conf/new.yaml\"\n");
    }

    @Test
    void overrides_that_no_file_takes_stand_in_the_output_folder() throws Exception {
        repo.write("broken.yaml", "a: [\n").write("file", "x");
        Files.createSymbolicLink(repo.top.resolve("link.yaml"), Path.of("params.yaml"));
        repo.commit("odd files");
        var source = lion().param("broken.yaml:x", ParamValue.of(1))
                .param("params.yaml:lr.deep", ParamValue.of(2))
                .param("params.yaml:seed", ParamValue.of(7))
                .param("link.yaml:v", ParamValue.of(3))
                .param("file/conf.yaml:z", ParamValue.of(4))
                .param("git~1/conf.yaml:w", ParamValue.of(5))
                .param("dvclive/params.yaml:x", ParamValue.of("ours"))
                .complete();
        var commit = save(source);

        assertThat(repo.show(commit, "params.yaml")).isEqualTo(GitRepo.PARAMS.replace("42", "7"));
        assertThat(repo.show(commit, "broken.yaml")).isEqualTo("a: [\n");
        assertThat(repo.show(commit, "dvclive/params.yaml")).isEqualTo("""
                        x: ours
                        broken.yaml:
                          x: 1
                        lr:
                          deep: 2
                        v: 3
                        z: 4
                        w: 5
                        """);
        assertThat(repo.show(commit, "dvclive/daybook.json"))
                .contains("could not be set in broken.yaml", "a symbolic link", "file is no folder in the code");
        repo.assertSound();
    }

    @Test
    void the_history_tells_everything() {
        var commit = save(lion().param("params.yaml:lr", ParamValue.of(Double.NaN))
                .log("loss", 0, Double.POSITIVE_INFINITY)
                .event(new Tagged("best"))
                .event(new NoteTaken("said \"so\""))
                .fail("out of memory"));

        assertThat(repo.show(commit, "dvclive/daybook.json"))
                .startsWith("{\n    \"schema\": 1,\n    \"id\": \"" + FakeSource.ID + "\",\n    \"name\": \"lion\",\n")
                .contains(
                        "\"outcome\": \"failed\",\n    \"failure\": \"out of memory\"",
                        "\"tags\": [\n        \"best\"\n    ]",
                        "\"said \\\"so\\\"\"",
                        "\"last\": \"inf\"",
                        "\"params.yaml:lr\": \"nan\"",
                        "\"type\": \"MetricDefined\"",
                        "\"warnings\": []")
                .endsWith("}\n");
    }

    @Test
    void warnings_name_a_moved_head_and_files_that_say_otherwise() {
        var source = lion().param("params.yaml:lr", ParamValue.of(0.01))
                .param("params.yaml:seed", ParamValue.of(42.0))
                .param("params.yaml:model.name", ParamValue.of("vgg"))
                .param("params.yaml:new", ParamValue.of(1))
                .param("gone.yaml:x", ParamValue.of(1));
        var baseline = repo.head();
        assertThat(projection.warnings(List.of(source)))
                .containsExactly(
                        "params.yaml says lr is 0.1, and the experiment says it is 0.01: the commit holds the experiment's value",
                        "params.yaml says model.name is 'resnet', and the experiment says it is 'vgg': the commit holds the experiment's value");

        repo.write("params.yaml", "lr: 0.01\n").commit("later");
        assertThat(projection.warnings(List.of(source)))
                .singleElement()
                .asString()
                .contains("HEAD is now " + repo.head(), baseline);
    }

    @Test
    void saved_experiments_are_read_back() {
        var source = ReferenceLayoutTest.braveLion(repo.code());
        var prepared = projection.prepare(source, "brave-lion", Optional.empty());
        projection.publish(source, prepared);
        repo.git("update-ref", "refs/exps/exec/EXEC_HEAD", "HEAD");
        repo.git("update-ref", "refs/exps/stash", "HEAD");

        var saved = projection.saved();
        assertThat(saved).singleElement().satisfies(record -> {
            assertThat(record.name()).isEqualTo("brave-lion");
            assertThat(record.ref()).isEqualTo(prepared.ref());
            assertThat(record.commit()).isEqualTo(prepared.commit());
            assertThat(record.baseline()).isEqualTo(repo.head());
            assertThat(record.id()).contains(source.id());
            assertThat(record.time().getEpochSecond())
                    .isEqualTo(source.entries()
                            .get(source.entries().size() - 1)
                            .time()
                            .getEpochSecond());
            assertThat(record.metrics())
                    .containsOnlyKeys("loss", "train/acc", "m", "m/x", "top:1 ok", "grad")
                    .containsEntry("grad", ParamValue.of(Double.NaN))
                    .containsEntry("loss", ParamValue.of(0.5));
            assertThat(record.params().keySet().stream().map(Object::toString))
                    .containsExactly(
                            "params.yaml:lr",
                            "params.yaml:model.depth",
                            "params.yaml:model.name",
                            "params.yaml:seed",
                            "dvclive/params.yaml:optimizer.name",
                            "dvclive/params.yaml:optimizer.beta1",
                            "dvclive/params.yaml:layers",
                            "dvclive/params.yaml:tag");
            assertThat(record.failure()).isEmpty();
            assertThat(record.problems()).isEmpty();
        });
    }

    @Test
    void experiments_of_others_and_damaged_ones_are_read_as_far_as_possible() {
        var baseline = repo.head();
        var folder = "refs/exps/" + baseline.substring(0, 2) + "/" + baseline.substring(2) + "/";
        repo.git("checkout", "-q", "--detach");
        repo.write("dvc.yaml", "params:\n- conf.json\n- gone.yaml\nmetrics:\n- scores.yaml\n- ../../out\nplots: 5\n")
                .write("conf.json", "{\"a\": {\"b\": NaN}, \"big\": 12345678901234567890}")
                .write("scores.yaml", "acc: 0.5\nlist: [1]\nnothing:\nname: x\nstep: 3\n")
                .write("dvclive/daybook.json", "{}")
                .write("dvclive/metrics.json", "{\"acc\": 1, \"step\": 9")
                .commit("dvc: commit experiment");
        repo.git("update-ref", folder + "theirs", "HEAD");
        repo.write("dvclive/dvc.yaml", ": [")
                .write("params.yaml", "lr: 1\nlr: 2\n")
                .commit("more damage");
        repo.git("update-ref", folder + "worse", "HEAD");
        repo.git("update-ref", folder + "blob", repo.git("rev-parse", "HEAD:conf.json"));
        repo.git("checkout", "-q", "main");

        var saved = projection.saved();
        assertThat(saved).extracting("name").containsExactly("blob", "theirs", "worse");
        assertThat(saved.get(0).problems()).singleElement().asString().contains("cannot be read");
        var theirs = saved.get(1);
        assertThat(theirs.id()).isEmpty();
        assertThat(theirs.params()).containsKey(dev.daybook.lifecycle.ParamKey.parse("conf.json:a.b"));
        assertThat(theirs.metrics()).containsOnlyKeys("acc", "name", "step");
        assertThat(theirs.problems()).hasSize(4).anyMatch(problem -> problem.startsWith("gone.yaml is listed"));
        assertThat(saved.get(2).problems()).anyMatch(problem -> problem.startsWith("params.yaml cannot be read"));
    }

    @Test
    void an_experiment_of_dvc_on_a_committed_one_of_daybook_is_not_daybooks() {
        var source = ReferenceLayoutTest.braveLion(repo.code());
        var commit = projection.prepare(source, "brave-lion", Optional.empty()).commit();
        repo.git("merge", "-q", "--ff-only", commit);
        repo.write("train.py", "x\n");
        repo.git("checkout", "-q", "--detach");
        repo.commit("dvc: commit experiment");
        var baseline = repo.git("rev-parse", "main");
        repo.git("update-ref", ExperimentRefs.experiment(baseline, "theirs"), "HEAD");

        assertThat(projection.saved())
                .singleElement()
                .satisfies(record -> assertThat(record.id()).isEmpty());
    }

    @Test
    void what_git_ships_is_left_alone() {
        repo.write(".gitattributes", "*.tsv text eol=crlf\n*.json filter=broken\n")
                .commit("attributes");
        repo.git("config", "filter.broken.clean", "false");
        repo.git("config", "filter.broken.required", "true");
        var commit = save(lion().log("loss", 0, 1).complete());

        assertThat(repo.show(commit, "dvclive/plots/metrics/loss.tsv")).isEqualTo("step\tloss\n0\t1.0\n");
        assertThat(List.of(repo.git("status", "--porcelain"))).containsExactly("");
    }
}
