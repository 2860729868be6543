package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.ExperimentSummary;
import dev.daybook.port.SavedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of DVC's own experiments: those in its cache, and those of pipelines in folders. The locks and lists are those of DVC 3.67.1. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SavedMetricsTest {

    private static final String ACC = "{\"acc\": 0.5}";
    private static final String ACC_MD5 = "dc926bee53673c8ee852d87143691bae";
    private static final String LOSS = "{\"loss\": 0.25}";
    private static final String LOSS_MD5 = "f2d260e3436468fde82f71c7298516ef";
    private static final String RESULTS = "[{\"md5\": \"" + LOSS_MD5 + "\", \"relpath\": \"val/m.json\"}]";
    private static final String RESULTS_MD5 = "2f44cbb7a4bda0b34ecb70150d99c822.dir";

    @TempDir
    Path temp;

    private GitRepo repo;

    @BeforeEach
    void a_pipeline_whose_metrics_are_data() throws IOException {
        repo = GitRepo.reference(temp.resolve("repo")).write("dvc.yaml", """
                        stages:
                          train:
                            cmd: python train.py
                            outs:
                            - results
                            metrics:
                            - m.json
                        metrics:
                        - results/val/m.json
                        """).write("dvc.lock", """
                        schema: '2.0'
                        stages:
                          train:
                            cmd: python train.py
                            outs:
                            - path: m.json
                              hash: md5
                              md5: %s
                              size: 12
                            - path: results
                              hash: md5
                              md5: %s
                              size: 14
                              nfiles: 1
                        """.formatted(
                        ACC_MD5, RESULTS_MD5));
        store(ACC_MD5, ACC);
        store(LOSS_MD5, LOSS);
        store(RESULTS_MD5, RESULTS);
    }

    private void store(String md5, String content) throws IOException {
        Files.createDirectories(repo.object(md5).resolveSibling(""));
        Files.writeString(repo.object(md5), content);
    }

    /** As DVC saves one. */
    private void save(String name) {
        repo.git("add", "-A");
        var commit = repo.git("commit-tree", repo.git("write-tree"), "-p", "HEAD", "-m", "dvc: commit experiment");
        repo.git("update-ref", ExperimentRefs.experiment(repo.head(), name), commit);
    }

    /** As the list shows it, with what was remembered. */
    private SavedRecord listed(String name) {
        try (var projection = repo.open()) {
            return projection.saved().stream()
                    .filter(record -> record.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private ExperimentSummary shown(String name) {
        return ExperimentSummary.of(listed(name));
    }

    @Test
    void metrics_that_dvc_keeps_are_read_from_its_cache() {
        save("by-dvc");

        assertThat(shown("by-dvc").metrics()).isEqualTo(Map.of("acc", 0.5, "loss", 0.25));
        assertThat(shown("by-dvc").problems()).isEmpty();
    }

    @Test
    void metrics_that_dvc_keeps_are_read_from_the_cache_of_another_work_tree() {
        save("by-dvc");
        repo.git("worktree", "add", "-q", temp.resolve("linked").toString(), "-b", "other");

        try (var linked = SavedExperiments.open(temp.resolve("linked"))) {
            assertThat(linked.find("by-dvc").metrics()).isEqualTo(Map.of("acc", 0.5, "loss", 0.25));
        }
    }

    @Test
    void parameters_that_dvc_keeps_are_read_too() throws IOException {
        repo.write("dvc.yaml", "params:\n- conf.yaml\n").write("conf.yaml.dvc", """
                        outs:
                        - md5: 95e25666d677d353cce797b54487479f
                          size: 9
                          hash: md5
                          path: conf.yaml
                        """);
        store("95e25666d677d353cce797b54487479f", "width: 3\n");
        save("by-dvc");

        assertThat(shown("by-dvc").params()).containsEntry("width", 3L);
    }

    @Test
    void what_the_cache_lacks_spoils_nothing_else_and_is_there_as_soon_as_it_is_fetched() throws IOException {
        Files.delete(repo.object(RESULTS_MD5));
        save("by-dvc");

        assertThat(shown("by-dvc").metrics()).isEqualTo(Map.of("acc", 0.5));
        assertThat(shown("by-dvc").problems())
                .containsExactly("results/val/m.json cannot be read: the list of the folder 'results' (" + RESULTS_MD5
                        + ") is not in DVC's cache");

        store(RESULTS_MD5, RESULTS);
        Files.delete(repo.object(LOSS_MD5));
        assertThat(shown("by-dvc").metrics()).isEqualTo(Map.of("acc", 0.5));
        assertThat(shown("by-dvc").problems())
                .containsExactly("results/val/m.json cannot be read: its content (MD5 " + LOSS_MD5
                        + ") is not in DVC's cache; 'daybook pull' or 'dvc exp pull' fetches it");

        store(LOSS_MD5, LOSS);
        assertThat(shown("by-dvc").metrics()).isEqualTo(Map.of("acc", 0.5, "loss", 0.25));
        assertThat(shown("by-dvc").problems()).isEmpty();
    }

    @Test
    void what_was_read_once_needs_no_cache_any_more() throws IOException {
        save("by-dvc");
        var first = listed("by-dvc");

        Files.delete(repo.object(ACC_MD5));
        Files.delete(repo.object(RESULTS_MD5));

        assertThat(listed("by-dvc")).isEqualTo(first);
    }

    @Test
    void an_object_that_is_not_what_its_name_says_is_not_believed() throws IOException {
        store(ACC_MD5, "{\"acc\": 0.9}");
        save("by-dvc");

        assertThat(shown("by-dvc").metrics()).isEqualTo(Map.of("loss", 0.25));
        assertThat(shown("by-dvc").problems()).singleElement().asString().contains("is something else; delete ");

        store(ACC_MD5, ACC);
        assertThat(shown("by-dvc").metrics()).containsEntry("acc", 0.5);
    }

    @Test
    void a_stage_that_never_ran_has_no_metrics_and_is_no_problem() throws IOException {
        Files.delete(repo.top.resolve("dvc.lock"));
        repo.write("dvc.yaml", "stages:\n  train:\n    cmd: x\n    metrics:\n    - m.json\n");
        save("by-dvc");

        assertThat(shown("by-dvc").metrics()).isEmpty();
        assertThat(shown("by-dvc").problems()).isEmpty();
    }

    @Test
    void a_lock_that_cannot_be_read_is_a_problem_and_what_others_name_is_not() throws IOException {
        repo.write("sub/dvc.yaml", "stages:\n  one:\n    cmd: x\n    metrics:\n    - s.json\n")
                .write("sub/dvc.lock", "stages: [");
        save("by-dvc");

        assertThat(shown("by-dvc").metrics()).isEqualTo(Map.of("acc", 0.5, "loss", 0.25));
        assertThat(shown("by-dvc").problems()).singleElement().asString().startsWith("sub/dvc.lock cannot be read: ");
    }

    @Test
    void pipelines_in_folders_name_files_from_there() {
        repo.write("sub/deep/dvc.yaml", """
                        params:
                        - p.yaml
                        metrics:
                        - top.json
                        stages:
                          eval:
                            wdir: ../run
                            cmd: python eval.py
                            params:
                            - q.yaml:
                              - width
                            metrics:
                            - m.json:
                                cache: false
                        """)
                .write("sub/deep/p.yaml", "depth: 3\n")
                .write("sub/deep/top.json", "{\"f1\": 0.75}")
                .write("sub/run/q.yaml", "width: 4\n")
                .write("sub/run/m.json", "{\"acc\": 0.125}");
        save("by-dvc");

        var shown = shown("by-dvc");
        assertThat(shown.metrics())
                .isEqualTo(Map.of("acc", 0.5, "loss", 0.25, "f1", 0.75, "sub/run/m.json:acc", 0.125));
        assertThat(shown.params()).containsEntry("depth", 3L).containsEntry("width", 4L);
        assertThat(shown.problems()).isEmpty();
    }

    @Test
    void pipelines_that_dvc_ignores_and_other_experiments_folders_are_left_out() {
        repo.write(".dvcignore", "/old/\n")
                .write("old/dvc.yaml", "metrics:\n- m.json\n")
                .write("old/m.json", "{\"f1\": 1}")
                .write("runs/dvc.yaml", "metrics:\n- metrics.json\n")
                .write("runs/metrics.json", "{\"f2\": 1}")
                .write("runs/daybook.json", "{}");
        save("by-dvc");

        assertThat(shown("by-dvc").metrics()).isEqualTo(Map.of("acc", 0.5, "loss", 0.25));
    }

    @Test
    void the_work_tree_is_compared_in_these_files_too() {
        repo.write("sub/dvc.yaml", "metrics:\n- top.json\n").write("sub/top.json", "{\"f1\": 0.75}");
        save("by-dvc");
        repo.write("sub/top.json", "{\"f1\": 1.0}").write("m.json", ACC);

        try (var saved = SavedExperiments.open(repo.top)) {
            var difference = saved.diffWorkTree("by-dvc");
            assertThat(difference.from().metrics()).isEqualTo(Map.of("f1", 0.75, "loss", 0.25));
            assertThat(difference.to().metrics()).isEqualTo(Map.of("f1", 1.0));
        }
    }

    @Test
    void a_folder_that_is_not_here_is_a_problem_that_is_not_remembered() throws IOException {
        repo.write("sub/dvc.yaml", "metrics:\n- top.json\n")
                .write("sub/top.json", "{\"f1\": 0.75}")
                .commit("sub");
        repo.write("train.py", "print(2)\n");
        save("by-dvc");
        var id = repo.git("rev-parse", repo.refs("refs/exps").get(0) + ":sub");
        var object = repo.top.resolve(".git/objects/" + id.substring(0, 2) + "/" + id.substring(2));
        Files.move(object, temp.resolve("tree"));

        assertThat(shown("by-dvc").problems())
                .anySatisfy(problem ->
                        assertThat(problem).startsWith("which pipelines there are in folders is not known: "));

        Files.move(temp.resolve("tree"), object);
        assertThat(shown("by-dvc").metrics()).containsEntry("f1", 0.75);
        assertThat(shown("by-dvc").problems()).isEmpty();
    }
}
