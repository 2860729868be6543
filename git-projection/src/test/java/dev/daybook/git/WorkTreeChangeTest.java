package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.Progress;
import dev.daybook.RepositoryException;
import dev.daybook.git.WorkTreeStep.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the work tree beside a user who writes to it meanwhile. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WorkTreeChangeTest {

    private static final Blob ANY = new Blob(FileMode.REGULAR_FILE, ObjectId.zeroId());

    private static final String KEPT = "refs/daybook/replaced/20261128T151600000Z";

    @TempDir
    Path temp;

    private Path top;
    private Path file;
    private List<WorkTreeStep> steps = List.of();

    @BeforeEach
    void make_a_work_tree() throws IOException {
        top = Files.createDirectories(temp.resolve("top")).toRealPath();
        file = Files.writeString(top.resolve("a.txt"), "before");
        steps = List.of(
                WorkTreeStep.write("a.txt", FileStat.of(file), ANY),
                WorkTreeStep.write("b.txt", Optional.empty(), ANY));
    }

    private interface Meanwhile {
        void happens() throws IOException;
    }

    private void change(Meanwhile meanwhile) throws IOException {
        try (var change = WorkTreeChange.begin(top, temp.resolve("git"))) {
            WorkTreeChange.Contents contents = (all, folder) -> {
                for (int i = 0; i < all.size(); i++) {
                    Files.writeString(folder.resolve(String.valueOf(i)), "after");
                }
                meanwhile.happens();
            };
            change.make("1".repeat(40), steps, Optional.of(KEPT), contents, Progress.NONE);
        }
    }

    @Test
    void nobody_meanwhile_is_no_obstacle() throws IOException {
        change(() -> {});

        assertThat(file).hasContent("after");
        assertThat(top.resolve("b.txt")).hasContent("after");
    }

    @Test
    void a_file_that_was_written_meanwhile_is_left_and_so_are_all_others() {
        assertThatThrownBy(() -> change(() -> Files.writeString(file, "mine")))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("'a.txt' in " + top + " was changed while the change was being prepared");

        assertThat(file).hasContent("mine");
        assertThat(top.resolve("b.txt")).doesNotExist();
    }

    @Test
    void a_file_that_was_made_meanwhile_is_left() {
        assertThatThrownBy(() -> change(() -> Files.writeString(top.resolve("b.txt"), "mine")))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("'b.txt' in " + top + " was changed");

        assertThat(file).hasContent("before");
        assertThat(top.resolve("b.txt")).hasContent("mine");
    }

    @Test
    void a_file_that_was_deleted_meanwhile_stays_deleted() {
        assertThatThrownBy(() -> change(() -> Files.delete(file)))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("'a.txt' in " + top + " was changed");

        assertThat(file).doesNotExist();
    }

    @Test
    void what_cannot_be_done_to_its_end_says_where_it_has_kept_what_it_overwrites() throws IOException {
        var folder = Files.createDirectory(top.resolve("c"));
        var inside = Files.writeString(folder.resolve("mine.txt"), "mine");
        steps = List.of(steps.get(0), WorkTreeStep.write("c", FileStat.of(folder), ANY));

        assertThatThrownBy(() -> change(() -> {}))
                .isInstanceOf(RepositoryException.class)
                .hasMessageStartingWith("the files of " + top + " are changed in part (")
                .hasMessageEndingWith("; what is overwritten is kept on " + KEPT
                        + "; remove the cause and run daybook apply again, which does the rest first");
        assertThatThrownBy(() -> WorkTreeChange.begin(top, temp.resolve("git")))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("; what is overwritten is kept on " + KEPT + "; remove the cause");
        Files.delete(inside);

        try (var change = WorkTreeChange.begin(top, temp.resolve("git"))) {
            assertThat(change.keptByOthers()).containsExactly(KEPT);
        }
        assertThat(folder).hasContent("after");
    }

    @Test
    void what_a_process_was_at_when_it_died_is_known_but_not_what_one_is_at() throws IOException {
        var git = temp.resolve("git");
        assertThat(WorkTreeChange.unfinished(git)).isEmpty();
        var left = Files.createDirectories(git.resolve("daybook/apply/left"));
        Files.createDirectories(git.resolve("daybook/apply/without-a-plan"));
        assertThat(WorkTreeChange.unfinished(git)).isEmpty();
        Files.writeString(left.resolve("plan"), "1".repeat(40) + "\0Dgone.txt\0\0");

        assertThat(WorkTreeChange.unfinished(git)).containsExactly("1".repeat(40));
        try (var lock = FileMutex.tryTake(git.resolve("daybook/apply.lock")).orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(WorkTreeChange.unfinished(git)).isEmpty();
        }
        WorkTreeChange.begin(top, git).close();
        assertThat(WorkTreeChange.unfinished(git)).isEmpty();
    }
}
