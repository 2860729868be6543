package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.RepositoryException;
import dev.daybook.git.dvc.FakeSource;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event.ArtifactAdded;
import dev.daybook.port.ExperimentSource;
import dev.daybook.port.SaveBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Artifacts that Git tracks: the commit has them as they were when they were added, with git and without. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TrackedArtifactTest {

    private static final String NO_GIT = "no-such-git";

    @TempDir
    Path temp;

    private GitRepo repo;

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"))
                .write("best.pt", "committed\n")
                .commit("model");
    }

    /** An experiment that has added the file as it was at its best; now it is another one. */
    private FakeSource added(Code code, String git) {
        repo.write("best.pt", "best\r\n");
        try (var projection = repo.open(git)) {
            var kept = projection.keep(Path.of("best.pt"));
            repo.write("best.pt", "later\r\n");
            return FakeSource.of("lion", code)
                    .event(new ArtifactAdded(kept.path(), kept.algorithm(), kept.hash(), kept.bytes(), kept.files()))
                    .complete();
        }
    }

    private String save(ExperimentSource source, String git) {
        try (var projection = repo.open(git)) {
            return projection.prepare(source, "lion", Optional.empty()).commit();
        }
    }

    @Test
    void a_plain_repository_needs_no_git() {
        var source = added(repo.code(), NO_GIT);

        var commit = save(source, NO_GIT);

        assertThat(repo.show(commit, "best.pt")).isEqualTo("best\r\n");
        assertThat(repo.files(commit)).doesNotContain("best.pt.dvc");
        assertThat(repo.show(commit, "dvclive/daybook.json")).doesNotContain("not in DVC's cache any more");
        assertThat(save(source, "git")).as("whoever writes it").isEqualTo(commit);
        repo.assertSound();
    }

    @Test
    void where_git_would_convert_it_and_is_missing_the_save_is_refused_with_the_reason() {
        repo.write(".gitattributes", "*.pt text eol=lf\n").commit("attributes");
        var source = added(repo.code(), NO_GIT);

        assertThatThrownBy(() -> save(source, NO_GIT))
                .isInstanceOf(RepositoryException.class)
                .hasMessageStartingWith(
                        "artifact 'best.pt', which Git tracks, cannot be put into a commit without git, because ")
                .hasMessageContaining(".gitattributes may convert what is recorded, with 'text'")
                .hasMessageEndingWith("install git, or put it on the PATH");

        assertThat(repo.show(save(source, "git"), "best.pt")).isEqualTo("best\n");
    }

    @Test
    void where_a_filter_of_git_fails_the_save_is_refused_with_its_words() {
        repo.write(".gitattributes", "*.pt filter=weights\n").commit("attributes");
        repo.git("config", "filter.weights.clean", "false");
        repo.git("config", "filter.weights.required", "true");
        var source = added(repo.code(), "git");

        assertThatThrownBy(() -> save(source, "git"))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("git hash-object failed")
                .hasMessageContaining("clean filter 'weights' failed");
    }

    @Test
    void where_its_copy_is_gone_the_commit_says_that_it_has_the_one_of_the_code() throws IOException {
        var source = added(repo.code(), "git");
        var artifact = source.data().artifacts().get(0);
        Files.delete(repo.object(artifact.hash()));

        var commit = save(source, "git");

        assertThat(repo.show(commit, "best.pt")).isEqualTo("committed\n");
        assertThat(repo.show(commit, "dvclive/daybook.json"))
                .contains("is in the commit as the code has it: its content is not in DVC's cache any more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*.pt text eol=lf\n"})
    void a_stage_that_depends_on_it_is_locked_with_what_was_added(String attributes) {
        repo.write(".gitattributes", attributes)
                .write("dvc.yaml", "stages:\n  s:\n    cmd: run\n    deps:\n    - best.pt\n    outs:\n    - out.bin\n")
                .commit("pipeline");
        var source = FakeSource.of("lion", repo.code());
        repo.write("best.pt", "best\n").write("out.bin", "x");
        add(source, "best.pt", "out.bin");

        var lock = repo.show(save(source.complete(), "git"), "dvc.lock");

        assertThat(lock).contains("path: best.pt\n      hash: md5\n      md5: ff62741ba96c0b0501ee056d41c5237f\n");
    }

    private void add(FakeSource source, String... paths) {
        try (var projection = repo.open()) {
            for (var path : paths) {
                var kept = projection.keep(Path.of(path));
                source.event(new ArtifactAdded(path, kept.algorithm(), kept.hash(), kept.bytes(), kept.files()));
            }
        }
    }

    private String saved(String path, String content) {
        repo.write(path, content);
        var source = FakeSource.of("lion", repo.code());
        add(source, path);
        return repo.show(save(source.complete(), "git"), path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"report.csv", "out/deep/report.csv"})
    void one_whose_line_ends_git_leaves_because_the_index_has_them_has_them_in_the_commit(String path) {
        repo.write(path, "a\r\n").commit("a report");
        repo.git("config", "core.autocrlf", "true");

        assertThat(saved(path, "a\r\nb\r\n")).isEqualTo("a\r\nb\r\n");

        repo.git("rm", "-q", "--cached", path);
        assertThat(saved(path, "a\r\nb\r\n")).isEqualTo("a\nb\n");
        repo.assertSound();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "out/"})
    void one_whose_attributes_are_in_the_index_alone_is_converted_by_them(String folder) throws IOException {
        repo.write(folder + ".gitattributes", "*.csv text\n")
                .write("out/report.csv", "a\n")
                .commit("a report");
        Files.delete(repo.top.resolve(folder + ".gitattributes"));

        assertThat(saved("out/report.csv", "a\r\nb\r\n")).isEqualTo("a\nb\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "out/"})
    void git_looks_at_the_file_whatever_it_was_told_of_it_and_a_filter_finds_its_files_beside_it(String folder)
            throws IOException {
        repo.write(folder + ".gitattributes", "*.csv filter=upper\n")
                .write("out/report.csv", "a\n")
                .commit("a report")
                .write("tools/upper.sh", "tr a-z A-Z && cat out/suffix && git rev-parse --show-toplevel\n")
                .write("out/suffix", "end\n");
        Files.delete(repo.top.resolve(folder + ".gitattributes"));
        repo.git("config", "filter.upper.clean", "test -e .git/config && sh tools/upper.sh");
        repo.git("config", "filter.upper.required", "true");
        repo.git("config", "core.ignoreStat", "true");
        repo.git("update-index", "--assume-unchanged", "out/report.csv");
        repo.git("update-index", "--skip-worktree", "out/report.csv");

        assertThat(saved("out/report.csv", "ab\n")).isEqualTo("AB\nend\n" + repo.top + "\n");
    }

    @Test
    void where_a_filter_of_the_index_fails_the_save_is_refused_with_its_words() throws IOException {
        repo.write(".gitattributes", "*.pt filter=weights\n").commit("attributes");
        Files.delete(repo.top.resolve(".gitattributes"));
        repo.git("config", "filter.weights.clean", "false");
        repo.git("config", "filter.weights.required", "true");
        var source = added(repo.code(), "git");

        assertThatThrownBy(() -> save(source, "git"))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("git update-index failed")
                .hasMessageContaining("clean filter 'weights' failed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_prune_that_comes_between_takes_nothing(boolean isThereAlready) throws IOException {
        repo.write(".gitattributes", "*.pt text eol=lf\n").commit("attributes");
        var source = added(repo.code(), "git");
        if (isThereAlready) {
            repo.write("other.txt", "best\n").git("hash-object", "-w", "other.txt");
        }
        var pruning = temp.resolve("pruning-git");
        Files.writeString(pruning, """
                #!/bin/sh
                git "$@" || exit
                env -u GIT_OBJECT_DIRECTORY -u GIT_ALTERNATE_OBJECT_DIRECTORIES git prune --expire=now
                """);
        Files.setPosixFilePermissions(pruning, PosixFilePermissions.fromString("rwx------"));

        try (var projection = repo.open(pruning.toString())) {
            var batch = projection.batch();
            var prepared = batch.prepare(source, "lion", Optional.empty());
            batch.force();
            batch.publish(new SaveBatch.Prepared(source, prepared));
            batch.close();

            assertThat(repo.show(prepared.ref(), "best.pt")).isEqualTo("best\n");
        }
        repo.assertSound();
    }
}
