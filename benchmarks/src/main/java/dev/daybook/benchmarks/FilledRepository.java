package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;

/** A Git repository of so many small files, one commit, that DVC knows too. */
final class FilledRepository {

    /** Those of DVC, and the parameters. */
    static final int LEAST_FILES = 4;

    private static final int FILES_IN_A_FOLDER = 50;

    private FilledRepository() {}

    /** Makes one in a folder that need not exist; its files are old, so that nobody need look at them to know that they are unchanged. */
    static Path create(Path folder, int files) throws IOException {
        Files.createDirectories(folder.resolve(".dvc"));
        Files.writeString(folder.resolve(".dvc/.gitignore"), "/config.local\n/tmp\n/cache\n");
        Files.writeString(folder.resolve(".dvc/config"), "");
        Files.writeString(folder.resolve(".dvcignore"), "");
        var old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        for (int i = 0; i < files - LEAST_FILES; i++) {
            var path = folder.resolve("src/part" + i / FILES_IN_A_FOLDER + "/file" + i + ".txt");
            Files.createDirectories(path.getParent());
            Files.writeString(path, "file " + i + "\n".repeat(i % 100));
            Files.setLastModifiedTime(path, old);
        }
        ScratchRepository.create(folder);
        Command.run(folder, "git", "config", "user.name", "Benchmark");
        Command.run(folder, "git", "config", "user.email", "benchmark@example.org");
        return folder;
    }

    /**
     * Adds experiments of the present baseline: a commit each, with its tree. Their refs are packed and never were files: a hundred thousand
     * files that were deleted just now would slow the file system down for minutes.
     */
    static void addExperiments(Path repository, int count) throws IOException {
        var head = Command.run(repository, "git", "rev-parse", "HEAD").strip();
        var stream = new StringBuilder();
        for (int i = 0; i < count; i++) {
            stream.append("commit refs/heads/before\nmark :").append(i + 1);
            stream.append("\ncommitter Benchmark <benchmark@example.org> ");
            stream.append(1_700_000_000 + i)
                    .append(" +0000\ndata 0\nfrom ")
                    .append(head)
                    .append("\n\n");
        }
        var file = Files.writeString(repository.resolveSibling("before"), stream);
        var marks = repository.resolveSibling("marks");
        Command.run(
                repository,
                Map.of("STREAM", file.toString(), "MARKS", marks.toString()),
                "sh",
                "-c",
                "git fast-import --quiet --force --export-marks=\"$MARKS\" < \"$STREAM\"");
        Command.run(repository, "git", "pack-refs", "--all");
        Command.run(repository, "git", "update-ref", "-d", "refs/heads/before");
        var refs = new TreeSet<String>();
        for (var line : Files.readAllLines(marks)) {
            var parts = line.split(" ", -1);
            var name = "before-" + parts[0].substring(1);
            refs.add("refs/exps/" + head.substring(0, 2) + "/" + head.substring(2) + "/" + name + " " + parts[1]);
        }
        pack(repository.resolve(".git/packed-refs"), refs);
        if (!Command.run(repository, "git", "for-each-ref", "--format=%(refname)", "refs/exps")
                .lines()
                .skip(count - 1L)
                .findFirst()
                .isPresent()) {
            throw new IllegalStateException("git does not see the " + count + " experiments");
        }
        Files.delete(file);
        Files.delete(marks);
    }

    /** What git has packed already sorts behind them. */
    private static void pack(Path packedRefs, Collection<String> refs) throws IOException {
        var lines = new ArrayList<>(Files.readAllLines(packedRefs));
        var packed = refs.stream()
                .map(ref -> ref.substring(ref.indexOf(' ') + 1) + " " + ref.substring(0, ref.indexOf(' ')))
                .toList();
        lines.addAll(1, packed);
        Files.write(packedRefs, lines);
    }
}
