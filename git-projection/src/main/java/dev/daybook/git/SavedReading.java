package dev.daybook.git;

import dev.daybook.git.DvcFiles.Pointer;
import dev.daybook.git.dvc.DvcOutputs;
import dev.daybook.git.dvc.DvcOutputs.Output;
import dev.daybook.git.dvc.ParamFileException;
import dev.daybook.lifecycle.ParamValue;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;

/** What the readings of many experiments share: one reader of objects, and what all of them have in common. Not thread-safe. */
final class SavedReading implements AutoCloseable {

    private static final int MOST_FILES = 256;
    private static final int MOST_POINTERS = 4096;

    private final Map<File, Map<String, ParamValue>> files = latest(MOST_FILES);
    private final Map<Pointer, List<Output>> outputs = latest(MOST_POINTERS);
    private final ObjectReader objects;
    private final DvcFiles dvcFiles = new DvcFiles();
    private final Optional<DvcProjects> projects;

    SavedReading(Repository repository) {
        this.objects = new CachedObjects(repository.newObjectReader());
        this.projects = repository.isBare()
                ? Optional.empty()
                : Optional.of(new DvcProjects(
                        repository.getWorkTree().toPath().toAbsolutePath().normalize(), repository));
    }

    private static <K, V> Map<K, V> latest(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /** The name says how the content is to be read. */
    private record File(String name, ObjectId content) {}

    ObjectReader objects() {
        return objects;
    }

    DvcFiles dvcFiles() {
        return dvcFiles;
    }

    /** Those of the work tree, in whose caches data are; empty if there is none. */
    Optional<DvcProjects> projects() {
        return projects;
    }

    /**
     * The data that a file of a tree refers to.
     *
     * @throws ParamFileException if it cannot be read
     * @throws IOException if its content is not to be had
     */
    List<Output> outputs(DvcFiles.Place pointer, TreeFiles tree) throws IOException {
        var beside = pointer.pipeline().orElse("");
        var dvcYaml = beside.isEmpty() ? Optional.<TreeFiles.Found>empty() : tree.find(beside);
        var key = new Pointer(pointer, dvcYaml.map(TreeFiles.Found::content));
        var known = outputs.get(key);
        if (known == null) {
            var around = new NotedFiles(tree);
            known = DvcOutputs.of(pointer.path(), tree.content(FileMode.REGULAR_FILE, pointer.blob()), around);
            // else values of a template may have come from elsewhere
            if (around.isNoneBut(beside)) {
                outputs.put(key, known);
            }
        }
        return known;
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
