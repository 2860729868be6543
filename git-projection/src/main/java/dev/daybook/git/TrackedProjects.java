package dev.daybook.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.util.FS;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The DVC projects of a work tree as far as git knows: {@code dvc init} puts their configuration into the index, and no folder has to be
 * searched for them.
 */
final class TrackedProjects {

    private static final Logger LOG = LoggerFactory.getLogger(TrackedProjects.class);
    private static final String INSIDE = "/.dvc/";

    /** From which version on paths are not whole in the index. */
    private static final int CUT_PATHS = 4;

    private static final int VERSION_AT = 7;

    private TrackedProjects() {}

    /**
     * Their folders: the work tree first, whether it is one or not, then those in it.
     *
     * @param index of that work tree; one that cannot be read tells of none
     */
    static List<Path> of(Path workTree, Path index) {
        var folders = new LinkedHashSet<>(Set.of(workTree));
        try {
            if (mayHaveSome(index)) {
                addTo(folders, workTree, DirCache.read(index.toFile(), FS.DETECTED));
            }
        } catch (NoSuchFileException e) {
            return List.of(workTree);
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} is passed over: {}", index, e.toString());
        }
        return List.copyOf(folders);
    }

    /** Nearly no index has any, and to look for these bytes is quicker than to read it. */
    private static boolean mayHaveSome(Path index) throws IOException {
        var content = Files.readAllBytes(index);
        return content.length > VERSION_AT
                && (content[VERSION_AT] >= CUT_PATHS
                        || new String(content, StandardCharsets.ISO_8859_1).contains(INSIDE));
    }

    private static void addTo(Set<Path> folders, Path workTree, DirCache index) {
        for (int i = 0; i < index.getEntryCount(); i++) {
            var path = index.getEntry(i).getPathString();
            int at = path.indexOf(INSIDE);
            if (at > 0 && TreeEditor.isSafe(path)) {
                folders.add(workTree.resolve(path.substring(0, at)));
            }
        }
    }
}
