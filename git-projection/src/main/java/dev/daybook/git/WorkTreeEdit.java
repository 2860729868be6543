package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.git.dvc.Durable;
import dev.daybook.git.dvc.ParamFile;
import dev.daybook.git.dvc.ParamFileException;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.port.Projection.ParamsEdit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Map;
import org.eclipse.jgit.lib.Repository;

/**
 * An edit of a parameter file of the work tree: written and forced beside the file, then put in its place by a rename.
 *
 * <p>No symbolic link is followed, neither the file nor a folder above it; Git's own files and those of a repository inside this one are
 * refused.
 */
final class WorkTreeEdit implements ParamsEdit {

    private static final long MAX_BYTES = 1 << 20;

    private final String file;
    private final Path target;
    private final Path fresh;
    private final Runnable closing;
    private boolean isApplied;

    private WorkTreeEdit(String file, Path target, Path fresh, Runnable closing) {
        this.file = file;
        this.target = target;
        this.fresh = fresh;
        this.closing = closing;
    }

    /**
     * Gets an edit ready.
     *
     * @param closing is run when the edit is closed, but not if this fails
     * @throws ParamFileException if the file cannot be read or take the values
     * @throws RepositoryException if it is no file that may be edited
     */
    static WorkTreeEdit prepare(Repository repository, String file, Map<ParamKey, ParamValue> values, Runnable closing)
            throws IOException {
        var target = locate(repository, file);
        var params = ParamFile.parse(file, Files.readAllBytes(target));
        for (var value : values.entrySet()) {
            params = params.with(value.getKey().path(), value.getValue());
        }
        var fresh = Files.createTempFile(target.getParent(), ".daybook-", ".tmp");
        try {
            write(fresh, params.toBytes());
            copyMode(target, fresh);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        return new WorkTreeEdit(file, target, fresh, closing);
    }

    private static Path locate(Repository repository, String file) throws IOException {
        if (!TreeEditor.isSafe(file)) {
            throw refused(file, "it is no path that a commit may hold; name it from the repository's root");
        }
        var path = repository.getWorkTree().toPath().toRealPath();
        var segments = file.split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            path = path.resolve(segments[i]);
            boolean isLast = i == segments.length - 1;
            var found = attributes(file, path);
            if (found.isSymbolicLink()) {
                throw refused(file, path + " is a symbolic link; name the file that it stands for");
            }
            if (isLast ? !found.isRegularFile() : !found.isDirectory()) {
                throw refused(file, path + " is no " + (isLast ? "file" : "folder") + "; name the parameter file");
            }
            if (isGits(repository, path)
                    || (!isLast && Files.exists(path.resolve(".git"), LinkOption.NOFOLLOW_LINKS))) {
                throw refused(file, path + " belongs to Git or to another repository; open that one");
            }
            if (isLast && found.size() > MAX_BYTES) {
                throw refused(file, "it is larger than 1 MiB; keep data out of parameter files");
            }
        }
        return path;
    }

    private static BasicFileAttributes attributes(String file, Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            throw refused(file, "there is no " + path + "; write the file first, with what the training code expects");
        }
    }

    private static boolean isGits(Repository repository, Path path) throws IOException {
        return path.startsWith(repository.getDirectory().toPath().toRealPath())
                || path.startsWith(repository.getCommonDirectory().toPath().toRealPath());
    }

    private static RepositoryException refused(String file, String reason) {
        return new RepositoryException("the parameter file " + file + " cannot be edited: " + reason);
    }

    private static void write(Path fresh, byte[] content) throws IOException {
        try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            for (var buffer = ByteBuffer.wrap(content); buffer.hasRemaining(); ) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void copyMode(Path from, Path to) throws IOException {
        if (Files.getFileAttributeView(to, PosixFileAttributeView.class) != null) {
            Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from, LinkOption.NOFOLLOW_LINKS));
        }
    }

    @Override
    public void apply() {
        try {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            isApplied = true;
            Durable.force(target.resolveSibling(""));
        } catch (IOException e) {
            throw new RepositoryException(
                    "the values are recorded, but the parameter file " + file + " "
                            + (isApplied ? "could not be forced to disk: " : "could not be replaced: ") + e,
                    e);
        }
    }

    @Override
    public void close() {
        try {
            if (!isApplied) {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new RepositoryException(fresh + " is not needed and could not be deleted; delete it: " + e, e);
        } finally {
            closing.run();
        }
    }
}
