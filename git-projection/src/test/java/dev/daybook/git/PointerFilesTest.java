package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.git.dvc.DvcOutputs.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an index knows of its folders spares the reading of their trees, and changes nothing else. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PointerFilesTest {

    private static final String POINTER = "outs:\n- md5: 0cc175b9c0f1b6a831c399e269772661\n  size: 1\n  path: %s\n";

    @TempDir
    Path temp;

    private GitRepo repo;

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.init(temp.resolve("repo"))
                .write("code/deep/train.py", "print(1)\n")
                .write("code/train.py", "print(2)\n")
                .write("data/raw/a.dvc", POINTER.formatted("a"))
                .write("data/readme.txt", "all data\n")
                .commit("first");
    }

    private List<String> outputs(String tree, boolean isWithIndex) throws IOException, NotPlainException {
        var files = new PointerFiles();
        if (isWithIndex) {
            files.know(IndexFile.read(repo.top.resolve(".git/index")));
        }
        try (var repository = Repositories.open(repo.top);
                var reader = repository.newObjectReader()) {
            return files.outputs(reader, ObjectId.fromString(repo.git("rev-parse", tree))).stream()
                    .map(Output::path)
                    .toList();
        } finally {
            assertThat(files.problems()).isEmpty();
        }
    }

    @Test
    void the_trees_of_other_folders_need_not_be_there() throws Exception {
        for (var tree : List.of("HEAD:code/deep", "HEAD:code")) {
            var id = repo.git("rev-parse", tree);
            Files.delete(repo.top.resolve(".git/objects/" + id.substring(0, 2) + "/" + id.substring(2)));
        }

        assertThat(outputs("HEAD^{tree}", true)).containsExactly("data/raw/a");
        assertThatThrownBy(() -> outputs("HEAD^{tree}", false)).isInstanceOf(MissingObjectException.class);
    }

    @Test
    void what_was_only_added_or_taken_away_says_nothing_of_trees() throws Exception {
        repo.write("code/deep/b.dvc", POINTER.formatted("b")).commit("second");
        repo.git("rm", "-q", "--cached", "code/deep/b.dvc", "data/raw/a.dvc");
        repo.write("code/c.dvc", POINTER.formatted("c")).git("add", "code/c.dvc");

        for (boolean isWithIndex : new boolean[] {true, false}) {
            assertThat(outputs("HEAD^{tree}", isWithIndex)).containsExactly("code/deep/b", "data/raw/a");
            assertThat(outputs("HEAD~^{tree}", isWithIndex)).containsExactly("data/raw/a");
        }
    }

    @Test
    void the_same_lock_beside_another_pipeline_refers_to_other_data() throws Exception {
        repo.write("dvc.lock", """
                        schema: '2.0'
                        stages:
                          train:
                            cmd: x
                            outs:
                            - path: model
                              hash: md5
                              md5: 0cc175b9c0f1b6a831c399e269772661
                        """)
                .write("dvc.yaml", "stages:\n  train:\n    cmd: x\n    outs:\n    - model:\n        cache: false\n")
                .commit("Git has the model");
        repo.write("dvc.yaml", "stages:\n  train:\n    cmd: x\n    outs: [model]\n")
                .commit("DVC has the model");

        var files = new PointerFiles();
        try (var repository = Repositories.open(repo.top);
                var reader = repository.newObjectReader()) {
            for (var tree : List.of("HEAD~^{tree}", "HEAD^{tree}", "HEAD~^{tree}")) {
                assertThat(files.outputs(reader, ObjectId.fromString(repo.git("rev-parse", tree))))
                        .extracting(Output::path)
                        .containsExactlyElementsOf(
                                tree.equals("HEAD^{tree}") ? List.of("data/raw/a", "model") : List.of("data/raw/a"));
            }
        }
    }
}
