package dev.daybook.git;

import dev.daybook.RepositoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file or folder of the work tree that a user has named as an artifact.
 *
 * @param path relative to the top of the work tree, with {@code /}
 * @param place absolute, without symbolic links
 */
record ArtifactPath(String path, Path place, boolean isFolder) {

    /**
     * Finds it.
     *
     * @param workTree a real path
     * @throws RepositoryException if it is not there, or nothing that a commit of this repository can point to
     */
    static ArtifactPath of(Path workTree, Path given) throws IOException {
        var named = workTree.resolve(given).normalize();
        try {
            var place = place(named, given);
            if (!place.startsWith(workTree) || place.equals(workTree)) {
                throw refused(given, "is not inside the work tree " + workTree + "; copy it into it first");
            }
            var path = workTree.relativize(place)
                    .toString()
                    .replace(place.getFileSystem().getSeparator(), "/");
            requireText(workTree, place, path);
            requirePlain(workTree, place, path);
            return new ArtifactPath(path, place, isFolder(place, path));
        } catch (NoSuchFileException e) {
            throw refused(given, "does not exist in " + workTree + "; write it first");
        }
    }

    /** Links on the way are followed, so that what is behind them is checked. */
    private static Path place(Path named, Path given) throws IOException {
        var parent = named.getParent();
        var name = named.getFileName();
        if (parent == null || name == null) {
            throw refused(given, "is no file or folder of a work tree");
        }
        return parent.toRealPath().resolve(name);
    }

    /** A name in bytes that are no text here has no path in DVC's files. */
    private static void requireText(Path workTree, Path place, String path) {
        if (!workTree.resolve(path).equals(place)) {
            throw refused(
                    place,
                    "has a name that is no text in this JVM's encoding of file names; rename it, or run in a UTF-8 locale");
        }
    }

    private static void requirePlain(Path workTree, Path place, String path) {
        if (!TreeEditor.isSafe(path) || path.equals(".dvc") || path.startsWith(".dvc/") || path.contains("/.dvc/")) {
            throw refused(Path.of(path), "is among the files of Git or DVC themselves; copy it elsewhere");
        }
        for (var folder = place.getParent(); folder != null && !folder.equals(workTree); folder = folder.getParent()) {
            if (Files.exists(folder.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
                throw refused(
                        Path.of(path),
                        "is inside another Git repository, " + folder + "; add it to an experiment there");
            }
        }
    }

    private static boolean isFolder(Path place, String path) throws IOException {
        var attributes = Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink()) {
            throw refused(
                    Path.of(path), "is a symbolic link to " + Files.readSymbolicLink(place) + "; add that instead");
        }
        if (!attributes.isDirectory() && !attributes.isRegularFile()) {
            throw refused(
                    Path.of(path), "is neither a file nor a folder, but a FIFO, socket or device; it is not read");
        }
        if (attributes.isDirectory() && Files.exists(place.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
            throw refused(Path.of(path), "is a Git repository of its own; add what is in it, file by file, from there");
        }
        return attributes.isDirectory();
    }

    static RepositoryException refused(Path path, String reason) {
        return new RepositoryException("artifact '" + path + "' " + reason);
    }
}
