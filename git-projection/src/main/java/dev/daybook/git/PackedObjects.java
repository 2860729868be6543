package dev.daybook.git;

import dev.daybook.git.dvc.Durable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.Deflater;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.internal.storage.file.PackInserter;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Writes objects into one pack that appears in the repository at once: whole, on disk, and kept from gc until it is released.
 *
 * <p>It is written in a folder of its own inside the object database, where no gc sees it, as git receives a pack. Then the {@code .keep} is
 * put in place, and then pack and index are moved behind it: <b>at no moment is there a pack that a gc might take for rubbish.</b> All that
 * is written is in the pack, also what the repository has already: nobody knows how long. Who writes nothing leaves no trace. Not
 * thread-safe.
 */
final class PackedObjects implements NewObjects, AutoCloseable {

    private static final int MOST_AT_ONCE = 16 << 20;

    private final Repository repository;
    private final Path objects;
    private final PackName name;
    private final Set<ObjectId> written = new HashSet<>();
    private @Nullable Quarantine quarantine;
    private boolean isBroken;
    private boolean isForced;
    private boolean isHeld;

    PackedObjects(Repository repository) {
        this.repository = repository;
        this.objects = repository.getCommonDirectory().toPath().resolve("objects");
        this.name = PackName.random(objects);
    }

    /** Where the pack is written. */
    private record Quarantine(Path folder, Repository repository, PackInserter inserter, ObjectReader reader) {}

    private Quarantine quarantine() throws IOException {
        if (quarantine == null) {
            var folder = objects.resolve(PackOwner.current().folder());
            Files.createDirectories(folder.resolve("pack"));
            var inside = new FileRepositoryBuilder()
                    .setGitDir(repository.getDirectory())
                    .setObjectDirectory(folder.toFile())
                    .addAlternateObjectDirectory(objects.toFile())
                    .setMustExist(true)
                    .build();
            var inserter = ((ObjectDirectory) inside.getObjectDatabase()).newPackInserter();
            inserter.checkExisting(false);
            inserter.setCompressionLevel(Deflater.BEST_SPEED);
            quarantine = new Quarantine(folder, inside, inserter, inside.newObjectReader());
        }
        return quarantine;
    }

    /** Lets git write its objects where the pack is written: to be {@link #take taken} then. */
    Map<String, String> gitEnvironment() throws IOException {
        var quoted = objects.toString().replace("\\", "\\\\").replace("\"", "\\\"");
        return Map.of(
                "GIT_OBJECT_DIRECTORY",
                quarantine().folder().toString(),
                "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                "\"" + quoted + "\"");
    }

    @Override
    public ObjectReader reader() throws IOException {
        return quarantine().reader();
    }

    /** One more, of these objects too; to be closed by who wants it. */
    ObjectReader readerOfAll() throws IOException {
        return quarantine().inserter().newReader();
    }

    PackName name() {
        return name;
    }

    boolean isForced() {
        return isForced;
    }

    /** What is in the pack. */
    Set<ObjectId> written() {
        return written;
    }

    @Override
    public ObjectId blob(byte[] content) throws IOException {
        return insert(inserter -> inserter.insert(Constants.OBJ_BLOB, content));
    }

    /** The same content is written once, if it is not very large: the writer of packs looks for what it is given whole only. */
    @Override
    public ObjectId blob(long length, InputStream content) throws IOException {
        return blobOrOther(Constants.OBJ_BLOB, length, content);
    }

    private ObjectId blobOrOther(int type, long length, InputStream content) throws IOException {
        if (length > MOST_AT_ONCE) {
            return insert(inserter -> inserter.insert(type, length, content));
        }
        var bytes = content.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException("instead of " + length + " bytes there are " + bytes.length);
        }
        return insert(inserter -> inserter.insert(type, bytes));
    }

    @Override
    public ObjectId tree(TreeFormatter tree) throws IOException {
        return insert(inserter -> inserter.insert(tree));
    }

    @Override
    public ObjectId commit(CommitBuilder commit) throws IOException {
        return insert(inserter -> inserter.insert(commit));
    }

    @Override
    public void take(AnyObjectId id) throws IOException {
        if (!written.contains(id)) {
            var loader = reader().open(id);
            try (var content = loader.openStream()) {
                blobOrOther(loader.getType(), loader.getSize(), content);
            }
        }
    }

    private interface Insertion {
        ObjectId into(PackInserter inserter) throws IOException;
    }

    /** After a failure nobody knows where in the file the next object would stand: a pack is whole, or it is none. */
    private ObjectId insert(Insertion insertion) throws IOException {
        if (isForced) {
            throw new IllegalStateException("the pack is finished");
        }
        requireWhole();
        isBroken = true;
        var id = insertion.into(quarantine().inserter());
        isBroken = false;
        written.add(id);
        return id;
    }

    private void requireWhole() throws IOException {
        if (isBroken) {
            throw new IOException("the pack could not be written on after an earlier failure; save once more");
        }
    }

    /** Lets the repository have the pack, if anything was written; when this returns it is on disk. Nothing is written after that. */
    void force() throws IOException {
        requireWhole();
        if (isForced || written.isEmpty()) {
            return;
        }
        isForced = true;
        isBroken = true;
        quarantine().inserter().flush();
        var pack = only(".pack");
        var index = only(".idx");
        Durable.force(pack);
        Durable.force(index);
        name.createFolder();
        // whole from the beginning for everybody who looks; the disk may lose it together with what it keeps
        Files.writeString(name.keep(), PackOwner.current().note(), StandardCharsets.UTF_8);
        // the index last: it makes the pack one
        Files.move(pack, name.pack(), StandardCopyOption.ATOMIC_MOVE);
        Files.move(index, name.index(), StandardCopyOption.ATOMIC_MOVE);
        name.forceFolder();
        isBroken = false;
    }

    private Path only(String extension) throws IOException {
        try (var files = Files.newDirectoryStream(quarantine().folder().resolve("pack"), "*" + extension)) {
            return files.iterator().next();
        }
    }

    /** What keeps a pack from gc until it is closed. */
    interface Hold {
        void release() throws IOException;
    }

    /** Keeps the pack, which was forced, from gc also after this is closed. */
    Hold hold() {
        isHeld = true;
        return this::release;
    }

    /** Lets gc have what no ref names, if the pack is not held. */
    @Override
    public void close() throws IOException {
        if (quarantine != null) {
            quarantine.inserter().close();
            quarantine.reader().close();
            quarantine.repository().close();
            PackOwner.delete(quarantine.folder());
        }
        if (!isHeld && isForced) {
            release();
        }
    }

    private void release() throws IOException {
        if (isBroken) {
            // it is not known to be whole and on disk
            name.delete();
            Files.deleteIfExists(name.keep());
        } else {
            Files.deleteIfExists(name.keep());
            SmallPacks.merge(repository);
        }
    }
}
