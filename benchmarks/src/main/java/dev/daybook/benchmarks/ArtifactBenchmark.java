package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Adding data, as a whole process: {@code addArtifact}, forced to disk, beside {@code dvc add}, which forces nothing. */
final class ArtifactBenchmark {

    private static final List<String> FLAGS = List.of("-Xmx256m");

    /**
     * How much.
     *
     * @param fileBytes of the one large file
     * @param files in the folder, each of {@code smallBytes}
     */
    private record Plan(boolean isSmoke, long fileBytes, int files, int smallBytes, int rounds, long diskBytes) {

        static final Plan FULL = new Plan(false, 1L << 30, 10_000, 4_096, 5, 8L << 30);
        static final Plan SMOKE = new Plan(true, 16L << 20, 200, 4_096, 1, 1L << 30);
    }

    private enum Data {
        FILE("artifact-file-vs-dvc-add", "one file"),
        FOLDER("artifact-folder-vs-dvc-add", "a folder of small files");

        private final String goal;
        private final String title;

        Data(String goal, String title) {
            this.goal = goal;
            this.title = title;
        }
    }

    private enum By {
        DAYBOOK,
        DVC
    }

    private record Case(Data data, By by) {}

    private final Plan plan;
    private final Path work;
    private final PrintStream out;
    private final Results<Case> results = new Results<>();

    private ArtifactBenchmark(Plan plan, Path work, PrintStream out) {
        this.plan = plan;
        this.work = work;
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        var plan = Arguments.isSmoke(args) ? Plan.SMOKE : Plan.FULL;
        var work = Workplace.empty();
        Workplace.requireFree(work, plan.diskBytes());
        var goals = new ArtifactBenchmark(plan, work, System.out).run();
        System.exit(goals.report(System.out, plan.isSmoke()));
    }

    private Goals run() throws IOException {
        Dvc.install();
        Machine.print(out, work, FLAGS);
        out.printf("""
            protocol: random content is written into a repository of its own for each run (not timed), and the disk is synced; then a process is
              timed from its start to its end: a JVM that opens a Daybook, begins an experiment, adds the data and closes, with the copy and the
              journal forced to disk; or `dvc add`, which forces nothing. In turn. Medians over the runs (least-greatest).
            """);
        for (int round = 0; round < plan.rounds(); round++) {
            for (var data : Data.values()) {
                for (var by : By.values()) {
                    measure(new Case(data, by), round);
                }
            }
            System.err.printf("round %d is done%n", round + 1);
        }
        print();
        var goals = new Goals();
        for (var data : Data.values()) {
            goals.atMost(data.goal, median(data, By.DAYBOOK) / median(data, By.DVC), 1.0);
        }
        return goals;
    }

    private double median(Data data, By by) {
        return results.of(new Case(data, by)).median("time");
    }

    private void measure(Case one, int round) throws IOException {
        var repository = FilledRepository.create(work.resolve("repository"), FilledRepository.LEAST_FILES);
        write(repository, one.data(), round);
        Workplace.settle();
        long begin = System.nanoTime();
        if (one.by() == By.DAYBOOK) {
            Fork.run(ArtifactFork.class, FLAGS, repository, "data");
        } else {
            Dvc.run(repository, "add", "--quiet", "data");
        }
        results.add(one, "time", System.nanoTime() - begin);
        Workplace.clear(repository);
    }

    private void write(Path repository, Data data, int round) throws IOException {
        var random = new Random(round);
        var target = repository.resolve("data");
        if (data == Data.FOLDER) {
            var content = new byte[plan.smallBytes()];
            for (int i = 0; i < plan.files(); i++) {
                random.nextBytes(content);
                var folder = Files.createDirectories(target.resolve(String.valueOf(i % 100)));
                Files.write(folder.resolve(i + ".bin"), content);
            }
            return;
        }
        var content = new byte[1 << 20];
        try (var file = Files.newOutputStream(target)) {
            for (long written = 0; written < plan.fileBytes(); written += content.length) {
                random.nextBytes(content);
                file.write(content);
            }
        }
    }

    private void print() {
        var table = new Table("added", "Daybook, s", "`dvc add`, s");
        for (var data : Data.values()) {
            table.row(
                    data.title,
                    Table.spread(results.of(new Case(data, By.DAYBOOK)), "time", 1e9, 2),
                    Table.spread(results.of(new Case(data, By.DVC)), "time", 1e9, 2));
        }
        out.println();
        out.printf(
                "%,d MiB in one file; %,d files of %,d bytes%n%n",
                plan.fileBytes() >> 20, plan.files(), plan.smallBytes());
        table.print(out);
    }
}
