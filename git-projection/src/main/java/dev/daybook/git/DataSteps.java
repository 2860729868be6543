package dev.daybook.git;

import dev.daybook.Progress;
import dev.daybook.git.WorkTreeStep.CacheFile;
import dev.daybook.git.dvc.DvcCache;
import dev.daybook.git.dvc.DvcOutputs.Output;
import dev.daybook.git.dvc.FileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what has to change so that the data of the work tree are those of a commit: what its pointers name comes from the cache of the DVC
 * project that it lies in, or of the same one in another work tree, and what the pointers of the commit before have brought goes.
 */
final class DataSteps {

    /** Tells which paths are not data's. */
    interface Git {
        /** Whether a file, or anything in a folder, is Git's. */
        boolean has(String path) throws IOException;
    }

    private final Path top;
    private final DvcProjects projects;
    private final PlannedSteps planned;
    private final Progress progress;
    /** Each file that is to be there, those of folders too. */
    private final Set<String> wanted = new TreeSet<>();

    private final Set<String> changed = new TreeSet<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * @param top the root of the work tree
     * @param progress is told how far it is in a folder
     */
    DataSteps(Path top, DvcProjects projects, PlannedSteps planned, Progress progress) {
        this.top = top;
        this.projects = projects;
        this.planned = planned;
        this.progress = progress;
    }

    /** Paths of files that come or go. */
    Set<String> changed() {
        return changed;
    }

    /** Sentences about what stays. */
    List<String> notes() {
        return notes;
    }

    /** Whether a file is to be there. */
    boolean wants(String path) {
        return wanted.contains(path);
    }

    /**
     * What a pointer names is to be in place.
     *
     * @param rules what DVC is to ignore then
     */
    void want(String path, Output output, FileSource rules) throws IOException {
        var caches = projects.caches(path);
        if (output.isFolder()) {
            wantFolder(path, output, caches, rules);
        } else {
            wantFile(path, output, caches);
        }
    }

    private void wantFile(String path, Output output, DvcCaches caches) throws IOException {
        wanted.add(path);
        var object = caches.path(output);
        if (DvcCaches.isWhole(object, output)) {
            copy(path, output, CacheFile.of(object, output));
        } else if (!isInPlace(path, output)) {
            planned.miss("'" + path + "' (" + output.hash() + ")");
        }
    }

    private boolean isInPlace(String path, Output output) throws IOException {
        var place = WorkTreeFiles.place(top, path);
        return place.isPresent()
                && Files.isRegularFile(place.get(), LinkOption.NOFOLLOW_LINKS)
                && !output.isLegacy()
                && DvcCache.hash(place.get()).equals(output.hash());
    }

    private void wantFolder(String path, Output output, DvcCaches caches, FileSource rules) throws IOException {
        var list = caches.path(output);
        if (!Files.isRegularFile(list)) {
            planned.miss("the folder '" + path + "' (" + output.hash() + ")");
            return;
        }
        Map<String, Output> files;
        try {
            files = files(path, output, caches);
        } catch (IOException e) {
            planned.obstruct("the list of the folder '" + path + "' in DVC's cache, '" + list + "', cannot be used: "
                    + e.getMessage());
            return;
        }
        for (var file : files.keySet()) {
            if (!TreeEditor.isSafe(file)) {
                planned.obstruct("'" + file + "' is no path that can be written here");
                return;
            }
        }
        int done = 0;
        for (var file : files.entrySet()) {
            compared(done++, files.size());
            wantFile(file.getKey(), file.getValue(), caches);
        }
        removeOthers(path, files.keySet(), rules);
    }

    private void compared(int done, int all) {
        progress.at("comparing data", done, all, Progress.Unit.ITEMS);
    }

    /** What a folder holds, by its paths from the root. */
    private static Map<String, Output> files(String path, Output folder, DvcCaches caches) throws IOException {
        var files = new LinkedHashMap<String, Output>();
        for (var file : caches.files(folder).entrySet()) {
            var place = path + "/" + file.getKey();
            files.put(place, folder.file(place, file.getValue()));
        }
        return files;
    }

