package dev.daybook.git.dvc;

import java.io.IOException;
import java.util.Optional;

/** Files of a commit, by their paths from the root. */
@FunctionalInterface
public interface CommittedFiles {

    /** A file's content; empty if there is none. */
    Optional<byte[]> read(String path) throws IOException;
}
