package dev.daybook.journal;

import dev.daybook.port.Generation;
import java.io.IOException;
import java.nio.file.Path;

/** Asks from another process whether a generation is locked. */
final class LockProbe {

    private LockProbe() {}

    static boolean isHeldForOthers(Path directory, Generation generation) {
        try {
            var lock = JournalDirectory.lock(directory.toRealPath().resolve(generation.name()));
            return ChildJvm.run(LockProbe.class, lock.toString()).equals("true");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** In the other process. */
    public static void main(String[] args) throws IOException {
        System.out.print(LivenessLock.isHeld(Path.of(args[0])));
    }
}
