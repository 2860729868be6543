package dev.daybook.git;

import dev.daybook.ChildProgram;
import java.nio.file.Path;

/** Applies one experiment and another one in turn until it is killed. */
final class ApplyCrashChild {

    private ApplyCrashChild() {}

    /** {@code REPOSITORY}. */
    public static void main(String[] args) {
        ChildProgram.endWithParent();
        try (var saved = SavedExperiments.open(Path.of(args[0]))) {
            for (int i = 0; ; i++) {
                saved.apply(i % 2 == 0 ? "lion" : "tiger", ApplyOptions.DEFAULT);
            }
        }
    }
}
