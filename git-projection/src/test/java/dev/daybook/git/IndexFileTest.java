package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries say how long their path is, up to a length from which on they all say the same. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class IndexFileTest {

    private static final String EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

    @TempDir
    Path temp;

    private GitRepo repo;
    private Path index;

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.init(temp.resolve("repo"));
        index = repo.top.resolve(".git/index");
    }

    private void add(String path) {
        repo.git("update-index", "--add", "--cacheinfo", "100644," + EMPTY_BLOB + "," + path);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void paths_of_any_length_are_read(int version) throws Exception {
        var paths = Stream.of(1, 2, 7, 8, 9, 4094, 4095, 4096, 5000)
                .map(length -> "a".repeat(length))
                .toList();
        paths.forEach(this::add);
        repo.git("update-index", "--index-version", String.valueOf(version));

        assertThat(IndexFile.read(index).entries()).extracting(IndexEntry::name).containsExactlyElementsOf(paths);
    }

    @Test
    void a_path_that_is_longer_than_is_said_of_it_is_damage() throws IOException {
        add("abcde");
        var bytes = Files.readAllBytes(index);
        int path = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("abcde");
        bytes[path - 1] = 4;
        Files.write(index, bytes);

        assertThatThrownBy(() -> IndexFile.read(index))
                .isInstanceOf(NotPlainException.class)
                .extracting(e -> ((NotPlainException) e).reason())
                .isEqualTo("its index is damaged");
    }
}
