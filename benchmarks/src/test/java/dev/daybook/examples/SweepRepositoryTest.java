package dev.daybook.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SweepRepositoryTest {

    @TempDir
    private Path scratch;

    @Test
    void the_repository_has_one_commit_and_nothing_else() {
        Path repository = SweepRepository.create(scratch.resolve("a/b"));

        assertThat(git(repository, "log", "--format=%an <%ae> %s"))
                .containsExactly("Digits Sweep <digits-sweep@example.org> Digits: parameters and notes");
        assertThat(git(repository, "ls-files"))
                .containsExactly(".dvc/.gitignore", ".dvc/config", ".gitignore", "README.md", "params.yaml");
        assertThat(git(repository, "status", "--porcelain")).isEmpty();
    }

    @Test
    void models_are_ignored() throws IOException {
        Path repository = SweepRepository.create(scratch);

        Files.createDirectory(repository.resolve("models"));
        Files.writeString(repository.resolve("models/weights.bin"), "1");

        assertThat(git(repository, "status", "--porcelain")).isEmpty();
    }

    @Test
    void a_former_one_is_made_anew() throws IOException {
        Path repository = SweepRepository.create(scratch.resolve("repo"));
        Files.writeString(repository.resolve("left-over.txt"), "1");
        git(repository, "update-ref", "refs/exps/x", "HEAD");

        SweepRepository.create(scratch.resolve("repo"));

        assertThat(repository.resolve("left-over.txt")).doesNotExist();
        assertThat(git(repository, "for-each-ref", "--format=%(refname)")).containsExactly("refs/heads/main");
    }

    @Test
    void a_deletion_that_was_cut_short_is_done_again() throws IOException {
        Path repository = SweepRepository.create(scratch.resolve("repo"));
        Files.delete(repository.resolve(".git/HEAD"));
        Files.delete(repository.resolve("params.yaml"));

        SweepRepository.create(scratch.resolve("repo"));

        assertThat(git(repository, "status", "--porcelain")).isEmpty();
    }

    @Test
    void what_is_behind_a_link_is_not_deleted() throws IOException {
        Path repository = SweepRepository.create(scratch.resolve("repo"));
        Path precious = Files.createDirectory(scratch.resolve("data"));
        Files.writeString(precious.resolve("digits.csv"), "1");
        Files.createSymbolicLink(repository.resolve("data"), precious);

        SweepRepository.create(scratch.resolve("repo"));

        assertThat(precious.resolve("digits.csv")).exists();
    }

    @Test
    void a_folder_that_holds_something_else_is_refused_and_kept() throws IOException {
        Path precious = Files.createDirectory(scratch.resolve("thesis"));
        Files.writeString(precious.resolve("chapter1.tex"), "1");

        assertThatThrownBy(() -> SweepRepository.create(precious))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(precious
                        + " was not made by the digits sweep, so it stays as it is; name an empty or a new folder");
        assertThat(precious).isDirectoryContaining(file -> file.endsWith("chapter1.tex"));
    }

    @Test
    void another_repository_is_refused_and_kept() {
        git(scratch, "init", "--quiet");

        assertThatThrownBy(() -> SweepRepository.create(scratch)).isInstanceOf(IllegalArgumentException.class);
        assertThat(git(scratch, "rev-parse", "--is-inside-work-tree")).containsExactly("true");
    }

    @Test
    void a_file_is_refused_and_kept() throws IOException {
        Path file = Files.writeString(scratch.resolve("notes.txt"), "1");

        assertThatThrownBy(() -> SweepRepository.create(file)).isInstanceOf(IllegalArgumentException.class);
        assertThat(file).hasContent("1");
    }

    /** The lines that git prints; it has to succeed. */
    static List<String> git(Path repository, String... arguments) {
        var command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(arguments));
        try {
            Process git = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            List<String> lines = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(git.waitFor()).as(command.toString()).isZero();
            return lines;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
