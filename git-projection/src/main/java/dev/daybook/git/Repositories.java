package dev.daybook.git;

import dev.daybook.RepositoryException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.internal.storage.file.Pack;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;

/** Finds the repository around a path, and says in one sentence why one cannot hold experiments. Writes nothing. */
final class Repositories {

    private Repositories() {}

    /**
     * Opens the repository whose work tree a path is in.
     *
     * @throws RepositoryException if there is none, or it is bare, empty, or of a kind that Daybook cannot write
     */
    static Repository open(Path path) {
        Preparation.await();
        // each time: an application may have given JGit its usual reader back meanwhile
        QuietSystemReader.install();
        var start = path.toAbsolutePath().normalize();
        var builder = new FileRepositoryBuilder();
        builder.findGitDir(start.toFile());
        var gitDir = builder.getGitDir();
        if (gitDir == null) {
            throw new RepositoryException(start + " is in no Git repository; run git init there, or name another path");
        }
        try {
            refuseUnknownFormats(commonDir(gitDir));
            return check(builder.setup().build(), start);
        } catch (IOException | ConfigInvalidException | IllegalArgumentException e) {
            throw new RepositoryException("the Git repository " + gitDir + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** The commit that is checked out. */
    static ObjectId head(Repository repository) throws IOException {
        return read(repository, "HEAD")
                .orElseThrow(() -> new RepositoryException("the Git repository " + place(repository)
                        + " has no commit yet; commit something first, so that experiments have a baseline"));
    }

    /**
     * What a ref names. JGit reads the packed refs before the loose ones: a ref that git packs in between is in neither, and is seen when one
     * looks again.
     */
    static Optional<ObjectId> read(Repository repository, String name) throws IOException {
        var found = readOnce(repository, name);
        return found.isPresent() ? found : readOnce(repository, name);
    }

    private static Optional<ObjectId> readOnce(Repository repository, String name) throws IOException {
        return Optional.ofNullable(repository.exactRef(name)).map(Ref::getObjectId);
    }

    /**
     * The same repository with nothing remembered: JGit keeps in mind which loose objects it has seen, and neither writes them again nor
     * misses them when another process has pruned them meanwhile.
     */
    static Repository fresh(Repository repository) throws IOException {
        return new FileRepositoryBuilder()
                .setGitDir(repository.getDirectory())
                .setMustExist(true)
                .build();
    }

    /** Whether an object is there now, on disk: JGit remembers packs and loose objects that somebody may have deleted meanwhile. */
    static boolean has(Repository repository, ObjectId id) throws IOException {
        var objects = (ObjectDirectory) repository.getObjectDatabase();
        if (objects.fileFor(id).exists()) {
            return true;
        }
        for (var pack : objects.getPacks()) {
            if (isIn(pack, id)) {
                return true;
            }
        }
        try (var fresh = fresh(repository);
                var reader = fresh.newObjectReader()) {
            return reader.has(id);
        }
    }

    /**
     * Reads an object.
     *
     * @throws MissingObjectException if it is not there
     * @throws CorruptObjectException if it is there and cannot be read: JGit does not always say which one it was
     */
    static void requireSound(Repository repository, ObjectId id) throws IOException {
        try (var reader = repository.newObjectReader()) {
            reader.open(id).getBytes();
        } catch (MissingObjectException | CorruptObjectException e) {
            throw e;
        } catch (IOException e) {
            throw new CorruptObjectException(id, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isIn(Pack pack, ObjectId id) {
        try {
            return pack.hasObject(id) && pack.getPackFile().exists();
        } catch (IOException e) {
            // somebody deletes it just now
            return false;
        }
    }

    /** How messages call a repository. */
    static String place(Repository repository) {
        return repository.isBare()
                ? repository.getDirectory().toString()
                : repository.getWorkTree().toString();
    }

    private static Repository check(Repository repository, Path start) throws IOException {
        try {
            if (repository.isBare()) {
                throw new RepositoryException("the Git repository " + repository.getDirectory()
                        + " is bare, and an experiment needs code in a work tree; open a clone of it");
            }
            if (start.startsWith(repository.getDirectory().toPath())) {
                throw new RepositoryException(
                        start + " is inside Git's own folder; open the work tree " + repository.getWorkTree());
            }
            head(repository);
            return repository;
        } catch (RepositoryException | IOException e) {
            repository.close();
            throw e;
        }
    }

    /** Before JGit is let near: it knows neither of the two and fails on them later, and obscurely. */
    private static void refuseUnknownFormats(Path commonDir) throws IOException, ConfigInvalidException {
        var config = new FileBasedConfig(null, commonDir.resolve("config").toFile(), FS.DETECTED);
        config.load();
        var objects = config.getString("extensions", null, "objectformat");
        if (objects != null && !objects.equalsIgnoreCase("sha1")) {
            throw new RepositoryException("the Git repository " + commonDir + " names its objects by " + objects
                    + ", which neither Daybook nor DVC can read; use a SHA-1 repository");
        }
        var refs = config.getString("extensions", null, "refstorage");
        if (refs != null && !refs.equalsIgnoreCase("files")) {
            throw new RepositoryException("the Git repository " + commonDir + " keeps its refs as " + refs
                    + ", which DVC cannot read; run git refs migrate --ref-format=files");
        }
    }

    private static Path commonDir(File gitDir) throws IOException {
        var pointer = gitDir.toPath().resolve("commondir");
        return Files.isRegularFile(pointer)
                ? gitDir.toPath().resolve(Files.readString(pointer).strip()).normalize()
                : gitDir.toPath();
    }
}
