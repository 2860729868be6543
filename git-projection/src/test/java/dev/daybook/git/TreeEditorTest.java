package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TreeEditorTest {

    @TempDir
    Path temp;

    private GitRepo repo;
    private Repository repository;
    private PackedObjects objects;
    private TreeEditor editor;

    @BeforeEach
    void make_a_tree() throws IOException {
        repo = GitRepo.init(temp.resolve("repo"))
                .write("a/b/c.txt", "c")
                .write("a/b/d.txt", "d")
                .write("a-b", "between a and a/ in Git's order")
                .write("a0", "behind a/")
                .write("run.sh", "#!/bin/sh");
        repo.git("config", "core.fileMode", "false");
        repo.git("add", "-A");
        repo.git("update-index", "--chmod=+x", "run.sh");
        repo.git("commit", "-q", "-m", "baseline");
        repository = Repositories.open(repo.top);
        objects = new PackedObjects(repository);
        editor =
                new TreeEditor(objects.reader(), ObjectId.fromString(repo.code().tree()));
    }

    @AfterEach
    void close() throws IOException {
        objects.close();
        repository.close();
    }

    private void put(String path, String content) throws IOException {
        editor.put(path, objects.blob(content.getBytes(StandardCharsets.UTF_8)));
    }

    private String written() throws IOException {
        var tree = editor.write(objects::tree);
        objects.force();
        objects.close();
        objects = new PackedObjects(repository);
        return tree.name();
    }

    /** What git makes of the same files. */
    private String expected() {
        repo.git("add", "-A");
        return repo.git("write-tree");
    }

    @Test
    void a_tree_without_edits_is_itself() throws IOException {
        assertThat(written()).isEqualTo(repo.code().tree());
    }

    @Test
    void files_are_added_and_replaced_in_the_order_of_git() throws IOException {
        put("a/b/c.txt", "new");
        put("a.txt", "before a/");
        put("a/new/deep/file", "x");
        put("z/\u00e9\ud83d\ude00 .txt", "unicode");
        repo.write("a/b/c.txt", "new")
                .write("a.txt", "before a/")
                .write("a/new/deep/file", "x")
                .write("z/\u00e9\ud83d\ude00 .txt", "unicode");

        assertThat(written()).isEqualTo(expected());
        repo.assertSound();
    }

    @Test
    void an_edited_file_stays_executable() throws IOException {
        put("run.sh", "#!/bin/bash");

        assertThat(repo.git("ls-tree", written(), "run.sh")).startsWith("100755 ");
    }

    @Test
    void a_folder_goes_with_all_that_is_in_it_and_one_that_loses_its_last_file() throws IOException {
        editor.remove("a/b");
        repo.git("rm", "-rq", "a/b");

        assertThat(written()).isEqualTo(expected());
        assertThat(editor.find("a/b")).isEmpty();
    }

    @Test
    void what_is_not_there_is_removed_silently() throws IOException {
        editor.remove("a/x/y");
        editor.remove("a-b/x");

        assertThat(written()).isEqualTo(repo.code().tree());
    }

    @Test
    void a_file_in_the_way_of_a_folder_is_replaced_and_the_other_way_round() throws IOException {
        assertThat(editor.obstacle("a0/x")).contains("a0");
        assertThat(editor.obstacle("a/x/y")).isEmpty();
        put("a0/x", "x");
        put("a", "a");
        repo.git("rm", "-rq", "a", "a0");
        repo.write("a0/x", "x").write("a", "a");

        assertThat(written()).isEqualTo(expected());
    }

    @Test
    void names_that_are_no_utf_8_survive() throws IOException {
        var blob = repo.git("hash-object", "-w", "run.sh");
        var input = Files.write(
                temp.resolve("tree"),
                ("100644 blob " + blob + "\tl\u00e4tin1\n").getBytes(StandardCharsets.ISO_8859_1));
        var latin1 = repo.git("-c", "alias.mk=!f() { git mktree < \"$1\"; }; f", "mk", input.toString());
        editor = new TreeEditor(objects.reader(), ObjectId.fromString(latin1));
        put("x", "x");
        var withX = written();
        editor = new TreeEditor(objects.reader(), ObjectId.fromString(withX));
        editor.remove("x");

        assertThat(written()).isEqualTo(latin1);
    }

    @Test
    void an_emptied_tree_is_the_empty_tree() throws IOException {
        for (var path : new String[] {"a", "a-b", "a0", "run.sh"}) {
            editor.remove(path);
        }

        assertThat(written()).isEqualTo("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/a",
                "a/",
                "a//b",
                ".",
                "..",
                "../a",
                "a/../b",
                "a/./b",
                ".git",
                ".git/config",
                "a/.GIT/hooks/x",
                "git~1/x",
                ".gi\u200ct/x",
                "a\0b"
            })
    void paths_that_lead_elsewhere_are_refused(String path) {
        assertThatThrownBy(() -> put(path, "x")).isInstanceOf(IllegalArgumentException.class);
    }
}
