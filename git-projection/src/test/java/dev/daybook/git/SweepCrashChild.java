package dev.daybook.git;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Saves sweep after sweep until it is killed; each third one in the background, each fourth one with checkpoints. */
final class SweepCrashChild {

    static final int TOGETHER = 9;

    private SweepCrashChild() {}

    /**
     * {@code REPOSITORY FILE PREFIX [LAST]}: appends a line, {@code name commit .}, for each experiment that is saved. It ends when a file
     * LAST is there.
     */
    public static void main(String[] args) throws IOException {
        var options = DaybookOptions.defaults().withWarnings(warning -> {});
        try (var daybook = Daybook.open(Path.of(args[0]), options)) {
            for (int sweep = 0; args.length < 4 || !Files.exists(Path.of(args[3])); sweep++) {
                var lines = new StringBuilder();
                for (var saved : save(daybook, sweep, begin(daybook, args[2] + sweep + "-", sweep))) {
                    lines.append(saved.name())
                            .append(' ')
                            .append(saved.commit())
                            .append(" .\n");
                }
                Files.writeString(
                        Path.of(args[1]),
                        lines,
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
        }
    }

    private static List<Experiment> begin(Daybook daybook, String prefix, int sweep) {
        var runs = new ArrayList<Experiment>();
        for (int i = 0; i < TOGETHER; i++) {
            var run = daybook.experiment(prefix + i).init();
            run.setParam("number", i);
            run.logMetric("loss", 0, i);
            if (sweep % 4 == 3) {
                run.makeCheckpoint("half");
            }
            runs.add(run);
        }
        return runs;
    }

    private static Collection<dev.daybook.SavedExperiment> save(Daybook daybook, int sweep, List<Experiment> runs) {
        if (sweep % 3 == 2) {
            var soon = runs.stream().map(Experiment::saveAsync).toList();
            return soon.stream()
                    .map(java.util.concurrent.CompletableFuture::join)
                    .toList();
        }
        return daybook.saveAll(runs).orThrow();
    }
}
