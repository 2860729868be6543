package dev.daybook.benchmarks;

import dev.daybook.Daybook;
import java.nio.file.Path;

/** Adds one artifact to an experiment and lets it go. */
final class ArtifactFork {

    private ArtifactFork() {}

    /** {@code REPOSITORY PATH}. */
    public static void main(String[] args) {
        try (var daybook = Daybook.open(Path.of(args[0]));
                var run = daybook.experiment("artifact").init()) {
            run.addArtifact(Path.of(args[1]));
        }
    }
}
