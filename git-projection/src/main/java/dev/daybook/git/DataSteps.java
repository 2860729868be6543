package dev.daybook.git;

import dev.daybook.Progress;
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
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what has to change so that the data of the work tree are those of a commit: what its pointers name comes from the cache of the DVC
 * project that it lies in, and what the pointers of the commit before have brought goes.
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

    /** What a pointer names is to be in place. */
    void want(String path, Output output) throws IOException {
        var cache = projects.cache(path);
        if (output.isFolder()) {
            wantFolder(path, output, cache);
        } else {
            wantFile(path, output, cache);
        }
    }

    private void wantFile(String path, Output output, DvcCache cache) throws IOException {
        wanted.add(path);
        var object = cache.path(output);
        if (isWhole(object, output)) {
            copy(path, output, CacheFile.of(object, output));
        } else if (!isInPlace(path, output)) {
            planned.miss("'" + path + "' (" + output.hash() + ")");
        }
    }

    /** As far as its size tells: its content is looked at when it is copied. */
    private static boolean isWhole(Path object, Output output) throws IOException {
        return Files.isRegularFile(object) && (output.bytes() == 0 || Files.size(object) == output.bytes());
    }

    private boolean isInPlace(String path, Output output) throws IOException {
        var place = WorkTreeFiles.place(top, path);
        return place.isPresent()
                && Files.isRegularFile(place.get(), LinkOption.NOFOLLOW_LINKS)
                && !output.isLegacy()
                && DvcCache.hash(place.get()).equals(output.hash());
    }

    private void wantFolder(String path, Output output, DvcCache cache) throws IOException {
        var list = cache.path(output);
        if (!Files.isRegularFile(list)) {
            planned.miss("the folder '" + path + "' (" + output.hash() + ")");
            return;
        }
        Map<String, Output> files;
        try {
            files = files(path, output, cache);
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
            wantFile(file.getKey(), file.getValue(), cache);
        }
        removeOthers(path, files.keySet());
    }

    private void compared(int done, int all) {
        progress.at("comparing data", done, all, Progress.Unit.ITEMS);
    }

    /** What a folder holds, by its paths from the root. */
    private static Map<String, Output> files(String path, Output folder, DvcCache cache) throws IOException {
        var files = new LinkedHashMap<String, Output>();
        for (var file : cache.files(folder).entrySet()) {
            var place = path + "/" + file.getKey();
            files.put(place, folder.file(place, file.getValue()));
        }
        return files;
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
                var stat = FileStat.of(file);
                if (!inside.contains(name) && !planned.isPlanned(name) && stat.isPresent()) {
                    planned.noteLoss(name, stat.get());
                    planned.put(WorkTreeStep.delete(name, stat));
                    changed.add(name);
                }
            }
        }
    }

    private void copy(String path, Output output, CacheFile object) throws IOException {
        var stat = planned.stat(path);
        if (stat.isPresent()) {
            var file = top.resolve(path);
            boolean isLinked = stat.get().isLink() && isLinkTo(file, object.path());
            if (isLinked ? isSound(object) : isSame(file, stat.get(), output)) {
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

    /** Whatever the cache has: of a file in a folder the size is not known, and its object may be cut. */
    private static boolean isSame(Path file, FileStat stat, Output output) throws IOException {
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
        return Files.exists(link) && link.toRealPath().equals(object.toRealPath());
    }

    /**
     * What a pointer has named that is not wanted any more goes: each file that is as it came, and of which the cache has a copy that is read
     * and found whole: what is deleted may be the last one.
     *
     * @param git what is in no case to go
     */
    void leave(String path, Output output, Git git) throws IOException {
        var cache = projects.cache(path);
        if (!output.isFolder()) {
            leaveFile(path, output, cache, git);
            return;
        }
        Map<String, Output> files;
        try {
            files = files(path, output, cache);
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
            leaveFile(file.getKey(), file.getValue(), cache, inside -> isOfGit && git.has(inside));
        }
    }

    private boolean wantsSome(String folder) {
        return wanted.stream().anyMatch(file -> file.startsWith(folder + "/"));
    }

    private void leaveFile(String path, Output output, DvcCache cache, Git git) throws IOException {
        if (wanted.contains(path) || planned.isPlanned(path) || !isInPlace(path, output) || git.has(path)) {
            return;
        }
        if (!cache.gives(output.hash(), Files.size(top.resolve(path)))) {
            notes.add("'" + path + "' stays, because DVC's cache has no whole copy of it (" + output.hash() + ")");
            return;
        }
        planned.put(WorkTreeStep.delete(path, planned.stat(path)));
        changed.add(path);
    }
}
