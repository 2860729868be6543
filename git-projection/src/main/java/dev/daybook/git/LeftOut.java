package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.port.SnapshotScope;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the untracked files that a snapshot leaves out, by git, while the snapshot is taken. */
final class LeftOut {

    /** For a snapshot that does not look at the work tree. */
    static final LeftOut UNKNOWN = new LeftOut(new FutureTask<>(Optional::empty), SnapshotScope.NONE);

    private static final Logger LOG = LoggerFactory.getLogger(LeftOut.class);

    private final FutureTask<Optional<Set<String>>> task;
    private final SnapshotScope scope;

    private LeftOut(FutureTask<Optional<Set<String>>> task, SnapshotScope scope) {
        this.task = task;
        this.scope = scope;
    }

    /** Begins. */
    static LeftOut counting(GitSnapshot git, SnapshotScope scope) {
        var counting = new LeftOut(new FutureTask<>(() -> untracked(git)), scope);
        var thread = new Thread(counting.task, "daybook-untracked");
        thread.setDaemon(true);
        thread.start();
        return counting;
    }

    /** An experiment does not fail for want of this number. */
    private static Optional<Set<String>> untracked(GitSnapshot git) {
        try {
            return Optional.of(git.untracked());
        } catch (GitMissingException | RepositoryException e) {
            LOG.info("untracked files are not counted: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Waits for the number.
     *
     * @param taken paths that are not left out, a character for each byte
     * @return empty if it cannot be known: there is no git, or it took too long
     */
    OptionalLong without(Collection<String> taken) {
        var included = new HashSet<>(taken);
        task.run();
        try {
            var untracked = task.get();
            return untracked.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(untracked.get().stream()
                            .filter(path -> !included.contains(path) && !included.contains(folderless(path)))
                            .filter(path -> !scope.isData(GitCommand.utf8(path)))
                            .count());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RepositoryException("interrupted while the untracked files were counted", e);
        }
    }

    /** A repository, which git lists as a folder and includes as a link. */
    private static String folderless(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
