package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.ChildProgram;
import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long experiment is saved in a heap that is smaller than its values are. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LongSeriesIT {

    private static final int POINTS = 5_000_000;

    @TempDir
    Path temp;

    /** Logs a series and saves it; prints the commit. */
    static final class Program {

        public static void main(String[] args) {
            ChildProgram.endWithParent();
            var options = DaybookOptions.defaults().withWarnings(warning -> {});
            try (var daybook = Daybook.open(Path.of(args[0]), options)) {
                var run = daybook.experiment("long").init();
                var loss = run.metric("loss");
                for (int step = 0; step < POINTS; step++) {
                    loss.log(step, 1.0 / (step + 1));
                    if (step == POINTS / 2) {
                        run.makeCheckpoint("half");
                    }
                }
                System.out.println(run.save().commit());
            }
        }
    }

    @Test
    void it_is_whole_and_took_no_more_memory_than_a_short_one() throws IOException {
        var repo = GitRepo.reference(temp.resolve("repo"));
        String commit;
        try (var child = ChildJvm.start(
                temp.resolve("output"), Map.of(), List.of("-Xmx48m"), Program.class, repo.top.toString())) {
            commit = child.succeed().strip();
        }

        assertThat(repo.show(commit, "dvclive/daybook.json")).contains("\"count\": " + POINTS);
        var pointer = repo.files(commit).stream()
                .filter(file -> file.endsWith(".gz.dvc"))
                .findFirst()
                .orElseThrow();
        var hash = Pattern.compile("md5: ([0-9a-f]{32})").matcher(repo.show(commit, pointer));
        assertThat(hash.find()).isTrue();
        try (var series = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(repo.object(hash.group(1)))), StandardCharsets.UTF_8))) {
            assertThat(series.lines().filter(line -> !line.startsWith("step")).count())
                    .isEqualTo(POINTS);
        }
    }
}
