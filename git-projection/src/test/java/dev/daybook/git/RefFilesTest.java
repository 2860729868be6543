package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether refs of a folder are packed is seen wherever they stand among the others. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RefFilesTest {

    private static final Set<String> CODE = Set.of("refs/daybook/code/");
    private static final String OTHER = "1".repeat(40) + " refs/heads/main\n";

    @TempDir
    Path folder;

    private boolean isAnyPacked(String packed) throws IOException {
        Files.writeString(folder.resolve("packed-refs"), packed);
        return new RefFiles(folder).isAnyPacked(CODE);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                (1 << 20) - 70,
                (1 << 20) - 60,
                (1 << 20) - 45,
                (1 << 20) - 41,
                (1 << 20) - 40,
                1 << 20,
                5_000_000
            })
    void one_is_found_wherever_it_stands(int bytesBefore) throws IOException {
        var before = "#".repeat(bytesBefore % OTHER.length()) + OTHER.repeat(bytesBefore / OTHER.length());

        assertThat(isAnyPacked(before + "2".repeat(40) + " refs/daybook/code/x\n"))
                .isTrue();
        assertThat(isAnyPacked(before + "2".repeat(40) + " refs/daybook/checkpoints/x\n"))
                .isFalse();
    }

    @Test
    void those_of_some_names_are_found_among_others() throws IOException {
        var tag = "3".repeat(40);
        var longer = "4".repeat(40);
        Files.writeString(
                folder.resolve("packed-refs"),
                "# pack-refs with: peeled fully-peeled sorted\n" + OTHER + tag + " refs/tags/\u00e9t\u00e9\n^"
                        + "5".repeat(40) + "\n" + longer + " refs/tags/\u00e9t\u00e92\n");

        assertThat(new RefFiles(folder).packed(Set.of("refs/tags/\u00e9t\u00e9", "refs/tags/none")))
                .containsExactly(Map.entry("refs/tags/\u00e9t\u00e9", ObjectId.fromString(tag)));
    }

    @Test
    void a_damaged_line_of_one_that_is_looked_for_is_an_error() throws IOException {
        Files.writeString(folder.resolve("packed-refs"), "x".repeat(40) + " refs/tags/a\n" + OTHER);

        assertThat(new RefFiles(folder).packed(Set.of("refs/heads/main"))).hasSize(1);
        assertThatThrownBy(() -> new RefFiles(folder).packed(Set.of("refs/tags/a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("packed-refs is damaged: it has the line x");
    }

    @Test
    void without_the_file_there_is_none() throws IOException {
        assertThat(new RefFiles(folder).packed(Set.of("refs/heads/main"))).isEmpty();
        assertThat(new RefFiles(folder).isAnyPacked(CODE)).isFalse();
        assertThat(isAnyPacked("")).isFalse();
    }
}
