package dev.daybook.git;

import dev.daybook.ChildProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * Applies one experiment and another one in turn until it is killed; now and then over a file of the user's, by force. Says beforehand what the
 * user has written.
 */
final class ApplyCrashChild {

    /** Of both experiments. */
    static final String FILE = "src/common7.py";

    /** Is there until what was written last is in the work tree. */
    static final String WAITING = "waiting";

    private ApplyCrashChild() {}

    /** {@code REPOSITORY LOG SEED}; beside the log what the user writes is until it is in the work tree. */
    public static void main(String[] args) throws IOException {
        ChildProgram.endWithParent();
        var top = Path.of(args[0]);
        var log = Path.of(args[1]);
        var random = new Random(Long.parseLong(args[2]));
        try (var saved = SavedExperiments.open(top)) {
            for (int i = 0; ; i++) {
                var options = ApplyOptions.DEFAULT;
                if (random.nextBoolean()) {
                    options = options.withForce();
                    write(top.resolve(FILE), "mine " + random.nextLong(), log);
                }
                saved.apply(i % 2 == 0 ? "lion" : "tiger", options);
            }
        }
    }

    private static void write(Path file, String mine, Path log) throws IOException {
        var whole = Files.writeString(log.resolveSibling(WAITING), mine);
        Files.writeString(
                log, mine + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
