package dev.daybook.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * A fork of {@link JournalBenchmark}: one competitor, first with each call timed, then, in a new store, with none.
 *
 * <p>Latencies are those of calls that follow one another without a pause, so a stall counts once, as one slow call. The processor's time
 * is that of the whole process, whatever thread used it, and without the timer; what the kernel does by itself to write pages back is in
 * nobody's figure. Closing is in no figure either, and for nobody is there more left to do then than for the last few hundred KiB.
 */
final class JournalFork {

    /** Loops are this long, so that they are compiled as the methods that they are, and not replaced on the stack. */
    private static final int BATCH = 10_000;

    private static final long LONGEST_NANOS = 60_000_000_000L;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Competitor competitor;
    private final Path folder;
    private final Workers workers;
    private final int warmUp;
    private final Figures figures = new Figures();

    private JournalFork(Competitor competitor, Path folder, Workers workers, int warmUp) {
        this.competitor = competitor;
        this.folder = folder;
        this.workers = workers;
        this.warmUp = warmUp;
    }

    /** Arguments: competitor, folder, threads; of all threads together the records to warm up, timed, untimed. */
    public static void main(String[] args) throws Exception {
        try (var workers = new Workers(Integer.parseInt(args[2]))) {
            var fork =
                    new JournalFork(Competitor.valueOf(args[0]), Path.of(args[1]), workers, Integer.parseInt(args[3]));
            fork.time(Integer.parseInt(args[4]));
            if (fork.competitor.logs()) {
                fork.count(Integer.parseInt(args[5]));
            }
            fork.figures.print(System.out);
        }
    }

    private void time(int records) throws IOException, InterruptedException, ExecutionException {
        var timed = folder.resolve("timed");
        try (var store = competitor.open(timed)) {
            var recorders = recorders(store);
            var histograms = Stream.generate(() -> new Histogram(LONGEST_NANOS, 3))
                    .limit(workers.count())
                    .toArray(Histogram[]::new);
            workers.run(worker -> logTimed(recorders[worker], share(warmUp), histograms[worker]));
            Arrays.stream(histograms).forEach(Histogram::reset);
            settle();
            workers.run(worker -> logTimed(recorders[worker], share(records), histograms[worker]));
            var all = new Histogram(LONGEST_NANOS, 3);
            Arrays.stream(histograms).forEach(all::add);
            figures.put("p50", all.getValueAtPercentile(50));
            figures.put("p99", all.getValueAtPercentile(99));
            figures.put("p99.9", all.getValueAtPercentile(99.9));
            figures.put("p99.99", all.getValueAtPercentile(99.99));
            figures.put("max", all.getMaxValue());
        }
        // gone before it is written back, so that the second half does not run beside that
        Workplace.clear(timed);
    }

    private void count(int records) throws IOException, InterruptedException, ExecutionException {
        long expected = (long) workers.count() * (share(warmUp) + share(records));
        Path stored;
        try (var store = competitor.open(folder.resolve("untimed"))) {
            stored = store.folder();
            var recorders = recorders(store);
            workers.run(worker -> log(recorders[worker], share(warmUp)));
            settle();
            long cpuBefore = SYSTEM.getProcessCpuTime();
            long nanos = workers.run(worker -> log(recorders[worker], share(records)));
            long cpu = SYSTEM.getProcessCpuTime() - cpuBefore;
            double logged = (double) workers.count() * share(records);
            figures.put("cpu", cpu / logged);
            figures.put("records/s", logged * 1e9 / nanos);
            if (store.records() != expected) {
                throw new IllegalStateException(
                        competitor + " has kept " + store.records() + " records of " + expected);
            }
        }
        figures.put("disk", (double) Workplace.allocatedBytes(stored) / expected);
    }

    /** One per thread, made on it. */
    private Recorder[] recorders(Store store) throws InterruptedException, ExecutionException {
        var recorders = new Recorder[workers.count()];
        workers.run(worker -> recorders[worker] = store.recorder());
        return recorders;
    }

    private int share(int records) {
        return records / workers.count();
    }

    private static void logTimed(Recorder recorder, int records, Histogram histogram) {
        for (int from = 0; from < records; from += BATCH) {
            logBatchTimed(recorder, from, Math.min(from + BATCH, records), histogram);
        }
    }

    private static void logBatchTimed(Recorder recorder, int from, int to, Histogram histogram) {
        for (int step = from; step < to; step++) {
            long begun = System.nanoTime();
            recorder.log(step, step * 0.5);
            histogram.recordValue(System.nanoTime() - begun);
        }
    }

    private static void log(Recorder recorder, int records) {
        for (int from = 0; from < records; from += BATCH) {
            logBatch(recorder, from, Math.min(from + BATCH, records));
        }
    }

    private static void logBatch(Recorder recorder, int from, int to) {
        for (int step = from; step < to; step++) {
            recorder.log(step, step * 0.5);
        }
    }

    /** Collects the garbage of the beginning, and waits until the compiler has been idle for a moment. */
    private static void settle() throws InterruptedException {
        System.gc();
        var compiler = ManagementFactory.getCompilationMXBean();
        long before;
        int rounds = 0;
        do {
            before = compiler.getTotalCompilationTime();
            Thread.sleep(100);
        } while (compiler.getTotalCompilationTime() != before && ++rounds < 50);
    }
}
