package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Applying an experiment in a large repository, as a whole process: {@code daybook apply}, beside {@code dvc exp apply}. */
final class ApplyBenchmark {

    /** How much of everything. */
    private record Plan(boolean isSmoke, int files, int rounds) {

        static final Plan FULL = new Plan(false, 5_000, 9);
        static final Plan SMOKE = new Plan(true, 100, 1);
    }

    private enum By {
        DAYBOOK("`daybook apply`"),
        DVC("`dvc exp apply`");

        private final String label;

        By(String label) {
            this.label = label;
        }
    }

    private final Plan plan;
    private final Path work;
    private final PrintStream out;
    private final Results<By> results = new Results<>();

    private ApplyBenchmark(Plan plan, Path work, PrintStream out) {
        this.plan = plan;
        this.work = work;
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        var plan = Arguments.isSmoke(args) ? Plan.SMOKE : Plan.FULL;
        var goals = new ApplyBenchmark(plan, Workplace.empty(), System.out).run();
        System.exit(goals.report(System.out, plan.isSmoke()));
    }

    private Goals run() throws IOException {
        Dvc.install();
        Machine.print(out, work, List.of());
        out.print("dvc: " + Dvc.version());
        out.printf("""
            protocol: two repositories of %,d files, in each of which Daybook has saved two experiments. Timed is a process from its start to its end, which
              applies the one where the other one is: `daybook apply NAME` in one repository, `dvc exp apply NAME` in the other. In turn, after
              one to warm up each; medians (least-greatest).
            """, plan.files());
        var ours = repository("daybook");
        var theirs = repository("dvc");
        for (int round = -1; round < plan.rounds(); round++) {
            apply(ours, By.DAYBOOK, round);
            apply(theirs, By.DVC, round);
        }
        print();
        var goals = new Goals();
        goals.atMost(
                "apply-vs-exp-apply",
                results.of(By.DAYBOOK).median("nanos") / results.of(By.DVC).median("nanos"),
                0.2);
        return goals;
    }

    private Path repository(String name) throws IOException {
        var repository = FilledRepository.create(work.resolve(name), plan.files());
        Fork.run(SavedFork.class, List.of("-Xmx1g"), repository, 2);
        Workplace.settle();
        return repository;
    }

    private void apply(Path repository, By by, int round) throws IOException {
        var name = SavedFork.name(Math.abs(round % 2));
        long begun = System.nanoTime();
        if (by == By.DAYBOOK) {
            Launcher.run(repository, "apply", name);
        } else {
            Dvc.run(repository, "exp", "apply", name);
        }
        long nanos = System.nanoTime() - begun;
        var saved = Command.run(repository, "git", "for-each-ref", "--format=%(objectname)", "refs/exps/*/*/" + name)
                .strip();
        if (!Files.readString(repository.resolve("params.yaml"))
                .equals(Command.run(repository, "git", "show", saved + ":params.yaml"))) {
            throw new IllegalStateException(by.label + " has not applied " + name);
        }
        if (round >= 0) {
            results.add(by, "nanos", nanos);
        }
    }

    private void print() {
        var table = new Table("applied by", "s");
        results.forEach((by, of) -> table.row(by.label, Table.spread(of, "nanos", 1e9, 2)));
        out.println();
        table.print(out);
    }
}
