package dev.daybook.git;

import dev.daybook.git.dvc.DvcCache;
import dev.daybook.git.dvc.DvcOutputs.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where the data of a DVC project may be: in its own cache, or in those that the same project has in other work trees of the repository.
 *
 * @param all the own one first
 */
record DvcCaches(List<DvcCache> all) {

    /** The object of data, in the first cache that has it; where the own one would have it, if none has. */
    Path path(Output data) throws IOException {
        return having(data).path(data);
    }

    /**
     * The files of a folder: their MD5s by their paths from there.
     *
     * @throws IOException if no cache has its list, or that is not the one that its hash names
     */
    Map<String, String> files(Output folder) throws IOException {
        return having(folder).files(folder);
    }

    private DvcCache having(Output data) throws IOException {
        for (var cache : all) {
            if (isWhole(cache.path(data), data)) {
                return cache;
            }
        }
        return all.get(0);
    }

    /** As far as its size tells: its content is looked at when it is copied. */
    static boolean isWhole(Path object, Output data) throws IOException {
        return Files.isRegularFile(object)
                && (data.isFolder() || data.bytes() == 0 || Files.size(object) == data.bytes());
    }

    /** Whether one of them has an object, whatever is in it. */
    boolean have(String hash) {
        return all.stream().anyMatch(cache -> Files.exists(cache.path(hash)));
    }

    /** Whether one of them has an object that gives the content of its hash. */
    boolean gives(String hash, long bytes) throws IOException {
        for (var cache : all) {
            if (cache.gives(hash, bytes)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a link leads to an object of one of them that gives the content of its hash. */
    boolean areTargetOf(Path link) throws IOException {
        for (var cache : all) {
            if (cache.isTargetOf(link)) {
                return true;
            }
        }
        return false;
    }
}
