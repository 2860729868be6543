package dev.daybook.git;

import dev.daybook.InvalidInputException;
import dev.daybook.RepositoryException;
import dev.daybook.git.WorkTreeStep.Blob;
import dev.daybook.git.WorkTreeStep.CacheFile;
import dev.daybook.git.dvc.DvcCache;
import dev.daybook.git.dvc.DvcOutputs.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * What has to change in the work tree so that it is a commit's: found out before anything is touched.
 *
 * <p>Tracked files become what the commit has. What an experiment that was applied before has left, unchanged, goes. Data comes from DVC's
 * cache. A file that would be overwritten and is nowhere else, neither in HEAD, nor in a saved experiment, nor in the cache, is a
 * <b>loss</b>.
 */
final class ApplyPlan {

    private final Path top;
    private final ObjectReader reader;
    private final DvcCache cache;
    private final SavedBlobs saved;
    private final Map<String, WorkTreeStep> steps = new TreeMap<>();
    private final Map<String, Character> files = new TreeMap<>();
    private final Set<String> data = new TreeSet<>();
    private final List<String> losses = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> obstacles = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** The trees, each of which may have a path or not. */
    private record Trees(ObjectId head, ObjectId now, ObjectId target) {}

    /**
     * @param top the root of the work tree
     * @param reader of all trees and blobs
     * @param saved what can be had back
     */
    ApplyPlan(Path top, ObjectReader reader, DvcCache cache, SavedBlobs saved) {
        this.top = top;
        this.reader = reader;
        this.cache = cache;
        this.saved = saved;
    }

    List<WorkTreeStep> steps() {
        return List.copyOf(steps.values());
    }

    List<FileChange> files() {
        return files.entrySet().stream()
                .map(each -> new FileChange(each.getKey(), each.getValue()))
                .toList();
    }

    List<String> data() {
        return List.copyOf(data);
    }

    List<String> losses() {
        return losses;
    }

    List<String> notes() {
        return notes;
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
        compareFiles(new Trees(head, now, target));
        var wanted = TreeData.of(reader, target);
        notes.addAll(wanted.problems());
        for (var output : wanted.outputs().entrySet()) {
            compareData(output.getKey(), output.getValue());
        }
        if (before.isPresent()) {
            removeLeftovers(head, target, before.get(), wanted);
        }
        checkPlaces();
    }

