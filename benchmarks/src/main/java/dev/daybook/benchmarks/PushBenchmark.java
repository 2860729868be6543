package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Pushing saved experiments, as a whole process: {@code daybook push}, beside {@code git push} of the same refs. */
final class PushBenchmark {

    private static final int FILES = 100;

    /** How much of everything. */
    private record Plan(boolean isSmoke, int experiments, int rounds) {

        static final Plan FULL = new Plan(false, 1_000, 7);
        static final Plan SMOKE = new Plan(true, 5, 1);
    }

    private enum By {
        DAYBOOK("`daybook push`"),
        GIT("`git push`");

        private final String label;

        By(String label) {
            this.label = label;
        }
    }

    private final Plan plan;
    private final Path work;
    private final PrintStream out;
    private final Results<By> results = new Results<>();

    private PushBenchmark(Plan plan, Path work, PrintStream out) {
        this.plan = plan;
        this.work = work;
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        var plan = Arguments.isSmoke(args) ? Plan.SMOKE : Plan.FULL;
        var goals = new PushBenchmark(plan, Workplace.empty(), System.out).run();
        System.exit(goals.report(System.out, plan.isSmoke()));
    }

    private Goals run() throws IOException {
        Machine.print(out, work, List.of());
        out.print(Command.run(Path.of("."), "git", "--version"));
        out.printf("""
            protocol: a repository of %d files, in which Daybook has saved %,d experiments of one baseline. Timed is a process from its start to its end,
              which sends all of them to an empty bare repository of a file:// address that has the baseline: `daybook push --remote REMOTE` or
              `git push REMOTE 'refs/exps/*:refs/exps/*'`. In turn, after one to warm up each, the
              disk settled in between; medians (least-greatest).
            """, FILES, plan.experiments());
        var repository = FilledRepository.create(work.resolve("repository"), FILES);
        Fork.run(SavedFork.class, List.of("-Xmx1g"), repository, plan.experiments());
        for (int round = -1; round < plan.rounds(); round++) {
            for (var by : By.values()) {
                push(repository, by, round >= 0);
            }
            System.err.printf("round %d of %d is done%n", round + 1, plan.rounds());
        }
        print();
        var goals = new Goals();
        goals.atMost(
                "push-vs-git-push",
                results.of(By.DAYBOOK).median("nanos") / results.of(By.GIT).median("nanos"),
                1.5);
        return goals;
    }

    private void push(Path repository, By by, boolean isTimed) throws IOException {
        var remote = work.resolve("remote.git");
        Command.run(work, "git", "init", "--quiet", "--bare", remote.toString());
        var address = remote.toUri().toString();
        Command.run(repository, "git", "push", "--quiet", address, "HEAD:refs/heads/main");
        Workplace.settle();
        long begun = System.nanoTime();
        if (by == By.DAYBOOK) {
            Launcher.run(repository, "push", "--remote", address);
        } else {
            Command.run(repository, "git", "push", "--quiet", address, "refs/exps/*:refs/exps/*");
        }
        long nanos = System.nanoTime() - begun;
        if (isTimed) {
            results.add(by, "nanos", nanos);
        }
        var there = Command.run(remote, "git", "for-each-ref", "--format=%(refname)", "refs/exps");
        if (there.lines().count() != plan.experiments()) {
            throw new IllegalStateException(by.label + " sent " + there.lines().count() + " experiments");
        }
        Workplace.clear(remote);
    }

    private void print() {
        var table = new Table("pushed by", "s");
        results.forEach((by, of) -> table.row(by.label, Table.spread(of, "nanos", 1e9, 2)));
        out.println();
        table.print(out);
    }
}
