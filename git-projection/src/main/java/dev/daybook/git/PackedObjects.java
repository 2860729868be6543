package dev.daybook.git;

import dev.daybook.git.dvc.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.Deflater;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.internal.storage.file.PackInserter;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * Writes objects into one pack that appears in the repository at once: whole, on disk, and kept from gc until it is released.
 *
 * <p>It is written in a folder of its own inside the object database, where no gc sees it, as git receives a pack. Then the {@code .keep} is
 * put in place, and then pack and index are moved behind it: <b>at no moment is there a pack that a gc might take for rubbish.</b> Its name
 * is drawn by lot, lest it takes the place of another one with the same objects. Not thread-safe.
 */
final class PackedObjects implements NewObjects, AutoCloseable {

    private static final int MOST_AT_ONCE = 16 << 20;

    private final Path folder;
    private final Path packs;
    private final Path keep;
    private final String name;
    private final Repository quarantine;
    private final PackInserter inserter;
    private final ObjectReader reader;
    private boolean isEmpty = true;
    private boolean isBroken;
    private boolean isInPlace;

    PackedObjects(Repository repository) throws IOException {
        var owner = PackOwner.current();
        name = "pack-" + randomHex();
        var objects = repository.getCommonDirectory().toPath().resolve("objects");
        folder = objects.resolve(owner.folder());
        packs = objects.resolve("pack");
        keep = packs.resolve(name + ".keep");
        Files.createDirectories(folder.resolve("pack"));
        quarantine = new FileRepositoryBuilder()
                .setGitDir(repository.getDirectory())
                .setObjectDirectory(folder.toFile())
                .addAlternateObjectDirectory(objects.toFile())
                .setMustExist(true)
                .build();
        inserter = ((ObjectDirectory) quarantine.getObjectDatabase()).newPackInserter();
        // looking each one up in a large repository costs more than to have some of them twice
        inserter.checkExisting(false);
        inserter.setCompressionLevel(Deflater.BEST_SPEED);
        reader = quarantine.newObjectReader();
    }

    /** 40 digits, as git's own names of packs have. */
    private static String randomHex() {
        var digits = UUID.randomUUID().toString() + UUID.randomUUID();
        return digits.replace("-", "").substring(0, Constants.OBJECT_ID_STRING_LENGTH);
    }

    @Override
    public ObjectReader reader() {
        return reader;
    }

    @Override
    public ObjectId blob(byte[] content) throws IOException {
        return insert(() -> inserter.insert(Constants.OBJ_BLOB, content));
    }

    /** The same content is written once, if it is not very large: the writer of packs looks for what it is given whole only. */
    @Override
    public ObjectId blob(long length, InputStream content) throws IOException {
        return length <= MOST_AT_ONCE
                ? blob(content.readNBytes((int) length))
                : insert(() -> inserter.insert(Constants.OBJ_BLOB, length, content));
    }

    @Override
    public ObjectId tree(TreeFormatter tree) throws IOException {
        return insert(() -> inserter.insert(tree));
    }

    @Override
    public ObjectId commit(CommitBuilder commit) throws IOException {
        return insert(() -> inserter.insert(commit));
    }

    private interface Insertion {
        ObjectId run() throws IOException;
    }

    /** After a failure nobody knows where in the file the next object would stand: a pack is whole, or it is none. */
    private ObjectId insert(Insertion insertion) throws IOException {
        requireWhole();
        isBroken = true;
        var id = insertion.run();
        isBroken = false;
        isEmpty = false;
        return id;
    }

    private void requireWhole() throws IOException {
        if (isBroken) {
            throw new IOException("the pack could not be written on after an earlier failure; save once more");
        }
    }

    /** Lets the repository have the pack; when this returns it is on disk. To be called once. */
    void force() throws IOException {
        requireWhole();
        if (isEmpty) {
            return;
        }
        inserter.flush();
        var written = new ArrayList<Path>();
        for (var extension : List.of(".pack", ".idx")) {
            var file = only(extension);
            Durable.force(file);
            written.add(file);
        }
        Files.createDirectories(packs);
        Files.writeString(keep, PackOwner.current().note(), StandardCharsets.UTF_8);
        Durable.force(keep);
        Durable.force(packs);
        // the index last: it makes the pack one
        Files.move(written.get(0), packs.resolve(name + ".pack"), StandardCopyOption.ATOMIC_MOVE);
        Files.move(written.get(1), packs.resolve(name + ".idx"), StandardCopyOption.ATOMIC_MOVE);
        isInPlace = true;
        Durable.force(packs);
    }

    private Path only(String extension) throws IOException {
        try (var files = Files.newDirectoryStream(folder.resolve("pack"), "*" + extension)) {
            return files.iterator().next();
        }
    }

    /** Lets gc have what no ref names. */
    @Override
    public void close() throws IOException {
        inserter.close();
        reader.close();
        quarantine.close();
        if (!isInPlace) {
            Files.deleteIfExists(packs.resolve(name + ".pack"));
        }
        Files.deleteIfExists(keep);
        PackOwner.delete(folder);
    }
}
