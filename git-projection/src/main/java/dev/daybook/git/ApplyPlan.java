package dev.daybook.git;

import dev.daybook.Progress;
import dev.daybook.git.WorkTreeStep.Blob;
import dev.daybook.git.dvc.FileSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * What has to change in the work tree so that it is a commit's: found out before anything is touched.
 *
 * <p>Tracked files become what the commit has. What an experiment that was applied before has left, unchanged, goes. Data comes from DVC's
 * caches. A file that would be overwritten and is nowhere else, neither in HEAD, nor in a saved experiment, nor in the cache, is a
 * <b>loss</b>.
 */
final class ApplyPlan {

    private final Path top;
    private final ObjectReader reader;
    private final PlannedSteps planned;
    private final DataSteps data;
    private final PointerFiles pointers;
    private final Set<String> unwatched;
    private final Map<String, Character> files = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    /** The trees, each of which may have a path or not. */
    private record Trees(ObjectId head, ObjectId now, ObjectId target) {}

    /**
     * @param projects of the work tree, and where that is
     * @param reader of all trees and blobs
     * @param saved what can be had back
     * @param pointers what is known of trees already
     * @param unwatched tracked files that may be otherwise than Git would record them
     * @param progress is told how far the comparing of data is
     */
    ApplyPlan(
            DvcProjects projects,
            ObjectReader reader,
            SavedBlobs saved,
            PointerFiles pointers,
            Set<String> unwatched,
            Progress progress) {
        this.top = projects.workTree();
        this.reader = reader;
        this.pointers = pointers;
        this.unwatched = unwatched;
        this.planned = new PlannedSteps(top, projects, saved);
        this.data = new DataSteps(top, projects, planned, progress);
    }

    List<WorkTreeStep> steps() {
        return planned.all();
    }

    List<FileChange> files() {
        return files.entrySet().stream()
                .map(each -> new FileChange(each.getKey(), each.getValue()))
                .toList();
    }

    List<String> data() {
        return List.copyOf(data.changed());
    }

    List<String> losses() {
        return planned.losses();
    }

    List<String> notes() {
        return notes;
    }

    /** Refuses what cannot be done, or would lose something. */
    void require(String name, boolean isForced) {
        planned.require(name, isForced);
    }

    /**
     * Finds out what to do.
     *
     * @param head what is checked out
     * @param now what the work tree is, as Git would record it
     * @param target what it is to be
     * @param before what was applied last, if anything was
     */
    void find(ObjectId head, ObjectId now, ObjectId target, Optional<ObjectId> before) throws IOException {
        var trees = new Trees(head, now, target);
        compareFiles(trees);
        var wanted = TreeData.of(pointers, reader, target);
        notes.addAll(wanted.problems());
        var saved = new TreeFiles(reader, target);
        var asItIs = DvcIgnore.rules(top);
        FileSource rules = path -> planned.isPlanned(path) ? file(saved, path) : asItIs.read(path);
        for (var output : wanted.outputs().entrySet()) {
            data.want(output.getKey(), output.getValue(), rules);
        }
        if (before.isPresent()) {
            removeLeftovers(trees, before.get());
        }
        notes.addAll(data.notes());
        // what is data now is no file of Git's any more
        files.keySet()
                .removeIf(path -> !planned.isPlanned(path) || data.changed().contains(path));
        planned.checkPlaces();
    }

    private static Optional<byte[]> file(TreeFiles files, String path) throws IOException {
        var found = files.find(path);
        return found.isPresent() && TreeFiles.isFile(found.get().mode())
                ? Optional.of(files.content(found.get().mode(), found.get().content()))
                : Optional.empty();
    }

    private void compareFiles(Trees trees) throws IOException {
        try (var walk = new TreeWalk(reader)) {
            walk.addTree(trees.head());
            walk.addTree(trees.now());
            walk.addTree(trees.target());
            walk.setRecursive(true);
            walk.setFilter(TreeFilter.ANY_DIFF);
            while (walk.next()) {
                compareFile(walk);
            }
        }
    }

