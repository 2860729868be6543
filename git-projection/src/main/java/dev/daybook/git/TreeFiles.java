package dev.daybook.git;

import dev.daybook.git.dvc.FileSource;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Reads small text files out of a tree: never a link, a folder or something large in a file's place. */
final class TreeFiles implements FileSource {

    /** No parameter or metrics file is larger; {@code daybook.json} holds a whole history. */
    private static final int MAX_BYTES = 64 << 20;

    private final ObjectReader reader;
    private final AnyObjectId tree;

    TreeFiles(ObjectReader reader, AnyObjectId tree) {
        this.reader = reader;
        this.tree = tree;
    }

    /**
     * The content of a file; empty if nothing stands at the path.
     *
     * @throws IOException if something else stands there, if it is too large or missing in the object database
     */
    @Override
    public Optional<byte[]> read(String path) throws IOException {
        var found = find(path);
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(content(found.get().mode(), found.get().content()));
    }

    /** What stands at a path. */
    record Found(FileMode mode, ObjectId content) {}

    /** What stands at a path, whatever it is; empty if nothing does. */
    Optional<Found> find(String path) throws IOException {
        // a path of somebody's dvc.yaml may be anything
        if (!TreeEditor.isSafe(path)) {
            return Optional.empty();
        }
        try (var walk = TreeWalk.forPath(reader, path, tree)) {
            return walk == null ? Optional.empty() : Optional.of(new Found(walk.getFileMode(0), walk.getObjectId(0)));
        }
    }

    byte[] content(FileMode mode, ObjectId blob) throws IOException {
        if (!isFile(mode)) {
            throw new IOException("it is " + (mode.equals(FileMode.SYMLINK) ? "a symbolic link" : "no file"));
        }
        try {
            var loader = reader.open(blob, Constants.OBJ_BLOB);
            if (loader.getSize() > MAX_BYTES) {
                throw new IOException("it has " + loader.getSize() + " bytes, more than " + MAX_BYTES);
            }
            return loader.getBytes(MAX_BYTES);
        } catch (MissingObjectException e) {
            throw new IOException("its content is not in this repository; fetch it", e);
        }
    }

    static boolean isFile(FileMode mode) {
        return mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE);
    }
}
