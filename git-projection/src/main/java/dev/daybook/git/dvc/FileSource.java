package dev.daybook.git.dvc;

import java.io.IOException;
import java.util.Optional;

/** Files by their paths from the root of a tree, or of the work tree. */
@FunctionalInterface
public interface FileSource {

    /**
     * The content of a file; empty if nothing stands at the path.
     *
     * @throws IOException if something else stands there, or it is too large or missing
     */
    Optional<byte[]> read(String path) throws IOException;
}
