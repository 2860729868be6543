package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.git.DvcTask.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are as DVC 3.67.1 leaves them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DvcTasksTest {

    private static final String RUN = ".dvc/tmp/exps/run/";
    private static final long GONE = 4_000_000_000L;

    @TempDir
    Path temp;

    private GitRepo repo;

    @BeforeEach
    void create() {
        repo = GitRepo.reference(temp.resolve("repo"));
    }

    private String stashed(String lr) {
        repo.write("params.yaml", "lr: " + lr + "\n").write("dvclive/metrics.json", "{\"acc\": 1}");
        repo.git("add", "-A");
        var commit = repo.git("commit-tree", repo.git("write-tree"), "-p", "HEAD", "-m", "stash");
        repo.git("reset", "-q", "--hard");
        return commit;
    }

    private String line(String commit, String message) {
        return "0".repeat(40) + " " + commit + " Ada <ada@example.com> 1795000100 +0100\t" + message + "\n";
    }

    private String queued(String commit, String name) {
        return line(commit, "commit: dvc-exp:" + repo.head() + ":" + repo.head() + ":" + name);
    }

    private void log(String stash, String content) {
        repo.write(".git/logs/refs/exps/celery/" + stash, content);
    }

    private String run(String name, int status, Path folder) {
        return """
                {"git_url": "file:///x", "baseline_rev": "%s", "location": "dvc-task", "root_dir": "%s", "dvc_dir": ".dvc",
                 "name": %s, "wdir": ".", "result_hash": null, "result_ref": null, "result_force": false, "status": %d}
                """.formatted(repo.head(), folder, name.isEmpty() ? "null" : '"' + name + '"', status);
    }

    private static long self() {
        return ProcessHandle.current().pid();
    }

    @Test
    void a_repository_that_dvc_never_saw_has_none() {
        assertThat(DvcTasks.of(repo.top)).isEmpty();
    }

    @Test
    void the_queue_is_the_reflog_of_its_stash() {
        var first = stashed("0.25");
        var second = stashed("0.75");
        log("stash", queued(first, "named") + queued(second, "") + queued(first, "named:branch"));

        assertThat(DvcTasks.of(repo.top))
                .satisfiesExactly(
                        task -> {
                            assertThat(task.name()).isEqualTo("named");
                            assertThat(task.state()).isEqualTo(State.QUEUED);
                            assertThat(task.baseline()).isEqualTo(repo.head());
                            assertThat(task.commit()).contains(first);
                            assertThat(task.time()).isEqualTo(Instant.ofEpochSecond(1795000100));
                            assertThat(task.params()).isEqualTo(Map.of("lr", 0.25));
                            assertThat(task.problems()).isEmpty();
                        },
                        task -> {
                            assertThat(task.name()).isEqualTo(second.substring(0, 7));
                            assertThat(task.params()).isEqualTo(Map.of("lr", 0.75));
                        });
    }

    @Test
    void what_failed_is_in_a_stash_of_its_own() {
        var commit = stashed("0.25");
        log("failed", queued(commit, "broken"));

        assertThat(DvcTasks.of(repo.top)).singleElement().satisfies(task -> {
            assertThat(task.name()).isEqualTo("broken");
            assertThat(task.state()).isEqualTo(State.FAILED);
        });
    }

    @Test
    void what_a_worker_runs_is_no_longer_queued() {
        var commit = stashed("0.25");
        log("stash", queued(commit, "busy"));
        repo.write(RUN + commit + "/" + commit + ".run", run("busy", 2, temp));
        repo.write(RUN + commit + "/" + commit + ".json", "{\"pid\": " + self() + ", \"returncode\": null}");

        assertThat(DvcTasks.of(repo.top)).singleElement().satisfies(task -> {
            assertThat(task.name()).isEqualTo("busy");
            assertThat(task.state()).isEqualTo(State.RUNNING);
            assertThat(task.commit()).contains(commit);
            assertThat(task.params()).isEqualTo(Map.of("lr", 0.25));
        });
    }

    @Test
    void what_dvc_leaves_of_a_run_in_the_work_tree_is_none() {
        var commit = stashed("0.25");
        repo.write(
                RUN + commit + "/" + commit + ".run",
                run("done", 1, repo.top).replace("\"dvc-task\"", "\"workspace\""));

        assertThat(DvcTasks.of(repo.top)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6})
    void a_run_that_is_over_is_none(int status) {
        var commit = stashed("0.25");
        repo.write(RUN + commit + "/" + commit + ".run", run("over", status, temp));

        assertThat(DvcTasks.of(repo.top)).isEmpty();
    }

    @Test
    void a_run_whose_process_is_gone_is_none() {
        var commit = stashed("0.25");
        repo.write(RUN + commit + "/" + commit + ".run", run("killed", 2, temp));
        repo.write(RUN + commit + "/" + commit + ".json", "{\"pid\": " + GONE + ", \"returncode\": null}");
        var other = stashed("0.5");
        repo.write(RUN + other + "/" + other + ".run", run("ended", 2, temp));
        repo.write(RUN + other + "/" + other + ".json", "{\"pid\": " + self() + ", \"returncode\": 0}");

        assertThat(DvcTasks.of(repo.top)).isEmpty();
    }

    @Test
    void a_run_in_the_work_tree_lives_as_long_as_the_file_of_its_process() throws IOException {
        repo.write(RUN + "workspace/workspace.run", run("here", 2, repo.top));
        assertThat(DvcTasks.of(repo.top)).isEmpty();

        repo.write(RUN + "workspace/workspace.json", "{\"pid\": " + self() + "}");
        assertThat(DvcTasks.of(repo.top)).singleElement().satisfies(task -> {
            assertThat(task.name()).isEqualTo("here");
            assertThat(task.commit()).isEqualTo(Optional.empty());
            assertThat(task.params()).isEmpty();
        });
    }

    @Test
    void a_run_in_a_folder_of_its_own_lives_as_long_as_the_folder() throws IOException {
        var commit = stashed("0.25");
        var folder = Files.createDirectory(temp.resolve("run"));
        repo.write(".dvc/tmp/exps/standalone/run/" + commit + "/" + commit + ".run", run("apart", 2, folder));
        assertThat(DvcTasks.of(repo.top))
                .singleElement()
                .extracting(DvcTask::name)
                .isEqualTo("apart");

        Files.delete(folder);
        assertThat(DvcTasks.of(repo.top)).isEmpty();
    }

    @Test
    void a_program_with_dvclive_says_that_it_runs() {
        repo.write(RUN + "DVCLIVE_ONLY", "{\"exp_name\": \"live\", \"pid\": " + self() + "}");
        assertThat(DvcTasks.of(repo.top)).singleElement().satisfies(task -> {
            assertThat(task.name()).isEqualTo("live");
            assertThat(task.state()).isEqualTo(State.RUNNING);
            assertThat(task.baseline()).isEqualTo(repo.head());
        });

        repo.write(RUN + "DVCLIVE_ONLY", "{\"exp_name\": \"live\", \"pid\": " + GONE + "}");
        assertThat(DvcTasks.of(repo.top)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "4"})
    void each_dvc_project_of_the_repository_has_runs_of_its_own(String indexVersion) {
        repo.git("update-index", "--index-version", indexVersion);
        var commit = stashed("0.25");
        for (var project : List.of("a/", "b/c/")) {
            repo.write(project + ".a", "")
                    .write(project + ".dvc/config", "")
                    .write(project + ".dvc/.gitignore", "/tmp\n");
            repo.git("add", project);
            repo.write(
                    project + RUN + "DVCLIVE_ONLY",
                    "{\"exp_name\": \"live " + project + "\", \"pid\": " + self() + "}");
            repo.write(project + RUN + "workspace/workspace.run", run("here " + project, 2, repo.top));
            repo.write(project + RUN + "workspace/workspace.json", "{\"pid\": " + self() + "}");
        }
        repo.write("b/c/" + RUN + commit + "/" + commit + ".run", run("busy", 2, temp));
        log("stash", queued(commit, "busy"));

        assertThat(DvcTasks.of(repo.top.resolve("a")))
                .extracting(DvcTask::name)
                .containsExactlyInAnyOrder("live a/", "here a/", "busy", "live b/c/", "here b/c/");
    }

    @Test
    void without_an_index_that_can_be_read_there_is_the_project_of_the_root() throws IOException {
        repo.write(RUN + "DVCLIVE_ONLY", "{\"exp_name\": \"live\", \"pid\": " + self() + "}");
        Files.writeString(repo.top.resolve(".git/index"), "no index of x/.dvc/config");
        assertThat(DvcTasks.of(repo.top)).extracting(DvcTask::name).containsExactly("live");

        Files.delete(repo.top.resolve(".git/index"));
        assertThat(DvcTasks.of(repo.top)).extracting(DvcTask::name).containsExactly("live");
    }

    @Test
    void what_is_not_understood_is_passed_over() throws IOException {
        var commit = stashed("0.25");
        log(
                "stash",
                "no reflog\n" + line(commit, "commit: another program's") + line("xyz", "commit: dvc-exp:a:b:c")
                        + queued(commit, "good"));
        Files.write(
                repo.top.resolve(".git/logs/refs/exps/celery/failed"),
                "\u00ff\u00fe\n\n".getBytes(StandardCharsets.UTF_16));
        repo.write(RUN + "a/a.run", "{\"baseline_rev\": ");
        repo.write(RUN + "b/b.run", "[1]");
        repo.write(RUN + "c/c.run", "{}");
        repo.write(RUN + "d/other", "");
        repo.write(RUN + "DVCLIVE_ONLY", "");
        repo.write(RUN + "file", "");
        repo.write(".dvc/tmp/exps/standalone", "a file");

        assertThat(DvcTasks.of(repo.top))
                .singleElement()
                .extracting(DvcTask::name)
                .isEqualTo("good");
    }

    @Test
    void one_whose_commit_is_gone_is_there_with_a_problem() {
        log("stash", queued("1234567890123456789012345678901234567890", "lost"));

        assertThat(DvcTasks.of(repo.top)).singleElement().satisfies(task -> {
            assertThat(task.name()).isEqualTo("lost");
            assertThat(task.problems()).singleElement().asString().contains("cannot be read");
        });
    }
}
