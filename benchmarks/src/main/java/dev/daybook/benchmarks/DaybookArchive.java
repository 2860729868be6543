package dev.daybook.benchmarks;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Durability;
import dev.daybook.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** One experiment of Daybook, through the API that its users have. */
final class DaybookArchive implements Archive {

    private static final String EXPERIMENT = "archive";
    private static final DaybookOptions OPTIONS = DaybookOptions.defaults()
            .withDurability(Durability.PROCESS)
            // it would read the journal while the Daybook is opened: the folding is to be timed by itself
            .withRecoversOnOpen(false);

    @Override
    public void write(Path folder, long records) throws IOException {
        var repository = ScratchRepository.create(folder);
        try (var daybook = Daybook.open(repository, OPTIONS);
                var experiment = daybook.experiment(EXPERIMENT).init()) {
            var metrics = IntStream.range(0, METRICS)
                    .mapToObj(DaybookArchive::name)
                    .map(experiment::metric)
                    .toArray(Metric[]::new);
            for (long record = 0; record < records; record++) {
                metrics[(int) (record % METRICS)].log(record, Archive.value(record));
            }
        }
    }

    @Override
    public Times read(Path folder, long records) {
        long begun = System.nanoTime();
        try (var daybook = Daybook.open(folder, OPTIONS)) {
            long opened = System.nanoTime();
            var found = daybook.find(EXPERIMENT).orElseThrow();
            var summaries = found.metrics();
            long folded = System.nanoTime();
            if (summaries.size() != METRICS) {
                throw new IllegalStateException(summaries.size() + " metrics were read, not " + METRICS);
            }
            for (int metric = 0; metric < METRICS; metric++) {
                var one = summaries.get(metric);
                Archive.check(
                        metric,
                        records,
                        new MetricFold(one.count(), one.lastStep(), one.last(), one.min(), one.max(), one.mean()));
            }
            return new Times(opened - begun, folded - opened);
        }
    }

    private static String name(int metric) {
        return "metric-" + metric;
    }
}
