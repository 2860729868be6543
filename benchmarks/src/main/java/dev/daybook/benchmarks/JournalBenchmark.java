package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Logging beside what else one could log with: latency, processor time, throughput, allocation, disk. */
final class JournalBenchmark {

    /** The same heap for all, fixed, so that nobody's figure holds its growing. */
    private static final List<String> FLAGS = List.of("-Xms512m", "-Xmx512m");

    /** Who is measured with so many threads, and so many records of all threads together. */
    private record Load(int threads, int warmUp, int timed, int untimed, List<Competitor> competitors) {}

    private static final List<Competitor> OURS = List.of(Competitor.DAYBOOK_METRIC, Competitor.DAYBOOK_NAME);
    private static final List<Competitor> OTHERS = List.of(
            Competitor.CHRONICLE_OWN,
            Competitor.CHRONICLE_SHARED,
            Competitor.CHRONICLE_DOCUMENT,
            Competitor.MAPPED,
            Competitor.BUFFERED);

    /**
     * How much of everything.
     *
     * @param experiments the smaller of two numbers of small experiments
     */
    private record Plan(
            boolean isSmoke,
            int forks,
            List<Load> loads,
            List<JmhRun.Load> jmhLoads,
            int jmhIterations,
            int experiments,
            long diskBytes) {

        // Three forks, and fewer records for more threads, only for the 20 minutes that the whole may take. A long
        // warm-up, because Daybook comes to Chronicle's part of its way once in 1,600 records: else that is compiled
        // while it is measured. Most records for one thread, because the kernel tells processor time in steps of 10 ms,
        // which is to be next to nothing of what a bound is compared with.
        static final Plan FULL = new Plan(
                false,
                3,
                List.of(
                        new Load(1, 10_000_000, 10_000_000, 50_000_000, all()),
                        new Load(2, 10_000_000, 3_000_000, 10_000_000, all()),
                        new Load(4, 2_000_000, 2_000_000, 2_000_000, all())),
                List.of(
                        new JmhRun.Load(OURS, 1, 10),
                        new JmhRun.Load(OTHERS, 1, 2),
                        new JmhRun.Load(OURS, 2, 10),
                        new JmhRun.Load(OTHERS, 2, 2),
                        new JmhRun.Load(OURS, 4, 3),
                        new JmhRun.Load(OTHERS, 4, 2)),
                3,
                100,
                16L << 30);

        static final Plan SMOKE = new Plan(
                true,
                1,
                List.of(
                        new Load(1, 50_000, 100_000, 100_000, all()),
                        new Load(
                                2,
                                50_000,
                                100_000,
                                100_000,
                                List.of(
                                        Competitor.DAYBOOK_METRIC,
                                        Competitor.CHRONICLE_OWN,
                                        Competitor.CHRONICLE_SHARED,
                                        Competitor.CHRONICLE_DOCUMENT))),
                List.of(new JmhRun.Load(OURS, 1, 1)),
                1,
                5,
                4L << 30);
    }

    private record Case(Competitor competitor, int threads) {}

    private record Turn(Competitor competitor, Load load) {}

    private final Plan plan;
    private final Path work;
    private final PrintStream out;
    private final Results<Case> results = new Results<>();

    private JournalBenchmark(Plan plan, Path work, PrintStream out) {
        this.plan = plan;
        this.work = work;
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        var plan = Arguments.isSmoke(args) ? Plan.SMOKE : Plan.FULL;
        var work = Workplace.empty();
        Workplace.requireFree(work, plan.diskBytes());
        var goals = new JournalBenchmark(plan, work, System.out).run();
        System.exit(goals.report(System.out, plan.isSmoke()));
    }

    private Goals run() throws IOException {
        Machine.print(out, work, FLAGS);
        printProtocol();
        measure();
        plan.loads().forEach(this::printLoad);
        var jmh = new JmhRun(work, FLAGS, plan.jmhIterations());
        var found = new ArrayList<JmhRun.Found>();
        for (var load : plan.jmhLoads()) {
            found.addAll(jmh.run(load));
        }
        printJmh(found);
        return goals(found, bytesOfSmallExperiment());
    }

    private void printProtocol() {
        out.printf("""
            protocol: %d forks of each competitor, taking turns, every other round backwards; medians over the forks (least-greatest). Each fork
              has a folder of its own, which is deleted, and the disk synced, before the next. Latencies are of calls without a pause between
              them, the timer's cost included; processor time (of the whole process, helper threads too) and throughput are untimed, in a new
              store. Every record is counted afterwards. Threads of Daybook share one experiment and one metric.
            """, plan.forks());
        for (var load : plan.loads()) {
            out.printf(
                    "  %d thread(s): %,d records to warm up, %,d timed one by one; in a new store the same to warm up, %,d untimed%n",
                    load.threads(), load.warmUp(), load.timed(), load.untimed());
        }
    }

    private void measure() throws IOException {
        var turns = new ArrayList<Turn>();
        for (var load : plan.loads()) {
            for (var competitor : load.competitors()) {
                turns.add(new Turn(competitor, load));
            }
        }
        for (int round = 0; round < plan.forks(); round++) {
            for (var turn : turns) {
                results.add(new Case(turn.competitor(), turn.load().threads()), fork(turn.competitor(), turn.load()));
            }
            // what a fork leaves to the next, heat or a busy disk, does not always hit the same one
            Collections.reverse(turns);
            System.err.printf("round %d of %d is done%n", round + 1, plan.forks());
        }
    }

