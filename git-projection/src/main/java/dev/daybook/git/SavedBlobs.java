package dev.daybook.git;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a file of the work tree is, as it is, in HEAD or in a saved experiment or checkpoint, at the same path; one that was removed, and
 * can be had back, counts too.
 */
final class SavedBlobs {

    private final ObjectReader reader;
    private final ObjectId head;
    private final Revisions revisions;
    private @Nullable List<RevTree> trees;

    /** @param head the commit that is checked out */
    SavedBlobs(ObjectReader reader, ObjectId head, Revisions revisions) {
        this.reader = reader;
        this.head = head;
        this.revisions = revisions;
    }

    /** An experiment that cannot be read saves nothing. */
    boolean has(String path, ObjectId blob) throws IOException {
        for (var tree : trees()) {
            if (has(tree, path, blob)) {
                return true;
            }
        }
        return false;
    }

    private boolean has(RevTree tree, String path, ObjectId blob) {
        try (var walk = TreeWalk.forPath(reader, path, tree)) {
            return walk != null && walk.getObjectId(0).equals(blob);
        } catch (IOException e) {
            return false;
        }
    }

    /** The newest first, because it is asked for what was applied last. */
    private List<RevTree> trees() throws IOException {
        if (trees == null) {
            trees = new ArrayList<>();
            try (var walk = new RevWalk(reader.newReader())) {
                trees.add(walk.parseCommit(head).getTree());
                for (var commit : revisions.all()) {
                    tree(walk, commit).ifPresent(trees::add);
                }
            }
        }
        return trees;
    }

    private static Optional<RevTree> tree(RevWalk walk, ObjectId commit) {
        try {
            return Optional.of(walk.parseCommit(commit).getTree());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
