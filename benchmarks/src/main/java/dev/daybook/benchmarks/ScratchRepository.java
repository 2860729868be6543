package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Git repository with one small commit, which is what an experiment needs around it. */
final class ScratchRepository {

    private ScratchRepository() {}

    /** Makes one in a folder that need not exist. */
    static Path create(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("params.yaml"), "lr: 0.1\n");
        Command.run(folder, "git", "init", "--quiet");
        Command.run(folder, "git", "add", "--all");
        Command.run(
                folder,
                "git",
                "-c",
                "user.name=Benchmark",
                "-c",
                "user.email=benchmark@example.org",
                "commit",
                "--quiet",
                "--no-verify",
                "--message=Parameters");
        return folder;
    }

    /** Where Daybook keeps its journal in it. */
    static Path journal(Path repository) {
        return repository.resolve(".git/daybook/journal");
    }
}
