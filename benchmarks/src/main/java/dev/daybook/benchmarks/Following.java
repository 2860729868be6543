package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How late another process sees what a running experiment logs, at the default level: a part of {@link ReplayBenchmark}. */
final class Following {

    private static final double MOST_MILLIS = 100;

    private final int steps;
    private final Path work;
    private final PrintStream out;

    /** @param steps how many metrics are logged, with a pause of 20 ms on average behind each */
    Following(int steps, Path work, PrintStream out) {
        this.steps = steps;
        this.work = work;
        this.out = out;
    }

    void run(Goals goals) throws IOException {
        var repository = ScratchRepository.create(work.resolve("followed"));
        var following = CompletableFuture.supplyAsync(() -> fork(FollowFork.Task.FOLLOW, repository));
        fork(FollowFork.Task.LOG, repository);
        var figures = following.join();
        Workplace.clear(repository);
        var table = new Table("seen by another process", "number", "median ms", "most ms");
        for (var kind : List.of("metrics", "events")) {
            table.row(
                    kind,
                    Table.figure(figures.get(kind), 0),
                    Table.figure(figures.get(kind + "-median"), 0),
                    Table.figure(figures.get(kind + "-most"), 0));
        }
        out.println();
        table.print(out);
        goals.atMost("follow-ms", Math.max(figures.get("metrics-most"), figures.get("events-most")), MOST_MILLIS);
    }

    private Figures fork(FollowFork.Task task, Path repository) {
        try {
            return Fork.run(FollowFork.class, List.of(), task, repository, steps);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
