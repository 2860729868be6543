package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.Jazzer;
import dev.daybook.Rounds;
import dev.daybook.codec.EventCodecFuzz;
import dev.daybook.git.dvc.DirObjectFuzz;
import dev.daybook.git.dvc.ParamFileFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jazzer looks for bytes that break a reader, led by the branches that they reach, for {@code -Ddaybook.rounds} seconds each. A finding leaves its bytes
 * in {@code target/fuzz}; {@code -Ddaybook.seed} repeats a run as far as its time allows.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FuzzIT {

    private static final int SECONDS = Rounds.of(20);
    private static final Pattern RUNS = Pattern.compile("(?m)^Done (\\d+) runs in \\d+ second");

    private final int seed = (int) (Rounds.seed() & Integer.MAX_VALUE);

    @TempDir
    Path temp;

    @Test
    void bytes_are_an_event_or_refused() throws IOException {
        fuzz(EventCodecFuzz.class, EventCodecFuzz.seeds());
    }

    @Test
    void a_text_is_a_parameter_file_that_is_edited_as_asked_or_refused() throws IOException {
        fuzz(ParamFileFuzz.class, ParamFileFuzz.seeds());
    }

    @Test
    void bytes_are_the_list_of_a_folder_or_refused() throws IOException {
        fuzz(DirObjectFuzz.class, DirObjectFuzz.seeds());
    }

    private void fuzz(Class<?> target, List<byte[]> seeds) throws IOException {
        var corpus = Files.createDirectories(temp.resolve("corpus"));
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(corpus.resolve("seed-" + i), seeds.get(i));
        }
        var findings = Files.createDirectories(Path.of("target", "fuzz"));
        try (var child = ChildJvm.start(
                temp.resolve("output"),
                Map.of(),
                List.of("-Xmx512m", "-XX:+IgnoreUnrecognizedVMOptions", "-XX:+EnableDynamicAgentLoading"),
                Jazzer.class,
                "--target_class=" + target.getName(),
                "--instrumentation_includes=dev.daybook.**",
                "--custom_hook_includes=dev.daybook.**",
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/",
                "-max_total_time=" + SECONDS,
                "-seed=" + seed,
                "-max_len=4096",
                "-len_control=0",
                "-rss_limit_mb=0",
                corpus.toString())) {
            var runs = RUNS.matcher(child.succeed());
            assertThat(runs.find()).as("seed %d: %s", seed, child.printed()).isTrue();
            Rounds.done(Long.parseLong(runs.group(1)), "inputs of " + target.getSimpleName());
        }
    }
}
