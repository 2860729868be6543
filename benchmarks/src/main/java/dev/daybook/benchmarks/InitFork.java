package dev.daybook.benchmarks;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A fork of {@link SaveBenchmark}: what {@code init} costs in a repository with many files of which none has changed, against {@code git diff-files}, which has to look at
 * each of them too.
 *
 * <p>All take turns in one process that is warm, every other round backwards. {@code git diff-files} has the start of a process in it, which
 * {@code git --version} takes by itself. A round of {@code init} is the whole call: code, parameters, name and first event, forced
 * to disk. {@code status} is the snapshot with the count of untracked files, without anything that names it or keeps it from gc.
 */
final class InitFork {

    private static final int FILES_PER_FOLDER = 100;
    private static final int WARM_UPS = 20;
    private static final int ROUNDS = 20;
    private static final List<String> MEASURED = List.of("git", "diff-files", "status", "init");

    private InitFork() {}

    /** Arguments: folder, number of files. */
    public static void main(String[] args) throws IOException {
        run(Path.of(args[0]), Integer.parseInt(args[1])).print(System.out);
    }

    /**
     * Measures in a folder that need not exist.
     *
     * @return medians of {@value #ROUNDS} rounds: {@code init}, {@code status}, {@code diff-files} and {@code git}, which only starts, in
     *     nanoseconds
     */
    private static Figures run(Path work, int files) throws IOException {
        var repository = repository(work.resolve("repository"), files);
        var samples = new Samples();
        var turns = new ArrayList<>(MEASURED);
        try (var daybook = Daybook.open(repository, DaybookOptions.defaults())) {
            for (int round = -WARM_UPS; round < ROUNDS; round++) {
                var figures = new Figures();
                for (var what : turns) {
                    figures.put(what, nanos(what, daybook, repository));
                }
                Collections.reverse(turns);
                if (round >= 0) {
                    samples.add(figures);
                }
            }
        }
        var medians = new Figures();
        for (var name : MEASURED) {
            medians.put(name, samples.median(name));
        }
        return medians;
    }

    private static long nanos(String what, Daybook daybook, Path repository) throws IOException {
        long begun = System.nanoTime();
        switch (what) {
            case "init" -> {
                var experiment = daybook.experiment("init").init();
                long nanos = System.nanoTime() - begun;
                experiment.discard();
                experiment.close();
                return nanos;
            }
            case "status" -> daybook.status();
            case "diff-files" -> Command.run(repository, "git", "diff-files", "--quiet");
            default -> Command.run(repository, "git", "--version");
        }
        return System.nanoTime() - begun;
    }

    /** All files are older than the index, so that nobody has to read them. */
    private static Path repository(Path folder, int files) throws IOException {
        ScratchRepository.create(folder);
        var hourAgo = FileTime.from(Instant.now().minus(1, ChronoUnit.HOURS));
        for (int i = 0; i < files; i++) {
            var file = folder.resolve("src/package" + i / FILES_PER_FOLDER + "/file" + i + ".py");
            Files.createDirectories(file.getParent());
            Files.writeString(file, ("print(" + i + ")\n").repeat(50));
            Files.setLastModifiedTime(file, hourAgo);
        }
        Command.run(folder, "git", "config", "user.name", "Benchmark");
        Command.run(folder, "git", "config", "user.email", "benchmark@example.org");
        Command.run(folder, "git", "add", "--all");
        Command.run(folder, "git", "commit", "--quiet", "--no-verify", "--message=Files");
        return folder;
    }
}
