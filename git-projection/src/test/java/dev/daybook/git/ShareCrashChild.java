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

    /** {@code push|pull REPOSITORY FORCED BEGUN DONE}: the files are made before and after. */
    public static void main(String[] args) throws IOException, InterruptedException {
        ChildProgram.endWithParent();
        try (var saved = SavedExperiments.open(Path.of(args[1]))) {
            boolean isForced = Boolean.parseBoolean(args[2]);
            Files.createFile(Path.of(args[3]));
            var options = TransferOptions.defaults().withForce(isForced);
            var report = args[0].equals("push")
                    ? saved.push(Optional.empty(), List.of(), options)
                    : saved.pull(Optional.empty(), List.of(), options);
            // it is said what was replaced
            if (!report.isComplete() || !isForced && !report.warnings().isEmpty()) {
                throw new AssertionError(report);
            }
            Files.createFile(Path.of(args[4]));
            new CountDownLatch(1).await();
        }
    }
}
