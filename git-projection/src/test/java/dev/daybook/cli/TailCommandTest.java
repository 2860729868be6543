package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Experiment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TailCommandTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    }

    /** A reader who does something each time when a batch has come. */
    private static final class Reader extends StringWriter {
        private final Queue<Runnable> steps;

        Reader(Runnable... steps) {
            this.steps = new ArrayDeque<>(List.of(steps));
        }

        @Override
        public void flush() {
            var next = steps.poll();
            if (next != null) {
                next.run();
            }
        }
    }

    private Result tail(Writer out, String... args) {
        var err = new StringWriter();
        var terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), OptionalInt.empty(), ZoneOffset.UTC);
        var all = Stream.concat(Stream.of("-C", repository.folder().toString(), "tail"), Arrays.stream(args));
        int code = Main.run(terminal, all.toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }

    private static List<String> kinds(String out) {
        return out.lines().map(line -> line.split(" +", 5)[3]).toList();
    }

    @Test
    void follows_a_running_experiment_until_it_is_saved() {
        try (var daybook = repository.open(NOON)) {
            var run = daybook.experiment("x").init();
            var loss = run.metric("loss");
            var result = tail(new Reader(() -> loss.log(0, 0.5), () -> loss.log(1, 0.25), () -> run.save()), "x");

            assertThat(result.code()).isZero();
            assertThat(result.out())
                    .isEqualTo(repository.daybook("history", "x").out());
            assertThat(kinds(result.out()))
                    .containsExactly(
                            "ExperimentInitialized",
                            "MetricDefined",
                            "MetricLogged",
                            "MetricLogged",
                            "ExperimentCompleted",
                            "SavePrepared",
                            "ExperimentPersisted");
            assertThat(result.err()).isEqualTo("experiment 'x' is saved\n");
        }
    }

    @Test
    void each_batch_is_there_before_the_next_is_asked_for() {
        try (var daybook = repository.open(NOON)) {
            var run = daybook.experiment("x").init();
            var seen = new java.util.ArrayList<String>();
            var out = new Reader[1];
            out[0] = new Reader(
                    () -> {
                        seen.add(out[0].toString());
                        run.tag("a");
                    },
                    () -> {
                        seen.add(out[0].toString());
                        run.discard();
                    });

            tail(out[0], "x");

            assertThat(kinds(seen.get(0))).containsExactly("ExperimentInitialized");
            assertThat(kinds(seen.get(1))).containsExactly("ExperimentInitialized", "Tagged");
        }
    }

    @Test
    void gives_an_object_per_line_as_json_and_how_it_ended() {
        repository.interrupted("x", NOON, TestRepository::logLoss);

        var result = repository.daybook("tail", "x", "--json");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        var lines = HistoryCommandTest.jsonLines(result.out());
        assertThat(lines).hasSize(5);
        assertThat(lines.get(3).get("details").get("step").longValue()).isEqualTo(10);
        assertThat(lines.get(4)).hasToString("{\"ended\":\"interrupted\"}");
    }

    @Test
    void says_of_an_interrupted_experiment_what_to_do() {
        repository.interrupted("x", NOON, run -> {});

        assertThat(repository.daybook("tail", "x").err())
                .isEqualTo("experiment 'x' was interrupted; resume, save or discard it\n");
    }

    @Test
    void says_of_a_completed_experiment_what_to_do() {
        repository.interrupted("x", NOON, Experiment::complete);

        assertThat(repository.daybook("tail", "x").err())
                .isEqualTo("experiment 'x' is completed, and nobody works on it any more; save or discard it\n");
    }

    @Test
    void says_that_an_experiment_was_discarded() {
        try (var daybook = repository.open(NOON)) {
            var run = daybook.experiment("x").init();

            var result = tail(new Reader(run::discard), "x");

            assertThat(kinds(result.out())).containsExactly("ExperimentInitialized", "ExperimentDiscarded");
            assertThat(result.err()).isEqualTo("experiment 'x' was discarded\n");
        }
    }

    @Test
    void prints_the_last_entries_alone_of_what_is_there_and_then_goes_on() {
        try (var daybook = repository.open(NOON)) {
            var run = daybook.experiment("x").init();
            TestRepository.logLoss(run);

            var result = tail(new Reader(() -> run.logMetric("loss", 11, 0.125), run::discard), "x", "-n", "1");

            assertThat(kinds(result.out())).containsExactly("MetricLogged", "MetricLogged", "ExperimentDiscarded");
            assertThat(result.out()).containsSubsequence("step=10", "step=11").doesNotContain("step=0");
        }
    }

    @Test
    void no_lines_are_what_is_new_alone() {
        try (var daybook = repository.open(NOON)) {
            var run = daybook.experiment("x").init();

            var result = tail(new Reader(run::discard), "x", "--lines", "0");

            assertThat(kinds(result.out())).containsExactly("ExperimentDiscarded");
        }
    }

    @Test
    void ends_when_nobody_reads_any_more() {
        try (var daybook = repository.open(NOON)) {
            daybook.experiment("x").init();
            var gone = new Writer() {
                @Override
                public void write(char[] buffer, int offset, int length) throws IOException {
                    throw new IOException("Broken pipe");
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

            var result = tail(gone, "x");

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).startsWith("daybook: the result could not be written to standard output");
        }
    }

    @Test
    void an_experiment_that_is_not_unfinished_is_an_error() {
        repository.saved("x", NOON, run -> {});

        assertThat(repository.daybook("tail", "x"))
                .isEqualTo(new Result(
                        1,
                        "",
                        "daybook: there is no unfinished experiment 'x' in this repository; none is unfinished\n"));
    }

    @Test
    void a_negative_number_of_lines_is_wrong_usage() {
        assertThat(repository.daybook("tail", "x", "-n", "-1"))
                .isEqualTo(new Result(
                        2, "", "daybook: a number of lines is not negative: -1; see 'daybook tail --help'\n"));
    }
}