    private Figures fork(Competitor competitor, Load load) throws IOException {
        var folder = work.resolve("journal");
        try {
            return Fork.run(
                    JournalFork.class,
                    FLAGS,
                    competitor,
                    folder,
                    load.threads(),
                    load.warmUp(),
                    load.timed(),
                    load.untimed());
        } finally {
            Workplace.clear(folder);
        }
    }

    private void printLoad(Load load) {
        var table = new Table(
                load.threads() + " thread(s)",
                "CPU ns/record",
                "M records/s",
                "p50 ns",
                "p99 ns",
                "p99.9 ns",
                "p99.99 ns",
                "max ms",
                "B/record on disk");
        for (var competitor : load.competitors()) {
            var of = samples(competitor, load.threads());
            table.row(
                    competitor.title(),
                    competitor.logs() ? Table.spread(of, "cpu", 1, 0) : "",
                    competitor.logs() ? Table.spread(of, "records/s", 1e6, 2) : "",
                    Table.spread(of, "p50", 1, 0),
                    Table.figure(of.median("p99"), 0),
                    Table.spread(of, "p99.9", 1, 0),
                    Table.spread(of, "p99.99", 1, 0),
                    Table.figure(of.median("max") / 1e6, 1),
                    competitor.logs() ? Table.figure(of.median("disk"), 1) : "");
        }
        out.println();
        table.print(out);
    }

    private void printJmh(List<JmhRun.Found> found) {
        var table = new Table(
                "JMH, average time, -prof gc (JMH's own allocation included)",
                "threads",
                "ns/record of a thread",
                "B/record allocated");
        for (var one : found) {
            table.row(
                    one.competitor().title(),
                    String.valueOf(one.threads()),
                    Table.figure(one.nanos(), 1),
                    Table.figure(one.bytes(), 4));
        }
        out.println();
        table.print(out);
    }

    /** The growth from N experiments to 2N, per experiment, so that what a journal takes just for being there does not count. */
    private double bytesOfSmallExperiment() throws IOException {
        int count = plan.experiments();
        var some = smallExperiments(count);
        var twice = smallExperiments(2 * count);
        double bytes = (twice.get("bytes") - some.get("bytes")) / count;
        double names = (twice.get("names") - some.get("names")) / count;
        double git = (twice.get("git") - some.get("git")) / count;
        out.printf("""

            one more experiment of ten records, completed and left: %.0f bytes of the journal, of which %.0f for its reserved name (%d beside %d experiments)
              and %.0f bytes of the whole .git, with the ref that keeps the code of an unsaved experiment, until it is saved or discarded
            """, bytes, names, 2 * count, count, git);
        return bytes;
    }

    private Figures smallExperiments(int count) throws IOException {
        var folder = work.resolve("small");
        try {
            return Fork.run(SmallExperiments.class, FLAGS, folder, count);
        } finally {
            Workplace.clear(folder);
        }
    }

    private Goals goals(List<JmhRun.Found> jmh, double bytesOfSmallExperiment) {
        var daybook = samples(Competitor.DAYBOOK_METRIC, 1);
        var chronicle = samples(Competitor.CHRONICLE_DOCUMENT, 1);
        var floor = samples(Competitor.MAPPED, 1);
        // taken off every percentile that a goal is about: what the timer takes by itself, in the middle
        double timer = samples(Competitor.TIMER, 1).median("p50");
        double bestChronicle = Stream.of(
                        Competitor.CHRONICLE_OWN, Competitor.CHRONICLE_SHARED, Competitor.CHRONICLE_DOCUMENT)
                .mapToDouble(competitor -> samples(competitor, 2).median("records/s"))
                .max()
                .orElseThrow();
        printBesideWriteBytes(timer);
        var goals = new Goals();
        goals.atMost("cpu-vs-chronicle", daybook.median("cpu") / chronicle.median("cpu"), 0.50);
        goals.atMost("p50-vs-chronicle", (daybook.median("p50") - timer) / (chronicle.median("p50") - timer), 0.30);
        goals.atMost("cpu-vs-floor", daybook.median("cpu") / floor.median("cpu"), 1.3);
        goals.atLeast("two-threads", samples(Competitor.DAYBOOK_METRIC, 2).median("records/s") / bestChronicle, 3);
        goals.atMost("p999-us", (daybook.median("p99.9") - timer) / 1_000, 1);
        goals.atMost("p9999-vs-chronicle", daybook.median("p99.99") / chronicle.median("p99.99"), 1.0);
        goals.below(
                "alloc-bytes",
                Math.max(JmhRun.bytes(jmh, Competitor.DAYBOOK_METRIC), JmhRun.bytes(jmh, Competitor.DAYBOOK_NAME)),
                0.01);
        goals.atMost("disk-bytes-long", daybook.median("disk"), 42);
        goals.atMost("disk-bytes-small", bytesOfSmallExperiment, 8192);
        return goals;
    }

    /** The goals are set against documents as Chronicle documents them; its quickest call, which gives no way to fill in later, stands beside. */
    private void printBesideWriteBytes(double timer) {
        var daybook = samples(Competitor.DAYBOOK_METRIC, 1);
        var bytes = samples(Competitor.CHRONICLE_OWN, 1);
        out.printf(
                "%nbeside Chronicle's `writeBytes`, without goals: CPU %.2f, p50 without the timer %.2f, p99.99 %.2f%n",
                daybook.median("cpu") / bytes.median("cpu"),
                (daybook.median("p50") - timer) / (bytes.median("p50") - timer),
                daybook.median("p99.99") / bytes.median("p99.99"));
    }

    private Samples samples(Competitor competitor, int threads) {
        return results.of(new Case(competitor, threads));
    }

    private static List<Competitor> all() {
        return List.of(Competitor.values());
    }
}
