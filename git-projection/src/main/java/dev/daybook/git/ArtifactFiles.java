package dev.daybook.git;

import dev.daybook.git.dvc.DvcPipeline;
import dev.daybook.git.dvc.DvcPointer;
import dev.daybook.git.dvc.DvcProject;
import dev.daybook.git.dvc.ParamFileException;
import dev.daybook.lifecycle.Event.ArtifactAdded;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathSuffixFilter;

/**
 * Puts artifacts into a commit's tree: what Git tracks as a blob, an output of a pipeline into {@code dvc.lock}, all else as DVC's pointer.
 */
final class ArtifactFiles {

    /** Whose hash is computed anew for {@code dvc.lock}. */
    private static final long MAX_BYTES_OF_DEPENDENCY = 64 << 20;

    private final NewObjects objects;
    private final WorkTreeGit git;
    private final TreeEditor editor;
    private final ObjectId code;
    private final List<String> warnings;
    /** What was written over the code and is at hand. */
    private final Map<String, byte[]> edited;

    private final Set<String> paramFiles;

    /**
     * @param edited what was written over the code before, by path
     * @param paramFiles those of it in which parameters were set
     * @param warnings takes sentences for the user
     */
    ArtifactFiles(
            NewObjects objects,
            WorkTreeGit git,
            TreeEditor editor,
            ObjectId code,
            Map<String, byte[]> edited,
            Set<String> paramFiles,
            List<String> warnings) {
        this.objects = objects;
        this.git = git;
        this.editor = editor;
        this.code = code;
        this.edited = new HashMap<>(edited);
        this.paramFiles = paramFiles;
        this.warnings = warnings;
    }

    void write(List<ArtifactAdded> artifacts) throws IOException {
        var rest = new ArrayList<ArtifactAdded>();
        for (var artifact : artifacts) {
            if (!TreeEditor.isSafe(artifact.path())) {
                warnings.add(
                        "artifact '" + artifact.path() + "' is not in the commit: no tree of Git can hold its name");
            } else if (holdsOverrides(artifact)) {
                warnings.add("artifact '" + artifact.path()
                        + "' is not in the commit by itself: parameters were set in " + artifact.path()
                        + (artifact.isFolder() ? "/..." : "") + ", which is in the commit with these");
            } else if (!writeBlob(artifact)) {
                rest.add(artifact);
            }
        }
        var outputs = writeLocks(rest);
        for (var artifact : rest) {
            if (!outputs.contains(artifact.path())) {
                writePointer(artifact);
            }
        }
    }

    /** A parameter file in which something was set is in the commit as it was set, whatever its content was when it was added. */
    private boolean holdsOverrides(ArtifactAdded artifact) {
        return paramFiles.stream()
                .anyMatch(file -> file.equals(artifact.path()) || file.startsWith(artifact.path() + "/"));
    }

    /** What is an output of a pipeline belongs into its {@code dvc.lock}. */
    private Set<String> writeLocks(List<ArtifactAdded> artifacts) throws IOException {
        var pipeline = new DvcPipeline(new CommitFiles(), artifacts);
        for (var dvcYaml : pipelines()) {
            var lock = pipeline.lock(dvcYaml);
            if (lock.isPresent()) {
                var path = dvcYaml.substring(0, dvcYaml.lastIndexOf('/') + 1) + "dvc.lock";
                put(path, lock.get());
            }
        }
        warnings.addAll(pipeline.warnings());
        return pipeline.handled();
    }

    /** Each {@code dvc.yaml} of the code, in the order of their paths. */
    private List<String> pipelines() throws IOException {
        var paths = new ArrayList<String>();
        try (var walk = new TreeWalk(objects.reader())) {
            walk.addTree(code);
            walk.setRecursive(true);
            walk.setFilter(PathSuffixFilter.create("dvc.yaml"));
            while (walk.next()) {
                if (walk.getNameString().equals("dvc.yaml") && TreeEditor.isSafe(walk.getPathString())) {
                    paths.add(walk.getPathString());
                }
            }
        }
        return paths;
    }

