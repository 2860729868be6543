package dev.daybook.git;

import dev.daybook.git.dvc.DvcOutputs.Output;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/**
 * One file of the work tree that is to become another one.
 *
 * @param path from the root
 * @param before what stands there now; empty if nothing does
 * @param blob what Git has for it
 * @param object what DVC's cache has for it, and whether it is to be executable; if there is neither, the file goes
 */
record WorkTreeStep(String path, Optional<FileStat> before, Optional<Blob> blob, Optional<CacheFile> object) {

    /** A file or link of a tree. */
    record Blob(FileMode mode, ObjectId id) {}

    /**
     * A file of the cache.
     *
     * @param hash of its content; empty if it is not known how it was made, as of text that DVC 2 has hashed
     */
    record CacheFile(Path path, Optional<String> hash, boolean isExecutable) {

        static CacheFile of(Path path, Output output) {
            var hash = output.isLegacy() ? Optional.<String>empty() : Optional.of(output.hash());
            return new CacheFile(path, hash, output.isExecutable());
        }
    }

    static WorkTreeStep delete(String path, Optional<FileStat> before) {
        return new WorkTreeStep(path, before, Optional.empty(), Optional.empty());
    }

    static WorkTreeStep write(String path, Optional<FileStat> before, Blob blob) {
        return new WorkTreeStep(path, before, Optional.of(blob), Optional.empty());
    }

    static WorkTreeStep copy(String path, Optional<FileStat> before, CacheFile object) {
        return new WorkTreeStep(path, before, Optional.empty(), Optional.of(object));
    }

    boolean isDeletion() {
        return blob.isEmpty() && object.isEmpty();
    }
}
