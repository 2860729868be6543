package dev.daybook.benchmarks;

import dev.daybook.benchmarks.ReopenFork.Task;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** How long it takes to open a repository again that has seen many experiments: a part of {@link ReplayBenchmark}. */
final class Reopening {

    private static final List<String> FLAGS = List.of("-Xmx64m");

    /** Filling a repository is not what is measured; it may have more. */
    private static final List<String> FILLING_FLAGS = List.of("-Xmx1g");

    /**
     * How much of everything.
     *
     * @param experiments how many are in each repository; the first has none
     * @param secondsToSave after which the rest of them is discarded
     */
    record Plan(List<Integer> experiments, int secondsToSave, int forks) {}

    private final Plan plan;
    private final Path work;
    private final PrintStream out;
    private final Results<Integer> filled = new Results<>();
    private final Results<Integer> first = new Results<>();
    private final Results<Integer> later = new Results<>();

    Reopening(Plan plan, Path work, PrintStream out) {
        this.plan = plan;
        this.work = work;
        this.out = out;
    }

    void run(Goals goals) throws IOException {
        for (int experiments : plan.experiments()) {
            var repository = repository(experiments);
            filled.add(
                    experiments,
                    Fork.run(
                            ReopenFork.class, FILLING_FLAGS, Task.FILL, repository, experiments, plan.secondsToSave()));
            Fork.run(ReopenFork.class, FLAGS, Task.INTERRUPT, repository);
            System.err.printf("a repository with %,d experiments is made%n", experiments);
        }
        Workplace.settle();
        reopenAll(first);
        for (int fork = 0; fork < plan.forks(); fork++) {
            reopenAll(later);
        }
        for (int experiments : plan.experiments()) {
            Workplace.clear(repository(experiments));
        }
        print();
        int most = plan.experiments().get(plan.experiments().size() - 1);
        goals.atMost(
                "reopen-" + most + "-vs-0",
                later.of(most).median("cold") / later.of(0).median("cold"),
                2);
    }

    private void reopenAll(Results<Integer> into) throws IOException {
        for (int experiments : plan.experiments()) {
            into.add(experiments, Fork.run(ReopenFork.class, FLAGS, Task.REOPEN, repository(experiments)));
        }
    }

    private Path repository(int experiments) {
        return work.resolve("repository-" + experiments);
    }

    private void print() {
        var table = new Table(
                "experiments", "saved", "discarded", "filled in s", "first cold ms", "later cold ms", "later warm ms");
        for (int experiments : plan.experiments()) {
            double saved = filled.of(experiments).median("saved");
            table.row(
                    "%,d".formatted(experiments),
                    Table.figure(saved, 0),
                    Table.figure(experiments - saved, 0),
                    Table.figure(filled.of(experiments).median("seconds"), 0),
                    Table.figure(first.of(experiments).median("cold") / 1e6, 0),
                    Table.spread(later.of(experiments), "cold", 1e6, 0),
                    Table.spread(later.of(experiments), "warm", 1e6, 1));
        }
        out.println();
        out.printf("""
            opening again: after the first fork %d per repository, taking turns. Each opens it and asks for an unfinished experiment, which is the
              cold figure with the loading of classes in it, and does both again, which is the warm one. Each repository has one interrupted
              experiment besides. Discarded are those that could not be saved within %d s, so that the run ends in time.

            """, plan.forks(), plan.secondsToSave());
        table.print(out);
    }
}
