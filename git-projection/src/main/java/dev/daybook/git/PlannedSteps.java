package dev.daybook.git;

import dev.daybook.InvalidInputException;
import dev.daybook.RepositoryException;
import dev.daybook.git.dvc.DvcCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.ObjectId;

/** The steps of a change as they are found, one a path, and what speaks against making it. */
final class PlannedSteps {

    private final Path top;
    private final DvcProjects projects;
    private final SavedBlobs saved;
    private final Map<String, WorkTreeStep> steps = new TreeMap<>();
    private final List<String> losses = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> obstacles = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();

    /**
     * @param top the root of the work tree
     * @param saved what can be had back
     */
    PlannedSteps(Path top, DvcProjects projects, SavedBlobs saved) {
        this.top = top;
        this.projects = projects;
        this.saved = saved;
    }

    List<WorkTreeStep> all() {
        return List.copyOf(steps.values());
    }

    /** Paths of files that are nowhere else. */
    List<String> losses() {
        return losses;
    }

    void put(WorkTreeStep step) {
        steps.put(step.path(), step);
    }

    /** A file stays as it is after all. */
    void forget(String path) {
        steps.remove(path);
    }

    boolean isPlanned(String path) {
        return steps.containsKey(path);
    }

    /** @param what data that no cache holds */
    void miss(String what) {
        missing.add(what);
    }

    /** @param sentence what stands in the way */
    void obstruct(String sentence) {
        obstacles.add(sentence);
    }

    /**
     * Looks whether a file that is to go, and that HEAD has not as it is, is anywhere else.
     *
     * @param blob what Git has recorded of it just now: filters may have changed it
     */
    void noteLoss(String path, FileStat stat, Optional<ObjectId> blob) throws IOException {
        var file = top.resolve(path);
        if (stat.isFolder()) {
            return; // it goes if all in it goes
        }
        if (!stat.isFile() && !stat.isLink()) {
            obstruct("'" + path + "' is a pipe, a socket or a device");
        } else if (!saved.has(path, blob.isPresent() ? blob.get() : FileBlobs.hash(file))
                && !isCached(path, file, stat)) {
            losses.add(path);
        }
    }

    /** The same for a file that Git does not track. */
    void noteLoss(String path, FileStat stat) throws IOException {
        noteLoss(path, stat, Optional.empty());
    }

    private boolean isCached(String path, Path file, FileStat stat) throws IOException {
        var caches = projects.caches(path);
        return stat.isFile() ? caches.gives(DvcCache.hash(file), Files.size(file)) : caches.areTargetOf(file);
    }

    /**
     * A folder where a file is to be has to be emptied before, and a file where a folder is to be has to go. Whatever folder something is put
     * in, or deleted from, must let itself be written to.
     */
    void checkPlaces() throws IOException {
        var parents = new TreeSet<String>();
        for (var step : steps.values()) {
            if (!step.isDeletion()) {
                checkPlace(step);
            }
            parents.add(step.path().substring(0, step.path().lastIndexOf('/') + 1));
        }
        parents.stream()
                .map(this::innermost)
                .distinct()
                .filter(folder -> !Files.isWritable(folder))
                .forEach(folder -> closed.add("'" + folder + "'"));
    }

    /** @param parent a folder, with {@code /} at the end, that may have to be made first */
    private Path innermost(String parent) {
        var folder = top;
        for (int slash = parent.indexOf('/'); slash >= 0; slash = parent.indexOf('/', slash + 1)) {
            var next = top.resolve(parent.substring(0, slash));
            if (!Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
                break;
            }
            folder = next;
        }
        return folder;
    }

    private void checkPlace(WorkTreeStep step) throws IOException {
        var path = step.path();
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            var above = path.substring(0, slash);
            var stat = FileStat.of(top.resolve(above));
            if (stat.isEmpty()) {
                break;
            }
            if (!stat.get().isFolder()) {
                if (!isDeleted(above)) {
                    obstruct("'" + above + "' stands where '" + path + "' needs a folder");
                }
                break;
            }
        }
        if (step.before().filter(FileStat::isFolder).isPresent() && !isEmptied(path)) {
            obstruct("the folder '" + path + "' stands where the experiment has a file");
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

    /** What stands at a path, if it can be looked at without following a link. */
    Optional<FileStat> stat(String path) throws IOException {
        return WorkTreeFiles.stat(top, path);
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
        if (!closed.isEmpty()) {
            throw new RepositoryException(
                    "cannot apply '" + name + "': files come or go in " + some(closed)
                            + ", where this user may not write; change the owner or the permissions first; nothing was changed");
        }
        if (!losses.isEmpty() && !isForced) {
            throw new InvalidInputException("cannot apply '" + name + "': it would overwrite or delete "
                    + some(losses.stream().map(path -> "'" + path + "'").toList())
                    + ", which are in no commit and no saved experiment as they are now; commit them, move them away, or"
                    + " use --force, which keeps them on a ref; nothing was changed");
        }
    }

    /** The first ones of many, for a sentence. */
    static String some(List<String> all) {
        int most = 10;
        return String.join(", ", all.subList(0, Math.min(most, all.size())))
                + (all.size() > most ? " and " + (all.size() - most) + " more" : "");
    }
}
