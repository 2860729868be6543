package dev.daybook.git;

import dev.daybook.git.dvc.ParamFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/** Parses the parameter files of code, and keeps the latest: all experiments of a sweep edit the same ones. Thread-safe. */
final class ParsedParams {

    private static final int MOST_FILES = 16;
    private static final int MOST_BYTES = 64 << 10;

    /** What a file holds is read by its name's ending, too. */
    private record Key(String file, ObjectId blob) {}

    private final Map<Key, ParamFile> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, ParamFile> eldest) {
            return size() > MOST_FILES;
        }
    };

    /**
     * A file of a tree.
     *
     * @throws IOException if something else than a file stands there, or its content is not to be had
     * @throws dev.daybook.git.dvc.ParamFileException if it cannot be read as what its name says
     */
    synchronized ParamFile of(String file, TreeEditor.Found found, ObjectReader reader) throws IOException {
        var key = new Key(file, found.id());
        var known = kept.get(key);
        if (known != null && TreeFiles.isFile(found.mode())) {
            return known;
        }
        var content = new TreeFiles(reader, ObjectId.zeroId()).content(found.mode(), found.id());
        var params = ParamFile.parse(file, content);
        if (content.length <= MOST_BYTES) {
            kept.put(key, params);
        }
        return params;
    }
}
