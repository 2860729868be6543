package dev.daybook.git;

import dev.daybook.git.dvc.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;

/**
 * Writes objects so that they are on disk when {@link #force} returns: JGit forces the content before it names the file, this class forces
 * the names, and also objects that were there before and that nobody may have forced.
 *
 * <p>An object that was there before is made young again, as git does, lest a gc that runs just now takes it for rubbish.
 */
final class ForcedObjects implements NewObjects, AutoCloseable {

    private static final Duration YOUNG = Duration.ofHours(1);

    private final Repository repository;
    private final Path directory;
    private final ObjectInserter inserter;
    private final ObjectReader reader;
    private final Set<ObjectId> written = new LinkedHashSet<>();

    ForcedObjects(Repository original) throws IOException {
        repository = Repositories.fresh(original);
        // in memory only, and so for each writer
        repository.getConfig().setBoolean("core", null, "fsyncObjectFiles", true);
        this.directory = repository.getCommonDirectory().toPath().resolve("objects");
        this.inserter = repository.newObjectInserter();
        this.reader = repository.newObjectReader();
    }

    @Override
    public ObjectReader reader() {
        return reader;
    }

    @Override
    public ObjectId blob(byte[] content) throws IOException {
        return note(inserter.insert(Constants.OBJ_BLOB, content));
    }

    @Override
    public ObjectId blob(long length, InputStream content) throws IOException {
        return note(inserter.insert(Constants.OBJ_BLOB, length, content));
    }

    @Override
    public ObjectId tree(TreeFormatter tree) throws IOException {
        return note(inserter.insert(tree));
    }

    @Override
    public ObjectId commit(CommitBuilder commit) throws IOException {
        return note(inserter.insert(commit));
    }

    /** Counts an object that somebody else wrote among those to force. */
    ObjectId note(AnyObjectId id) {
        var copy = id.copy();
        written.add(copy);
        return copy;
    }

    /** When this returns, all objects written and noted so far are on disk. */
    void force() throws IOException {
        inserter.flush();
        var folders = new TreeSet<Path>();
        for (var id : written) {
            var folder = directory.resolve(id.name().substring(0, 2));
            var file = folder.resolve(id.name().substring(2));
            // not there: it is in a pack, which git has forced
            if (Files.exists(file)) {
                makeYoung(file);
                Durable.force(file);
                folders.add(folder);
            }
        }
        for (var folder : folders) {
            Durable.force(folder);
        }
        if (!folders.isEmpty()) {
            Durable.force(directory);
        }
        written.clear();
    }

    private static void makeYoung(Path file) throws IOException {
        var now = Instant.now();
        if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(YOUNG))) {
            Files.setLastModifiedTime(file, FileTime.from(now));
        }
    }

    @Override
    public void close() {
        inserter.close();
        reader.close();
        repository.close();
    }
}
