package dev.daybook.git.dvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.FailingFiles;
import dev.daybook.git.dvc.DataTransfer.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole copy that is at hand is found, whatever the others are like. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DataTransferTest {

    @TempDir
    Path temp;

    private DvcCache first;
    private DvcCache second;
    private DvcCache target;

    @BeforeEach
    void name_the_caches() {
        first = DvcCache.at(temp.resolve("first"));
        second = DvcCache.at(temp.resolve("second"));
        target = DvcCache.at(temp.resolve("target"));
    }

    private Outcome copy(String hash) throws IOException {
        return new DataTransfer(List.of(first, second), target, (done, all) -> {}).copy(List.of(hash));
    }

    private static String store(DvcCache cache, String text) throws IOException {
        return cache.store(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .hash();
    }

    private String storeFolder(DvcCache cache) throws IOException {
        var file = Files.writeString(temp.resolve("file"), "lion");
        return cache.store(Map.of("a", file)).hash();
    }

    private static void damage(DvcCache cache, String hash, String text) throws IOException {
        Files.delete(cache.path(hash));
        Files.writeString(cache.path(hash), text);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 << 20})
    void the_next_source_is_asked_for_what_is_damaged(int length) throws IOException {
        var text = "x".repeat(length);
        var hash = store(first, text);
        store(second, text);
        damage(first, hash, "cut");

        assertThat(copy(hash)).isEqualTo(new Outcome(1, length, Map.of()));

        assertThat(target.path(hash)).hasContent(text);
    }

    @Test
    void what_the_target_has_whole_is_no_failure_and_stays() throws IOException {
        var hash = store(first, "lion");
        store(target, "lion");
        damage(first, hash, "cut");

        assertThat(copy(hash)).isEqualTo(new Outcome(0, 0, Map.of()));

        assertThat(target.path(hash)).hasContent("lion");
    }

    @Test
    void what_the_target_has_already_is_forced_with_its_names_and_nothing_is_written() throws IOException {
        var hash = storeFolder(first);
        storeFolder(target);
        var member = DvcCache.hash(temp.resolve("file"));
        Files.delete(temp.resolve("target/daybook"));

        try (var files = FailingFiles.below(temp)) {
            assertThat(copy(hash)).isEqualTo(new Outcome(0, 0, Map.of()));

            assertThat(files.forced())
                    .contains(target.path(member).toString(), target.path(hash).toString())
                    .contains(
                            target.path(member).resolveSibling("").toString(),
                            temp.resolve("target").toString());
        }
        assertThat(temp.resolve("target/daybook"))
                .as("of a remote that can only be read")
                .doesNotExist();
    }

    @Test
    void the_first_that_is_damaged_is_named_if_none_is_whole() throws IOException {
        var hash = store(first, "lion");
        for (var cache : List.of(second, target)) {
            store(cache, "lion");
            damage(cache, hash, "short");
        }
        damage(first, hash, "cut");

        assertThat(copy(hash).failures().get(hash)).contains(first.path(hash).toString(), "damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "[{\"md5\": 1}]", "{"})
    void the_list_of_a_folder_is_taken_from_where_it_is_whole(String damaged) throws IOException {
        var hash = storeFolder(first);
        storeFolder(second);
        damage(first, hash, damaged);

        assertThat(copy(hash)).isEqualTo(new Outcome(2, 4 + Files.size(second.path(hash)), Map.of()));

        assertThat(target.path(hash)).hasSameTextualContentAs(second.path(hash));
        Files.delete(second.path(hash));
        assertThat(copy(hash)).as("it is at the target").isEqualTo(new Outcome(0, 0, Map.of()));
        Files.delete(target.path(hash));
        assertThat(copy(hash).failures().get(hash)).contains(first.path(hash).toString(), "cannot be read");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void the_next_source_is_asked_for_what_cannot_be_read() throws IOException {
        var hash = store(first, "lion");
        store(second, "lion");
        Files.delete(first.path(hash));
        Files.createSymbolicLink(first.path(hash), Path.of("/proc/self/mem"));

        assertThat(copy(hash)).isEqualTo(new Outcome(1, 4, Map.of()));

        Files.delete(target.path(hash));
        Files.delete(second.path(hash));
        assertThat(copy(hash).failures().get(hash)).startsWith("it cannot be read (java.io.IOException");
    }
}
