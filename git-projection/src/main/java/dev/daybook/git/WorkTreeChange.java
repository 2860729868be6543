package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.git.dvc.Durable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Changes many files of the work tree, all or none, and each at once.
 *
 * <pre>
 *   daybook/apply.lock            held by the process that changes something
 *   daybook/apply/UUID/files/7    the content of the seventh step, whole
 *   daybook/apply/UUID/plan       what goes where; from the moment it has its name, the change will be made
 *   daybook/applied               the commit that was applied last
 * </pre>
 *
 * <p>All contents are ready before the first file is touched. A process that dies then leaves the plan to the next one, which does the rest:
 * each step does no harm twice.
 */
final class WorkTreeChange implements AutoCloseable {

    /** Closing any channel on a lock file drops the lock of the whole JVM. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private static final String HOME = "daybook";
    private static final String APPLIED = "applied";
    private static final String PLAN = "plan";
    private static final char END = '\0';

    private final Path top;
    private final Path home;
    private final Path lockFile;
    private final FileChannel channel;
    private final FileLock lock;
    private final Path stage;

    private WorkTreeChange(Path top, Path home, Path lockFile, FileChannel channel, FileLock lock) {
        this.top = top;
        this.home = home;
        this.lockFile = lockFile;
        this.channel = channel;
        this.lock = lock;
        this.stage = home.resolve("apply").resolve(UUID.randomUUID().toString());
    }

    /**
     * Begins, and finishes what a process has left that died.
     *
     * @param top the root of the work tree
     * @param gitDir of this work tree
     * @throws RepositoryException if another process is at it
     */
    static WorkTreeChange begin(Path top, Path gitDir) throws IOException {
        var home = Files.createDirectories(gitDir.resolve(HOME)).toRealPath();
        var lockFile = home.resolve("apply.lock");
        if (!HELD.add(lockFile)) {
            throw busy(top);
        }
        try {
            var channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw busy(top);
            }
            var change = new WorkTreeChange(top, home, lockFile, channel, lock);
            change.finishOthers();
            return change;
        } catch (IOException | RuntimeException e) {
            HELD.remove(lockFile);
            throw e;
        }
    }

    private static RepositoryException busy(Path top) {
        return new RepositoryException(
                "another process is changing the files of " + top + " just now; try again when it has ended");
    }

    private void finishOthers() throws IOException {
        var all = home.resolve("apply");
        if (!Files.isDirectory(all)) {
            return;
        }
        try (var stages = Files.newDirectoryStream(all)) {
            for (var left : stages) {
                if (Files.exists(left.resolve(PLAN))) {
                    execute(left);
                }
                PackOwner.delete(left);
            }
        }
    }

    /** The commit that was applied last. */
    static Optional<String> lastApplied(Path gitDir) throws IOException {
        try {
            return Optional.of(
                    Files.readString(gitDir.resolve(HOME).resolve(APPLIED)).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Gets the contents of steps ready. */
    interface Contents {

        /** Writes the files of Git, each under its number. */
        void write(List<WorkTreeStep> steps, Path folder) throws IOException;
    }

    /** Makes the changes. */
    void make(String commit, List<WorkTreeStep> steps, Contents contents) throws IOException {
        var files = Files.createDirectories(stage.resolve("files"));
        contents.write(steps, files);
        for (int i = 0; i < steps.size(); i++) {
            var object = steps.get(i).object();
            if (object.isPresent()) {
                copy(object.get(), files.resolve(String.valueOf(i)));
            }
        }
        requireUnchanged(steps);
        var plan = new StringBuilder(commit).append(END);
        for (var step : steps) {
            plan.append(step.isDeletion() ? 'D' : 'W').append(step.path()).append(END);
        }
        var draft = Files.writeString(stage.resolve(PLAN + ".tmp"), plan, StandardCharsets.UTF_8);
        Durable.force(draft);
        Files.move(draft, stage.resolve(PLAN), StandardCopyOption.ATOMIC_MOVE);
        try {
            execute(stage);
        } catch (IOException e) {
            throw new RepositoryException(
                    "the files of " + top + " are changed in part (" + e
                            + "); remove the cause and run daybook apply again, which does the rest first",
                    e);
        }
    }

    /** DVC lets its own copies be written; objects of the cache are read-only. */
    private static void copy(WorkTreeStep.CacheFile object, Path to) throws IOException {
        Files.copy(object.path(), to);
        if (to.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            var permissions = new HashSet<>(Set.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.OTHERS_READ));
            if (object.isExecutable()) {
                permissions.addAll(Set.of(
                        PosixFilePermission.OWNER_EXECUTE,
                        PosixFilePermission.GROUP_EXECUTE,
                        PosixFilePermission.OTHERS_EXECUTE));
            }
            Files.setPosixFilePermissions(to, permissions);
        }
    }

    private void requireUnchanged(List<WorkTreeStep> steps) throws IOException {
        for (var step : steps) {
            var now = WorkTreeFiles.stat(top, step.path());
            var before = step.before();
            boolean isUnchanged = now.isPresent() && before.isPresent()
                    ? now.get().isSame(before.get())
                    : now.isPresent() == before.isPresent();
            if (!isUnchanged) {
                throw new RepositoryException("'" + step.path() + "' in " + top
                        + " was changed while the change was being prepared; nothing was done; try once more");
            }
        }
    }

    private void execute(Path from) throws IOException {
        var plan = Files.readString(from.resolve(PLAN), StandardCharsets.UTF_8).split(String.valueOf(END), -1);
        var steps = new ArrayList<String>(List.of(plan).subList(1, plan.length - 1));
        for (var step : steps) {
            if (step.charAt(0) == 'D') {
                delete(top.resolve(step.substring(1)));
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).charAt(0) == 'W') {
                put(
                        from.resolve("files").resolve(String.valueOf(i)),
                        top.resolve(steps.get(i).substring(1)));
            }
        }
        var applied = Files.writeString(from.resolve(APPLIED), plan[0] + "\n");
        Files.move(applied, home.resolve(APPLIED), StandardCopyOption.ATOMIC_MOVE);
        PackOwner.delete(from);
    }

    /** With the folders that are empty then. */
    private void delete(Path file) throws IOException {
        if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(file);
        }
        try {
            for (var folder = file.getParent(); folder != null && !folder.equals(top); folder = folder.getParent()) {
                Files.deleteIfExists(folder);
            }
        } catch (DirectoryNotEmptyException e) {
            // others are still there
        }
    }

    private static void put(Path staged, Path file) throws IOException {
        if (!Files.exists(staged, LinkOption.NOFOLLOW_LINKS)) {
            return; // done before
        }
        Files.createDirectories(file.resolveSibling(""));
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            deleteFolders(file);
        }
        try {
            Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // the Git folder is on another disk
            var near = file.resolveSibling(".daybook-" + UUID.randomUUID() + ".tmp");
            Files.copy(staged, near, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            Files.move(near, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Folders that hold nothing but folders. */
    private static void deleteFolders(Path folder) throws IOException {
        try (var inside =
                Files.newDirectoryStream(folder, path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))) {
            for (var each : inside) {
                deleteFolders(each);
            }
        }
        Files.delete(folder);
    }

    /** Forgets what was not made. */
    @Override
    public void close() throws IOException {
        try {
            if (!Files.exists(stage.resolve(PLAN))) {
                PackOwner.delete(stage);
            }
        } finally {
            lock.release();
            channel.close();
            HELD.remove(lockFile);
        }
    }
}
