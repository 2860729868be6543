package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.DaybookException;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import dev.daybook.HistoryEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads that log to an experiment while another one ends it, on the real journal and repository: what a call said is true. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LogRaceEndToEndTest {

    private static final int THREADS = 3;
    private static final int ROUNDS = 3;

    @TempDir
    Path temp;

    /** What another thread does. */
    record Ending(String name, Consumer<Experiment> call, String refusal) {}

    static List<Ending> endings() {
        return List.of(
                new Ending("save", Experiment::save, "PERSISTED"),
                new Ending("complete", Experiment::complete, "COMPLETED"),
                new Ending("discard", Experiment::discard, "UNINITIALIZED"),
                new Ending("close", Experiment::close, "closed"));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void what_was_logged_is_kept_and_what_was_refused_is_not(Ending ending) throws Exception {
        var repo = GitRepo.reference(temp.resolve("repo"));
        for (int round = 0; round < ROUNDS; round++) {
            try (var daybook = Daybook.open(repo.top, DaybookOptions.defaults().withWarnings(warning -> {}))) {
                var name = ending.name() + round;
                var run = daybook.experiment(name).init();
                // the history of what was discarded is not there any more by name
                var follower = daybook.follow(name);
                var logged = logWhile(run, ending);

                var seen = new long[THREADS];
                follower.poll(entry -> count(entry, seen));
                assertThat(seen).isEqualTo(logged);
            }
            try (var later = Daybook.open(repo.top, DaybookOptions.defaults().withWarnings(warning -> {}))) {
                assertThat(later.verify().isSound()).isTrue();
            }
        }
    }

    /** How many each thread was told are kept. */
    private static long[] logWhile(Experiment run, Ending ending) throws Exception {
        var pool = Executors.newFixedThreadPool(THREADS);
        try {
            var warm = new CountDownLatch(THREADS);
            var counts = new ArrayList<Future<Long>>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                counts.add(pool.submit(() -> logUntilRefused(run, number, warm, ending.refusal())));
            }
            warm.await();
            ending.call().accept(run);
            var logged = new long[THREADS];
            for (int thread = 0; thread < THREADS; thread++) {
                logged[thread] = counts.get(thread).get(1, TimeUnit.MINUTES);
            }
            return logged;
        } finally {
            pool.shutdownNow();
        }
    }

    private static long logUntilRefused(Experiment run, int thread, CountDownLatch warm, String refusal) {
        var metric = run.metric("thread/" + thread);
        for (long step = 0; ; step++) {
            try {
                metric.log(step, thread);
            } catch (DaybookException e) {
                assertThat(e).hasMessageContaining(refusal);
                return step;
            }
            if (step == 1_000) {
                warm.countDown();
            }
        }
    }

    /** Each thread's own steps, in their order. */
    private static void count(HistoryEntry entry, long[] seen) {
        if (entry.kind().equals(HistoryEntry.METRIC_LOGGED)) {
            int thread = ((Number) Objects.requireNonNull(entry.details().get("value"))).intValue();
            assertThat(entry.details()).containsEntry("step", seen[thread]);
            seen[thread]++;
        }
    }
}
