package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An experiment beside the work tree: what is read of a commit is read there too. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WorkTreeDifferenceTest {

    @TempDir
    Path temp;

    private GitRepo repo;
    private SavedExperiments saved;

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
        saved = SavedExperiments.open(repo.top);
    }

    @AfterEach
    void close() {
        saved.close();
    }

    /** An experiment with an output folder of its own. */
    private void saveApart(String name, Consumer<Experiment> body) {
        var options = DaybookOptions.defaults().withOutputFolder("out/results").withWarnings(warning -> {});
        try (var daybook = Daybook.open(repo.top, options)) {
            daybook.run(name, body::accept);
        }
    }

    @Test
    void what_was_applied_does_not_differ_whatever_its_output_folder() {
        saveApart("lion", run -> {
            run.setParam("fresh", 5);
            run.logMetric("loss", 0.25);
            run.logMetric("bad", Double.NaN);
            run.addArtifact(repo.write("model.bin", "weights").top.resolve("model.bin"));
        });
        assertThat(saved.diffWorkTree("lion").from().metrics()).containsKeys("loss", "bad");
        assertThat(saved.diffWorkTree("lion").from().params()).containsExactly(entry("fresh", 5L));

        saved.apply("lion", ApplyOptions.DEFAULT);

        var difference = saved.diffWorkTree("lion");
        assertThat(difference.from().metrics()).isEmpty();
        assertThat(difference.files()).isEmpty();
        assertThat(difference.isEmpty()).isTrue();
    }

    @Test
    void an_experiment_that_has_the_files_of_another_one_among_its_code_is_itself() {
        var options = DaybookOptions.defaults().withWarnings(warning -> {});
        try (var daybook = Daybook.open(repo.top, options)) {
            daybook.run("lion", run -> run.logMetric("loss", 0.25));
        }
        saved.apply("lion", ApplyOptions.DEFAULT);
        repo.git("add", "dvclive");

        saveApart("cat", run -> run.logMetric("acc", 0.75));

        // as DVC shows it
        assertThat(saved.find("cat").metrics()).contains(entry("acc", 0.75), entry("loss", 0.25));
        assertThat(saved.find("lion").metrics()).containsExactly(entry("loss", 0.25));
        try (var daybook = Daybook.open(repo.top, options)) {
            assertThat(daybook.verify().problems()).isEmpty();
            assertThat(daybook.verify("cat").commits()).isOne();
        }
    }

    @Test
    void the_files_of_what_was_applied_are_read_and_not_those_of_the_other_one() {
        saveApart("lion", run -> run.logMetric("loss", 0.25));
        repo.save("tiger", run -> run.logMetric("loss", 0.75));

        saved.apply("lion", ApplyOptions.DEFAULT);
        assertThat(saved.diffWorkTree("tiger").to().metrics()).containsExactly(entry("loss", 0.25));
        saved.apply("tiger", ApplyOptions.DEFAULT);
        assertThat(saved.diffWorkTree("lion").to().metrics()).containsExactly(entry("loss", 0.75));
        repo.git("update-ref", "-d", repo.refs("refs/exps").get(1));
        repo.git("gc", "--quiet", "--prune=now");
        assertThat(saved.diffWorkTree("lion").to().metrics()).containsExactly(entry("loss", 0.75));
    }

    @Test
    void untracked_files_of_the_experiment_count_as_they_are() throws IOException {
        saveApart("lion", run -> {
            run.logMetric("loss", 0.25);
            run.addArtifact(repo.write("model.bin", "weights").top.resolve("model.bin"));
        });
        saved.apply("lion", ApplyOptions.DEFAULT);
        repo.write("out/results/metrics.json", "{\"loss\": 7}").write("model.bin.dvc", "outs: []\n");
        Files.delete(repo.top.resolve("out/results/dvc.yaml"));
        var plot = repo.top.resolve("out/results/plots/metrics/loss.tsv");
        Files.delete(plot);
        Files.createSymbolicLink(plot, Path.of("elsewhere"));

        var difference = saved.diffWorkTree("lion");

        assertThat(difference.files())
                .containsExactly(
                        new FileChange("model.bin.dvc", 'M'),
                        new FileChange("out/results/dvc.yaml", 'D'),
                        new FileChange("out/results/metrics.json", 'M'),
                        new FileChange("out/results/plots/metrics/loss.tsv", 'T'));
        assertThat(difference.from().metrics()).containsExactly(entry("loss", 0.25));
        assertThat(difference.to().metrics()).containsExactly(entry("loss", 7L));
    }

    @Test
    void all_files_that_a_dvc_yaml_lists_are_read() {
        repo.write("dvc.yaml", "metrics:\n- eval/scores.json\nparams:\n- conf/a.json\n- b.toml\n");
        repo.write("eval/scores.json", "{\"acc\": 0.5}")
                .write("conf/a.json", "{\"x\": 1}")
                .write("b.toml", "y = 1\n");
        repo.git("add", "-A");
        var commit = repo.git("commit-tree", repo.git("write-tree"), "-p", "HEAD", "-m", "dvc");
        repo.git(
                "update-ref",
                "refs/exps/" + repo.head().substring(0, 2) + "/" + repo.head().substring(2) + "/lion",
                commit);
        repo.git("reset", "-q");
        assertThat(saved.diffWorkTree("lion").isEmpty()).isTrue();

        repo.write("eval/scores.json", "{\"acc\": 0.75}")
                .write("conf/a.json", "{\"x\": 2}")
                .write("b.toml", "y = 2\n");

        var difference = saved.diffWorkTree("lion");
        assertThat(difference.to().metrics()).containsExactly(entry("acc", 0.75));
        assertThat(difference.to().params()).containsOnly(entry("x", 2L), entry("y", 2L));
        assertThat(difference.files())
                .extracting(FileChange::path)
                .containsExactly("b.toml", "conf/a.json", "eval/scores.json");
    }
}
