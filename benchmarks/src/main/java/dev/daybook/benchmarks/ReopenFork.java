package dev.daybook.benchmarks;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Durability;
import dev.daybook.SavedExperiment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** A fork of {@link ReplayBenchmark}: fills a repository with experiments, leaves one interrupted in it, or opens it again. */
final class ReopenFork {

    /** What to do with the repository. */
    enum Task {
        FILL,
        INTERRUPT,
        REOPEN
    }

    private static final String INTERRUPTED = "interrupted";

    /** More than cores, because a save waits for the disk and for git most of the time. */
    private static final int THREADS = 8;

    private static final DaybookOptions OPTIONS = DaybookOptions.defaults().withDurability(Durability.PROCESS);

    private final Path repository;
    private final Figures figures = new Figures();
    private final Queue<Future<SavedExperiment>> saving = new ConcurrentLinkedQueue<>();

    private ReopenFork(Path repository) {
        this.repository = repository;
    }

    /** Arguments: task, repository; to fill it the number of experiments, and the seconds after which they are not saved any more. */
    public static void main(String[] args) throws Exception {
        var fork = new ReopenFork(Path.of(args[1]));
        switch (Task.valueOf(args[0])) {
            case FILL -> fork.fill(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            case INTERRUPT -> fork.interrupt();
            case REOPEN -> fork.reopen();
        }
        fork.figures.print(System.out);
    }

    private void fill(int experiments, int seconds) throws IOException, InterruptedException, ExecutionException {
        ScratchRepository.create(repository);
        long begun = System.nanoTime();
        var next = new AtomicInteger();
        var discarded = new AtomicInteger();
        try (var daybook = Daybook.open(repository, OPTIONS);
                var workers = new Workers(THREADS)) {
            workers.run(worker -> {
                int number;
                while ((number = next.getAndIncrement()) < experiments) {
                    try (var experiment = daybook.experiment("filled-" + number).init()) {
                        experiment.logMetric("train/loss", 0, number);
                        if (System.nanoTime() - begun < seconds * 1_000_000_000L) {
                            saving.add(experiment.saveAsync());
                        } else {
                            experiment.discard();
                            discarded.incrementAndGet();
                        }
                    }
                }
            });
        }
        for (var each : saving) {
            each.get();
        }
        figures.put("saved", experiments - discarded.get());
        figures.put("seconds", (System.nanoTime() - begun) / 1e9);
    }

    /** Dies without closing anything, as a process that is killed. */
    private void interrupt() {
        var experiment =
                Daybook.open(repository, OPTIONS).experiment(INTERRUPTED).init();
        for (int step = 0; step < 10; step++) {
            experiment.logMetric("train/loss", step, step * 0.5);
        }
        Runtime.getRuntime().halt(0);
    }

    private void reopen() {
        figures.put("cold", open());
        figures.put("warm", open());
    }

    /** The nanoseconds until the repository is open and it is known what is unfinished in it. */
    private long open() {
        long begun = System.nanoTime();
        try (var daybook = Daybook.open(repository, OPTIONS)) {
            boolean isFound = daybook.find("nothing").isPresent();
            long nanos = System.nanoTime() - begun;
            if (isFound || daybook.find(INTERRUPTED).isEmpty()) {
                throw new IllegalStateException("the repository does not hold what was put into it");
            }
            return nanos;
        }
    }
}