    /** The tree as it is being edited. */
    private final class CommitFiles implements DvcPipeline.Files {

        @Override
        public Optional<byte[]> read(String path) throws IOException {
            return isFile(path) && isReadable(path) ? Optional.of(ArtifactFiles.this.read(path)) : Optional.empty();
        }

        @Override
        public boolean isExecutable(String path) throws IOException {
            return editor.find(path)
                    .filter(found -> found.mode().equals(FileMode.EXECUTABLE_FILE))
                    .isPresent();
        }
    }

    /** Neither too large to be read at once, nor missing, as in a partial clone. */
    private boolean isReadable(String path) throws IOException {
        var found = editor.find(path);
        try (var reader = objects.readerOfAll()) {
            return edited.containsKey(path)
                    || found.isPresent()
                            && reader.getObjectSize(found.get().id(), Constants.OBJ_BLOB) <= MAX_BYTES_OF_DEPENDENCY;
        } catch (MissingObjectException e) {
            return false;
        }
    }

    private boolean isFile(String path) throws IOException {
        return TreeEditor.isSafe(path)
                && editor.find(path)
                        .filter(found -> TreeFiles.isFile(found.mode()))
                        .isPresent();
    }

    /** A file that Git tracks stays in Git; false if it does not. */
    private boolean writeBlob(ArtifactAdded artifact) throws IOException {
        var found = editor.find(artifact.path());
        if (found.isEmpty() || !TreeFiles.isFile(found.get().mode()) || artifact.isFolder()) {
            return false;
        }
        if (artifact.bytes() > artifact.traits().maxBlobBytes()) {
            return false;
        }
        var place = git.workTree().resolve(artifact.path());
        var content = DvcProject.around(place, git.workTree()).cache().path(artifact.hash());
        if (Files.isRegularFile(content)) {
            editor.put(artifact.path(), git.blob(artifact.path(), content.toRealPath(), objects));
            edited.remove(artifact.path());
        } else {
            warnings.add("artifact '" + artifact.path()
                    + "' is in the commit as the code has it: its content is not in DVC's cache any more");
        }
        return true;
    }

    private void writePointer(ArtifactAdded artifact) throws IOException {
        var path = artifact.path();
        int slash = path.lastIndexOf('/');
        var folder = path.substring(0, slash + 1);
        editor.find(path)
                .filter(found -> found.mode().equals(FileMode.TREE))
                .ifPresent(found -> warnings.add("the files below " + path
                        + " that Git tracks are not in the commit: they are part of artifact '" + path + "'"));
        editor.remove(path);
        put(DvcPointer.pathOf(path), pointer(artifact));
        var ignore = folder + ".gitignore";
        put(ignore, DvcPointer.ignoring(read(ignore), path.substring(slash + 1)));
    }

    private void put(String path, byte[] content) throws IOException {
        editor.put(path, objects.blob(content));
        edited.put(path, content);
    }

    private byte[] pointer(ArtifactAdded artifact) throws IOException {
        var path = DvcPointer.pathOf(artifact.path());
        var before = read(path);
        if (before.length == 0) {
            return DvcPointer.write(artifact);
        }
        try {
            var rewritten = DvcPointer.rewrite(path, before, artifact);
            if (rewritten.isPresent()) {
                return rewritten.get();
            }
            warnings.add(path + " said something else than where artifact '" + artifact.path()
                    + "' is, and is replaced in the commit");
        } catch (ParamFileException e) {
            warnings.add(path + " is replaced in the commit, because it could not be read: " + e.getMessage());
        }
        return DvcPointer.write(artifact);
    }

    /** The content of a file; empty if nothing stands there, or something else. */
    private byte[] read(String path) throws IOException {
        var known = edited.get(path);
        if (known != null) {
            return known;
        }
        var found = editor.find(path);
        if (found.isEmpty() || !TreeFiles.isFile(found.get().mode())) {
            return new byte[0];
        }
        try (var reader = objects.readerOfAll()) {
            return new TreeFiles(reader, code)
                    .content(found.get().mode(), found.get().id());
        }
    }
}
