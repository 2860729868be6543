package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.ArtifactOptions;
import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import dev.daybook.RepositoryException;
import dev.daybook.SavedExperiment;
import dev.daybook.Scratch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Artifacts from the call to the commit, in a real repository. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ArtifactTest {

    private static final String POINTER = """
            outs:
            - md5: 9dd4e461268c8034f5c8564e155c67a6
              size: 1
              hash: md5
              path: model.bin
            """;

    @TempDir
    Path temp;

    private GitRepo repo;
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
    }

    private Daybook open() {
        return Daybook.open(repo.top, DaybookOptions.defaults().withWarnings(warnings::add));
    }

    private SavedExperiment save(String... artifacts) {
        try (var daybook = open();
                var run = daybook.experiment("x").init()) {
            for (var each : artifacts) {
                run.addArtifact(Path.of(each));
            }
            return run.save();
        }
    }

    /** Besides what is said of untracked files at {@code init}. */
    private List<String> warningsOfData() {
        return warnings.stream()
                .filter(warning -> !warning.matches("(?s).*untracked (file is|files are) not in the recorded code.*"))
                .toList();
    }

    @Test
    void a_file_and_a_folder_are_pointers_in_the_commit_and_data_in_the_cache() {
        repo.write("model.bin", "x").write("data/a.txt", "first").write("data/sub/b.txt", "second");

        var saved = save("model.bin", "data");

        assertThat(repo.show(saved.commit(), "model.bin.dvc")).isEqualTo(POINTER);
        assertThat(repo.show(saved.commit(), "data.dvc")).matches("""
                        outs:
                        - md5: [0-9a-f]{32}.dir
                          size: 11
                          nfiles: 2
                          hash: md5
                          path: data
                        """);
        assertThat(repo.show(saved.commit(), ".gitignore")).isEqualTo("/ignored.log\n/model.bin\n/data\n");
        assertThat(repo.files(saved.commit()))
                .contains("model.bin.dvc", "data.dvc")
                .doesNotContain("model.bin");
        assertThat(repo.top.resolve(".dvc/cache/files/md5/9d/d4e461268c8034f5c8564e155c67a6"))
                .hasContent("x");
        assertThat(repo.git("status", "--porcelain")).isEqualTo("?? data/\n?? model.bin");
        assertThat(warningsOfData()).isEmpty();
        repo.assertSound();
    }

    @Test
    void a_checkpoint_has_what_was_there_then_and_the_save_what_is_there_now() {
        repo.write("model.bin", "early");
        try (var daybook = open();
                var run = daybook.experiment("x").init()) {
            run.addArtifact(Path.of("model.bin"));
            var checkpoint = run.makeCheckpoint("early");
            repo.write("model.bin", "x");
            run.addArtifact(Path.of("model.bin"));
            var saved = run.save();

            assertThat(repo.show(checkpoint.commit(), "model.bin.dvc")).contains("size: 5\n");
            assertThat(repo.show(saved.commit(), "model.bin.dvc")).isEqualTo(POINTER);
        }
    }

    @Test
    void what_has_not_changed_is_recorded_once() {
        repo.write("model.bin", "x");
        try (var daybook = open();
                var run = daybook.experiment("x").init()) {
            run.addArtifact(Path.of("model.bin")).addArtifact(repo.top.resolve("model.bin"));
            assertThat(events(run)).containsExactly("ExperimentInitialized", "ArtifactAdded");
            run.addArtifact(Path.of("model.bin"), ArtifactOptions.defaults().withType("model"));
            assertThat(events(run)).hasSize(3);
        }
    }

    private static List<String> events(Experiment run) {
        var kinds = new ArrayList<String>();
        run.history().forEach(entry -> kinds.add(entry.kind()));
        return kinds;
    }

    @Test
    void a_file_that_git_tracks_stays_in_git_through_the_filters_that_git_has_for_it() {
        repo.write(".gitattributes", "*.txt text eol=lf\n")
                .write("report.txt", "old\n")
                .write("weights.bin", "old")
                .commit("tracked");
        repo.write("report.txt", "new\r\n").write("weights.bin", "new and large");
        try (var daybook = open();
                var run = daybook.experiment("x").init()) {
            run.addArtifact(Path.of("report.txt"));
            run.addArtifact(Path.of("weights.bin"), ArtifactOptions.defaults().withMaxGitBytes(5));
            // what was added counts, not what is there at the end
            repo.write("report.txt", "newer\n");
            var saved = run.save();

            assertThat(repo.show(saved.commit(), "report.txt")).isEqualTo("new\n");
            assertThat(repo.files(saved.commit()))
                    .contains("report.txt", "weights.bin.dvc")
                    .doesNotContain("report.txt.dvc", "weights.bin");
        }
    }

    @Test
    void an_untracked_artifact_is_a_pointer_alone_also_where_the_globs_match_it() throws IOException {
        var everything = DaybookOptions.defaults().withWarnings(warnings::add).withUntracked("**", "model.bin");
        try (var daybook = Daybook.open(repo.top, everything)) {
            var run = daybook.experiment("first").init();
            repo.write("model.bin", "x").write("data/a.txt", "first").write("notes.txt", "mine");
            var checkpoint = run.addArtifact(Path.of("model.bin"))
                    .addArtifact(Path.of("data"))
                    .makeCheckpoint("");
            assertPointersAlone(checkpoint.commit());
            assertPointersAlone(run.save().commit());

            var next = daybook.experiment("next").init();
            assertThat(repo.files(next.save().commit())).doesNotContain("model.bin", "data/a.txt");
            daybook.experiment("unfinished")
                    .init()
                    .addArtifact(Path.of("model.bin"))
                    .addArtifact(Path.of("data"));
        }
        try (var heir = Daybook.open(repo.top, everything);
                var run = heir.find("unfinished").orElseThrow().resume()) {
            assertPointersAlone(run.save().commit());
        }
        assertThat(repo.tryGit("cat-file", "-e", repo.git("hash-object", "model.bin"))
                        .status())
                .as("no object of Git")
                .isNotZero();
        assertThat(warnings).noneMatch(warning -> warning.contains("untracked"));
        repo.assertSound();
    }

    private void assertPointersAlone(String commit) {
        assertThat(repo.show(commit, "model.bin.dvc")).isEqualTo(POINTER);
        assertThat(repo.files(commit)).contains("data.dvc", "notes.txt").doesNotContain("model.bin", "data/a.txt");
    }

    @Test
    void a_name_and_a_type_are_listed_where_dvc_looks_for_them() {
        repo.write("models/net 1.bin", "x");
        try (var daybook = open();
                var run = daybook.experiment("x").init()) {
            run.addArtifact(
                    Path.of("models/net 1.bin"),
                    ArtifactOptions.defaults()
                            .withType("model")
                            .withDescription("the weights")
                            .withLabels("demo", "a: b"));
            var saved = run.save();

            assertThat(repo.show(saved.commit(), "dvclive/dvc.yaml")).isEqualTo("""
                    artifacts:
                      net-1:
                        path: "../models/net 1.bin"
                        type: model
                        desc: the weights
                        labels:
                        - demo
                        - "a: b"
                    """);
            assertThat(repo.show(saved.commit(), "models/.gitignore")).isEqualTo("/net 1.bin\n");
        }
    }

    @Test
    void nothing_outside_of_the_work_tree_is_read_and_nothing_that_is_no_file() throws Exception {
        var outside = Files.writeString(temp.resolve("secret"), "s");
        Files.createDirectories(temp.resolve("elsewhere"));
        Files.writeString(temp.resolve("elsewhere/f"), "f");
        Files.createSymbolicLink(repo.top.resolve("out"), temp.resolve("elsewhere"));
        Files.createSymbolicLink(repo.top.resolve("link"), outside);
        repo.write("folder/x", "x");
        Files.createSymbolicLink(repo.top.resolve("folder/out"), outside);
        repo.pipe("fifo").pipe("withfifo/f");
        try (var daybook = open();
                var run = daybook.experiment("x").init()) {
            refuses(run, "../secret", "is not inside the work tree");
            refuses(run, outside.toString(), "is not inside the work tree");
            refuses(run, "out/f", "is not inside the work tree");
            refuses(run, ".", "is not inside the work tree");
            refuses(run, "link", "is a symbolic link to " + outside);
            refuses(run, "folder", "holds 'out', which cannot be added: it is a symbolic link out of the work tree");
            refuses(run, "fifo", "is neither a file nor a folder");
            refuses(run, "withfifo", "holds 'f', which cannot be added: it is a FIFO");
            refuses(run, ".git/HEAD", "is among the files of Git or DVC");
            refuses(run, ".dvc/config", "is among the files of Git or DVC");
            refuses(run, "missing", "does not exist in");
            assertThat(events(run)).hasSize(1);
        }
    }

    private static void refuses(Experiment run, String path, String reason) {
        assertThatThrownBy(() -> run.addArtifact(Path.of(path)))
                .as(path)
                .isInstanceOf(RepositoryException.class)
                .hasMessageStartingWith("artifact '")
                .hasMessageContaining(reason);
    }

    @Test
    void what_dvc_ignores_is_left_out() throws IOException {
        repo.write(".dvcignore", "*.log\n/data/skip/\n")
                .write("data/a", "a")
                .write("data/b.log", "b")
                .write("data/skip/c", "c")
                .write("data/.git/d", "d");
        Files.move(repo.top.resolve("data/.git"), repo.top.resolve("data/.hg"));

        var saved = save("data");

        assertThat(repo.show(saved.commit(), "data.dvc")).contains("size: 1\n  nfiles: 1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"out/", "/out", "out", "deep", "*.bin"})
    void what_dvc_ignores_by_a_folder_above_is_refused(String rule) {
        repo.write(".dvcignore", rule + "\n").write("out/deep/model.bin", "x");
        try (var daybook = open();
                var run = daybook.experiment("lion").init()) {
            refuses(run, "out/deep/model.bin", "is ignored by DVC, through a .dvcignore");
        }
    }

    @Test
    void without_dvc_the_cache_is_made_and_the_user_is_told_what_to_commit() throws IOException {
        repo.git("rm", "-rq", ".dvc");
        repo.git("commit", "-q", "-m", "no DVC");
        repo.write("model.bin", "x").write("other.bin", "y");

        save("model.bin", "other.bin");

        assertThat(warningsOfData())
                .singleElement()
                .asString()
                .contains("the folder .dvc is not in Git")
                .contains("daybook dvc-init");
        assertThat(Files.readString(repo.top.resolve(".dvc/.gitignore"), StandardCharsets.UTF_8))
                .isEqualTo("/config.local\n/tmp\n/cache\n");
        assertThat(repo.top.resolve(".dvc/config")).isEmptyFile();
        assertThat(repo.git("status", "--porcelain", "-uall").lines())
                .contains("?? .dvc/.gitignore", "?? .dvc/config")
                .noneMatch(line -> line.contains("cache"));
    }

    @Test
    void a_pointer_that_git_ignores_is_warned_about() {
        repo.write(".gitignore", "model*\n").commit("ignore");
        repo.write("model.bin", "x");

        save("model.bin");

        assertThat(warnings).singleElement().asString().startsWith("Git ignores model.bin.dvc, without which DVC");
    }

    @Test
    void a_sweep_saves_what_single_saves_would_have() {
        repo.write("dvc.yaml", "stages:\n  s:\n    cmd: run\n    params:\n    - lr\n    outs:\n    - out.bin\n")
                .commit("pipeline");
        repo.write("model.bin", "x").write("other.bin", "y").write("out.bin", "z");
        repo.write("params.yaml", GitRepo.PARAMS.replace("lr: 0.1", "lr: 0.25"));
        try (var daybook = open()) {
            var runs = new ArrayList<Experiment>();
            for (int i = 0; i < 3; i++) {
                runs.add(daybook.experiment("x" + i)
                        .init()
                        .setParam("lr", 0.5)
                        .addArtifact(Path.of("model.bin"))
                        .addArtifact(Path.of("other.bin"))
                        .addArtifact(Path.of("out.bin")));
            }
            var results = daybook.saveAll(runs);

            assertThat(results.saved()).hasSize(3);
            for (var name : List.of("x0", "x1", "x2")) {
                var commit = ExperimentRefs.experiment(repo.head(), name);
                assertThat(repo.show(commit, "model.bin.dvc")).isEqualTo(POINTER);
                assertThat(repo.show(commit, ".gitignore")).isEqualTo("/ignored.log\n/model.bin\n/other.bin\n");
                assertThat(repo.show(commit, "dvc.lock")).contains("lr: 0.5\n", "- path: out.bin\n");
            }
        }
        repo.assertSound();
    }

    @Test
    void an_heir_saves_the_same_pointers() {
        repo.write("model.bin", "x");
        try (var daybook = open()) {
            daybook.experiment("x").init().addArtifact(Path.of("model.bin")).close();
        }
        repo.write("model.bin", "later");
        try (var daybook = open()) {
            var saved = daybook.find("x").orElseThrow().save();
            assertThat(repo.show(saved.commit(), "model.bin.dvc")).isEqualTo(POINTER);
        }
    }

    @Test
    void a_parameter_file_that_was_added_keeps_what_was_set_in_it() {
        try (var daybook = open();
                var run = daybook.experiment("run").init()) {
            run.setParam("lr", 0.5);
            run.addArtifact(Path.of("params.yaml"));
            var saved = run.save();

            assertThat(repo.show(saved.commit(), "params.yaml")).contains("lr: 0.5 ");
        }
        assertThat(warningsOfData()).anySatisfy(warning -> assertThat(warning).contains("params.yaml says"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.bin", "data/a"})
    void of_data_that_are_gone_from_the_cache_the_user_is_told_and_the_commit_is_the_same(String file)
            throws IOException {
        repo.write("dvc.yaml", "stages:\n  s:\n    cmd: run\n    outs:\n    - data\n")
                .commit("pipeline");
        var artifact = Path.of(file).getName(0);
        repo.write(file, "x");
        try (var daybook = open();
                var run = daybook.experiment("x").init().addArtifact(artifact)) {
            var whole = run.makeCheckpoint("whole");
            assertThat(warningsOfData()).isEmpty();
            Scratch.delete(repo.top.resolve(".dvc/cache"));
            var checkpoint = run.makeCheckpoint("lost");
            var saved = run.save();

            assertThat(warningsOfData())
                    .hasSize(2)
                    .allMatch(warning -> warning.startsWith("experiment 'x': the data of artifact '" + artifact
                            + "' are not in DVC's cache any more, so that the commit points to nothing"));
            for (var commit : List.of(checkpoint.commit(), saved.commit())) {
                assertThat(repo.show(commit, "dvclive/daybook.json")).doesNotContain("DVC's cache");
                assertThat(repo.files(commit)).containsAll(repo.files(whole.commit()));
            }
        }
    }

    @Test
    void nothing_is_stored_behind_a_link_in_place_of_dvcs_folder() throws IOException {
        var elsewhere = GitRepo.reference(temp.resolve("elsewhere"));
        repo.git("rm", "-rq", ".dvc");
        repo.git("commit", "-q", "-m", "no DVC");
        Files.createSymbolicLink(repo.top.resolve(".dvc"), elsewhere.top.resolve(".dvc"));
        repo.write("model.bin", "x");
        try (var daybook = open();
                var run = daybook.experiment("x").init()) {
            assertThatThrownBy(() -> run.addArtifact(Path.of("model.bin")))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageContaining(".dvc: it is a symbolic link, behind which Git has no files");
        }
        assertThat(elsewhere.top.resolve(".dvc/cache")).doesNotExist();
    }

    @Test
    @Timeout(60)
    void git_does_not_wait_for_a_pipe_beside_an_artifact() throws Exception {
        repo.write("d/x", "x").pipe("d/.gitignore");
        try (var daybook = open();
                var run = daybook.experiment("x").init()) {
            assertThatThrownBy(() -> run.addArtifact(Path.of("d/x")))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageContaining("d/.gitignore is a pipe, a socket or a device");
        }
    }
}
