package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One save at a time, forced to disk, beside {@code dvc.api.exp_save} in a loop. */
final class SaveBenchmark {

    private static final List<String> FLAGS = List.of("-Xmx512m");
    private static final Path SCRIPT = Path.of("benchmarks", "src", "main", "python", "exp_save.py");

    /**
     * A repository.
     *
     * @param bound how long a save may take against DVC's
     */
    private record Size(int files, double bound) {}

    /**
     * How much of everything.
     *
     * @param saves that are timed in each round
     * @param cleanFiles of the repository in which {@code init} is timed by itself
     */
    private record Plan(
            boolean isSmoke, List<Size> sizes, int warmUp, int saves, int dvcSaves, int rounds, int cleanFiles) {

        static final Plan FULL =
                new Plan(false, List.of(new Size(100, 0.08), new Size(5_000, 0.02)), 200, 100, 10, 3, 10_000);
        static final Plan SMOKE = new Plan(true, List.of(new Size(100, 0.08)), 2, 3, 1, 1, 100);
    }

    private record Case(boolean isDaybook, int files) {}

    private final Plan plan;
    private final Path work;
    private final PrintStream out;
    private final Results<Case> results = new Results<>();

    private SaveBenchmark(Plan plan, Path work, PrintStream out) {
        this.plan = plan;
        this.work = work;
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        var plan = Arguments.isSmoke(args) ? Plan.SMOKE : Plan.FULL;
        var work = Workplace.empty();
        var goals = new SaveBenchmark(plan, work, System.out).run();
        System.exit(goals.report(System.out, plan.isSmoke()));
    }

    private Goals run() throws IOException {
        Dvc.install();
        Machine.print(out, work, FLAGS);
        out.print("dvc: " + Dvc.version());
        out.printf("""
            protocol: in a repository of so many small files a JVM runs experiments, one after the other: init, an override, ten values, save; after %d
              to warm up, %d are timed. A Python process changes params.yaml and calls dvc.api.exp_save, after 1 to warm up %d times. In turn, %d
              rounds, each in a repository of its own, the disk settled in between. Daybook's saves are on disk when they return, DVC's are not.
              The goal is the whole of Daybook's init to save against exp_save, which looks for changes too. Medians over all saves of a round,
              then over the rounds (least-greatest). At last init and `git diff-files` in one warm JVM, in turn, every other round backwards:
              the start of a process is in git's figure and not in Daybook's, and stands beside.
            """, plan.warmUp(), plan.saves(), plan.dvcSaves(), plan.rounds());
        for (int round = 0; round < plan.rounds(); round++) {
            for (var size : plan.sizes()) {
                round(size.files());
            }
            System.err.printf("round %d of %d is done%n", round + 1, plan.rounds());
        }
        var init = Fork.run(InitFork.class, FLAGS, work.resolve("clean"), plan.cleanFiles());
        print(init);
        var goals = goals();
        goals.atMost("init-vs-diff-files", init.get("init") / init.get("diff-files"), 3);
        return goals;
    }

    private void round(int files) throws IOException {
        var ours = FilledRepository.create(work.resolve("daybook"), files);
        var theirs = FilledRepository.create(work.resolve("dvc"), files);
        Workplace.settle();
        results.add(new Case(true, files), Fork.run(SaveFork.class, FLAGS, ours, plan.warmUp(), plan.saves()));
        Workplace.settle();
        results.add(new Case(false, files), dvc(theirs));
        Workplace.clear(ours);
        Workplace.clear(theirs);
    }

    private Figures dvc(Path repository) throws IOException {
        var output = Command.run(
                Path.of("."),
                Map.of(
                        "HOME", work.toString(),
                        "DVC_NO_ANALYTICS", "1",
                        "DVC_SITE_CACHE_DIR",
                                repository.resolve(".dvc/tmp/site").toString()),
                Dvc.program("python"),
                SCRIPT.toString(),
                repository.toString(),
                "1",
                String.valueOf(plan.dvcSaves()));
        var samples = new Samples();
        output.lines().filter(line -> line.startsWith("nanos ")).forEach(line -> {
            var one = new Figures();
            one.put("nanos", Double.parseDouble(line.substring("nanos ".length())));
            samples.add(one);
        });
        var figures = new Figures();
        figures.put("whole", samples.median("nanos"));
        return figures;
    }

    private void print(Figures init) {
        var table = new Table("saved by", "init to save, ms", "of it `save`, ms", "of it `init`, ms");
        results.forEach((one, of) -> table.row(
                "%s, %,d files".formatted(one.isDaybook() ? "Daybook, forced" : "dvc.api.exp_save", one.files()),
                Table.spread(of, "whole", 1e6, 2),
                one.isDaybook() ? Table.spread(of, "save", 1e6, 2) : "",
                one.isDaybook() ? Table.spread(of, "init", 1e6, 2) : ""));
        out.println();
        table.print(out);
        out.printf(
                "%nin a warm JVM, %,d clean files, medians: init %.1f ms, the look at the files alone %.1f ms, git diff-files %.1f ms, git's start alone %.1f ms%n",
                plan.cleanFiles(),
                init.get("init") / 1e6,
                init.get("status") / 1e6,
                init.get("diff-files") / 1e6,
                init.get("git") / 1e6);
    }

    private Goals goals() {
        var goals = new Goals();
        for (var size : plan.sizes()) {
            goals.atMost(
                    "save-" + size.files() + "-files-vs-exp-save",
                    results.of(new Case(true, size.files())).median("whole")
                            / results.of(new Case(false, size.files())).median("whole"),
                    size.bound());
        }
        return goals;
    }
}