    /** A folder where a file is to be has to be emptied before, and a file where a folder is to be has to go. */
    private void checkPlaces() throws IOException {
        for (var step : steps.values()) {
            if (step.isDeletion()) {
                continue;
            }
            var path = step.path();
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                var above = path.substring(0, slash);
                var stat = FileStat.of(top.resolve(above));
                if (stat.isEmpty()) {
                    break;
                }
                if (!stat.get().isFolder()) {
                    if (!isDeleted(above)) {
                        obstacles.add("'" + above + "' stands where '" + path + "' needs a folder");
                    }
                    break;
                }
            }
            if (step.before().filter(FileStat::isFolder).isPresent() && !isEmptied(path)) {
                obstacles.add("the folder '" + path + "' stands where the experiment has a file");
            }
        }
    }

    private boolean isDeleted(String path) {
        var step = steps.get(path);
        return step != null && step.isDeletion();
    }

    private boolean isEmptied(String folder) throws IOException {
        try (var walk = Files.walk(top.resolve(folder))) {
            return walk.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .allMatch(file -> isDeleted(top.relativize(file).toString().replace('\\', '/')));
        }
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
            obstacles.add("'" + path + "' is no path that can be written here");
            return;
        }
        var place = WorkTreeFiles.place(top, path);
        var stat = place.isPresent() ? FileStat.of(place.get()) : Optional.<FileStat>empty();
        if (target.equals(FileMode.MISSING)) {
            if (stat.isPresent()) {
                boolean isCommitted =
                        now.equals(walk.getFileMode(0)) && walk.getObjectId(1).equals(walk.getObjectId(0));
                noteLoss(path, stat.get(), isCommitted);
                steps.put(path, WorkTreeStep.delete(path, stat));
                files.put(path, 'D');
            }
            return;
        }
        boolean isTracked = !now.equals(FileMode.MISSING);
        var blob = new Blob(target, walk.getObjectId(2));
        if (stat.isPresent()) {
            if (!isTracked && holds(place.orElseThrow(), stat.get(), blob)) {
                return;
            }
            boolean isCommitted = isTracked
                    && now.equals(walk.getFileMode(0))
                    && walk.getObjectId(1).equals(walk.getObjectId(0));
            noteLoss(path, stat.get(), isCommitted);
        }
        steps.put(path, WorkTreeStep.write(path, stat, blob));
        files.put(path, how(stat, target));
    }

    private static char how(Optional<FileStat> before, FileMode now) {
        if (before.isEmpty()) {
            return 'A';
        }
        boolean isLink = now.equals(FileMode.SYMLINK);
        return before.get().isLink() == isLink && !before.get().isFolder() ? 'M' : 'T';
    }

    /** Whether a file that Git does not track is what the target has. */
    private static boolean holds(Path file, FileStat stat, Blob blob) throws IOException {
        return (stat.isFile() || stat.isLink())
                && FileMode.fromBits(stat.gitMode()).equals(blob.mode())
                && FileBlobs.hash(file).equals(blob.id());
    }

    /** @param isCommitted whether HEAD has it */
    private void noteLoss(String path, FileStat stat, boolean isCommitted) throws IOException {
        if (isCommitted) {
            return;
        }
        var file = top.resolve(path);
        if (stat.isFolder()) {
            return; // it goes if all in it goes
        }
        if (!stat.isFile() && !stat.isLink()) {
            obstacles.add("'" + path + "' is a pipe, a socket or a device");
        } else if (!saved.has(path, file) && !isCached(file, stat)) {
            losses.add(path);
        }
    }

    private boolean isCached(Path file, FileStat stat) throws IOException {
        return stat.isFile() && cache.holds(DvcCache.hash(file));
    }

    private void compareData(String path, Output output) throws IOException {
        if (output.isFolder()) {
            compareFolder(path, output);
            return;
        }
        var object = cache.path(output);
        if (!isWhole(object, output)) {
            if (!isInPlace(path, output)) {
                missing.add("'" + path + "' (" + output.hash() + ")");
            }
            return;
        }
        copy(path, CacheFile.of(object, output), output.hash());
    }

    private boolean isInPlace(String path, Output output) throws IOException {
        var place = WorkTreeFiles.place(top, path);
        return place.isPresent()
                && Files.isRegularFile(place.get(), LinkOption.NOFOLLOW_LINKS)
                && !output.isLegacy()
                && DvcCache.hash(place.get()).equals(output.hash());
    }

    private static boolean isWhole(Path object, Output output) throws IOException {
        return Files.isRegularFile(object)
                && (output.bytes() == 0 || output.isFolder() || Files.size(object) == output.bytes());
    }

    private void compareFolder(String path, Output output) throws IOException {
        var list = cache.path(output);
        if (!Files.isRegularFile(list)) {
            missing.add("the folder '" + path + "' (" + output.hash() + ")");
            return;
        }
        var inside = new LinkedHashMap<String, String>();
        for (var file : DvcCache.files(list).entrySet()) {
            var place = path + "/" + file.getKey();
            if (!TreeEditor.isSafe(place)) {
                obstacles.add("'" + place + "' is no path that can be written here");
                return;
            }
            inside.put(place, file.getValue());
        }
        for (var file : inside.entrySet()) {
            compareData(
                    file.getKey(),
                    new Output(
                            file.getKey(),
                            file.getValue(),
                            0,
                            output.remote(),
                            output.isLegacy(),
                            false,
                            output.isSent()));
        }
        removeOthers(path, inside.keySet());
    }

    /** A folder that DVC keeps holds what its list says, and nothing else. */
    private void removeOthers(String path, Set<String> inside) throws IOException {
        var folder = WorkTreeFiles.place(top, path);
        if (folder.isEmpty() || !Files.isDirectory(folder.get(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var walk = Files.walk(folder.get())) {
            for (var file : walk.filter(each -> !Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                var name = path + "/" + folder.get().relativize(file).toString().replace('\\', '/');
                if (!inside.contains(name) && !steps.containsKey(name)) {
                    delete(name);
                }
            }
        }
    }

    private void delete(String path) throws IOException {
        var stat = FileStat.of(top.resolve(path));
        if (stat.isPresent()) {
            noteLoss(path, stat.get(), false);
            steps.put(path, WorkTreeStep.delete(path, stat));
            data.add(path);
        }
    }

    private void copy(String path, CacheFile object, String hash) throws IOException {
        var place = WorkTreeFiles.place(top, path);
        var stat = place.isPresent() ? FileStat.of(place.get()) : Optional.<FileStat>empty();
        if (stat.isPresent()) {
            var file = place.orElseThrow();
            boolean isSame = stat.get().isFile()
                    && Files.size(file) == Files.size(object.path())
                    && DvcCache.hash(file).equals(hash);
            boolean isLinked = stat.get().isLink() && isLinkTo(file, object.path());
            if (isSame || isLinked) {
                return;
            }
            // a tracked file that becomes data is among the steps already
            var tracked = steps.get(path);
            if (tracked == null) {
                noteLoss(path, stat.get(), false);
            }
        }
        steps.put(path, WorkTreeStep.copy(path, stat, object));
        files.remove(path);
        data.add(path);
    }

    private static boolean isLinkTo(Path link, Path object) throws IOException {
        return Files.exists(link) && link.toRealPath().equals(object.toRealPath());
    }

    /** What the experiment that was applied before has brought, and neither HEAD nor this one has. */
    private void removeLeftovers(ObjectId head, ObjectId target, ObjectId before, TreeData wanted) throws IOException {
        try (var walk = new TreeWalk(reader)) {
            walk.addTree(head);
            walk.addTree(target);
            walk.addTree(before);
            walk.setRecursive(true);
            while (walk.next()) {
                boolean isLeftover = walk.getFileMode(0).equals(FileMode.MISSING)
                        && walk.getFileMode(1).equals(FileMode.MISSING)
                        && !walk.getFileMode(2).equals(FileMode.MISSING);
                var path = TreeChanges.text(walk.getRawPath());
                var place = WorkTreeFiles.place(top, path);
                if (isLeftover && place.isPresent() && !steps.containsKey(path)) {
                    var stat = FileStat.of(place.get());
                    if (stat.isPresent()
                            && holds(place.get(), stat.get(), new Blob(walk.getFileMode(2), walk.getObjectId(2)))) {
                        steps.put(path, WorkTreeStep.delete(path, stat));
                        files.put(path, 'D');
                    }
                }
            }
        }
        for (var old : TreeData.of(reader, before).outputs().entrySet()) {
            var path = old.getKey();
            if (!wanted.outputs().containsKey(path)
                    && !steps.containsKey(path)
                    && !old.getValue().isFolder()
                    && cache.holds(old.getValue().hash())
                    && isInPlace(path, old.getValue())) {
                steps.put(path, WorkTreeStep.delete(path, FileStat.of(top.resolve(path))));
                data.add(path);
            }
        }
    }

    /** Refuses what cannot be done, or would lose something. */
    void require(String name, boolean isForced) {
        if (!missing.isEmpty()) {
            throw new RepositoryException("cannot apply '" + name + "': DVC's cache does not hold the data of "
                    + some(missing) + "; get it with daybook pull or dvc pull first; nothing was changed");
        }
        if (!obstacles.isEmpty()) {
            throw new InvalidInputException(
                    "cannot apply '" + name + "': " + some(obstacles) + "; move it away first; nothing was changed");
        }
        if (!losses.isEmpty() && !isForced) {
            throw new InvalidInputException("cannot apply '" + name + "': it would overwrite or delete "
                    + some(losses.stream().map(path -> "'" + path + "'").toList())
                    + ", which are in no commit and no saved experiment as they are now; commit them, move them away, or"
                    + " use --force, which keeps them on a ref; nothing was changed");
        }
    }

    private static String some(List<String> all) {
        int most = 10;
        return String.join(", ", all.subList(0, Math.min(most, all.size())))
                + (all.size() > most ? " and " + (all.size() - most) + " more" : "");
    }
}
