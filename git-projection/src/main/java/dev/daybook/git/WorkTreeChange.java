package dev.daybook.git;

import dev.daybook.Progress;
import dev.daybook.RepositoryException;
import dev.daybook.git.dvc.DvcCache;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * Changes many files of the work tree, all or none, and each at once.
 *
 * <pre>
 *   daybook/apply.lock            held by the process that changes something
 *   daybook/apply/UUID/files/7    the content of the seventh step, whole
 *   daybook/apply/UUID/plan       what goes where, and what stood there; from the moment it has its name, the change will be made
 *   daybook/applied               the commit that was applied last
 * </pre>
 *
 * <p>All contents are ready before the first file is touched, and those of data are what their hash says. A process that dies then leaves the
 * plan to the next one, which does the rest, but for files that somebody has changed since: each step is made only where still stands what
 * stood there, or nothing.
 */
final class WorkTreeChange implements AutoCloseable {

    private static final String HOME = "daybook";
    private static final String LOCK = "apply.lock";
    private static final String STAGES = "apply";
    private static final String APPLIED = "applied";
    private static final String PLAN = "plan";

    private final Path top;
    private final Path home;
    private final FileMutex mutex;
    private final Path stage;
    private final List<String> leftAlone = new ArrayList<>();
    private final List<String> keptByOthers = new ArrayList<>();

    private WorkTreeChange(Path top, Path home, FileMutex mutex) {
        this.top = top;
        this.home = home;
        this.mutex = mutex;
        this.stage = home.resolve(STAGES).resolve(UUID.randomUUID().toString());
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
        var mutex = FileMutex.tryTake(home.resolve(LOCK))
                .orElseThrow(() -> new RepositoryException(
                        "another process is changing the files of " + top + " just now; try again when it has ended"));
        try {
            var change = new WorkTreeChange(top, home, mutex);
            change.finishOthers();
            return change;
        } catch (IOException | RuntimeException e) {
            mutex.close();
            throw e;
        }
    }

    private void finishOthers() throws IOException {
        var all = home.resolve(STAGES);
        if (!Files.isDirectory(all)) {
            return;
        }
        try (var stages = Files.newDirectoryStream(all)) {
            for (var left : stages) {
                if (Files.exists(left.resolve(PLAN))) {
                    finish(left);
                }
                PackOwner.delete(left);
            }
        }
    }

    private void finish(Path left) throws IOException {
        try {
            var plan = WrittenPlan.read(left.resolve(PLAN));
            plan.kept().ifPresent(keptByOthers::add);
            execute(left, plan);
        } catch (IOException e) {
            throw new RepositoryException(
                    "the files of " + top
                            + " were changed in part by an apply that was interrupted, and the rest cannot be"
                            + " done (" + e + ")" + where(keptByOthers)
                            + "; remove the cause and run daybook apply again, which goes on there, or"
                            + " delete " + left + " to leave them as they are now",
                    e);
        }
    }

    /** The refs that hold what was overwritten by the processes that died, and by this, which has done the rest. */
    List<String> keptByOthers() {
        return keptByOthers;
    }

    private static String where(Collection<String> kept) {
        return kept.isEmpty() ? "" : "; what is overwritten is kept on " + String.join(", ", kept);
    }

    /** The commits that processes were applying when they died, and nobody has finished yet. */
    static List<String> unfinished(Path gitDir) throws IOException {
        var home = gitDir.resolve(HOME);
        if (planned(home).isEmpty()) {
            return List.of();
        }
        // who is at it just now has the lock
        var mutex = FileMutex.tryTake(home.resolve(LOCK));
        if (mutex.isEmpty()) {
            return List.of();
        }
        try {
            return planned(home);
        } finally {
            mutex.get().close();
        }
    }

