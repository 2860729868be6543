package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.daybook.RepositoryException;
import dev.daybook.UnfinishedWorkTreeException;
import dev.daybook.git.dvc.FakeSource;
import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.port.SnapshotScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SnapshotTest {

    private static final ExperimentId ID = ExperimentId.parse(FakeSource.ID);
    private static final String KEPT = "refs/daybook/code/" + FakeSource.ID;

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

    private Code snapshot(String... untracked) {
        return projection.snapshot(List.of(ID), new SnapshotScope(true, List.of(untracked)));
    }

    @Test
    void a_clean_work_tree_is_the_tree_of_head() {
        assertThat(snapshot()).isEqualTo(repo.code());
    }

    @Test
    void it_is_what_git_would_commit_with_all_changes_of_tracked_files() throws IOException {
        repo.write("train.py", "print('changed')\n").write("staged.py", "1\n").write("gone.py", "1\n");
        repo.git("add", "staged.py", "gone.py");
        Files.delete(repo.top.resolve("gone.py"));
        repo.write("staged.py", "2\n").write("untracked.py", "x\n");
        repo.write(".gitattributes", "*.txt text eol=crlf\n").write("crlf.txt", "a\r\n");
        repo.git("add", ".gitattributes", "crlf.txt");

        var tree = snapshot().tree();

        repo.git("add", "-u");
        assertThat(tree).isEqualTo(repo.git("write-tree"));
        assertThat(repo.files(tree)).contains("staged.py").doesNotContain("gone.py", "untracked.py");
    }

    @Test
    void a_change_of_the_same_size_in_the_same_moment_is_seen() {
        repo.write("train.py", "print(\"tr4in\")\n");

        assertThat(repo.show(snapshot().tree(), "train.py")).isEqualTo("print(\"tr4in\")\n");
    }

    @Test
    void untracked_files_come_by_glob_unless_they_are_ignored() {
        repo.write("new.py", "1")
                .write("sub/new.py", "2")
                .write("sub/data.csv", "3")
                .write("ignored.log", "4");

        assertThat(repo.files(snapshot().tree())).doesNotContain("new.py", "sub/new.py");
        assertThat(repo.files(snapshot("*.py").tree())).contains("new.py").doesNotContain("sub/new.py");
        assertThat(repo.files(snapshot("**/*.py", "*.log", "nothing-like-this").tree()))
                .contains("new.py", "sub/new.py")
                .doesNotContain("ignored.log", "sub/data.csv");
    }

    @Test
    void data_are_left_out_whatever_the_globs_say_unless_git_tracks_them() {
        repo.write("new.py", "1")
                .write("model.bin", "2")
                .write("data/sub/x", "3")
                .write("data.txt", "4");
        var scope = new SnapshotScope(true, List.of("**", "model.bin"), Set.of("model.bin", "data", "train.py"));

        var files = repo.files(projection.snapshot(List.of(ID), scope).tree());

        assertThat(files).contains("new.py", "data.txt", "train.py").doesNotContain("model.bin", "data/sub/x");
        assertThat(projection.start(ID, scope).leftOut().get()).hasValue(0);
    }

    @Test
    void what_git_works_with_lies_where_the_rest_of_a_dead_process_is_swept_up() throws IOException {
        var spying = temp.resolve("spying-git");
        var seen = temp.resolve("seen");
        Files.writeString(spying, "#!/bin/sh\necho \"$GIT_INDEX_FILE\" >> " + seen + "\ngit \"$@\"\n");
        Files.setPosixFilePermissions(spying, PosixFilePermissions.fromString("rwx------"));
        repo.write("new.py", "1");
        try (var spied = repo.open(spying.toString())) {
            spied.snapshot(List.of(ID), new SnapshotScope(true, List.of("*.py")));
        }

        assertThat(Files.readAllLines(seen))
                .isNotEmpty()
                .allMatch(index -> index.matches(".*/objects/daybook-\\d+-\\d+-[0-9a-f-]{36}/index"));
    }

    @Test
    void only_objects_and_its_own_ref_are_written() {
        repo.write("train.py", "stashed\n");
        repo.git("stash", "-q");
        repo.write("train.py", "print('changed')\n").write("staged.py", "1\n").write("new.py", "1");
        repo.git("add", "staged.py");
        repo.git("status");
        var before = repo.untouchables();

        snapshot("*.py");

        assertThat(repo.untouchables()).isEqualTo(before);
        assertThat(repo.refs("refs/daybook")).containsExactly(KEPT);
        repo.assertSound();
    }

    @Test
    void every_recorded_tree_survives_gc_until_it_is_forgotten() {
        var first = repo.write("train.py", "1\n");
        var trees = List.of(snapshot().tree(), write("2\n"), write("3\n"), write("3\n"));
        repo.git("checkout", "-q", "train.py");
        repo.git("gc", "-q", "--prune=now");

        assertThat(first.git("rev-list", "--count", "main.." + KEPT)).isEqualTo("3");
        assertThat(trees)
                .allSatisfy(tree -> assertThat(repo.git("cat-file", "-t", tree)).isEqualTo("tree"));
        assertThat(repo.top.resolve(".git/logs/" + KEPT)).doesNotExist();

        projection.forget(ID);
        projection.forget(ID);
        repo.git("gc", "-q", "--prune=now");
        assertThat(repo.tryGit("cat-file", "-e", trees.get(1)).status()).isNotZero();
    }

    private String write(String content) {
        repo.write("train.py", content);
        return snapshot().tree();
    }

    @Test
    void what_one_keeps_already_is_left_out_for_none_but_itself() {
        var other = ExperimentId.parse("0193a7c2-7f3e-7000-8000-00000000000b");
        repo.write("train.py", "print(1)\n");
        snapshot();
        repo.write("params.yaml", "lr: 1\n");
        projection.snapshotOnTheWay(ID, SnapshotScope.TRACKED);
        projection.snapshotOnTheWay(other, SnapshotScope.TRACKED);

        projection.forget(ID);
        // which lets go the pack that is held
        projection.close();
        projection = repo.open();
        repo.git("gc", "--prune=now", "--quiet");

        assertThat(repo.show(ExperimentRefs.code(other), "train.py")).isEqualTo("print(1)\n");
        repo.assertSound();
    }

    @Test
    void what_is_kept_for_a_save_is_whole_while_its_refs_change() {
        repo.write("train.py", "print(1)\n");
        snapshot();
        repo.write("params.yaml", "lr: 1\n");
        projection.snapshotOnTheWay(ID, SnapshotScope.TRACKED);
        var saved = snapshot();

        // a gc that reads the refs just when one comes and another one goes may see neither
        projection.forget(ID);
        repo.git("gc", "--prune=now", "--quiet");

        assertThat(repo.show(saved.tree(), "train.py")).isEqualTo("print(1)\n");
        assertThat(repo.show(saved.tree(), "params.yaml")).isEqualTo("lr: 1\n");
    }

    @Test
    void many_threads_at_once_take_the_same_tree() throws Exception {
        repo.write("train.py", "print('changed')\n");
        var expected = snapshot();
        var threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Code> one = () -> snapshot();
            for (var code :
                    threads.invokeAll(IntStream.range(0, 8).mapToObj(i -> one).toList())) {
                assertThat(code.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(GitRepo.listing(repo.top.resolve(".git"))).noneMatch(name -> name.startsWith("daybook-"));
    }

    @Test
    void fifos_and_other_repositories_in_the_work_tree_do_no_harm() throws Exception {
        repo.pipe("pipe");
        GitRepo.init(repo.top.resolve("nested")).write("x", "x");
        Files.createSymbolicLink(repo.top.resolve("dangling"), Path.of("nowhere"));

        assertThat(repo.files(snapshot("*").tree()))
                .doesNotContain("pipe", "nested")
                .contains("dangling");
    }

    @Test
    void attributes_and_ignores_that_are_pipes_are_refused_before_git_waits_for_them() throws Exception {
        for (var file : List.of(".gitattributes", ".dvc/.gitattributes")) {
            var pipe = repo.top.resolve(file);
            repo.pipe(file).write("train.py", "changed\n").write(".dvc/config", "changed");
            assertThatThrownBy(this::snapshot)
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageContaining(pipe + " is a pipe");
            Files.delete(pipe);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"d/.gitignore", "d/.gitattributes", "d/deep/.gitignore"})
    @Timeout(60)
    void pipes_among_untracked_files_are_refused_too_unless_git_does_not_look_there(String file) throws Exception {
        repo.write("d/deep/x", "x").write("d/nest/x", "x").write(".gitignore", "/ignored\n");
        var pipe = repo.top.resolve(file);
        for (var harmless : List.of("ignored", "d/nest")) {
            repo.pipe(harmless + "/.gitignore");
        }
        repo.write("d/nest/.git/HEAD", "ref: refs/heads/main\n")
                .write("d/nest/.git/objects/x", "")
                .write("d/nest/.git/refs/x", "");
        assertThat(repo.files(snapshot("**").tree())).contains("d/deep/x").doesNotContain("d/nest/x");

        Files.delete(repo.top.resolve("ignored/.gitignore"));
        repo.pipe(file);

        assertThatThrownBy(() -> snapshot("**"))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining(pipe + " is a pipe");
        // which attributes files have is nothing to who counts
        assertThat(projection.start(ID, SnapshotScope.TRACKED).leftOut().get().isEmpty())
                .isEqualTo(file.endsWith(".gitignore"));
    }

    @Test
    void an_ignored_file_is_taken_only_if_it_is_named_exactly() {
        repo.write("ignored.log", "4")
                .write(".gitignore", "/ignored.log\n/data\n")
                .write("data/x", "x");

        assertThat(repo.files(snapshot("*", "data", "**/x").tree())).doesNotContain("ignored.log", "data/x");
        assertThat(repo.files(snapshot("ignored.log", "data/x").tree())).contains("ignored.log", "data/x");
    }

    @Test
    void without_a_scope_nothing_of_the_work_tree_is_looked_at() {
        repo.write("train.py", "changed\n")
                .write(".git/MERGE_HEAD", repo.head())
                .write("new.py", "1");

        var start = projection.start(ID, SnapshotScope.NONE);

        assertThat(start.code()).isEqualTo(repo.code());
        assertThat(start.leftOut().get()).isEmpty();
        assertThat(projection.capture(SnapshotScope.NONE).changed()).isEmpty();
    }

    @Test
    void untracked_files_that_are_left_out_are_counted() {
        assertThat(projection.start(ID, SnapshotScope.TRACKED).leftOut().get()).hasValue(0);
        repo.write("new.py", "1")
                .write("data/1.csv", "1")
                .write("data/2.csv", "2")
                .write("ignored.log", "4");

        var start = projection.start(ID, SnapshotScope.TRACKED);
        assertThat(start.leftOut().get()).hasValue(3);
        assertThat(projection
                        .start(ID, new SnapshotScope(true, List.of("*.py")))
                        .leftOut()
                        .get())
                .hasValue(2);
    }

    @Test
    void a_plain_repository_needs_no_git() {
        repo.write("train.py", "changed\n").write("new.py", "1");
        try (var without = repo.open("no-such-git")) {
            var start = without.start(ID, SnapshotScope.TRACKED);

            assertThat(start.code()).isEqualTo(snapshot());
            assertThat(start.author()).isEqualTo(new Author("Ada", "ada@example.com"));
            assertThat(start.warnings()).isEmpty();
            assertThat(start.leftOut().get()).isEmpty();
            repo.write(".gitattributes", "*.py text=auto\n");
            assertThatThrownBy(() -> without.start(ID, SnapshotScope.TRACKED))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageContaining("cannot be recorded without git, because ")
                    .hasMessageContaining(".gitattributes may convert what is recorded, with 'text'")
                    .hasMessageEndingWith("install git, or put it on the PATH");
        }
    }

    @Test
    void nothing_behind_a_link_in_the_place_of_a_folder_is_recorded() throws IOException {
        repo.write("src/a.py", "1\n").write("kept.py", "1\n").commit("more");
        var outside = Files.createDirectories(temp.resolve("outside"));
        Files.writeString(outside.resolve("a.py"), "secret\n");
        Files.delete(repo.top.resolve("src/a.py"));
        Files.delete(repo.top.resolve("src"));
        Files.createSymbolicLink(repo.top.resolve("src"), outside);

        try (var withoutGit = repo.open("no-such-git")) {
            var tree = withoutGit.snapshot(List.of(ID), SnapshotScope.TRACKED).tree();

            repo.git("add", "-u");
            assertThat(tree).isEqualTo(repo.git("write-tree"));
            assertThat(repo.files(tree)).contains("kept.py").doesNotContain("src/a.py");
        }
    }

    @Test
    void names_of_any_encoding_are_taken() throws Exception {
        var script = "printf x > \"$(printf 'l\\344tin1.py')\"";
        assumeThat(new ProcessBuilder("sh", "-c", script)
                        .directory(repo.top.toFile())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(repo.git("ls-tree", "--name-only", snapshot("*.py").tree())).contains("\"l\\344tin1.py\"");
    }

    @Test
    void a_linked_worktree_is_recorded_from_its_own_index() {
        repo.git("worktree", "add", "-q", "-b", "side", temp.resolve("linked").toString());
        var linked = new GitRepo(temp.resolve("linked")).write("train.py", "print(2)\n");
        try (var side = linked.open()) {
            assertThat(repo.show(
                            side.snapshot(List.of(ID), SnapshotScope.TRACKED).tree(), "train.py"))
                    .isEqualTo("print(2)\n");
        }
        assertThat(linked.git("status", "--porcelain")).isEqualTo(" M train.py");
    }

    @Test
    void a_split_index_stays_as_it_is() {
        repo.git("update-index", "--split-index");
        repo.write("train.py", "print(2)\n");
        var index = repo.untouchables().get(".git/index");

        assertThat(repo.show(snapshot().tree(), "train.py")).isEqualTo("print(2)\n");
        assertThat(repo.untouchables()).containsEntry(".git/index", index);
        assertThat(repo.git("status", "--porcelain")).isEqualTo(" M train.py");
    }

    @Test
    void conflicts_and_unfinished_operations_are_refused() {
        repo.git("checkout", "-q", "-b", "side");
        repo.write("train.py", "side\n").commit("side");
        repo.git("checkout", "-q", "main");
        repo.write("train.py", "main\n").commit("main");
        repo.tryGit("merge", "-q", "side");
        assertThatThrownBy(this::snapshot)
                .isInstanceOf(UnfinishedWorkTreeException.class)
                .hasMessageContaining("a merge is unfinished");

        repo.git("merge", "--abort");
        repo.write("train.py", "stashed\n");
        repo.git("stash", "-q");
        repo.write("train.py", "other\n").commit("other");
        repo.tryGit("stash", "apply");
        assertThatThrownBy(this::snapshot)
                .isInstanceOf(UnfinishedWorkTreeException.class)
                .hasMessageContaining("'train.py'")
                .hasMessageContaining("has conflicts");

        repo.git("reset", "-q", "--hard");
        repo.tryGit("cherry-pick", "side");
        assertThatThrownBy(this::snapshot).hasMessageContaining("a cherry-pick is unfinished");
        assertThat(repo.refs("refs/daybook")).isEmpty();
    }

    @Test
    void hooks_do_not_run() throws IOException {
        var ran = temp.resolve("ran");
        for (var hook :
                List.of("pre-commit", "post-index-change", "reference-transaction", "post-checkout", "fsmonitor")) {
            repo.write(".git/hooks/" + hook, "#!/bin/sh\necho " + hook + " >>'" + ran + "'\n");
            assertThat(repo.top.resolve(".git/hooks/" + hook).toFile().setExecutable(true))
                    .isTrue();
        }
        repo.git("config", "core.fsmonitor", ".git/hooks/fsmonitor");
        // Daybook itself records a plain repository, and runs no git that could run a hook
        repo.write(".gitattributes", "* text\n").write("train.py", "print(2)\n").write("new.py", "print(3)\n");
        snapshot("new.py");
        assertThat(projection.capture(SnapshotScope.TRACKED).isByGit()).isTrue();

        assertThat(ran).doesNotExist();
        repo.git("add", "-u");
        assertThat(ran).content().contains("post-index-change", "fsmonitor");
    }

    @Test
    void a_command_that_hangs_is_stopped_and_named() {
        var git = new GitCommand(
                GitCommand.Program.INSTALLED,
                repo.top,
                repo.top.resolve(".git"),
                repo.top.resolve(".git/index"),
                Map.of(),
                Duration.ofMillis(300));
        assertThatThrownBy(() -> git.run("-c", "alias.hang=!sleep 60", "hang"))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("did not end within");
    }

    @Test
    void what_git_refuses_is_a_sentence() {
        repo.git("config", "filter.broken.clean", "false");
        repo.git("config", "filter.broken.required", "true");
        repo.write(".gitattributes", "*.py filter=broken\n").write("train.py", "print(2)\n");
        assertThatThrownBy(this::snapshot)
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("git add failed")
                .hasMessageContaining("train.py")
                .message()
                .doesNotContain("\n", "warning");
        assertThat(GitRepo.listing(repo.top.resolve(".git"))).noneMatch(name -> name.startsWith("daybook-"));
    }

    @Test
    void the_author_may_be_another_one_in_this_work_tree() {
        repo.git("config", "extensions.worktreeConfig", "true");
        repo.git("config", "--worktree", "user.name", "Eve");

        assertThat(projection.start(ID, SnapshotScope.TRACKED).author())
                .isEqualTo(new Author("Eve", "ada@example.com"));
    }

    @Test
    void the_start_knows_parameters_and_author() {
        var start = projection.start(ID, SnapshotScope.TRACKED);

        assertThat(start.code()).isEqualTo(repo.code());
        assertThat(start.author()).isEqualTo(new Author("Ada", "ada@example.com"));
        assertThat(start.warnings()).isEmpty();
        assertThat(start.params()).containsOnlyKeys("params.yaml");
        assertThat(start.params().values().iterator().next().entries())
                .containsEntry("lr", ParamValue.of(0.1))
                .containsEntry("seed", ParamValue.of(42));
    }

    @Test
    void without_an_identity_there_is_a_fallback_and_a_warning() {
        assumeThat(System.getenv()).doesNotContainKeys("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "EMAIL");
        repo.git("config", "--unset", "user.name");
        repo.git("config", "--unset", "user.email");

        var start = projection.start(ID, SnapshotScope.TRACKED);

        assertThat(start.author()).isEqualTo(new Author("Daybook", "daybook@localhost"));
        assertThat(start.warnings()).singleElement().asString().contains("git config", "daybook@localhost");
    }

    @Test
    void parameters_that_cannot_be_read_are_a_warning() throws IOException {
        repo.write("params.yaml", "lr: [1\n");
        assertUnreadable("params.yaml");
        Files.write(repo.top.resolve("params.yaml"), "lr: \u00ff".getBytes(StandardCharsets.ISO_8859_1));
        assertUnreadable("params.yaml");
        Files.delete(repo.top.resolve("params.yaml"));
        Files.createSymbolicLink(repo.top.resolve("params.yaml"), Path.of("train.py"));
        assertUnreadable("a symbolic link");
        Files.delete(repo.top.resolve("params.yaml"));
        assertThat(projection.start(ID, SnapshotScope.TRACKED).warnings()).isEmpty();
    }

    private void assertUnreadable(String part) {
        var start = projection.start(ID, SnapshotScope.TRACKED);
        assertThat(start.params()).isEmpty();
        assertThat(start.warnings()).singleElement().asString().contains("are not recorded", part);
    }
}
