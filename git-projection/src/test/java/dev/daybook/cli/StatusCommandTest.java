package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StatusCommandTest {

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() {
        repository = TestRepository.create(folder);
        repository.commit("gone.py", "1\n");
        repository.commit("typed.py", "1\n");
    }

    private void write(String file, String content) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), content);
    }

    private void change() throws IOException {
        write("params.yaml", "lr: 0.25\n");
        Files.delete(folder.resolve("gone.py"));
        Files.delete(folder.resolve("typed.py"));
        Files.createSymbolicLink(folder.resolve("typed.py"), Path.of("params.yaml"));
        write("staged.py", "1\n");
        repository.git("add", "staged.py");
        write("new.py", "1\n");
        write("data/x.csv", "1\n");
    }

    @Test
    void shows_what_differs_from_the_baseline() throws IOException {
        change();

        var result = repository.daybook("status");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith("baseline  " + repository.head() + "\ntree      ")
                .endsWith("\nmethod    jgit\nD gone.py\nM params.yaml\nA staged.py\nT typed.py\n");
        assertThat(result.err()).isEqualTo("2 untracked files are not in it; take them in with --untracked\n");
    }

    @Test
    void gives_json_with_the_tree_that_git_would_write() throws IOException {
        change();
        var json = repository.daybook("status", "--json", "--untracked", "*.py").json();
        repository.git("add", "-u");
        repository.git("add", "new.py");

        assertThat(json.get("tree").textValue()).isEqualTo(repository.git("write-tree"));
        assertThat(json.get("baseline").textValue()).isEqualTo(repository.head());
        assertThat(json.get("changed"))
                .hasToString("[{\"path\":\"gone.py\",\"how\":\"D\"},{\"path\":\"new.py\",\"how\":\"A\"},"
                        + "{\"path\":\"params.yaml\",\"how\":\"M\"},{\"path\":\"staged.py\",\"how\":\"A\"},"
                        + "{\"path\":\"typed.py\",\"how\":\"T\"}]");
        assertThat(json.get("untracked")).hasToString("[\"new.py\"]");
        assertThat(json.get("leftOut").intValue()).isEqualTo(1);
        assertThat(json.get("method").textValue()).isEqualTo("git");
    }

    @Test
    void a_clean_work_tree_is_the_tree_of_the_baseline() {
        var json = repository.daybook("status", "--json").json();

        assertThat(json.get("tree").textValue()).isEqualTo(repository.git("rev-parse", "HEAD^{tree}"));
        assertThat(json.get("changed")).isEmpty();
        assertThat(json.get("untracked")).isEmpty();
        assertThat(json.get("method").textValue()).isEqualTo("jgit");
        assertThat(repository.daybook("status").err()).isEqualTo("the code is that of the baseline\n");
    }

    @Test
    void leaves_nothing_but_objects_behind() throws IOException {
        change();
        var before = repository.content();
        before.keySet().removeIf(name -> name.startsWith(".git/objects"));

        repository.daybook("status", "--untracked", "**");

        var after = repository.content();
        after.keySet().removeIf(name -> name.startsWith(".git/objects"));
        assertThat(after).isEqualTo(before);
    }

    @Test
    void what_cannot_be_recorded_is_one_sentence() throws IOException {
        Files.writeString(folder.resolve(".git/MERGE_HEAD"), repository.head());

        var result = repository.daybook("status");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("daybook: a merge is unfinished in ")
                .hasLineCount(1);
    }
}
