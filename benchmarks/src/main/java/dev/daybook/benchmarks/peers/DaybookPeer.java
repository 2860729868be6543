package dev.daybook.benchmarks.peers;

import dev.daybook.Daybook;
import dev.daybook.Experiment;
import dev.daybook.Metric;
import dev.daybook.MetricSummary;
import java.io.IOException;
import java.nio.file.Path;

/** Daybook: {@code Metric.log} for each value, at the default durability; a run is an experiment, its close is {@code save}. */
final class DaybookPeer implements Worker.Tracker {

    private final Daybook daybook;
    private int opened;

    private DaybookPeer(Daybook daybook) {
        this.daybook = daybook;
    }

    public static void main(String[] args) throws IOException {
        try (var daybook = Daybook.open(Path.of(args[0]))) {
            Worker.serve(new DaybookPeer(daybook));
        }
    }

    @Override
    public Worker.Run open() {
        return new Run(daybook.experiment("peer-" + opened++).init());
    }

    @Override
    public long count() {
        return daybook.find("peer-0").orElseThrow().metrics().stream()
                .mapToLong(MetricSummary::count)
                .sum();
    }

    private static final class Run implements Worker.Run {

        private final Experiment experiment;
        private final Metric loss;
        private final Metric acc;
        private final Metric lr;

        Run(Experiment experiment) {
            this.experiment = experiment;
            loss = experiment.metric("loss");
            acc = experiment.metric("acc");
            lr = experiment.metric("lr");
        }

        @Override
        public void log(int step, double lossValue, double accValue, double lrValue) {
            loss.log(step, lossValue);
            acc.log(step, accValue);
            lr.log(step, lrValue);
        }

        @Override
        public void close() {
            experiment.save();
        }

        @Override
        public void drop() {
            experiment.discard();
        }
    }
}
