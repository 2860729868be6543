package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.daybook.Checkpoint;
import dev.daybook.DaybookException;
import dev.daybook.InvalidInputException;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.RepositoryException;
import dev.daybook.SavedExperiment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Experiments back in the work tree: exactly, or not at all, and nothing is lost. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ApplyTest {

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

    /** An experiment with other code, which is gone from the work tree then. */
    private SavedExperiment lion() {
        repo.write("train.py", "print(\"lion\")\n");
        var lion = repo.save("lion", run -> {
            run.setParam("lr", 0.5);
            run.logMetric("loss", 0.25);
        });
        repo.git("checkout", "-q", "--", ".");
        return lion;
    }

    private String read(String file) throws IOException {
        return Files.readString(repo.top.resolve(file));
    }

    private String status() {
        return repo.git("status", "--porcelain", "--untracked-files=all");
    }

    /** Each file that the commit has is in the work tree, and is the same. */
    private void assertIsInPlace(String commit) throws IOException {
        for (var file : repo.files(commit)) {
            assertThat(Files.readAllBytes(repo.top.resolve(file)))
                    .as(file)
                    .isEqualTo(repo.show(commit, file).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void the_work_tree_is_what_the_experiment_has_and_the_rest_stays() throws IOException {
        var lion = lion();
        repo.write("notes.txt", "mine").write("ignored.log", "mine");
        var index = Files.readAllBytes(repo.top.resolve(".git/index"));
        var head = repo.head();

        var applied = saved.apply("lion", ApplyOptions.DEFAULT);

        assertIsInPlace(lion.commit());
        assertThat(applied.commit()).isEqualTo(lion.commit());
        assertThat(applied.files())
                .contains(new FileChange("train.py", 'M'), new FileChange("dvclive/metrics.json", 'A'));
        assertThat(applied.kept()).isEmpty();
        assertThat(read("notes.txt")).isEqualTo("mine");
        assertThat(Files.readAllBytes(repo.top.resolve(".git/index"))).isEqualTo(index);
        assertThat(repo.head()).isEqualTo(head);
        assertThat(GitRepo.listing(repo.top.resolve(".git/daybook/apply"))).isEmpty();
        assertThat(saved.apply("lion", ApplyOptions.DEFAULT).files()).isEmpty();
        assertThat(saved.diffWorkTree("lion").from().params()).isEmpty();
    }

    @Test
    void a_trial_changes_nothing() {
        lion();
        repo.write("train.py", "print(\"mine\")\n");
        var before = repo.untouchables();

        var applied = saved.apply("lion", ApplyOptions.DEFAULT.asTrial());

        assertThat(applied.files()).contains(new FileChange("train.py", 'M'));
        assertThat(applied.losses()).containsExactly("train.py");
        assertThat(repo.untouchables()).isEqualTo(before);
    }

    @Test
    void what_is_nowhere_else_is_not_overwritten() throws IOException {
        lion();
        repo.write("train.py", "print(\"mine\")\n").write("dvclive/metrics.json", "{}");
        var status = status();

        assertThatThrownBy(() -> saved.apply("lion", ApplyOptions.DEFAULT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'dvclive/metrics.json', 'train.py'")
                .hasMessageContaining("use --force")
                .hasMessageEndingWith("nothing was changed");
        assertThat(status()).isEqualTo(status);
        assertThat(read("train.py")).isEqualTo("print(\"mine\")\n");
    }

    @Test
    void by_force_it_is_kept_and_comes_back_as_it_is_said() throws IOException {
        var lion = lion();
        repo.write("train.py", "print(\"mine\")\n").write("dvclive/metrics.json", "{}");

        var applied = saved.apply("lion", ApplyOptions.DEFAULT.withForce());

        assertIsInPlace(lion.commit());
        var kept = applied.kept().orElseThrow();
        assertThat(repo.files(kept)).containsExactly("dvclive/metrics.json", "train.py");
        repo.git("gc", "--prune=now", "--quiet");
        repo.git("restore", "--overlay", "--source=" + kept, "--", ".");
        assertThat(read("train.py")).isEqualTo("print(\"mine\")\n");
        assertThat(read("dvclive/metrics.json")).isEqualTo("{}");
        assertThat(read("dvclive/daybook.json")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret.py", "wide.txt", "ends.bat", "stripped.ipynb"})
    void what_filters_and_line_ends_convert_comes_back_as_it_was_too(String file) throws IOException {
        repo.git("config", "filter.secret.clean", "tr a-z n-za-m");
        repo.git("config", "filter.secret.smudge", "tr a-z n-za-m");
        repo.git("config", "filter.stripped.clean", "grep -v output");
        repo.write(".gitattributes", """
                        *.py filter=secret
                        *.txt working-tree-encoding=UTF-16LE
                        *.bat text eol=crlf
                        *.ipynb filter=stripped
                        """).write(file, "").commit("filters");
        repo.save("lion", run -> repo.write(file, "lion"));
        repo.git("checkout", "-q", "--", ".");
        var mine = "mine\r\noutput\r\n"
                .getBytes(file.equals("wide.txt") ? StandardCharsets.UTF_16LE : StandardCharsets.ISO_8859_1);
        Files.write(repo.top.resolve(file), mine);

        var applied = saved.apply("lion", ApplyOptions.DEFAULT.withForce());

        var kept = applied.kept().orElseThrow();
        assertThat(repo.files(kept)).containsExactly(file);
        assertThat(applied.notes()).isEmpty();
        if (file.equals("secret.py")) {
            assertThat(repo.show(kept, file)).isEqualTo("zvar\r\nbhgchg\r\n");
        }
        repo.git("gc", "--prune=now", "--quiet");
        repo.git("restore", "--overlay", "--source=" + kept, "--", ":/");
        assertThat(repo.top.resolve(file)).hasBinaryContent(mine);
    }

    @Test
    void what_git_would_not_check_out_as_it_was_is_kept_to_the_byte() {
        repo.write("train.sh", "")
                .write(".gitattributes", "*.sh text eol=crlf\n")
                .commit("line ends");
        repo.save("lion", run -> repo.write("train.sh", "lion"));
        repo.git("checkout", "-q", "--", ".");
        repo.write("train.sh", "mine\nand\r\nmine\n");

        var applied = saved.apply("lion", ApplyOptions.DEFAULT.withForce());

        var kept = applied.kept().orElseThrow();
        assertThat(repo.show(kept, "train.sh")).isEqualTo("mine\nand\r\nmine\n");
        assertThat(applied.notes())
                .containsExactly(
                        "'train.sh' is kept to the byte, but git would check it out otherwise; what it was is given"
                                + " by: git cat-file blob '" + kept + ":train.sh'");
    }

    @Test
    void one_experiment_after_the_other_leaves_nothing_of_the_first_one() throws IOException {
        lion();
        var tiger = repo.save("tiger", run -> run.logMetric("other", 1));
        repo.git("checkout", "-q", "--", ".");

        saved.apply("lion", ApplyOptions.DEFAULT);
        assertThat(repo.top.resolve("dvclive/plots/metrics/loss.tsv")).exists();
        saved.apply("tiger", ApplyOptions.DEFAULT);

        assertIsInPlace(tiger.commit());
        assertThat(repo.top.resolve("dvclive/plots/metrics/loss.tsv")).doesNotExist();
        assertThat(read("train.py")).isEqualTo("print(\"train\")\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_a_removed_experiment_has_left_goes_until_it_is_nowhere_else(boolean isCollected) throws IOException {
        repo.write("notes.txt", "1\n");
        repo.git("add", "notes.txt");
        repo.save("lion", run -> {});
        repo.git("rm", "-q", "-f", "notes.txt");
        repo.save("tiger", run -> {});
        saved.apply("lion", ApplyOptions.DEFAULT);
        saved.remove("lion");
        var notes = repo.top.resolve("notes.txt");
        if (isCollected) {
            saved.collect(Duration.ofSeconds(-1), false);
            assertThatThrownBy(() -> saved.apply("tiger", ApplyOptions.DEFAULT))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("'notes.txt'")
                    .hasMessageEndingWith("nothing was changed");
            assertThat(notes).hasContent("1\n");
        }

        var applied = saved.apply("tiger", ApplyOptions.DEFAULT.withForce());

        assertThat(notes).doesNotExist();
        assertThat(applied.losses().isEmpty()).isEqualTo(!isCollected);
        if (isCollected) {
            assertThat(repo.show(applied.kept().orElseThrow(), "notes.txt")).isEqualTo("1\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "cut", "no object", "without a tree"})
    void a_damaged_experiment_is_not_in_the_way_of_sound_ones(String damage) throws IOException {
        var lion = lion();
        for (var name : List.of("tiger", "zebra")) {
            repo.write("train.py", "print(\"" + name + "\")\n");
            repo.save(name, run -> run.logMetric("loss", 1));
            repo.git("checkout", "-q", "--", ".");
        }
        repo.unpack();
        var id = damage.equals("without a tree") ? repo.git("rev-parse", lion.commit() + "^{tree}") : lion.commit();
        var object = repo.top.resolve(".git/objects/" + id.substring(0, 2) + "/" + id.substring(2));
        assertThat(object.toFile().setWritable(true)).isTrue();
        switch (damage) {
            case "cut" -> Files.write(object, new byte[0]);
            case "no object" -> Files.writeString(object, "no object at all");
            default -> Files.delete(object);
        }

        saved.apply("tiger", ApplyOptions.DEFAULT);
        saved.apply("zebra", ApplyOptions.DEFAULT);

        assertThat(read("train.py")).isEqualTo("print(\"zebra\")\n");
    }

    @Test
    void a_deleted_file_and_a_link_and_a_mode_come_and_go() throws IOException {
        repo.write("old.py", "1\n").write("run.sh", "#!/bin/sh\n").commit("more");
        Files.delete(repo.top.resolve("old.py"));
        assertThat(repo.top.resolve("run.sh").toFile().setExecutable(true)).isTrue();
        Files.delete(repo.top.resolve("train.py"));
        Files.createSymbolicLink(repo.top.resolve("train.py"), Path.of("run.sh"));
        repo.save("lion", run -> {});
        repo.git("checkout", "-q", "--", ".");

        saved.apply("lion", ApplyOptions.DEFAULT);

        assertThat(repo.top.resolve("old.py")).doesNotExist();
        assertThat(repo.top.resolve("run.sh")).isExecutable();
        assertThat(repo.top.resolve("train.py")).isSymbolicLink();
        assertThat(status()).contains(" D old.py", " M run.sh", " T train.py");
    }

    @Test
    void a_folder_may_become_a_file_and_a_file_a_folder() throws IOException {
        repo.write("a/b/c", "1\n").write("d", "2\n").commit("more");
        Files.delete(repo.top.resolve("a/b/c"));
        Files.delete(repo.top.resolve("a/b"));
        Files.delete(repo.top.resolve("a"));
        Files.delete(repo.top.resolve("d"));
        repo.write("a", "file\n").write("d/e", "inside\n");
        repo.git("add", "-A");
        repo.save("lion", run -> {});
        repo.git("reset", "-q", "--hard");

        saved.apply("lion", ApplyOptions.DEFAULT);

        assertThat(read("a")).isEqualTo("file\n");
        assertThat(read("d/e")).isEqualTo("inside\n");
    }

    @Test
    void a_folder_of_the_users_in_the_way_is_named() {
        repo.write("a", "file\n");
        repo.git("add", "a");
        repo.save("lion", run -> {});
        repo.git("rm", "-qf", "a");
        repo.write("a/mine.txt", "mine");

        assertThatThrownBy(() -> saved.apply("lion", ApplyOptions.DEFAULT.withForce()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the folder 'a' stands where the experiment has a file");
    }

    @Test
    void what_an_experiment_has_left_is_not_deleted_behind_a_link() throws IOException {
        repo.write("out/file.txt", "1\n");
        repo.git("add", "-A");
        repo.save("lion", run -> {});
        repo.git("rm", "-rqf", "out");
        repo.save("tiger", run -> {});
        saved.apply("lion", ApplyOptions.DEFAULT);
        var outside = Files.move(repo.top.resolve("out"), temp.resolve("outside"));
        Files.createSymbolicLink(repo.top.resolve("out"), outside);

        saved.apply("tiger", ApplyOptions.DEFAULT);

        assertThat(outside.resolve("file.txt")).hasContent("1\n");
    }

    @Test
    void no_link_is_followed_out_of_the_repository() throws IOException {
        repo.write("out/file.txt", "1\n");
        repo.git("add", "-A");
        repo.save("lion", run -> {});
        repo.git("rm", "-rqf", "out");
        var outside = Files.createDirectory(temp.resolve("outside"));
        Files.createSymbolicLink(repo.top.resolve("out"), outside);

        assertThatThrownBy(() -> saved.apply("lion", ApplyOptions.DEFAULT.withForce()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'out' stands where 'out/file.txt' needs a folder");
        assertThat(GitRepo.listing(outside)).isEmpty();
    }

    @Test
    void data_comes_back_from_the_cache() throws IOException {
        repo.write("model.bin", "weights").write("data/a.txt", "a").write("data/sub/b.txt", "b");
        repo.save("lion", run -> run.addArtifact(Path.of("model.bin")).addArtifact(Path.of("data")));
        repo.write("model.bin", "other weights").write("data/a.txt", "changed");
        repo.save("tiger", run -> run.addArtifact(Path.of("model.bin")).addArtifact(Path.of("data")));
        repo.write("data/extra.txt", "mine");

        assertThatThrownBy(() -> saved.apply("lion", ApplyOptions.DEFAULT)).hasMessageContaining("'data/extra.txt'");
        Files.delete(repo.top.resolve("data/extra.txt"));
        var applied = saved.apply("lion", ApplyOptions.DEFAULT);

        assertThat(applied.data()).containsExactly("data/a.txt", "model.bin");
        assertThat(read("model.bin")).isEqualTo("weights");
        assertThat(read("data/a.txt")).isEqualTo("a");
        assertThat(repo.top.resolve("model.bin")).isWritable();
        saved.apply("tiger", ApplyOptions.DEFAULT);
        assertThat(read("model.bin")).isEqualTo("other weights");
    }

    @Test
    void missing_data_is_named_before_anything_is_touched() throws IOException {
        repo.write("model.bin", "weights");
        repo.save("lion", run -> run.addArtifact(Path.of("model.bin")).setParam("lr", 0.5));
        Files.delete(repo.top.resolve("model.bin"));
        var cache = repo.top.resolve(".dvc/cache/files/md5");
        for (var folder : GitRepo.listing(cache)) {
            for (var file : GitRepo.listing(cache.resolve(folder))) {
                Files.delete(cache.resolve(folder).resolve(file));
            }
        }
        var before = status();

        assertThatThrownBy(() -> saved.apply("lion", ApplyOptions.DEFAULT))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("'model.bin' (")
                .hasMessageContaining("nothing was changed");
        assertThat(status()).isEqualTo(before);
    }

    @Test
    void a_checkpoint_can_be_applied() throws IOException {
        repo.save("lion", run -> {
            repo.write("train.py", "print(1)\n");
            run.makeCheckpoint("one");
            repo.write("train.py", "print(2)\n");
            run.makeCheckpoint("two");
            repo.write("train.py", "print(3)\n");
        });
        repo.git("checkout", "-q", "--", ".");

        assertThat(saved.checkpoints("lion")).extracting(Checkpoint::message).containsExactly("one", "two");
        saved.apply("lion@1", ApplyOptions.DEFAULT);
        assertThat(read("train.py")).isEqualTo("print(1)\n");
        saved.apply("lion@" + saved.checkpoints("lion").get(1).commit().substring(0, 8), ApplyOptions.DEFAULT);
        assertThat(read("train.py")).isEqualTo("print(2)\n");
        saved.apply("lion", ApplyOptions.DEFAULT);
        assertThat(read("train.py")).isEqualTo("print(3)\n");
        assertThatThrownBy(() -> saved.apply("lion@7", ApplyOptions.DEFAULT))
                .isInstanceOf(NoSuchExperimentException.class)
                .hasMessage("experiment 'lion' has no checkpoint '7'; it has 1, 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "src/", "src/deep/"})
    void line_ends_and_filters_are_gits(String folder) throws IOException {
        var file = "src/deep/train.py";
        repo.write(file, "print(1)\n")
                .write(folder + ".gitattributes", "*.py text eol=crlf\n")
                .commit("crlf");
        repo.write(file, "print(1)\r\nprint(2)\r\n");
        repo.save("lion", run -> {});
        repo.git("checkout", "-q", "--", ".");

        saved.apply("lion", ApplyOptions.DEFAULT);

        assertThat(read(file)).isEqualTo("print(1)\r\nprint(2)\r\n");
        assertThat(repo.show(repo.refs("refs/exps").get(0), file)).isEqualTo("print(1)\nprint(2)\n");

        // what it has brought is in a saved experiment, though not byte for byte
        repo.save("cat", run -> repo.write(file, "print(3)\r\n"));
        repo.git("checkout", "-q", "--", ".");
        saved.apply("lion", ApplyOptions.DEFAULT);
        saved.apply("cat", ApplyOptions.DEFAULT);
        assertThat(read(file)).isEqualTo("print(3)\r\n");
    }

    @Test
    void what_a_process_left_that_died_is_finished_first() throws IOException {
        var lion = lion();
        var stage = repo.top.resolve(".git/daybook/apply/left");
        Files.createDirectories(stage.resolve("files"));
        Files.writeString(stage.resolve("files/1"), "half\n");
        repo.write("gone.txt", "1");
        Files.writeString(
                stage.resolve("plan"), lion.commit() + "\0Dgone.txt\0" + stands("gone.txt") + "\0Whalf/way.txt\0\0");
        Files.createDirectories(repo.top.resolve(".git/daybook/apply/without-a-plan/files"));

        saved.apply("lion", ApplyOptions.DEFAULT);

        assertThat(repo.top.resolve("gone.txt")).doesNotExist();
        assertThat(read("half/way.txt")).isEqualTo("half\n");
        assertThat(GitRepo.listing(repo.top.resolve(".git/daybook/apply"))).isEmpty();
        assertIsInPlace(lion.commit());
    }

    @Test
    void who_finishes_what_was_forced_says_where_it_is_kept() throws IOException {
        lion();
        repo.write("train.py", "print(\"mine\")\n");
        var kept = saved.apply("lion", ApplyOptions.DEFAULT.withForce()).kept().orElseThrow();
        var stage = Files.createDirectories(repo.top.resolve(".git/daybook/apply/left"));
        Files.writeString(stage.resolve("plan"), "1".repeat(40) + "\0Dgone.txt\0\0K" + kept + "\0\0");

        assertThat(saved.apply("lion", ApplyOptions.DEFAULT).notes())
                .containsExactly(
                        "an apply that was interrupted was finished first; what it has overwritten is kept on " + kept);
        assertThat(saved.apply("lion", ApplyOptions.DEFAULT).notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "lion", "lost"})
    void who_finishes_what_was_forced_says_where_it_is_kept_also_if_it_is_refused_then(String name) throws IOException {
        lion();
        repo.write(".git/" + ExperimentRefs.experiment(repo.head(), "lost"), "1".repeat(40) + "\n");
        repo.write("train.py", "print(\"mine\")\n");
        var stage = Files.createDirectories(repo.top.resolve(".git/daybook/apply/left"));
        Files.writeString(
                stage.resolve("plan"), "1".repeat(40) + "\0Dtrain.py\0otherwise\0Krefs/daybook/replaced/then\0\0");

        assertThatThrownBy(() -> saved.apply(name, ApplyOptions.DEFAULT))
                .isInstanceOf(DaybookException.class)
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly(
                                "an apply that was interrupted was finished first; what it has overwritten is kept on"
                                        + " refs/daybook/replaced/then",
                                "'train.py' is left as it is: it was changed after the change was prepared, by this"
                                        + " apply or one that was interrupted"));
    }

    private String stands(String file) throws IOException {
        return WorkTreeChange.text(FileStat.of(repo.top.resolve(file)));
    }

    @Test
    void what_somebody_has_changed_since_a_process_died_is_left_as_it_is() throws IOException {
        var lion = lion();
        var outside = Files.createDirectory(temp.resolve("outside"));
        repo.write("gone.txt", "1").write("folder/b.txt", "1");
        var stage = repo.top.resolve(".git/daybook/apply/left");
        Files.createDirectories(stage.resolve("files"));
        var plan = new StringBuilder(lion.commit());
        plan.append("\0Dgone.txt\0").append(stands("gone.txt"));
        plan.append("\0Wtrain.py\0").append(stands("train.py"));
        plan.append("\0Wnew.txt\0");
        plan.append("\0Wlink/new.txt\0");
        plan.append("\0Dfolder/b.txt\0").append(stands("folder/b.txt"));
        Files.writeString(stage.resolve("plan"), plan.append('\0'));
        for (var number : List.of("1", "2", "3")) {
            Files.writeString(stage.resolve("files").resolve(number), "half\n");
        }
        // its user goes on
        repo.write("gone.txt", "mine again")
                .write("train.py", "print(\"mine\")\n")
                .write("new.txt", "mine too");
        Files.createSymbolicLink(repo.top.resolve("link"), outside);
        Files.delete(repo.top.resolve("folder/b.txt"));
        Files.delete(repo.top.resolve("folder"));
        repo.write("folder", "a file now");

        assertThatThrownBy(() -> saved.apply("no such experiment", ApplyOptions.DEFAULT))
                .isInstanceOf(NoSuchExperimentException.class);

        assertThat(read("gone.txt")).isEqualTo("mine again");
        assertThat(read("train.py")).isEqualTo("print(\"mine\")\n");
        assertThat(read("new.txt")).isEqualTo("mine too");
        assertThat(read("folder")).isEqualTo("a file now");
        assertThat(outside).isEmptyDirectory();
        assertThat(GitRepo.listing(repo.top.resolve(".git/daybook/apply"))).isEmpty();
    }

    @Test
    void what_cannot_be_finished_keeps_no_lock() throws IOException {
        lion();
        var stage = repo.top.resolve(".git/daybook/apply/left");
        Files.createDirectories(stage.resolve("plan"));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> saved.apply("lion", ApplyOptions.DEFAULT))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageContaining("Is a directory");
        }
        Files.delete(stage.resolve("plan"));

        saved.apply("lion", ApplyOptions.DEFAULT);
    }

    @Test
    void what_cannot_be_finished_says_which_file_and_how_to_go_on_and_can_be_left() throws IOException {
        lion();
        var stage = repo.top.resolve(".git/daybook/apply/left");
        Files.createDirectories(stage.resolve("files"));
        Files.writeString(stage.resolve("files/0"), "half\n");
        repo.write("half/mine.txt", "mine");
        Files.writeString(stage.resolve("plan"), "1".repeat(40) + "\0Whalf\0folder\0");

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> saved.apply("lion", ApplyOptions.DEFAULT))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageContaining("interrupted, and the rest cannot be done (")
                    .hasMessageContaining(repo.top.resolve("half").toString())
                    .hasMessageContaining("remove the cause and run daybook apply again, which goes on there")
                    .hasMessageEndingWith("or delete " + stage.toRealPath() + " to leave them as they are now");
        }
        assertThat(read("train.py")).isEqualTo("print(\"train\")\n");

        Files.delete(stage.resolve("plan"));
        saved.apply("lion", ApplyOptions.DEFAULT);
        assertThat(read("half/mine.txt")).isEqualTo("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lion", "tiger"})
    void a_folder_that_may_not_be_written_to_is_named_before_anything_is_touched(String name) throws IOException {
        repo.write("train.py", "print(\"lion\")\n").write("outputs/run/a.txt", "a");
        repo.git("add", "-A");
        repo.save("lion", run -> {});
        repo.git("rm", "-rqf", "outputs");
        repo.git("checkout", "-q", "HEAD", "--", ".");
        repo.save("tiger", run -> {});
        Files.createDirectories(repo.top.resolve("outputs"));
        if (name.equals("tiger")) {
            saved.apply("lion", ApplyOptions.DEFAULT);
        }
        var before = status();
        var folder = repo.top.resolve(name.equals("tiger") ? "outputs/run" : "outputs");
        close(folder);
        try {
            assertThatThrownBy(() -> saved.apply(name, ApplyOptions.DEFAULT))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageContaining("files come or go in '" + folder + "', where this user may not write;")
                    .hasMessageEndingWith("nothing was changed");
            assertThat(status()).isEqualTo(before);
        } finally {
            open(folder);
        }
        saved.apply(name, ApplyOptions.DEFAULT);
    }

    @Test
    void an_emptied_folder_that_may_not_be_deleted_stays() throws IOException {
        repo.write("outputs/run/a.txt", "a");
        repo.git("add", "-A");
        repo.save("lion", run -> {});
        repo.git("rm", "-rqf", "outputs");
        repo.save("tiger", run -> {});
        saved.apply("lion", ApplyOptions.DEFAULT);
        var outputs = repo.top.resolve("outputs");
        close(outputs);
        try {
            saved.apply("tiger", ApplyOptions.DEFAULT);
            assertThat(outputs.resolve("run")).isEmptyDirectory();
        } finally {
            open(outputs);
        }
    }

    private static void close(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeThat(Files.isWritable(folder)).as("everything is allowed to root").isFalse();
    }

    private static void open(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--assume-unchanged", "--skip-worktree"})
    void a_file_that_git_was_told_not_to_look_at_is_looked_at_before_it_is_overwritten(String flag) throws IOException {
        lion();
        repo.git("update-index", flag, "train.py");
        repo.write("train.py", "print(\"mine\")\n");

        assertThatThrownBy(() -> saved.apply("lion", ApplyOptions.DEFAULT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'train.py'");
        assertThat(read("train.py")).isEqualTo("print(\"mine\")\n");

        var kept = saved.apply("lion", ApplyOptions.DEFAULT.withForce()).kept().orElseThrow();
        assertThat(repo.show(kept, "train.py")).isEqualTo("print(\"mine\")\n");
        assertThat(read("train.py")).isEqualTo("print(\"lion\")\n");
    }

    @Test
    void a_file_that_git_was_told_not_to_look_at_and_that_is_as_it_was_is_no_loss() throws IOException {
        lion();
        repo.git("update-index", "--assume-unchanged", "train.py");

        saved.apply("lion", ApplyOptions.DEFAULT);

        assertThat(read("train.py")).isEqualTo("print(\"lion\")\n");
    }

    @Test
    void a_merge_in_progress_is_refused() {
        lion();
        repo.write(".git/MERGE_HEAD", repo.head() + "\n");
        assertThatThrownBy(() -> saved.apply("lion", ApplyOptions.DEFAULT))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("a merge is unfinished");
    }

    @ParameterizedTest
    @ValueSource(strings = {"detached", "packed", "worktree"})
    void it_works_wherever_git_does(String shape) throws IOException {
        var lion = lion();
        var top = repo.top;
        switch (shape) {
            case "detached" -> repo.git("checkout", "-q", "--detach");
            case "packed" -> {
                repo.git("pack-refs", "--all");
                repo.git("gc", "--quiet", "--prune=now");
            }
            default -> {
                top = temp.resolve("linked");
                repo.git("worktree", "add", "-q", top.toString(), "-b", "other");
            }
        }
        try (var here = SavedExperiments.open(top)) {
            here.apply("lion", ApplyOptions.DEFAULT);
        }
        assertThat(Files.readString(top.resolve("train.py"))).isEqualTo("print(\"lion\")\n");
        assertThat(Files.readString(top.resolve("dvclive/metrics.json")))
                .isEqualTo(repo.show(lion.commit(), "dvclive/metrics.json"));
        if (shape.equals("worktree")) {
            assertThat(read("train.py")).isEqualTo("print(\"train\")\n");
        }
    }

    @Test
    void another_name_than_an_experiments_is_refused() {
        lion();
        for (var name : List.of("main", "HEAD", "none", repo.head(), "")) {
            assertThatThrownBy(() -> saved.apply(name, ApplyOptions.DEFAULT))
                    .as(name)
                    .isInstanceOf(NoSuchExperimentException.class);
        }
    }
}