    /** A folder that DVC keeps holds what its list says, what DVC ignores, and nothing else. */
    private void removeOthers(String path, Set<String> inside, FileSource rules) throws IOException {
        var folder = WorkTreeFiles.place(top, path);
        if (folder.isEmpty() || !Files.isDirectory(folder.get(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        var ignore = DvcIgnore.above(path, top, projects.around(path), rules);
        for (var file : ArtifactFolder.listAll(top, folder.get(), ignore).entrySet()) {
            var name = path + "/" + file.getKey();
            var stat = FileStat.of(file.getValue());
            if (!inside.contains(name) && !planned.isPlanned(name) && stat.isPresent()) {
                planned.noteLoss(name, stat.get());
                planned.put(WorkTreeStep.delete(name, stat));
                changed.add(name);
            }
        }
    }

    private void copy(String path, Output output, CacheFile object) throws IOException {
        var stat = planned.stat(path);
        if (stat.isPresent()) {
            var file = top.resolve(path);
            boolean isLinked = stat.get().isLink() && isLinkTo(file, object.path());
            if (isLinked ? isSound(object) : isSame(file, stat.get(), output, object.path())) {
                planned.forget(path);
                return;
            }
            // a tracked file that becomes data is among the steps already, and a link to the cache is no loss
            if (!planned.isPlanned(path) && !isLinked) {
                planned.noteLoss(path, stat.get());
            }
        }
        planned.put(WorkTreeStep.copy(path, stat, object));
        changed.add(path);
    }

    /**
     * Whatever the cache has: of a file in a folder the size is not known, and its object may be cut. But of data of DVC 2 only the object
     * tells, because the hash may be that of a text with other ends of lines.
     */
    private static boolean isSame(Path file, FileStat stat, Output output, Path object) throws IOException {
        if (output.isLegacy()) {
            return stat.isFile() && Files.mismatch(file, object) < 0;
        }
        return stat.isFile()
                && (output.bytes() == 0 || Files.size(file) == output.bytes())
                && DvcCache.hash(file).equals(output.hash());
    }

    private static boolean isSound(CacheFile object) throws IOException {
        return object.hash().isEmpty()
                || DvcCache.hash(object.path().toRealPath())
                        .equals(object.hash().get());
    }

    private static boolean isLinkTo(Path link, Path object) throws IOException {
        return Files.exists(link) && Files.exists(object) && link.toRealPath().equals(object.toRealPath());
    }

    /**
     * What a pointer has named that is not wanted any more goes: each file that is as it came, and of which the cache has a copy that is read
     * and found whole: what is deleted may be the last one.
     *
     * @param git what is in no case to go
     */
    void leave(String path, Output output, Git git) throws IOException {
        var caches = projects.caches(path);
        if (!output.isFolder()) {
            leaveFile(path, output, caches, git);
            return;
        }
        Map<String, Output> files;
        try {
            files = files(path, output, caches);
        } catch (IOException e) {
            if (planned.stat(path).isPresent() && !wantsSome(path)) {
                notes.add("the folder '" + path + "' stays, because the list of its files (" + output.hash()
                        + ") cannot be read in DVC's cache any more");
            }
            return;
        }
        boolean isOfGit = git.has(path);
        int done = 0;
        for (var file : files.entrySet()) {
            compared(done++, files.size());
            leaveFile(file.getKey(), file.getValue(), caches, inside -> isOfGit && git.has(inside));
        }
    }

    private boolean wantsSome(String folder) {
        return wanted.stream().anyMatch(file -> file.startsWith(folder + "/"));
    }

    private void leaveFile(String path, Output output, DvcCaches caches, Git git) throws IOException {
        if (wanted.contains(path) || planned.isPlanned(path) || !isAsItCame(path, output, caches) || git.has(path)) {
            return;
        }
        boolean isKept = output.isLegacy()
                ? Files.isRegularFile(caches.path(output))
                : caches.gives(output.hash(), Files.size(top.resolve(path)));
        if (!isKept) {
            notes.add("'" + path + "' stays, because DVC's cache has no whole copy of it (" + output.hash() + ")");
            return;
        }
        planned.put(WorkTreeStep.delete(path, planned.stat(path)));
        changed.add(path);
    }

    /** As far as it can be told. DVC may have put a link there. */
    private boolean isAsItCame(String path, Output output, DvcCaches caches) throws IOException {
        var stat = planned.stat(path);
        if (stat.isEmpty()) {
            return false;
        }
        var file = top.resolve(path);
        var object = caches.path(output);
        if (stat.get().isLink()) {
            return isLinkTo(file, object);
        }
        boolean isUnknown = output.isLegacy() && stat.get().isFile() && !Files.isRegularFile(object);
        return isUnknown || isSame(file, stat.get(), output, object);
    }
}
