package dev.daybook.git;

import dev.daybook.lifecycle.ParamValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;

/** What the readings of many experiments share: one reader of objects, and the files that all of them have in common. Not thread-safe. */
final class SavedReading implements AutoCloseable {

    private static final int MOST_FILES = 256;

    private final Map<File, Map<String, ParamValue>> files = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<File, Map<String, ParamValue>> eldest) {
            return size() > MOST_FILES;
        }
    };
    private final ObjectReader objects;

    SavedReading(Repository repository) {
        this.objects = new CachedObjects(repository.newObjectReader());
    }

    /** The name says how the content is to be read. */
    private record File(String name, ObjectId content) {}

    ObjectReader objects() {
        return objects;
    }

    /** The values of a file, if they were asked for before. */
    Optional<Map<String, ParamValue>> known(String name, ObjectId content) {
        return Optional.ofNullable(files.get(new File(name, content)));
    }

    void remember(String name, ObjectId content, Map<String, ParamValue> values) {
        files.put(new File(name, content), values);
    }

    @Override
    public void close() {
        objects.close();
    }
}
