package dev.daybook.git;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/** The files of a commit that is being made: what was written last is at hand, the rest in the object database. Not thread-safe. */
final class EditedFiles {

    private final NewObjects objects;
    private final TreeEditor editor;
    private final Map<String, byte[]> edited;

    /** @param edited what was written before, by path */
    EditedFiles(NewObjects objects, TreeEditor editor, Map<String, byte[]> edited) {
        this.objects = objects;
        this.editor = editor;
        this.edited = new HashMap<>(edited);
    }

    TreeEditor editor() {
        return editor;
    }

    ObjectReader reader() throws IOException {
        return objects.readerOfAll();
    }

    void put(String path, byte[] content) throws IOException {
        editor.put(path, objects.blob(content));
        edited.put(path, content);
    }

    /** Puts a blob that somebody else has written. */
    void put(String path, ObjectId blob) throws IOException {
        editor.put(path, blob);
        edited.remove(path);
    }

    /** The content of a file; empty if nothing stands there, or something else. */
    byte[] read(String path) throws IOException {
        var found = editor.find(path);
        if (found.isEmpty() || !TreeFiles.isFile(found.get().mode())) {
            return new byte[0];
        }
        try (var reader = reader()) {
            return content(reader, path, found.get());
        }
    }

    /**
     * What a file holds that was found.
     *
     * @throws IOException if it is none, too large, or not here, as in a partial clone
     */
    byte[] content(ObjectReader reader, String path, TreeEditor.Found found) throws IOException {
        var known = edited.get(path);
        return known != null ? known : new TreeFiles(reader, ObjectId.zeroId()).content(found.mode(), found.id());
    }

    /** How large it is. */
    long size(ObjectReader reader, String path, TreeEditor.Found found) throws IOException {
        var known = edited.get(path);
        return known != null ? known.length : reader.getObjectSize(found.id(), Constants.OBJ_BLOB);
    }
}
