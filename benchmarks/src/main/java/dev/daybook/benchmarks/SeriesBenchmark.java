package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Saving one experiment with very many metric records, in a small heap. */
final class SeriesBenchmark {

    private static final String HEAP = "-Xmx256m";

    /** How much of everything. */
    private record Plan(boolean isSmoke, long records, int forks, long diskBytes) {

        static final Plan FULL = new Plan(false, 30_000_000, 3, 6L << 30);
        static final Plan SMOKE = new Plan(true, 300_000, 1, 1L << 30);
    }

    private final Plan plan;
    private final Path work;
    private final PrintStream out;

    private SeriesBenchmark(Plan plan, Path work, PrintStream out) {
        this.plan = plan;
        this.work = work;
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        var plan = Arguments.isSmoke(args) ? Plan.SMOKE : Plan.FULL;
        var work = Workplace.empty();
        Workplace.requireFree(work, plan.diskBytes());
        var goals = new SeriesBenchmark(plan, work, System.out).run();
        System.exit(goals.report(System.out, plan.isSmoke()));
    }

    private Goals run() throws IOException {
        Machine.print(out, work, List.of(HEAP));
        out.printf("""
            protocol: a fork logs the records of %d metrics and leaves the experiment (at PROCESS, not timed), the disk is synced, then another
              fork opens the repository, finds the experiment and saves it, once and not warmed up; the journal is in the page cache as far as
              memory holds it. The time is that of all three together: the records are read twice, each series is written whole and
              compressed into DVC's cache and as a sample into the commit, all of it forced to disk. Medians over the forks (least-greatest).
            """, SeriesFork.METRICS);
        var samples = new Samples();
        for (int fork = 0; fork < plan.forks(); fork++) {
            var repository = work.resolve("series-" + fork);
            fork(SeriesFork.Task.WRITE, repository);
            Workplace.settle();
            samples.add(fork(SeriesFork.Task.SAVE, repository));
            Workplace.clear(repository);
        }
        var table = new Table("records", "M records/s", "peak heap MiB", "anonymous memory MiB");
        table.row(
                "%,d".formatted(plan.records()),
                Table.spread(samples, "records/s", 1e6, 2),
                Table.spread(samples, "heap", 1 << 20, 1),
                Table.figure(samples.median("anonymous") / (1 << 20), 0));
        out.println();
        table.print(out);
        var goals = new Goals();
        goals.atLeast("series-records-per-second", samples.median("records/s"), 2_000_000);
        return goals;
    }

    private Figures fork(SeriesFork.Task task, Path repository) throws IOException {
        return Fork.run(SeriesFork.class, List.of(HEAP), task, repository, plan.records());
    }
}