    private static List<String> planned(Path home) throws IOException {
        var commits = new ArrayList<String>();
        try (var stages = Files.newDirectoryStream(home.resolve(STAGES))) {
            for (var stage : stages) {
                var plan = stage.resolve(PLAN);
                if (Files.exists(plan)) {
                    commits.add(WrittenPlan.commit(plan));
                }
            }
        } catch (NoSuchFileException e) {
            // nothing was ever applied, or it was finished just now
        }
        return commits;
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

    /**
     * Makes the changes.
     *
     * @param kept the ref that holds what is overwritten and is nowhere else
     * @param progress is told how far the copying of data is
     * @throws RepositoryException if data in the cache is damaged, or a file was changed meanwhile: then nothing is done
     */
    void make(String commit, List<WorkTreeStep> steps, Optional<String> kept, Contents contents, Progress progress)
            throws IOException {
        var files = Files.createDirectories(stage.resolve("files"));
        contents.write(steps, files);
        copyData(steps, files, progress);
        requireUnchanged(steps);
        var plan = stage.resolve(PLAN);
        WrittenPlan.write(plan, commit, steps, kept);
        try {
            execute(stage, WrittenPlan.read(plan));
        } catch (IOException e) {
            throw new RepositoryException(
                    "the files of " + top + " are changed in part (" + e + ")"
                            + where(kept.stream().toList())
                            + "; remove the cause and run daybook apply again, which does the rest first",
                    e);
        }
    }

    private void copyData(List<WorkTreeStep> steps, Path files, Progress progress) throws IOException {
        long all = 0;
        for (var step : steps) {
            all += step.object().isPresent() ? Files.size(step.object().get().path()) : 0;
        }
        var count = new Count(progress, all);
        var damaged = new ArrayList<String>();
        for (int i = 0; i < steps.size(); i++) {
            var object = steps.get(i).object();
            if (object.isPresent() && !copy(object.get(), files.resolve(String.valueOf(i)), count)) {
                damaged.add("'" + steps.get(i).path() + "' (" + object.get().path() + ")");
            }
        }
        if (!damaged.isEmpty()) {
            throw new RepositoryException(
                    "the files of " + top + " cannot be changed: DVC's cache holds damaged data for "
                            + PlannedSteps.some(damaged)
                            + "; delete what is damaged, and get it again with daybook pull or dvc pull; nothing was changed");
        }
    }

    /** How far it is. */
    private static final class Count implements LongConsumer {

        private final Progress progress;
        private final long all;
        private long done;

        Count(Progress progress, long all) {
            this.progress = progress;
            this.all = all;
        }

        @Override
        public void accept(long bytes) {
            done += bytes;
            progress.at("copying data", done, all, Progress.Unit.BYTES);
        }
    }

    /**
     * DVC lets its own copies be written; objects of the cache are read-only.
     *
     * @return whether it is what its hash says
     */
    private static boolean copy(WorkTreeStep.CacheFile object, Path to, LongConsumer copied) throws IOException {
        var hash = DvcCache.copy(object.path(), to, copied);
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
        return object.hash().orElse(hash).equals(hash);
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

    private void execute(Path from, WrittenPlan plan) throws IOException {
        for (var step : plan.steps()) {
            if (step.isDeletion()) {
                delete(step);
            }
        }
        for (var step : plan.steps()) {
            if (!step.isDeletion()) {
                put(from.resolve("files").resolve(String.valueOf(step.number())), step);
            }
        }
        var applied = Files.writeString(from.resolve(APPLIED), plan.commit() + "\n");
        Files.move(applied, home.resolve(APPLIED), StandardCopyOption.ATOMIC_MOVE);
        // what is done is not to be done again, whenever this process dies
        Files.delete(from.resolve(PLAN));
        PackOwner.delete(from);
    }

    /** What stands somewhere, as a plan has it: nothing is empty, and a folder is a folder whatever is in it. */
    static String text(Optional<FileStat> stat) {
        return stat.map(it -> it.isFolder()
                        ? "folder"
                        : it.mode() + " " + it.mtime() + " " + it.ctime() + " " + it.inode() + " " + it.size())
                .orElse("");
    }

    /** Paths of files that were not changed, because somebody else had changed them since the change was prepared. */
    List<String> leftAlone() {
        return leftAlone;
    }

    /** Whether there is something, and not what stood there. */
    private static boolean isOtherwise(Optional<FileStat> now, WrittenPlan.Step step) {
        return now.isPresent() && !text(now).equals(step.before());
    }

    /** With the folders that are empty then. */
    private void delete(WrittenPlan.Step step) throws IOException {
        var place = WorkTreeFiles.place(top, step.path());
        if (place.isEmpty()) {
            return; // there is no folder any more that it could be in
        }
        var file = place.get();
        var now = FileStat.of(file);
        if (isOtherwise(now, step)) {
            leftAlone.add(step.path());
            return;
        }
        if (now.isPresent() && !now.get().isFolder()) {
            Files.delete(file);
        }
        try {
            for (var folder = file.getParent(); folder != null && !folder.equals(top); folder = folder.getParent()) {
                Files.deleteIfExists(folder);
            }
        } catch (FileSystemException e) {
            // others are still there, or it may not go; to Git an empty folder is nothing
        }
    }

    private void put(Path staged, WrittenPlan.Step step) throws IOException {
        if (!Files.exists(staged, LinkOption.NOFOLLOW_LINKS)) {
            return; // done before
        }
        var place = WorkTreeFiles.place(top, step.path());
        if (place.isEmpty() || isOtherwise(FileStat.of(place.get()), step)) {
            leftAlone.add(step.path());
            return;
        }
        var file = place.get();
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
            mutex.close();
        }
    }
}
