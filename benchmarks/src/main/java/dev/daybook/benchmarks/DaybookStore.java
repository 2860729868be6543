package dev.daybook.benchmarks;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Durability;
import dev.daybook.Experiment;
import dev.daybook.Metric;
import dev.daybook.MetricSummary;
import java.io.IOException;
import java.nio.file.Path;

/** One experiment of Daybook, as a user has it but for the durability; all threads log to one metric of it, the hardest case. */
final class DaybookStore implements Store {

    private static final String NAME = "train/loss";

    private final Path repository;
    private final Daybook daybook;
    private final Experiment experiment;
    private final Metric metric;
    private final boolean isByName;

    /** @param isByName whether the metric is looked up anew for each record */
    DaybookStore(Path folder, Durability durability, boolean isByName) throws IOException {
        this.repository = ScratchRepository.create(folder);
        this.daybook = Daybook.open(repository, DaybookOptions.defaults().withDurability(durability));
        this.experiment = daybook.experiment("benchmark").init();
        this.metric = experiment.metric(NAME);
        this.isByName = isByName;
    }

    @Override
    public Recorder recorder() {
        return isByName ? (step, value) -> experiment.logMetric(NAME, step, value) : metric::log;
    }

    @Override
    public long records() {
        return experiment.metrics().stream().mapToLong(MetricSummary::count).sum();
    }

    @Override
    public Path folder() {
        return ScratchRepository.journal(repository);
    }

    @Override
    public void close() {
        daybook.close();
    }
}
