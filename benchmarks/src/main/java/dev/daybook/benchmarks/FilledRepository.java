package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A Git repository of so many small files, one commit, that DVC knows too. */
final class FilledRepository {

    /** Those of DVC, and the parameters. */
    static final int LEAST_FILES = 4;

    private static final int FILES_IN_A_FOLDER = 50;

    private FilledRepository() {}

    /** Makes one in a folder that need not exist. */
    static Path create(Path folder, int files) throws IOException {
        Files.createDirectories(folder.resolve(".dvc"));
        Files.writeString(folder.resolve(".dvc/.gitignore"), "/config.local\n/tmp\n/cache\n");
        Files.writeString(folder.resolve(".dvc/config"), "");
        Files.writeString(folder.resolve(".dvcignore"), "");
        for (int i = 0; i < files - LEAST_FILES; i++) {
            var path = folder.resolve("src/part" + i / FILES_IN_A_FOLDER + "/file" + i + ".txt");
            Files.createDirectories(path.getParent());
            Files.writeString(path, "file " + i + "\n".repeat(i % 100));
        }
        ScratchRepository.create(folder);
        Command.run(folder, "git", "config", "user.name", "Benchmark");
        Command.run(folder, "git", "config", "user.email", "benchmark@example.org");
        return folder;
    }

    /** Adds experiments of the present baseline: a commit each, with its tree. */
    static void addExperiments(Path repository, int count) throws IOException {
        var head = Command.run(repository, "git", "rev-parse", "HEAD").strip();
        var stream = new StringBuilder();
        for (int i = 0; i < count; i++) {
            stream.append("commit refs/exps/").append(head, 0, 2).append('/').append(head.substring(2));
            stream.append("/before-").append(i).append("\ncommitter Benchmark <benchmark@example.org> ");
            stream.append(1_700_000_000 + i)
                    .append(" +0000\ndata 0\nfrom ")
                    .append(head)
                    .append("\n\n");
        }
        var file = Files.writeString(repository.resolveSibling("before"), stream);
        Command.run(repository, Map.of("STREAM", file.toString()), "sh", "-c", "git fast-import --quiet < \"$STREAM\"");
        Command.run(repository, "git", "pack-refs", "--all");
        Files.delete(file);
    }
}
