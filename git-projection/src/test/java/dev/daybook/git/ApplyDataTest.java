package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.ArtifactOptions;
import dev.daybook.InvalidInputException;
import dev.daybook.RepositoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data comes and goes with the experiments that have it, folders and nested DVC projects too. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ApplyDataTest {

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

    private String read(String file) throws IOException {
        return Files.readString(repo.top.resolve(file));
    }

    private Path at(String file) {
        return repo.top.resolve(file);
    }

    private void save(String name, String... artifacts) {
        repo.save(name, run -> List.of(artifacts).forEach(path -> run.addArtifact(Path.of(path))));
    }

    /** An experiment with a folder of data, which is gone from the work tree then. */
    private void saveLion() throws IOException {
        repo.write("data/a.txt", "a").write("data/sub/b.txt", "b");
        save("lion", "data");
        empty("data");
    }

    /** Of the list of its folder, while it is the only experiment. */
    private String hashOfLion() {
        return repo.show(repo.refs("refs/exps").get(0), "data.dvc").replaceAll("(?s).*md5: (\\S+\\.dir)\n.*", "$1");
    }

    private void empty(String folder) throws IOException {
        try (var files = Files.walk(at(folder))) {
            for (var file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    private List<String> apply(String name) {
        return saved.apply(name, ApplyOptions.DEFAULT).data();
    }

    @Test
    void a_nested_project_has_a_cache_of_its_own() throws IOException {
        nest();
        repo.write("sub/deep/model.bin", "weights").write("sub/data/a.txt", "a");
        save("lion", "sub/deep/model.bin", "sub/data");
        repo.write("sub/deep/model.bin", "other weights").write("sub/data/a.txt", "changed");
        save("tiger", "sub/deep/model.bin", "sub/data");

        assertThat(apply("lion")).containsExactly("sub/data/a.txt", "sub/deep/model.bin");

        assertThat(read("sub/deep/model.bin")).isEqualTo("weights");
        assertThat(read("sub/data/a.txt")).isEqualTo("a");
        assertThat(at(".dvc/cache")).doesNotExist();
    }

    @Test
    void what_a_nested_projects_cache_lacks_is_named_before_anything_is_touched() throws IOException {
        nest();
        repo.write("sub/model.bin", "weights");
        save("lion", "sub/model.bin");
        Files.delete(at("sub/model.bin"));
        Files.move(
                temp.resolve("store/files"),
                Files.createDirectories(at(".dvc/cache")).resolve("files"));
        var status = repo.git("status", "--porcelain", "--untracked-files=all");

        assertThatThrownBy(() -> apply("lion"))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("'sub/model.bin' (")
                .hasMessageEndingWith("nothing was changed");
        assertThat(repo.git("status", "--porcelain", "--untracked-files=all")).isEqualTo(status);
    }

    /** A DVC project in a folder, with a cache outside of the repository. */
    private void nest() {
        repo.write("sub/.dvc/.gitignore", "/tmp\n/cache\n")
                .write("sub/.dvc/config", "[cache]\n    dir = ../../../store\n")
                .commit("nest");
    }

    @Test
    void a_folder_goes_with_the_experiment_that_brought_it() throws IOException {
        saveLion();
        save("tiger");
        apply("lion");
        assertThat(read("data/sub/b.txt")).isEqualTo("b");

        assertThat(apply("tiger")).containsExactly("data/a.txt", "data/sub/b.txt");

        assertThat(at("data")).doesNotExist();
    }

    @Test
    void a_folder_that_dvc_has_sent_to_a_remote_that_keeps_versions_comes_too() throws IOException {
        saveLion();
        repo.write("data.dvc", """
                outs:
                - hash: md5
                  path: data
                  files:
                  - relpath: a.txt
                    md5: 0cc175b9c0f1b6a831c399e269772661
                    size: 1
                    cloud:
                      store:
                        etag: 0cc175b9c0f1b6a831c399e269772661
                        version_id: 28d97c3c
                  - relpath: sub/b.txt
                    md5: 92eb5ffee6ae2fec3ad71c777531578f
                    size: 1
                    cloud:
                      store:
                        etag: 92eb5ffee6ae2fec3ad71c777531578f
                        version_id: 7f1a4d3b
                """).git("add", "data.dvc");
        var commit = repo.git("commit-tree", "-p", "HEAD", "-m", "pushed", repo.git("write-tree"));
        repo.git("reset", "-q", "--hard");
        repo.git("update-ref", ExperimentRefs.experiment(repo.head(), "pushed"), commit);

        assertThat(apply("pushed")).containsExactly("data/a.txt", "data/sub/b.txt");

        assertThat(read("data/a.txt")).isEqualTo("a");
        assertThat(read("data/sub/b.txt")).isEqualTo("b");
    }

    @Test
    void a_folder_of_which_dvc_lists_files_without_a_hash_cannot_come_and_that_is_said() throws IOException {
        saveLion();
        repo.write("data.dvc", "outs:\n- path: data\n  hash: md5\n  files:\n  - relpath: a.txt\n    size: 1\n")
                .git("add", "data.dvc");
        var commit = repo.git("commit-tree", "-p", "HEAD", "-m", "far", repo.git("write-tree"));
        repo.git("reset", "-q", "--hard");
        repo.git("update-ref", ExperimentRefs.experiment(repo.head(), "far"), commit);

        var applied = saved.apply("far", ApplyOptions.DEFAULT);

        assertThat(applied.data()).isEmpty();
        assertThat(applied.notes())
                .containsExactly("the data 'data' are left out, because DVC lists files of them without an MD5;"
                        + " 'dvc pull' may get them from its remote");
        assertThat(saved.apply("lion", ApplyOptions.DEFAULT).notes()).isEmpty();
    }

    @Test
    void what_was_changed_or_added_in_the_folder_stays() throws IOException {
        saveLion();
        save("tiger");
        apply("lion");
        repo.write("data/a.txt", "mine").write("data/new.txt", "mine");

        assertThat(apply("tiger")).containsExactly("data/sub/b.txt");

        assertThat(GitRepo.listing(at("data"))).containsExactly("a.txt", "new.txt");
        assertThat(read("data/a.txt")).isEqualTo("mine");
    }

    @Test
    void of_a_folder_that_both_have_go_the_files_that_only_the_first_one_has() throws IOException {
        saveLion();
        repo.write("data/a.txt", "other");
        save("tiger", "data");
        apply("lion");

        assertThat(apply("tiger")).containsExactly("data/a.txt", "data/sub/b.txt");
        assertThat(GitRepo.listing(at("data"))).containsExactly("a.txt");
        assertThat(read("data/a.txt")).isEqualTo("other");

        apply("lion");
        repo.write("data/sub/b.txt", "mine");
        assertThatThrownBy(() -> apply("tiger"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'data/sub/b.txt'");
        var kept = saved.apply("tiger", ApplyOptions.DEFAULT.withForce()).kept().orElseThrow();
        assertThat(repo.show(kept, "data/sub/b.txt")).isEqualTo("mine");
        assertThat(at("data/sub")).doesNotExist();
    }

    @Test
    void what_the_cache_does_not_give_back_stays() throws IOException {
        saveLion();
        save("tiger");
        apply("lion");
        Files.delete(repo.object("0cc175b9c0f1b6a831c399e269772661"));

        var applied = saved.apply("tiger", ApplyOptions.DEFAULT);

        assertThat(applied.data()).containsExactly("data/sub/b.txt");
        assertThat(applied.notes()).singleElement().asString().contains("'data/a.txt' stays");
        assertThat(read("data/a.txt")).isEqualTo("a");
    }

    private enum Damage {
        CUT,
        OTHERWISE;

        void to(Path object) throws IOException {
            assertThat(object.toFile().setWritable(true)).isTrue();
            var content = Files.readString(object);
            Files.writeString(object, this == CUT ? "" : "#".repeat(content.length()));
        }
    }

    /** Two experiments, the first one with a file of data, which is in place. */
    private Path objectOfLion() {
        repo.write("model.bin", "weights");
        save("lion", "model.bin");
        assertThat(at("model.bin").toFile().delete()).isTrue();
        save("tiger");
        apply("lion");
        return repo.object("63f4f1e9b725370f459720575cd5f953");
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void the_only_whole_copy_is_not_deleted(Damage damage) throws IOException {
        var object = objectOfLion();
        damage.to(object);
        assertThat(apply("lion")).isEmpty();

        var applied = saved.apply("tiger", ApplyOptions.DEFAULT);

        assertThat(applied.data()).isEmpty();
        assertThat(applied.notes()).singleElement().asString().contains("'model.bin' stays", "no whole copy");
        assertThat(read("model.bin")).isEqualTo("weights");
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void the_only_whole_copy_is_not_overwritten(Damage damage) throws IOException {
        var object = objectOfLion();
        repo.write("model.bin", "other weights");
        save("cat", "model.bin");
        apply("lion");
        damage.to(object);

        assertThatThrownBy(() -> apply("cat"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'model.bin'");
        assertThat(read("model.bin")).isEqualTo("weights");
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void damaged_data_is_refused_before_anything_is_touched(Damage damage) throws IOException {
        saveLion();
        repo.write("train.py", "print(2)\n");
        save("tiger");
        repo.git("checkout", "-q", "--", ".");
        apply("tiger");
        var object = repo.object("0cc175b9c0f1b6a831c399e269772661");
        damage.to(object);

        assertThatThrownBy(() -> apply("lion"))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining(
                        "DVC's cache holds damaged data for 'data/a.txt' (" + object + "); delete what is")
                .hasMessageEndingWith("nothing was changed");
        assertThat(at("data")).doesNotExist();
        assertThat(read("train.py")).isEqualTo("print(2)\n");
        assertThat(GitRepo.listing(at(".git/daybook/apply"))).isEmpty();

        Files.delete(object);
        Files.writeString(object, "a");
        assertThat(apply("lion")).containsExactly("data/a.txt", "data/sub/b.txt");
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void a_whole_file_in_place_needs_no_cache(Damage damage) throws IOException {
        saveLion();
        apply("lion");
        damage.to(repo.object("0cc175b9c0f1b6a831c399e269772661"));

        assertThat(apply("lion")).isEmpty();
        assertThat(read("data/a.txt")).isEqualTo("a");
    }

    @Test
    void a_link_to_a_damaged_object_is_no_success() throws IOException {
        var object = objectOfLion();
        Files.delete(at("model.bin"));
        Files.createSymbolicLink(at("model.bin"), object);
        assertThat(apply("lion")).isEmpty();
        Damage.OTHERWISE.to(object);

        assertThatThrownBy(() -> apply("lion"))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("damaged data for 'model.bin'");
        assertThat(at("model.bin")).isSymbolicLink();
    }

    @Test
    void a_folder_whose_list_is_gone_stays_and_is_named() throws IOException {
        saveLion();
        var hash = hashOfLion();
        save("tiger");
        apply("lion");
        Files.delete(repo.object(hash));

        var applied = saved.apply("tiger", ApplyOptions.DEFAULT);

        assertThat(applied.data()).isEmpty();
        assertThat(applied.notes()).singleElement().asString().contains("'data' stays", hash);
        assertThat(read("data/a.txt")).isEqualTo("a");
    }

    @Test
    void a_folder_whose_list_is_damaged_is_in_the_way_and_nothing_is_touched() throws IOException {
        saveLion();
        var list = repo.object(hashOfLion());
        assertThat(list.toFile().setWritable(true)).isTrue();
        Files.writeString(list, Files.readString(list).replace("a.txt", "c.txt"));

        assertThatThrownBy(() -> apply("lion"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "'" + list + "', cannot be used: it is not the list that its hash names; move it away first");
        assertThat(at("data/c.txt")).doesNotExist();
    }

    @Test
    void a_file_that_the_next_one_has_by_another_pointer_stays() throws IOException {
        saveLion();
        repo.write("data/a.txt", "a");
        save("tiger", "data/a.txt");
        empty("data");

        apply("lion");
        assertThat(apply("tiger")).containsExactly("data/sub/b.txt");
        assertThat(read("data/a.txt")).isEqualTo("a");
        assertThat(apply("lion")).contains("data/sub/b.txt").doesNotContain("data/a.txt");
        assertThat(read("data/a.txt")).isEqualTo("a");
    }

    @Test
    void a_folder_becomes_a_file_and_a_file_a_folder() throws IOException {
        saveLion();
        repo.write("data", "all in one");
        save("tiger", "data");
        Files.delete(at("data"));

        apply("lion");
        apply("tiger");
        assertThat(read("data")).isEqualTo("all in one");
        apply("lion");
        assertThat(read("data/a.txt")).isEqualTo("a");
    }

    @Test
    void a_tracked_file_that_is_data_with_the_same_content_stays() throws IOException {
        repo.write("model.bin", "weights").commit("tracked");
        repo.save(
                "lion",
                run -> run.addArtifact(
                        Path.of("model.bin"), ArtifactOptions.defaults().withMaxGitBytes(1)));
        save("tiger");
        assertThat(repo.files(repo.refs("refs/exps").get(0)))
                .contains("model.bin.dvc")
                .doesNotContain("model.bin");

        var applied = saved.apply("lion", ApplyOptions.DEFAULT);
        assertThat(applied.files()).doesNotContain(new FileChange("model.bin", 'D'));
        assertThat(read("model.bin")).isEqualTo("weights");
        assertThat(apply("tiger")).isEmpty();
        assertThat(read("model.bin")).isEqualTo("weights");
    }

    @Test
    void a_file_that_git_has_in_one_and_that_is_data_in_the_next_stays() throws IOException {
        repo.write("model.bin", "weights");
        save("lion", "model.bin");
        repo.git("add", "model.bin");
        save("tiger");
        repo.git("rm", "-q", "-f", "model.bin");

        apply("tiger");
        assertThat(apply("lion")).isEmpty();
        assertThat(read("model.bin")).isEqualTo("weights");
        apply("tiger");
        assertThat(read("model.bin")).isEqualTo("weights");
    }

    /** As DVC puts it in place where {@code cache.type} is {@code symlink}. */
    private void link(String file, Path object) throws IOException {
        Files.deleteIfExists(at(file));
        Files.createSymbolicLink(at(file), object);
    }

    @Test
    void a_link_to_an_object_of_the_cache_is_no_loss() throws IOException {
        var object = objectOfLion();
        repo.write("model.bin", "other weights");
        save("cat", "model.bin");
        link("model.bin", object);

        assertThat(apply("cat")).containsExactly("model.bin");

        assertThat(Files.isSymbolicLink(at("model.bin"))).isFalse();
        assertThat(read("model.bin")).isEqualTo("other weights");
        assertThat(object).hasContent("weights");
    }

    @Test
    void a_link_to_a_damaged_object_or_elsewhere_is_a_loss() throws IOException {
        var object = objectOfLion();
        repo.write("model.bin", "other weights");
        save("cat", "model.bin");
        var elsewhere = temp.resolve("63/f4f1e9b725370f459720575cd5f953");
        Files.copy(object, Files.createDirectory(temp.resolve("63")).resolve(elsewhere.getFileName()));
        Damage.OTHERWISE.to(object);

        for (var target : List.of(object, elsewhere, temp, temp.resolve("nothing"))) {
            link("model.bin", target);
            assertThatThrownBy(() -> apply("cat"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("'model.bin'");
            assertThat(at("model.bin")).isSymbolicLink();
        }
    }

    @Test
    void a_link_to_the_cache_goes_from_a_folder_whose_list_has_it_not() throws IOException {
        saveLion();
        apply("lion");
        link("data/more.txt", repo.object("0cc175b9c0f1b6a831c399e269772661"));

        assertThat(apply("lion")).containsExactly("data/more.txt");
        assertThat(at("data/more.txt")).doesNotExist();
    }

    @Test
    void a_link_to_the_cache_goes_with_the_experiment_that_has_it() throws IOException {
        var object = objectOfLion();
        link("model.bin", object);

        assertThat(apply("tiger")).containsExactly("model.bin");

        assertThat(at("model.bin")).doesNotExist();
        assertThat(object).hasContent("weights");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void data_in_the_cache_of_another_work_tree_come_and_go(boolean isSavedInLinked) throws IOException {
        var linked = new GitRepo(temp.resolve("linked"));
        repo.git("worktree", "add", "-q", linked.top.toString(), "-b", "other");
        var from = isSavedInLinked ? linked : repo;
        var to = isSavedInLinked ? repo : linked;
        for (var name : List.of("lion", "cat")) {
            from.write("model.bin", name).write("data/sub/b.txt", name);
            from.save(name, run -> run.addArtifact(Path.of("model.bin")).addArtifact(Path.of("data")));
        }
        to.save("tiger", run -> {});

        try (var here = SavedExperiments.open(to.top)) {
            for (var name : List.of("lion", "cat", "tiger")) {
                var applied = here.apply(name, ApplyOptions.DEFAULT);
                assertThat(applied.data()).containsExactly("data/sub/b.txt", "model.bin");
                assertThat(applied.notes()).isEmpty();
                if (!name.equals("tiger")) {
                    assertThat(to.top.resolve("model.bin")).hasContent(name);
                    assertThat(to.top.resolve("data/sub/b.txt")).hasContent(name);
                }
            }
        }
        assertThat(to.top.resolve("model.bin")).doesNotExist();
        assertThat(to.top.resolve("data")).doesNotExist();
    }

    @Test
    void a_work_tree_whose_cache_cannot_be_found_has_none() throws IOException {
        var linked = new GitRepo(temp.resolve("linked"));
        repo.git("worktree", "add", "-q", linked.top.toString(), "-b", "other");
        linked.write(".dvc/config.local", "[cache]\n    dir = ~somebody/cache\n");
        saveLion();

        assertThat(apply("lion")).containsExactly("data/a.txt", "data/sub/b.txt");
        Files.delete(repo.object("0cc175b9c0f1b6a831c399e269772661"));
        Files.delete(at("data/a.txt"));
        assertThatThrownBy(() -> apply("lion")).hasMessageContaining("'data/a.txt' (");
    }

    @Test
    void what_dvc_ignores_in_a_folder_stays() throws IOException {
        repo.write(".dvcignore", "*.log\n/data/skip/\n")
                .write("data/a.txt", "a")
                .write("data/b.log", "b")
                .write("data/skip/c.txt", "c")
                .write("data/.hg/d", "d");
        save("lion", "data");
        assertThat(apply("lion")).isEmpty();
        repo.write("data/a.txt", "other");
        save("tiger", "data");

        assertThat(apply("lion")).containsExactly("data/a.txt");

        assertThat(GitRepo.listing(at("data"))).containsExactly(".hg", "a.txt", "b.log", "skip");
        repo.write("data/new.txt", "mine");
        assertThatThrownBy(() -> apply("lion")).hasMessageContaining("delete 'data/new.txt', which");
    }

    @Test
    void what_dvc_ignores_is_what_the_experiment_says() throws IOException {
        repo.write(".dvcignore", "*.log\n").commit("ignore");
        repo.write("data/a.txt", "a");
        save("lion", "data");
        repo.write(".dvcignore", "*.tmp\n");
        save("tiger", "data");
        Files.delete(at(".dvcignore"));
        save("cat", "data");
        repo.write("data/b.log", "mine");

        assertThat(apply("lion")).isEmpty();
        for (var name : List.of("tiger", "cat")) {
            assertThatThrownBy(() -> apply(name)).hasMessageContaining("delete 'data/b.log', which");
        }
        assertThat(read("data/b.log")).isEqualTo("mine");
    }

    /** Two experiments, the first one with a file of data that DVC 2 has added, which is in place. */
    private Path oldObjectOfLion(String content) throws IOException {
        var hash = "a16f0ff93cfdb90ea1c5cb9a3e0a9f26";
        var object = at(".dvc/cache/a1/" + hash.substring(2));
        Files.createDirectories(object.resolveSibling(""));
        Files.writeString(object, content);
        repo.write(
                "model.bin.dvc", "outs:\n- md5: " + hash + "\n  size: " + content.length() + "\n  path: model.bin\n");
        repo.git("add", "model.bin.dvc");
        save("lion");
        repo.git("rm", "-q", "-f", "model.bin.dvc");
        save("tiger");
        assertThat(apply("lion")).containsExactly("model.bin");
        return object;
    }

    @Test
    void data_of_dvc_2_come_and_go_although_their_hash_may_be_another_one() throws IOException {
        var object = oldObjectOfLion("one\r\ntwo\r\n");
        assertThat(read("model.bin")).isEqualTo("one\r\ntwo\r\n");
        assertThat(apply("lion")).isEmpty();

        var applied = saved.apply("tiger", ApplyOptions.DEFAULT);

        assertThat(applied.data()).containsExactly("model.bin");
        assertThat(applied.notes()).isEmpty();
        assertThat(at("model.bin")).doesNotExist();
        assertThat(object).exists();
    }

    @Test
    void data_of_dvc_2_that_were_changed_or_are_not_in_the_cache_any_more_stay() throws IOException {
        var object = oldObjectOfLion("weights");
        repo.write("model.bin", "my own!");
        assertThat(apply("tiger")).isEmpty();
        assertThat(read("model.bin")).isEqualTo("my own!");

        repo.write("model.bin", "weights");
        assertThat(apply("lion")).isEmpty();
        Files.delete(object);
        var applied = saved.apply("tiger", ApplyOptions.DEFAULT);
        assertThat(applied.data()).isEmpty();
        assertThat(applied.notes()).singleElement().asString().contains("'model.bin' stays", "no whole copy");
        assertThat(read("model.bin")).isEqualTo("weights");
    }
}
