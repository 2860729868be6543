package dev.daybook.git.dvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.daybook.FailingFiles;
import dev.daybook.FailingFiles.Cause;
import dev.daybook.FailingFiles.Kind;
import dev.daybook.Scratch;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that make a folder a repository of DVC. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DvcProjectTest {

    private static final String IGNORED = "/config.local\n/tmp\n/cache\n";

    @TempDir
    Path temp;

    private Path top;
    private DvcProject project;

    @BeforeEach
    void name_a_folder() throws IOException {
        top = Files.createDirectory(temp.resolve("repo"));
        project = new DvcProject(top);
    }

    private void assertWhole() {
        assertThat(project.isInitialized()).isTrue();
        assertThat(top.resolve(".dvc/.gitignore")).hasContent(IGNORED);
        assertThat(top.resolve(".dvc/config")).isEmptyFile();
        assertThat(top.resolve(".dvc")).isDirectoryNotContaining("glob:**.tmp");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPEN", "WRITE", "FORCE"})
    void whatever_call_fails_the_next_one_makes_the_rest(Kind kind) throws IOException {
        try (var files = FailingFiles.below(top)) {
            int failures = 0;
            boolean isOver = false;
            for (int call = 1; !isOver; call++) {
                files.fail(kind, call, Cause.FULL, false);
                var failure = catchThrowable(project::initialize);
                files.heal();
                isOver = files.failed().isEmpty();
                failures += failure == null ? 0 : 1;

                project.initialize();

                assertWhole();
                Scratch.delete(top.resolve(".dvc"));
            }
            assertThat(failures).isPositive();
        }
    }

    @Test
    void one_whose_maker_died_before_he_wrote_is_not_made_yet() throws IOException {
        project.initialize();
        Files.writeString(top.resolve(".dvc/.gitignore"), "");
        assertThat(project.isInitialized()).isFalse();

        project.initialize();

        assertWhole();
    }

    @Test
    void what_is_there_stays_as_it_is() throws IOException {
        Files.createDirectory(top.resolve(".dvc"));
        Files.writeString(top.resolve(".dvc/.gitignore"), "/tmp\n");
        Files.writeString(top.resolve(".dvc/config"), "[core]\n    remote = origin\n");

        project.initialize();

        assertThat(project.isInitialized()).isTrue();
        assertThat(top.resolve(".dvc/.gitignore")).hasContent("/tmp\n");
        assertThat(top.resolve(".dvc/config")).hasContent("[core]\n    remote = origin\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../elsewhere/.dvc", "inside", "nowhere"})
    void nothing_is_made_behind_a_link(String target) throws IOException {
        Files.createDirectory(top.resolve("inside"));
        var elsewhere = new DvcProject(Files.createDirectory(temp.resolve("elsewhere")));
        elsewhere.initialize();
        Files.createSymbolicLink(top.resolve(".dvc"), Path.of(target));

        assertThat(project.isInitialized()).isFalse();
        assertThatThrownBy(project::initialize)
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(".dvc: it is a symbolic link, behind which Git has no files");
        assertThat(top.resolve("inside")).isEmptyDirectory();
        assertThat(top.resolve("nowhere")).doesNotExist();
    }
}
