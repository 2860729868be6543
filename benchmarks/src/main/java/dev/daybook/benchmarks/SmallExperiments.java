package dev.daybook.benchmarks;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Durability;
import java.nio.file.Files;
import java.nio.file.Path;

/** A fork of {@link JournalBenchmark}: what many experiments of ten records of one metric take on disk, each completed and left unsaved. */
final class SmallExperiments {

    private static final int RECORDS = 10;

    private SmallExperiments() {}

    /** Arguments: folder, number of experiments. */
    public static void main(String[] args) throws Exception {
        var repository = ScratchRepository.create(Path.of(args[0]));
        int experiments = Integer.parseInt(args[1]);
        try (var daybook = Daybook.open(repository, DaybookOptions.defaults().withDurability(Durability.PROCESS))) {
            for (int i = 0; i < experiments; i++) {
                try (var experiment = daybook.experiment("small-" + i).init()) {
                    var metric = experiment.metric("train/loss");
                    for (int step = 0; step < RECORDS; step++) {
                        metric.log(step, step * 0.5);
                    }
                    experiment.complete();
                }
            }
        }
        var journal = ScratchRepository.journal(repository);
        var figures = new Figures();
        figures.put("bytes", Workplace.allocatedBytes(journal));
        // a file each while they are neither saved nor discarded: a block of the file system
        var names = journal.resolve("names");
        figures.put("names", Files.exists(names) ? Workplace.allocatedBytes(names) : 0);
        figures.put("git", Workplace.allocatedBytes(repository.resolve(".git")));
        figures.print(System.out);
    }
}
