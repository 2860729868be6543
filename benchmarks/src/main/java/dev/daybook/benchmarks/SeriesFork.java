package dev.daybook.benchmarks;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Durability;
import dev.daybook.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A fork of {@link SeriesBenchmark}: logs a long experiment and leaves it, or saves it. Nothing is warmed up: who saves has just started. */
final class SeriesFork {

    /** What to do. */
    enum Task {
        WRITE,
        SAVE
    }

    static final int METRICS = 4;

    private static final String EXPERIMENT = "long";
    private static final DaybookOptions OPTIONS =
            DaybookOptions.defaults().withDurability(Durability.PROCESS).withRecoversOnOpen(false);

    private SeriesFork() {}

    /** Arguments: task, repository, records. */
    public static void main(String[] args) throws IOException {
        var repository = Path.of(args[1]);
        long records = Long.parseLong(args[2]);
        if (Task.valueOf(args[0]) == Task.WRITE) {
            write(repository, records);
        } else {
            save(repository, records);
        }
    }

    /** Losses that fall and are as rough as they are in training: of their digits none are the same. */
    private static void write(Path repository, long records) throws IOException {
        ScratchRepository.create(repository);
        var random = new SplittableRandom(42);
        try (var daybook = Daybook.open(repository, OPTIONS);
                var run = daybook.experiment(EXPERIMENT).init()) {
            var metrics = IntStream.range(0, METRICS)
                    .mapToObj(number -> run.metric("metric-" + number))
                    .toArray(Metric[]::new);
            for (long record = 0; record < records; record++) {
                long step = record / METRICS;
                metrics[(int) (record % METRICS)].log(step, Math.exp(-step / 1e6) + 0.1 * random.nextDouble());
            }
        }
    }

    private static void save(Path repository, long records) throws IOException {
        var heap = new PeakHeap();
        long begun = System.nanoTime();
        try (var daybook = Daybook.open(repository, OPTIONS)) {
            daybook.find(EXPERIMENT).orElseThrow().save();
            long nanos = System.nanoTime() - begun;
            var figures = new Figures();
            figures.put("records/s", records * 1e9 / nanos);
            figures.put("heap", heap.bytes());
            figures.put("anonymous", PeakHeap.anonymousKibibytes() << 10);
            figures.print(System.out);
        }
    }
}
