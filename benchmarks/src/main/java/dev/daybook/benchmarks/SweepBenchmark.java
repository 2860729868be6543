package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A sweep of experiments saved at once, forced to disk, beside {@code git fast-import} of the same content, which forces nothing. */
final class SweepBenchmark {

    private static final List<String> FLAGS = List.of("-Xmx1g");

    /**
     * How much of everything.
     *
     * @param experiments in a sweep
     * @param before experiments that are there already in the second repository
     */
    private record Plan(boolean isSmoke, int experiments, int before, int rounds) {

        static final Plan FULL = new Plan(false, 1_000, 100_000, 3);
        static final Plan SMOKE = new Plan(true, 20, 200, 1);
    }

    private enum Competitor {
        DAYBOOK("Daybook `saveAll`, forced"),
        DAYBOOK_AMONG_MANY("the same among many"),
        FAST_IMPORT("git fast-import, not forced"),
        QUICK_FAST_IMPORT("the same without deltas, as quickly compressed as Daybook does");

        private final String label;

        Competitor(String label) {
            this.label = label;
        }
    }

    private final Plan plan;
    private final Path work;
    private final PrintStream out;
    private final Results<Competitor> results = new Results<>();

    private SweepBenchmark(Plan plan, Path work, PrintStream out) {
        this.plan = plan;
        this.work = work;
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        var plan = Arguments.isSmoke(args) ? Plan.SMOKE : Plan.FULL;
        var work = Workplace.empty();
        var goals = new SweepBenchmark(plan, work, System.out).run();
        System.exit(goals.report(System.out, plan.isSmoke()));
    }

    private Goals run() throws IOException {
        Machine.print(out, work, FLAGS);
        out.printf("""
            protocol: a fork begins %,d experiments in a repository of 100 files, each with an override and a metric of ten values, so that each commit has
              five files of its own. Timed is saveAll: completing all, the commits, forcing, the refs. The JVM has saved some hundred elsewhere before.
              One sweep that is not timed is exported, and imported by git into a clone of its repository as it was before; that is timed with its start.
              The second repository has %,d experiments of the same baseline already. In turn, every other round backwards, %d rounds, the disk
              settled in between; medians (least-greatest). The goal is set against git as it comes, which looks for deltas and compresses harder
              than Daybook does: that is in Daybook's favour. Git without both stands beside, without a goal.
            """, plan.experiments(), plan.before(), plan.rounds());
        export();
        var turns = new ArrayList<>(List.of(Competitor.values()));
        for (int round = 0; round < plan.rounds(); round++) {
            for (var competitor : turns) {
                results.add(competitor, measure(competitor));
            }
            Collections.reverse(turns);
            System.err.printf("round %d of %d is done%n", round + 1, plan.rounds());
        }
        print();
        return goals();
    }

    private static final int FILES = 100;

    private Figures measure(Competitor competitor) throws IOException {
        return switch (competitor) {
            case DAYBOOK -> daybook(0);
            case DAYBOOK_AMONG_MANY -> daybook(plan.before());
            case FAST_IMPORT -> fastImport("git fast-import --quiet");
            case QUICK_FAST_IMPORT ->
                fastImport("git -c core.compression=1 -c pack.compression=1 fast-import --quiet --depth=0");
        };
    }

    private Figures daybook(int before) throws IOException {
        var repository = FilledRepository.create(work.resolve("repository"), FILES);
        if (before > 0) {
            FilledRepository.addExperiments(repository, before);
        }
        Workplace.settle();
        var figures = fork(repository);
        Workplace.clear(repository);
        return figures;
    }

    private Figures fork(Path repository) throws IOException {
        return Fork.run(SweepFork.class, FLAGS, repository, plan.experiments());
    }

    /** What git imports, and the repository that it imports it into. */
    private void export() throws IOException {
        var plain = FilledRepository.create(work.resolve("exported"), FILES);
        Command.run(
                work,
                "git",
                "clone",
                "--quiet",
                "--bare",
                plain.toString(),
                baseline().toString());
        fork(plain);
        Command.run(
                plain,
                Map.of("STREAM", stream().toString()),
                "sh",
                "-c",
                "git fast-export --reference-excluded-parents --glob='refs/exps/*' ^HEAD > \"$STREAM\"");
        Workplace.clear(plain);
    }

    private Path baseline() {
        return work.resolve("baseline");
    }

    private Path stream() {
        return work.resolve("stream");
    }

    private Figures fastImport(String command) throws IOException {
        var bare = work.resolve("import");
        Command.run(work, "git", "clone", "--quiet", "--bare", baseline().toString(), bare.toString());
        Workplace.settle();
        long begun = System.nanoTime();
        Command.run(bare, Map.of("STREAM", stream().toString()), "sh", "-c", command + " < \"$STREAM\"");
        long nanos = System.nanoTime() - begun;
        var refs = Command.run(bare, "git", "for-each-ref", "--format=%(refname)", "refs/exps");
        if (refs.lines().count() != plan.experiments()) {
            throw new IllegalStateException("git has imported " + refs.lines().count() + " experiments");
        }
        Workplace.clear(bare);
        var figures = new Figures();
        figures.put("nanos", nanos);
        return figures;
    }

    private void print() {
        var table = new Table("saved by", "experiments/s", "ms", "with `init` and logging, ms an experiment");
        results.forEach((one, of) -> table.row(
                one.label,
                Table.figure(plan.experiments() * 1e9 / of.median("nanos"), 0),
                Table.spread(of, "nanos", 1e6, 0),
                of.has("whole") ? Table.figure(of.median("whole") / 1e6 / plan.experiments(), 2) : ""));
        out.println();
        table.print(out);
    }

    private Goals goals() {
        double daybook = results.of(Competitor.DAYBOOK).median("nanos");
        var goals = new Goals();
        goals.atLeast("sweep-vs-fast-import", results.of(Competitor.FAST_IMPORT).median("nanos") / daybook, 1);
        goals.atMost(
                "sweep-among-" + plan.before() + "-vs-none",
                results.of(Competitor.DAYBOOK_AMONG_MANY).median("nanos") / daybook,
                1.5);
        return goals;
    }
}
