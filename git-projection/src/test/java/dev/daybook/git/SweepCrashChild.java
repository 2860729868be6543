package dev.daybook.git;

import dev.daybook.ChildProgram;
import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import dev.daybook.SavedExperiment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Changes the code and saves, sweep after sweep: each third one in the background, which saves few at once; each fourth one with checkpoints. */
final class SweepCrashChild {

    static final int TOGETHER = 9;

    /** Printed before a repository is opened, and so recovered, and after that. */
    static final String OPENING = "opening";

    static final String OPENED = "opened";

    /** What a line in the file begins with. */
    static final String BEGUN = "begun";

    static final String SAVED = "saved";

    private SweepCrashChild() {}

    /**
     * {@code REPOSITORY FILE PREFIX [LAST]}: appends a line for each experiment that is begun, {@code begun name .}, and for each that is saved,
     * {@code saved name commit .}. It ends when a file LAST is there.
     */
    public static void main(String[] args) throws IOException {
        ChildProgram.endWithParent();
        boolean isAlone = args.length < 4;
        var options = DaybookOptions.defaults().withWarnings(warning -> {});
        System.out.println(OPENING);
        try (var daybook = Daybook.open(Path.of(args[0]), options)) {
            System.out.println(OPENED);
            for (int sweep = 0; isAlone || !Files.exists(Path.of(args[3])); sweep++) {
                var acks = Path.of(args[1]);
                changeCode(Path.of(args[0]), args[2] + sweep);
                var runs = begin(daybook, args[2] + sweep + "-", sweep % 4 == 3, acks);
                var lines = new StringBuilder();
                for (var saved : save(daybook, sweep % 3 == 2, runs)) {
                    lines.append(SAVED + " " + saved.name() + " " + saved.commit() + " .\n");
                }
                append(acks, lines);
            }
        }
    }

    private static void append(Path file, CharSequence lines) throws IOException {
        Files.writeString(file, lines, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void changeCode(Path repository, String text) throws IOException {
        var edited = repository.resolve(text + ".tmp");
        Files.writeString(edited, "print('" + text + "')\n");
        Files.move(edited, repository.resolve("train.py"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<Experiment> begin(Daybook daybook, String prefix, boolean hasCheckpoints, Path acks)
            throws IOException {
        var runs = new ArrayList<Experiment>();
        for (int i = 0; i < TOGETHER; i++) {
            var run = daybook.experiment(prefix + i).init();
            append(acks, BEGUN + " " + run.name() + " .\n");
            run.setParam("number", i);
            run.logMetric("loss", 0, i);
            if (hasCheckpoints) {
                run.makeCheckpoint("half");
            }
            runs.add(run);
        }
        return runs;
    }

    private static Collection<SavedExperiment> save(Daybook daybook, boolean isSoon, List<Experiment> runs) {
        if (isSoon) {
            var soon = runs.stream().map(Experiment::saveAsync).toList();
            return soon.stream().map(CompletableFuture::join).toList();
        }
        return daybook.saveAll(runs).orThrow();
    }
}
