package dev.daybook.benchmarks;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;

/** Saves experiments for the benchmarks of what is done with them; measures nothing. */
final class SavedFork {

    private static final int AT_ONCE = 1_000;
    private static final int VALUES = 10;
    static final DaybookOptions OPTIONS =
            DaybookOptions.defaults().withWarnings(warning -> {}).withRecoversOnOpen(false);

    private SavedFork() {}

    /** The name of one of them, counted from 0. */
    static String name(int number) {
        return "saved-" + number;
    }

    /** Arguments: repository, number of experiments. */
    public static void main(String[] args) throws IOException {
        int experiments = Integer.parseInt(args[1]);
        try (var daybook = Daybook.open(Path.of(args[0]), OPTIONS)) {
            for (int from = 0; from < experiments; from += AT_ONCE) {
                var runs = new ArrayList<Experiment>();
                for (int i = from; i < Math.min(experiments, from + AT_ONCE); i++) {
                    runs.add(begin(daybook, name(i), i));
                }
                daybook.saveAll(runs).orThrow();
            }
        }
    }

    /** Saved, it has five files of its own: the parameters, {@code dvc.yaml}, the metrics, a plot, and Daybook's. */
    static Experiment begin(Daybook daybook, String name, int number) {
        var run = daybook.experiment(name).init();
        run.setParam("lr", number / 1000.0);
        var loss = run.metric("loss");
        for (int step = 0; step < VALUES; step++) {
            loss.log(step, 1.0 / (number + step + 1));
        }
        return run;
    }
}
