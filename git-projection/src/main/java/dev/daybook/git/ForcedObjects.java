package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.git.dvc.Durable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;

/**
 * Writes loose objects so that they are on disk when {@link #force} returns, and not in the repository before: written in a folder of its
 * own, forced, and then given their names, which are forced in the end. JGit forces and names each by itself, which takes longer; it is left
 * the large ones.
 *
 * <p>Objects that were there before, and that nobody may have forced, are forced too, and made young again, as git does, lest a gc that
 * runs just now takes them for rubbish. Not thread-safe.
 */
final class ForcedObjects implements NewObjects, AutoCloseable {

    private static final Duration YOUNG = Duration.ofHours(1);
    private static final int LARGE = 1 << 20;
    private static final int MOST_TRIES = 100;

    private final Repository repository;
    private final Path directory;
    private final Path folder;
    private final ObjectInserter inserter;
    private final ObjectReader reader;

    /** New objects without a name, each with its file. */
    private final Map<ObjectId, Path> nameless = new LinkedHashMap<>();

    /** Objects that are in the repository and are to be forced there. */
    private final Set<ObjectId> present = new LinkedHashSet<>();

    ForcedObjects(Repository original) throws IOException {
        repository = Repositories.fresh(original);
        // in memory only, and so for each writer
        repository.getConfig().setBoolean("core", null, "fsyncObjectFiles", true);
        this.directory = repository.getCommonDirectory().toPath().resolve("objects");
        this.folder = directory.resolve(PackOwner.current().folder());
        this.inserter = repository.newObjectInserter();
        this.reader = repository.newObjectReader();
    }

    @Override
    public ObjectReader reader() {
        return reader;
    }

    @Override
    public ObjectId blob(byte[] content) throws IOException {
        return insert(Constants.OBJ_BLOB, content);
    }

    @Override
    public ObjectId blob(long length, InputStream content) throws IOException {
        if (length >= LARGE) {
            return note(inserter.insert(Constants.OBJ_BLOB, length, content));
        }
        var bytes = content.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException("instead of " + length + " bytes there are " + bytes.length);
        }
        return blob(bytes);
    }

    @Override
    public ObjectId tree(TreeFormatter tree) throws IOException {
        return insert(Constants.OBJ_TREE, tree.toByteArray());
    }

    @Override
    public ObjectId commit(CommitBuilder commit) throws IOException {
        return insert(Constants.OBJ_COMMIT, commit.build());
    }

    private ObjectId insert(int type, byte[] content) throws IOException {
        var id = inserter.idFor(type, content);
        if (nameless.containsKey(id)) {
            return id;
        }
        if (reader.has(id)) {
            return note(id);
        }
        Files.createDirectories(folder);
        var file = folder.resolve(id.name());
        nameless.put(id, file);
        var head = Constants.typeString(type) + " " + content.length + "\0";
        var deflater = new Deflater(Deflater.BEST_SPEED);
        try (var out = new DeflaterOutputStream(Files.newOutputStream(file), deflater)) {
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(content);
        } finally {
            deflater.end();
        }
        return id;
    }

    /** Counts an object that somebody else wrote among those to force. */
    ObjectId note(AnyObjectId id) {
        var copy = id.copy();
        present.add(copy);
        return copy;
    }

    /** When this returns, all objects written and noted so far are in the repository and on disk. */
    void force() throws IOException {
        inserter.flush();
        for (var file : nameless.values()) {
            Durable.force(file);
        }
        var folders = new TreeSet<Path>();
        for (var each : nameless.entrySet()) {
            name(each.getValue(), each.getKey());
            folders.add(folder(each.getKey()));
        }
        nameless.clear();
        for (var id : present) {
            var file = file(id);
            try {
                makeYoung(file);
                Durable.force(file);
                folders.add(folder(id));
            } catch (NoSuchFileException e) {
                // it is in a pack, which git has forced; or gc has taken it, which is found when a ref is to name it
            }
        }
        present.clear();
        for (var each : folders) {
            try {
                Durable.force(each);
            } catch (NoSuchFileException e) {
                // gc has taken all that was in it
            }
        }
        if (!folders.isEmpty()) {
            Durable.force(directory);
        }
    }

    private Path folder(ObjectId id) {
        return directory.resolve(id.name().substring(0, 2));
    }

    private Path file(ObjectId id) {
        return folder(id).resolve(id.name().substring(2));
    }

    /** In the place of one that somebody else has written meanwhile, which may not be on disk. git takes empty folders away at any time. */
    private void name(Path file, ObjectId id) throws IOException {
        if (!file.toFile().setReadOnly()) {
            throw new RepositoryException("the permissions of " + file + " cannot be changed; check who owns it");
        }
        for (int i = 0; ; i++) {
            try {
                Files.move(file, file(id), StandardCopyOption.ATOMIC_MOVE);
                return;
            } catch (NoSuchFileException e) {
                if (i == MOST_TRIES) {
                    throw e;
                }
                makeFolder(folder(id));
            }
        }
    }

    private static void makeFolder(Path path) throws IOException {
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            // somebody else was quicker
        }
    }

    private static void makeYoung(Path file) throws IOException {
        var now = Instant.now();
        if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(YOUNG))) {
            Files.setLastModifiedTime(file, FileTime.from(now));
        }
    }

    @Override
    public void close() throws IOException {
        inserter.close();
        reader.close();
        repository.close();
        PackOwner.delete(folder);
    }
}
