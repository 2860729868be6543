package dev.daybook.git;

import dev.daybook.ChildProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Pushes or pulls once, and waits to be killed. */
final class ShareCrashChild {

    private ShareCrashChild() {}

    /** {@code push|pull REPOSITORY BEGUN DONE}: the files are made before and after. */
    public static void main(String[] args) throws IOException, InterruptedException {
        ChildProgram.endWithParent();
        try (var saved = SavedExperiments.open(Path.of(args[1]))) {
            Files.createFile(Path.of(args[2]));
            var options = TransferOptions.defaults();
            var report = args[0].equals("push")
                    ? saved.push(Optional.empty(), List.of(), options)
                    : saved.pull(Optional.empty(), List.of(), options);
            if (!report.isComplete() || !report.warnings().isEmpty()) {
                throw new AssertionError(report);
            }
            Files.createFile(Path.of(args[3]));
            new CountDownLatch(1).await();
        }
    }
}
