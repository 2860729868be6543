package dev.daybook.benchmarks;

import dev.daybook.benchmarks.ReplayFork.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reading back beside raw Chronicle Queue, in a small heap; then {@link Reopening} and {@link Following}. */
final class ReplayBenchmark {

    private static final List<String> FLAGS = List.of("-Xmx64m");

    /**
     * An archive.
     *
     * @param forks of Daybook, and of Chronicle, which reads as many documents, in turn with it
     */
    private record Size(long records, int forks) {}

    /**
     * How much of everything.
     *
     * @param sizes the last one is that of the goals: there the JIT's work no longer shows
     */
    private record Plan(boolean isSmoke, List<Size> sizes, Reopening.Plan reopening, int followed, long diskBytes) {

        static final Plan FULL = new Plan(
                false,
                List.of(new Size(1_000_000, 5), new Size(10_000_000, 5), new Size(100_000_000, 3)),
                new Reopening.Plan(List.of(0, 1_000, 10_000), 480, 5),
                1_000,
                16L << 30);

        static final Plan SMOKE = new Plan(
                true, List.of(new Size(1_000_000, 1)), new Reopening.Plan(List.of(0, 10, 20), 30, 1), 100, 2L << 30);
    }

    private record Case(Kind kind, long records) {}

    private final Plan plan;
    private final Path work;
    private final PrintStream out;
    private final Results<Case> results = new Results<>();

    private ReplayBenchmark(Plan plan, Path work, PrintStream out) {
        this.plan = plan;
        this.work = work;
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        var plan = Arguments.isSmoke(args) ? Plan.SMOKE : Plan.FULL;
        var work = Workplace.empty();
        Workplace.requireFree(work, plan.diskBytes());
        var goals = new ReplayBenchmark(plan, work, System.out).run();
        System.exit(goals.report(System.out, plan.isSmoke()));
    }

    private Goals run() throws IOException {
        Machine.print(out, work, FLAGS);
        out.printf("""
            protocol: a fork writes the records (at PROCESS, not timed), the disk is synced, then other forks read them in turn with Chronicle's
              and fold all of them, once and not warmed up; the files are in the page cache as far as memory holds them. Opening is not in the
              figure of reading. Both sides check a sequence and a CRC32C per record and keep count, last, least, greatest and mean of %d
              metrics, which are compared with what was written. Medians over the forks (least-greatest). Anonymous memory is at the end.
              Who needs more heap than that dies, and the benchmark with it.
            """, Archive.METRICS);
        for (var size : plan.sizes()) {
            replay(size);
            System.err.printf("%,d records are done%n", size.records());
        }
        print();
        var goals = goals();
        new Reopening(plan.reopening(), work, out).run(goals);
        new Following(plan.followed(), work, out).run(goals);
        return goals;
    }

    private void replay(Size size) throws IOException {
        var cases = new ArrayList<Case>();
        for (var kind : Kind.values()) {
            cases.add(new Case(kind, size.records()));
        }
        for (var one : cases) {
            fork(one, ReplayFork.Task.WRITE);
        }
        Workplace.settle();
        for (int fork = 0; fork < size.forks(); fork++) {
            for (var one : cases) {
                results.add(one, fork(one, ReplayFork.Task.READ));
            }
        }
        for (var one : cases) {
            Workplace.clear(folder(one));
        }
    }

    private Path folder(Case one) {
        return work.resolve(one.kind().name());
    }

    private Figures fork(Case one, ReplayFork.Task task) throws IOException {
        return Fork.run(ReplayFork.class, FLAGS, one.kind(), task, folder(one), one.records());
    }

    private void print() {
        var table = new Table("records", "read by", "M records/s", "open ms", "peak heap MiB", "anonymous memory MiB");
        results.forEach((one, of) -> table.row(
                "%,d".formatted(one.records()),
                one.kind() == Kind.DAYBOOK ? "Daybook, `find` and `metrics`" : "Chronicle Queue, its tailer",
                Table.spread(of, "records/s", 1e6, 2),
                Table.figure(of.median("open") / 1e6, 0),
                Table.spread(of, "heap", 1 << 20, 1),
                Table.figure(of.median("anonymous") / (1 << 20), 0)));
        out.println();
        table.print(out);
    }

    private Goals goals() {
        var goals = new Goals();
        long largest = plan.sizes().get(plan.sizes().size() - 1).records();
        goals.atLeast(
                "replay-vs-chronicle",
                results.of(new Case(Kind.DAYBOOK, largest)).median("records/s")
                        / results.of(new Case(Kind.CHRONICLE, largest)).median("records/s"),
                2.5);
        return goals;
    }
}
