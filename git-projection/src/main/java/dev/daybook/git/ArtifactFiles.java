package dev.daybook.git;

import dev.daybook.git.dvc.DvcPipeline;
import dev.daybook.git.dvc.DvcPointer;
import dev.daybook.git.dvc.DvcProject;
import dev.daybook.git.dvc.ParamFileException;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event.ArtifactAdded;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathSuffixFilter;

/**
 * Puts artifacts into a commit's tree: what Git tracks as a blob, an output of a pipeline into {@code dvc.lock}, all else as DVC's pointer.
 */
final class ArtifactFiles {

    /** Of a {@code dvc.yaml}, a {@code dvc.lock} or a parameter file that a stage depends on. */
    private static final long MAX_BYTES = 64 << 20;

    private final NewObjects objects;
    private final WorkTreeGit git;
    private final EditedFiles files;
    private final Code code;
    private final String outputFolder;
    private final List<String> warnings;
    private final Set<String> paramFiles;

    /**
     * @param files with what was written over the code before
     * @param outputFolder of the experiment, which is not finished yet
     * @param paramFiles those in which parameters were set
     * @param warnings takes sentences for the user
     */
    ArtifactFiles(
            NewObjects objects,
            WorkTreeGit git,
            EditedFiles files,
            Code code,
            String outputFolder,
            Set<String> paramFiles,
            List<String> warnings) {
        this.objects = objects;
        this.git = git;
        this.files = files;
        this.code = code;
        this.outputFolder = outputFolder;
        this.paramFiles = paramFiles;
        this.warnings = warnings;
    }

    /** @return sentences on data that are gone; not for the commit, which does not depend on what the cache holds */
    List<String> write(List<ArtifactAdded> artifacts) throws IOException {
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
        var pipelines = pipelines();
        var pipeline = new DvcPipeline(new CommitFiles(), rest);
        for (var dvcYaml : pipelines) {
            pipeline.read(dvcYaml);
        }
        for (var artifact : rest) {
            if (!pipeline.handled().contains(artifact.path())) {
                writePointer(artifact);
            }
        }
        writeLocks(pipeline, pipelines);
        return lost(rest);
    }

    private List<String> lost(List<ArtifactAdded> artifacts) {
        var projects = new DvcProjects(git.workTree(), git.repository());
        var lost = new ArrayList<String>();
        for (var artifact : artifacts) {
            try {
                if (!projects.caches(artifact.path()).have(artifact.hash())) {
                    lost.add("the data of artifact '" + artifact.path()
                            + "' are not in DVC's cache any more, so that the commit points to nothing, because"
                            + " dvc gc knows of saved experiments alone; 'dvc add " + artifact.path()
                            + "' brings them back if it is still as it was, dvc fetch if a remote has them");
                }
            } catch (IOException e) {
                lost.add("nobody knows whether the data of artifact '" + artifact.path() + "' are in DVC's cache ("
                        + e.getMessage() + ")");
            }
        }
        return lost;
    }

    /** A parameter file in which something was set is in the commit as it was set, whatever its content was when it was added. */
    private boolean holdsOverrides(ArtifactAdded artifact) {
        return paramFiles.stream()
                .anyMatch(file -> file.equals(artifact.path()) || file.startsWith(artifact.path() + "/"));
    }

    /** Each says what the commit has without the others. */
    private void writeLocks(DvcPipeline pipeline, List<String> pipelines) throws IOException {
        var locks = new LinkedHashMap<String, byte[]>();
        for (var dvcYaml : pipelines) {
            var path = dvcYaml.substring(0, dvcYaml.lastIndexOf('/') + 1) + "dvc.lock";
            pipeline.lock(dvcYaml).ifPresent(lock -> locks.put(path, lock));
        }
        for (var lock : locks.entrySet()) {
            files.put(lock.getKey(), lock.getValue());
        }
        warnings.addAll(pipeline.warnings());
    }

    /** Each {@code dvc.yaml} of the code, in the order of their paths. */
    private List<String> pipelines() throws IOException {
        var paths = new ArrayList<String>();
        try (var walk = new TreeWalk(objects.reader())) {
            walk.addTree(ObjectId.fromString(code.tree()));
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

        private Optional<CommitData> data = Optional.empty();

        @Override
        public Optional<byte[]> read(String path) throws IOException {
            return isFile(path) && isReadable(path) ? Optional.of(files.read(path)) : Optional.empty();
        }

        @Override
        public DvcPipeline.Found find(String path, Collection<ArtifactAdded> outputs) throws IOException {
            if (data.isEmpty()) {
                var projects = new DvcProjects(git.workTree(), git.repository());
                data = Optional.of(
                        new CommitData(files, ObjectId.fromString(code.head()), outputFolder, projects, outputs));
            }
            return data.get().find(path);
        }
    }

    /** Neither too large to be read at once, nor missing, as in a partial clone. */
    private boolean isReadable(String path) throws IOException {
        var found = files.editor().find(path);
        try (var reader = files.reader()) {
            return found.isPresent() && files.size(reader, path, found.get()) <= MAX_BYTES;
        } catch (MissingObjectException e) {
            return false;
        }
    }

    private boolean isFile(String path) throws IOException {
        return TreeEditor.isSafe(path)
                && files.editor()
                        .find(path)
                        .filter(found -> TreeFiles.isFile(found.mode()))
                        .isPresent();
    }

    /** A file that Git tracks stays in Git; false if it does not. */
    private boolean writeBlob(ArtifactAdded artifact) throws IOException {
        var found = files.editor().find(artifact.path());
        if (found.isEmpty() || !TreeFiles.isFile(found.get().mode()) || artifact.isFolder()) {
            return false;
        }
        if (artifact.bytes() > artifact.traits().maxBlobBytes()) {
            return false;
        }
        var place = git.workTree().resolve(artifact.path());
        var content = DvcProject.around(place, git.workTree()).cache().path(artifact.hash());
        if (Files.isRegularFile(content)) {
            files.put(artifact.path(), git.blob(artifact.path(), content.toRealPath(), objects));
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
        files.editor()
                .find(path)
                .filter(found -> found.mode().equals(FileMode.TREE))
                .ifPresent(found -> warnings.add("the files below " + path
                        + " that Git tracks are not in the commit: they are part of artifact '" + path + "'"));
        files.editor().remove(path);
        files.put(DvcPointer.pathOf(path), pointer(artifact));
        var ignore = folder + ".gitignore";
        files.put(ignore, DvcPointer.ignoring(files.read(ignore), path.substring(slash + 1)));
    }

    private byte[] pointer(ArtifactAdded artifact) throws IOException {
        var path = DvcPointer.pathOf(artifact.path());
        var before = files.read(path);
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
}
