package dev.daybook.git;

import dev.daybook.git.dvc.DvcProject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The DVC projects of a work tree, which may lie in one another: looked for once in each folder. Not thread-safe. */
final class DvcProjects {

    private static final Logger LOG = LoggerFactory.getLogger(DvcProjects.class);

    private final Path workTree;
    private final Repository repository;
    private final Map<String, DvcProject> byFolder = new HashMap<>();
    private final Map<DvcProject, DvcCaches> caches = new HashMap<>();

    /** @param repository whose work tree it is */
    DvcProjects(Path workTree, Repository repository) {
        this.workTree = workTree;
        this.repository = repository;
    }

    Path workTree() {
        return workTree;
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
     * The caches that may have what is data of the project around a path.
     *
     * @throws IOException if the project's configuration cannot be read
     */
    DvcCaches caches(String path) throws IOException {
        var project = around(path);
        var known = caches.get(project);
        if (known != null) {
            return known;
        }
        var all = new ArrayList<>(List.of(project.cache()));
        for (var other : WorkTrees.others(repository)) {
            var same = other.resolve(workTree.relativize(project.folder()).toString());
            try {
                all.add(new DvcProject(same).cache());
            } catch (IOException e) {
                LOG.debug("nobody knows where the cache of {} is", same, e);
            }
        }
        var found = new DvcCaches(List.copyOf(all));
        caches.put(project, found);
        return found;
    }
}
