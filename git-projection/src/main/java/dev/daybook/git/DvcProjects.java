package dev.daybook.git;

import dev.daybook.git.dvc.DvcCache;
import dev.daybook.git.dvc.DvcProject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The DVC projects of a work tree, which may lie in one another: looked for once in each folder. Not thread-safe. */
final class DvcProjects {

    private final Path workTree;
    private final Map<String, DvcProject> byFolder = new HashMap<>();
    private final Map<DvcProject, DvcCache> caches = new HashMap<>();

    DvcProjects(Path workTree) {
        this.workTree = workTree;
    }

    /** The innermost one around a path; that of the work tree for one that leads out of it. */
    DvcProject around(String path) {
        return TreeEditor.isSafe(path)
                ? byFolder.computeIfAbsent(
                        path.substring(0, path.lastIndexOf('/') + 1),
                        folder -> DvcProject.around(workTree.resolve(path), workTree))
                : new DvcProject(workTree);
    }

    /**
     * The cache of the project around a path.
     *
     * @throws IOException if the project's configuration cannot be read
     */
    DvcCache cache(String path) throws IOException {
        var project = around(path);
        var known = caches.get(project);
        if (known != null) {
            return known;
        }
        var cache = project.cache();
        caches.put(project, cache);
        return cache;
    }
}
