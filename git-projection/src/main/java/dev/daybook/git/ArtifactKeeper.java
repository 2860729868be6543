package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.git.dvc.DvcCache;
import dev.daybook.git.dvc.DvcPointer;
import dev.daybook.git.dvc.DvcProject;
import dev.daybook.port.Projection.Kept;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Copies artifacts into DVC's cache, and says what would keep DVC from finding them again. Thread-safe. */
final class ArtifactKeeper {

    private static final int TRIES = 3;

    private static final Set<PosixFilePermission> EXECUTE = EnumSet.of(
            PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);

    private final Path workTree;
    private final WorkTreeGit git;

    /** Sentences that were said already: they are about the repository, not about one artifact. */
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    /** @param workTree a real path */
    ArtifactKeeper(Path workTree, WorkTreeGit git) {
        this.workTree = workTree;
        this.git = git;
    }

    Kept keep(Path given) throws IOException {
        var artifact = ArtifactPath.of(workTree, given);
        requireAlone(artifact);
        var project = DvcProject.around(artifact.place(), workTree);
        var ignore = DvcIgnore.above(artifact.path(), workTree, project, DvcIgnore.rules(workTree));
        if (ignore.ignores(artifact.path(), artifact.isFolder())) {
            throw ArtifactPath.refused(given, "is ignored by DVC, through a .dvcignore; change that first");
        }
        var warnings = new ArrayList<String>();
        initialize(project, warnings);
        try {
            // asked first: a file that becomes the object itself is read-only from then on
            boolean isExecutable = !artifact.isFolder() && isExecutable(artifact.place());
            var stored = artifact.isFolder()
                    ? folder(artifact, project.cache(), ignore)
                    : project.cache().store(artifact.place());
            pointerIgnored(artifact).ifPresent(warnings::add);
            return new Kept(
                    artifact.path(), "md5", stored.hash(), stored.bytes(), stored.files(), isExecutable, warnings);
        } catch (NoSuchFileException e) {
            throw new RepositoryException(
                    "artifact '" + artifact.path() + "' cannot be added: " + e.getMessage()
                            + " has gone while it was read; add it when it is finished",
                    e);
        } catch (FileSystemException e) {
            throw new RepositoryException("artifact '" + artifact.path() + "' cannot be added: " + e.getMessage(), e);
        }
    }

    /** As DVC sees it: by anybody. */
    private static boolean isExecutable(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                && Files.getPosixFilePermissions(file).stream().anyMatch(EXECUTE::contains);
    }

    /** A folder whose list has changed while its files were read is read again. */
    private DvcCache.Stored folder(ArtifactPath artifact, DvcCache cache, DvcIgnore ignore) throws IOException {
        var before = ArtifactFolder.list(workTree, artifact.place(), ignore);
        for (int i = 0; i < TRIES; i++) {
            var stored = cache.store(before);
            var after = ArtifactFolder.list(workTree, artifact.place(), ignore);
            if (after.keySet().equals(before.keySet())) {
                return stored;
            }
            before = after;
        }
        throw new RepositoryException(
                "artifact '" + artifact.path() + "' had other files each time it was read; add it when it is finished");
    }

    /** DVC takes no data that are part of other data. */
    private void requireAlone(ArtifactPath artifact) {
        for (var above = artifact.place().getParent();
                above != null && !above.equals(workTree);
                above = above.getParent()) {
            var pointer = above.resolveSibling(DvcPointer.pathOf(String.valueOf(above.getFileName())));
            if (Files.isRegularFile(pointer)) {
                throw ArtifactPath.refused(
                        Path.of(artifact.path()),
                        "is part of " + workTree.relativize(above) + ", which DVC tracks as a whole ("
                                + workTree.relativize(pointer) + "); add that instead");
            }
        }
    }

    private void initialize(DvcProject project, List<String> warnings) throws IOException {
        if (!project.isInitialized()) {
            project.initialize();
        }
        var name = workTree.relativize(project.folder().resolve(".dvc")).toString();
        if (git.isUntracked(name + "/.gitignore")) {
            once("the folder " + name + " is not in Git, and 'dvc exp apply' deletes what is in an untracked one,"
                            + " the cache with all data included; run 'daybook dvc-init', which says what to commit")
                    .ifPresent(warnings::add);
        }
    }

    private Optional<String> pointerIgnored(ArtifactPath artifact) {
        var pointer = DvcPointer.pathOf(artifact.path());
        return git.isIgnored(pointer)
                ? once("Git ignores " + pointer
                        + ", without which DVC does not bring back the data after 'dvc exp apply';"
                        + " change the rule in .gitignore, or exempt it with !*.dvc")
                : Optional.empty();
    }

    private Optional<String> once(String sentence) {
        return said.add(sentence) ? Optional.of(sentence) : Optional.empty();
    }
}
