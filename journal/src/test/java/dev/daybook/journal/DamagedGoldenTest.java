package dev.daybook.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.JournalState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A damaged journal says the same for ever. Each {@code golden/damaged/KIND.zip} holds the generations of a journal with one damage, and
 * {@code KIND.txt} beside it the state and the problems that are found; neither is ever edited. {@link DamagedGoldens} has made them.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DamagedGoldenTest {

    @ParameterizedTest
    @EnumSource(DamagedGoldens.Kind.class)
    void each_kind_of_damage_is_found_and_leaves_what_it_left_when_it_was_written(
            DamagedGoldens.Kind kind, @TempDir Path directory) throws IOException {
        try (var zip = new ZipInputStream(resource(kind.file() + ".zip"));
                var expected = resource(kind.file() + ".txt")) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                var file = directory.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
            var text = new String(expected.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(state(directory)).isEqualTo(text);
            // whoever comes second sees the same
            assertThat(state(directory)).isEqualTo(text);
        }
    }

    /** Without the names of places. */
    static String state(Path directory) {
        try (var journal = Samples.open(directory)) {
            return JournalState.of(journal)
                    .replace(JournalDirectory.of(directory).path().toString(), ".");
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(DamagedGoldenTest.class.getResourceAsStream("golden/damaged/" + name), name);
    }
}
