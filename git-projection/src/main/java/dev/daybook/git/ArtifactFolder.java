package dev.daybook.git;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Lists the files of a folder that DVC would take for its content, and refuses what DVC would stumble over. */
final class ArtifactFolder extends SimpleFileVisitor<Path> {

    /** DVC does not look into these, wherever they are. */
    private static final Set<String> SKIPPED = Set.of(".git", ".hg", ".dvc");

    private final Path workTree;
    private final Path folder;
    private final DvcIgnore ignore;
    private final boolean isToBeSaved;
    private final Map<String, Path> files = new LinkedHashMap<>();

    private ArtifactFolder(Path workTree, Path folder, DvcIgnore ignore, boolean isToBeSaved) {
        this.workTree = workTree;
        this.folder = folder;
        this.ignore = ignore;
        this.isToBeSaved = isToBeSaved;
    }

    /**
     * The files by their paths from the folder, with {@code /}.
     *
     * @param workTree a real path, as the folder is
     */
    static Map<String, Path> list(Path workTree, Path folder, DvcIgnore ignore) throws IOException {
        return list(new ArtifactFolder(workTree, folder, ignore, true));
    }

    /** As {@link #list}, with what it would refuse: all that DVC looks at. */
    static Map<String, Path> listAll(Path workTree, Path folder, DvcIgnore ignore) throws IOException {
        return list(new ArtifactFolder(workTree, folder, ignore, false));
    }

    private static Map<String, Path> list(ArtifactFolder visitor) throws IOException {
        Files.walkFileTree(visitor.folder, visitor);
        return visitor.files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        boolean isSkipped = !directory.equals(folder)
                && (SKIPPED.contains(name(directory)) || ignore.ignores(path(workTree, directory), true));
        return isSkipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        // of a linked work tree or a submodule
        if (ignore.ignores(path(workTree, file), false) || name(file).equals(".git")) {
            return FileVisitResult.CONTINUE;
        }
        if (isToBeSaved) {
            requireData(file, attributes);
        }
        files.put(path(folder, file), file);
        return FileVisitResult.CONTINUE;
    }

    private void requireData(Path file, BasicFileAttributes attributes) throws IOException {
        if (name(file).equals(DvcIgnore.FILE)) {
            throw refused(file, "DVC allows no .dvcignore inside of data; move it up");
        }
        if (attributes.isSymbolicLink()) {
            requireFileInside(file);
        } else if (!attributes.isRegularFile()) {
            throw refused(file, "it is a FIFO, socket or device, and is not read");
        }
        var path = folder.relativize(file).toString();
        if (!folder.resolve(path).equals(file)) {
            throw refused(
                    file,
                    "its name is no text in this JVM's encoding of file names; rename it, or run in a UTF-8 locale");
        }
    }

    private void requireFileInside(Path link) throws IOException {
        try {
            var target = link.toRealPath();
            if (!target.startsWith(workTree)) {
                throw refused(link, "it is a symbolic link out of the work tree, to " + target);
            }
            if (!Files.isRegularFile(target)) {
                throw refused(link, "it is a symbolic link to something that is no file, which DVC leaves out");
            }
        } catch (NoSuchFileException e) {
            throw refused(link, "it is a symbolic link to nothing; delete it");
        }
    }

    private RuntimeException refused(Path file, String reason) {
        return ArtifactPath.refused(
                workTree.relativize(folder),
                "holds '" + folder.relativize(file) + "', which cannot be added: " + reason);
    }

    /** A path from a folder, with {@code /}. */
    static String path(Path from, Path to) {
        return from.relativize(to).toString().replace(to.getFileSystem().getSeparator(), "/");
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
