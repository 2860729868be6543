package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Listing saved experiments, as a whole process: {@code daybook list}, beside {@code dvc exp show}. */
final class ListBenchmark {

    private static final int FILES = 100;

    /**
     * How much of everything.
     *
     * @param few experiments, {@code some} of which DVC is asked for too, and {@code many}
     * @param cold how often each list is made for the first time, and {@code warm} how often again
     */
    private record Plan(boolean isSmoke, int few, int some, int many, int cold, int warm) {

        static final Plan FULL = new Plan(false, 10, 1_000, 10_000, 3, 9);
        static final Plan SMOKE = new Plan(true, 2, 5, 20, 1, 1);
    }

    private record Case(boolean isDaybook, int experiments, boolean isFirst) {

        String label() {
            return (isDaybook ? "`daybook list`" : "`dvc exp show`")
                    + " of %,d, ".formatted(experiments)
                    + (isFirst ? "the first time" : "again");
        }
    }

    private final Plan plan;
    private final Path work;
    private final PrintStream out;
    private final Results<Case> results = new Results<>();

    private ListBenchmark(Plan plan, Path work, PrintStream out) {
        this.plan = plan;
        this.work = work;
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        var plan = Arguments.isSmoke(args) ? Plan.SMOKE : Plan.FULL;
        var goals = new ListBenchmark(plan, Workplace.empty(), System.out).run();
        System.exit(goals.report(System.out, plan.isSmoke()));
    }

    private Goals run() throws IOException {
        Dvc.install();
        Machine.print(out, work, List.of());
        out.print("dvc: " + Dvc.version());
        out.printf("""
            protocol: repositories of %d files, in which Daybook has saved %,d, %,d and %,d experiments of one baseline. Timed is a process from its start
              to its end: `daybook list --json` or `dvc exp show --json`, both of which give all parameters and metrics. The first time:
              what either of them remembers was deleted. In turn; medians (least-greatest).
            """, FILES, plan.few(), plan.some(), plan.many());
        var few = repository(plan.few());
        var some = repository(plan.some());
        var many = repository(plan.many());
        // what the script makes for a verb when it is called first
        Launcher.run(few, "list");
        for (int i = 0; i < plan.cold(); i++) {
            daybook(many, plan.many(), true);
            daybook(some, plan.some(), true);
            dvc(some, plan.some(), true);
            System.err.printf("first time, round %d of %d is done%n", i + 1, plan.cold());
        }
        daybook(few, plan.few(), true);
        for (int i = 0; i < plan.warm(); i++) {
            daybook(few, plan.few(), false);
            daybook(many, plan.many(), false);
            daybook(some, plan.some(), false);
            dvc(some, plan.some(), false);
        }
        print();
        return goals();
    }

    private Path repository(int experiments) throws IOException {
        var repository = FilledRepository.create(work.resolve("saved-" + experiments), FILES);
        Fork.run(SavedFork.class, List.of("-Xmx1g"), repository, experiments);
        Workplace.settle();
        return repository;
    }

    private void daybook(Path repository, int experiments, boolean isFirst) throws IOException {
        if (isFirst) {
            Workplace.clear(repository.resolve(".git/daybook/cache"));
        }
        long begun = System.nanoTime();
        var listed = Launcher.run(repository, "list", "--json");
        results.add(new Case(true, experiments, isFirst), "nanos", System.nanoTime() - begun);
        require(listed, "\"loss\"", experiments);
    }

    private void dvc(Path repository, int experiments, boolean isFirst) throws IOException {
        if (isFirst) {
            Workplace.clear(repository.resolve(".dvc/tmp"));
        }
        long begun = System.nanoTime();
        var listed = Dvc.run(repository, "exp", "show", "--json");
        results.add(new Case(false, experiments, isFirst), "nanos", System.nanoTime() - begun);
        require(listed, "\"loss\"", experiments);
    }

    /** Who lists only half of them is quick. */
    private static void require(String listed, String text, int times) {
        int found = listed.split(text, -1).length - 1;
        if (found != times) {
            throw new IllegalStateException(text + " was listed " + found + " times, not " + times);
        }
    }

    private void print() {
        var table = new Table("listed by", "s");
        results.forEach((one, of) -> table.row(one.label(), Table.spread(of, "nanos", 1e9, 2)));
        out.println();
        table.print(out);
    }

    private Goals goals() {
        var goals = new Goals();
        goals.atMost("list-" + plan.some() + "-first-vs-exp-show-cold", ratio(true), 0.05);
        goals.atMost("list-" + plan.some() + "-again-vs-exp-show-warm", ratio(false), 0.5);
        goals.atMost(
                "list-" + plan.many() + "-vs-list-" + plan.few(),
                median(new Case(true, plan.many(), false)) / median(new Case(true, plan.few(), false)),
                2);
        return goals;
    }

    private double ratio(boolean isFirst) {
        return median(new Case(true, plan.some(), isFirst)) / median(new Case(false, plan.some(), isFirst));
    }

    private double median(Case one) {
        return results.of(one).median("nanos");
    }
}
