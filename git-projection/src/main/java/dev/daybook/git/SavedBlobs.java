package dev.daybook.git;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** Tells whether a file of the work tree is, as it is, in HEAD or in a saved experiment or checkpoint, at the same path. */
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

    boolean has(String path, Path file, FileStat stat) throws IOException {
        var blob = hash(file, stat);
        for (var tree : trees()) {
            try (var walk = TreeWalk.forPath(reader, path, tree)) {
                if (walk != null && walk.getObjectId(0).equals(blob)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The newest first, because it is asked for what was applied last. */
    private List<RevTree> trees() throws IOException {
        if (trees == null) {
            trees = new ArrayList<>();
            try (var walk = new RevWalk(reader.newReader())) {
                trees.add(walk.parseCommit(head).getTree());
                for (var commit : revisions.all()) {
                    trees.add(walk.parseCommit(commit).getTree());
                }
            }
        }
        return trees;
    }

    /** The blob that a file or link would be without filters. */
    static ObjectId hash(Path file, FileStat stat) throws IOException {
        try (var hasher = new ObjectInserter.Formatter()) {
            if (stat.isLink()) {
                return hasher.idFor(
                        Constants.OBJ_BLOB,
                        Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8));
            }
            try (var open = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                return hasher.idFor(Constants.OBJ_BLOB, open.size(), Channels.newInputStream(open));
            }
        }
    }
}
