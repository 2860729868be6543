package dev.daybook.benchmarks;

import dev.daybook.Daybook;
import dev.daybook.Experiment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A fork of {@link SweepBenchmark}: begins experiments, and saves them at once. */
final class SweepFork {

    private static final int WARM_UP = 300;

    private SweepFork() {}

    /** Arguments: repository, number of experiments. */
    public static void main(String[] args) throws IOException {
        var repository = Path.of(args[0]);
        int experiments = Integer.parseInt(args[1]);
        var warmUp = FilledRepository.create(repository.resolveSibling("warm-up"), 100);
        sweep(warmUp, Math.min(experiments, WARM_UP));
        Workplace.clear(warmUp);
        sweep(repository, experiments).print(System.out);
    }

    private static Figures sweep(Path repository, int experiments) {
        long begun = System.nanoTime();
        try (var daybook = Daybook.open(repository, SavedFork.OPTIONS)) {
            var runs = new ArrayList<Experiment>();
            for (int i = 0; i < experiments; i++) {
                runs.add(SavedFork.begin(daybook, "swept-" + i, i));
            }
            long logged = System.nanoTime();
            int saved = save(daybook, runs);
            long end = System.nanoTime();
            if (saved != experiments) {
                throw new IllegalStateException(saved + " experiments were saved, not " + experiments);
            }
            var figures = new Figures();
            figures.put("nanos", end - logged);
            figures.put("whole", end - begun);
            return figures;
        }
    }

    private static int save(Daybook daybook, List<Experiment> runs) {
        return daybook.saveAll(runs).orThrow().size();
    }
}