    private void compareFile(TreeWalk walk) throws IOException {
        var path = TreeChanges.text(walk.getRawPath());
        var now = walk.getFileMode(1);
        var target = walk.getFileMode(2);
        boolean isSame = now.equals(target) && walk.getObjectId(1).equals(walk.getObjectId(2));
        if (isSame) {
            return;
        }
        if (now.equals(FileMode.GITLINK) || target.equals(FileMode.GITLINK)) {
            notes.add("'" + path + "' is a repository of its own, and stays as it is");
            return;
        }
        if (!TreeEditor.isSafe(path)) {
            planned.obstruct("'" + path + "' is no path that can be written here");
            return;
        }
        var stat = planned.stat(path);
        if (target.equals(FileMode.MISSING)) {
            if (stat.isPresent()) {
                noteLoss(walk, path, stat.get());
                planned.put(WorkTreeStep.delete(path, stat));
                files.put(path, 'D');
            }
            return;
        }
        boolean isTracked = !now.equals(FileMode.MISSING);
        var blob = new Blob(target, walk.getObjectId(2));
        if (stat.isPresent()) {
            if (!isTracked && holds(path, stat.get(), blob)) {
                return;
            }
            noteLoss(walk, path, stat.get());
        }
        planned.put(WorkTreeStep.write(path, stat, blob));
        files.put(path, how(stat, target));
    }

    private void noteLoss(TreeWalk walk, String path, FileStat stat) throws IOException {
        var now = new Blob(walk.getFileMode(1), walk.getObjectId(1));
        // what Git says of a file that it does not look at is not to be believed
        boolean isKnown = !now.mode().equals(FileMode.MISSING) && (!unwatched.contains(path) || holds(path, stat, now));
        boolean isCommitted =
                isKnown && now.mode().equals(walk.getFileMode(0)) && now.id().equals(walk.getObjectId(0));
        if (!isCommitted) {
            planned.noteLoss(path, stat, isKnown ? Optional.of(now.id()) : Optional.empty());
        }
    }

    private static char how(Optional<FileStat> before, FileMode now) {
        if (before.isEmpty()) {
            return 'A';
        }
        boolean isLink = now.equals(FileMode.SYMLINK);
        return before.get().isLink() == isLink && !before.get().isFolder() ? 'M' : 'T';
    }

    /** Whether a file that Git does not track is what a tree has. */
    private boolean holds(String path, FileStat stat, Blob blob) throws IOException {
        return FileBlobs.isSame(top.resolve(path), stat, blob.mode(), blob.id());
    }

    /** What the experiment that was applied before has brought, and neither HEAD nor this one has. */
    private void removeLeftovers(Trees trees, ObjectId before) throws IOException {
        try (var walk = new TreeWalk(reader)) {
            walk.addTree(trees.head());
            walk.addTree(trees.target());
            walk.addTree(before);
            walk.setRecursive(true);
            walk.setFilter(TreeFilter.ANY_DIFF);
            while (walk.next()) {
                if (walk.getFileMode(0).equals(FileMode.MISSING)
                        && walk.getFileMode(1).equals(FileMode.MISSING)
                        && !walk.getFileMode(2).equals(FileMode.MISSING)) {
                    removeLeftover(
                            TreeChanges.text(walk.getRawPath()), new Blob(walk.getFileMode(2), walk.getObjectId(2)));
                }
            }
        }
        for (var old : TreeData.of(pointers, reader, before).outputs().entrySet()) {
            data.leave(
                    old.getKey(),
                    old.getValue(),
                    path -> TreeData.isInGit(reader, path, trees.head())
                            || TreeData.isInGit(reader, path, trees.target()));
        }
    }

    private void removeLeftover(String path, Blob blob) throws IOException {
        var stat = planned.stat(path);
        if (!planned.isPlanned(path) && !data.wants(path) && stat.isPresent() && holds(path, stat.get(), blob)) {
            planned.noteLoss(path, stat.get(), Optional.of(blob.id()));
            planned.put(WorkTreeStep.delete(path, stat));
            files.put(path, 'D');
        }
    }
}
