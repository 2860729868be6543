package dev.daybook.git;

import dev.daybook.RepositoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/** Waits for the locks of refs that other programs hold, and takes away those whose holder has surely died. */
final class RefLocks {

    private static final long PAUSE_MILLIS = 20;

    /** No program holds the lock of a ref for so long: the one that made it was killed. */
    private static final Duration ABANDONED = Duration.ofMinutes(10);

    private final RefFiles files;
    private final Duration patience;

    /** @param patience how long a lock is waited for */
    RefLocks(RefFiles files, Duration patience) {
        this.files = files;
        this.patience = patience;
    }

    /** Until when a lock is waited for, as {@link System#nanoTime} has it. */
    long deadline() {
        return System.nanoTime() + patience.toNanos();
    }

    boolean isHeld(String name) {
        return Files.exists(files.lock(name));
    }

    /**
     * Waits until neither a ref nor the file of the packed ones is locked, as far as that can be known beforehand.
     *
     * @throws RepositoryException if one of them stays locked
     */
    void awaitFree(String name, boolean isOwn) throws IOException {
        var deadline = deadline();
        while (isHeld(name) || Files.exists(files.packedLock())) {
            pause(name, deadline, isOwn, Optional.empty());
        }
    }

    /**
     * Waits for a moment, or takes away an abandoned lock.
     *
     * @param isOwn whether nobody but the ref's owner writes it: a killed one has left the lock to its heir
     * @param wanted what the ref is to name: who has locked it for the same and does not let go has died on the way
     * @throws RepositoryException if the deadline is over
     */
    void pause(String name, long deadline, boolean isOwn, Optional<ObjectId> wanted) throws IOException {
        if (System.nanoTime() - deadline > 0) {
            if (!takeAbandoned(name, isOwn, wanted)) {
                throw new RepositoryException(reason(name));
            }
            return;
        }
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RepositoryException("interrupted while waiting for the lock of the ref " + name, e);
        }
    }

    private boolean takeAbandoned(String name, boolean isOwn, Optional<ObjectId> wanted) throws IOException {
        var lock = files.lock(name);
        // one that is younger is not the one that was waited for
        boolean isAbandoned = FileAge.isOlder(lock, isOwn ? patience : ABANDONED) || isFor(lock, wanted);
        return isAbandoned && Files.deleteIfExists(lock) || takeAbandonedPacked();
    }

    /** Takes the lock of the packed refs away, if its holder has surely died. */
    boolean takeAbandonedPacked() throws IOException {
        var packed = files.packedLock();
        return FileAge.isOlder(packed, ABANDONED) && Files.deleteIfExists(packed);
    }

    /** Takes away the locks in a folder whose holders have surely died. */
    void takeAbandonedBelow(String folder) throws IOException {
        for (var lock : files.locks(folder)) {
            if (FileAge.isOlder(lock, ABANDONED)) {
                Files.deleteIfExists(lock);
            }
        }
    }

    private static boolean isFor(Path lock, Optional<ObjectId> wanted) throws IOException {
        try {
            return wanted.isPresent()
                    && Files.readString(lock).equals(wanted.get().name() + "\n");
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private String reason(String name) {
        for (var lock : new Path[] {files.lock(name), files.packedLock()}) {
            if (Files.exists(lock)) {
                return "the ref " + name + " is locked by " + lock
                        + "; if no git command is running, it was left behind by one that died: delete it";
            }
        }
        return "the ref " + name + " cannot be written in " + files.folder() + "; check its permissions";
    }

    /** git reads the loose refs under this lock: one that it has read just now is packed when the lock is gone, although its file is gone too. */
    void awaitPacking() {
        var deadline = deadline();
        while (Files.exists(files.packedLock()) && System.nanoTime() - deadline < 0) {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
