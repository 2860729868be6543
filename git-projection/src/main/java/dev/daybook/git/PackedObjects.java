package dev.daybook.git;

import dev.daybook.git.dvc.Durable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
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
 * <p>It is written where no gc sees it. Then the {@code .keep} is put in place, and then pack and index are moved behind it: <b>at no moment
 * is there a pack that a gc might take for rubbish.</b> All that is written is in the pack, also what the repository has already: nobody
 * knows how long. Who writes nothing leaves no trace. Not thread-safe.
 */
final class PackedObjects implements NewObjects, AutoCloseable {

    private static final int MOST_AT_ONCE = 16 << 20;

    private final Repository repository;
    private final Path objects;
    private final PackName name;

    /** Of the pack and its index until they are whole. */
    private final PackName unfinished;

    private Set<ObjectId> kept = Set.of();
    private @Nullable PackFile pack;

    /** Git's own folder for new objects, where git has to write some. */
    private @Nullable Path quarantine;

    private @Nullable Repository inQuarantine;
    private @Nullable ObjectReader quarantineReader;
    private @Nullable ObjectReader reader;
    private boolean isBroken;
    private boolean isForced;
    private boolean isHeld;

    PackedObjects(Repository repository) {
        this.repository = repository;
        this.objects = repository.getCommonDirectory().toPath().resolve("objects");
        this.name = PackName.random(objects);
        this.unfinished = new PackName(objects.resolve(PackOwner.CURRENT.newName()));
    }

    @Override
    public Path quarantine() throws IOException {
        if (quarantine == null) {
            quarantine = Files.createDirectory(objects.resolve(PackOwner.CURRENT.newName()));
        }
        return quarantine;
    }

    @Override
    public Map<String, String> gitEnvironment() throws IOException {
        var quoted = objects.toString().replace("\\", "\\\\").replace("\"", "\\\"");
        return Map.of(
                "GIT_OBJECT_DIRECTORY",
                quarantine().toString(),
                "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                "\"" + quoted + "\"");
    }

    @Override
    public ObjectReader reader() {
        if (reader == null) {
            reader = repository.newObjectReader();
        }
        return reader;
    }

    /** Of what git has written for this too. */
    private ObjectReader readerOfOthers() throws IOException {
        if (quarantine == null) {
            return reader();
        }
        if (quarantineReader == null) {
            inQuarantine = new FileRepositoryBuilder()
                    .setGitDir(repository.getDirectory())
                    .setObjectDirectory(quarantine.toFile())
                    .addAlternateObjectDirectory(objects.toFile())
                    .setMustExist(true)
                    .build();
            quarantineReader = inQuarantine.newObjectReader();
        }
        return quarantineReader;
    }

    private void closeReaders() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
        if (quarantineReader != null) {
            quarantineReader.close();
            quarantineReader = null;
        }
        if (inQuarantine != null) {
            inQuarantine.close();
            inQuarantine = null;
        }
    }

    @Override
    public ObjectReader readerOfAll() throws IOException {
        var others = readerOfOthers().newReader();
        return pack == null ? others : pack.reader(others);
    }

    PackName name() {
        return name;
    }

    boolean isForced() {
        return isForced;
    }

    /** @param objects that need not be written: a ref keeps them until another one does */
    void leaveOut(Set<ObjectId> objects) {
        kept = objects;
    }

    @Override
    public boolean isKept(AnyObjectId id) {
        return kept.contains(id.toObjectId());
    }

    /** What is in the pack. */
    Set<ObjectId> written() {
        return pack == null ? Set.of() : pack.ids();
    }

    @Override
    public ObjectId blob(byte[] content) throws IOException {
        return insert(to -> to.add(Constants.OBJ_BLOB, content));
    }

    @Override
    public ObjectId blob(long length, InputStream content) throws IOException {
        return insert(Constants.OBJ_BLOB, length, content);
    }

    @Override
    public ObjectId tree(TreeFormatter tree) throws IOException {
        return insert(to -> to.add(Constants.OBJ_TREE, tree.toByteArray()));
    }

    @Override
    public ObjectId commit(CommitBuilder commit) throws IOException {
        return insert(to -> to.add(Constants.OBJ_COMMIT, commit.build()));
    }

    @Override
    public void take(AnyObjectId id) throws IOException {
        if (!written().contains(id)) {
            var loader = readerOfOthers().open(id);
            try (var content = loader.openStream()) {
                insert(loader.getType(), loader.getSize(), content);
            }
        }
    }

    /** What is found to be there already need not be written, if it is not very large. */
    private ObjectId insert(int type, long length, InputStream content) throws IOException {
        if (length > MOST_AT_ONCE) {
            return insert(to -> to.add(type, length, content));
        }
        var bytes = content.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException("instead of " + length + " bytes there are " + bytes.length);
        }
        return insert(to -> to.add(type, bytes));
    }

    private interface Insertion {
        ObjectId into(PackFile pack) throws IOException;
    }

    /** After a failure nobody knows where in the file the next object would stand: a pack is whole, or it is none. */
    private ObjectId insert(Insertion insertion) throws IOException {
        if (isForced) {
            throw new IllegalStateException("the pack is finished");
        }
        requireWhole();
        isBroken = true;
        if (pack == null) {
            pack = new PackFile(unfinished.pack());
        }
        var id = insertion.into(pack);
        isBroken = false;
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
        if (isForced || pack == null) {
            return;
        }
        isForced = true;
        isBroken = true;
        pack.finish(unfinished.index());
        Durable.force(unfinished.pack());
        Durable.force(unfinished.index());
        name.createFolder();
        // whole from the beginning for everybody who looks; the disk may lose it together with what it keeps
        Files.writeString(name.keep(), PackOwner.CURRENT.note(), StandardCharsets.UTF_8);
        // the index last: it makes the pack one
        Files.move(unfinished.pack(), name.pack(), StandardCopyOption.ATOMIC_MOVE);
        Files.move(unfinished.index(), name.index(), StandardCopyOption.ATOMIC_MOVE);
        name.forceFolder();
        isBroken = false;
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
        closeReaders();
        if (quarantine != null) {
            PackOwner.delete(quarantine);
        }
        if (pack != null) {
            pack.close();
            unfinished.delete();
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
