package dev.daybook.git.dvc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * DVC's cache, which holds contents by their MD5: every object is whole from the moment it has its name, read-only, and on disk when the
 * call that stored it returns.
 *
 * <pre>
 *   files/md5/d4/1d8cd98f00b204e9800998ecf8427e       a content
 *   files/md5/d7/51713988987e9331980363e24189ce.dir   a folder: the list of its files, see {@link DirObject}
 *   daybook/*.tmp                                     being written; one that nobody has touched for an hour is swept
 * </pre>
 *
 * <p>A content is copied and hashed in one pass, so that the hash is always that of the object. Java cannot ask for a reflink. A hard link is
 * made only where DVC's configuration prefers hard links to copies. Any number of threads and processes may store the same at once.
 */
public final class DvcCache {

    /** Read at once; what is larger goes through a pipe. */
    private static final int SMALL_BYTES = 1 << 20;

    private static final int CHUNK_BYTES = 1 << 18;
    private static final int TRIES = 3;

    private final CacheObjects objects;
    private final boolean prefersLinks;

    private DvcCache(CacheObjects objects, boolean prefersLinks) {
        this.objects = objects;
        this.prefersLinks = prefersLinks;
    }

    /**
     * The cache of a DVC project; nothing is written before something is stored.
     *
     * @param project the folder that holds, or will hold, {@code .dvc}
     * @throws IOException if DVC's configuration cannot be read
     */
    public static DvcCache of(Path project) throws IOException {
        var config = DvcConfig.read(project);
        var objects = new CacheObjects(config.cacheDirectory(), project, config.isShared());
        return new DvcCache(objects, config.prefersHardLinks());
    }

    /** A folder that holds objects as a cache does: a remote of DVC's. */
    public static DvcCache at(Path folder) {
        return new DvcCache(new CacheObjects(folder, folder, false), false);
    }

    CacheObjects objects() {
        return objects;
    }

    /**
     * What the cache holds now.
     *
     * @param hash 32 hex digits of an MD5, and {@code .dir} behind them for a folder
     * @param bytes the size, of a folder that of all its files
     * @param files how many; of a file 1
     */
    public record Stored(String hash, long bytes, long files) {

        public boolean isFolder() {
            return hash.endsWith(DirObject.SUFFIX);
        }
    }

    /** Stores all that a stream gives; it is not closed. */
    public Stored store(InputStream content) throws IOException {
        var batch = objects.begin();
        var stored = copy(Channels.newChannel(content), batch);
        batch.settle();
        return stored;
    }

    /**
     * Stores a regular file.
     *
     * @throws FileSystemException if it is none, or changes again and again while it is read
     */
    public Stored store(Path file) throws IOException {
        var batch = objects.begin();
        var stored = store(file, batch);
        batch.settle();
        return stored;
    }

    /**
     * Stores a folder: each file, and their list.
     *
     * @param files by their paths from the folder, with {@code /}
     */
    public Stored store(Map<String, Path> files) throws IOException {
        var batch = objects.begin();
        var stored = storeAll(files, batch);
        var list = DirObject.of(stored);
        batch.put(list.hash(), list.content());
        batch.settle();
        return folder(list, stored);
    }

    /** The large ones one after the other, each at the speed of the machine; meanwhile the small ones side by side. */
    private SortedMap<String, Stored> storeAll(Map<String, Path> files, CacheObjects.Batch batch) throws IOException {
        var stored = new TreeMap<String, Stored>(DirObject.ORDER);
        try (var side = new SideBySide<String, Stored>()) {
            var large = new TreeMap<String, Path>();
            for (var file : files.entrySet()) {
                if (Files.size(file.getValue()) > SMALL_BYTES) {
                    large.put(file.getKey(), file.getValue());
                } else {
                    side.submit(file.getKey(), () -> store(file.getValue(), batch));
                }
            }
            for (var file : large.entrySet()) {
                stored.put(file.getKey(), store(file.getValue(), batch));
            }
            stored.putAll(side.results());
        }
        return stored;
    }

    private Stored store(Path file, CacheObjects.Batch batch) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            var before = Stamp.of(file);
            if (!before.isRegularFile()) {
                // whoever opens a FIFO waits for ever
                throw new FileSystemException(file.toString(), null, "it is no regular file");
            }
            var linked = prefersLinks ? link(file, before, batch) : Optional.<Stored>empty();
            if (linked.isPresent()) {
                return linked.get();
            }
            try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
                var stored = before.bytes() <= SMALL_BYTES ? copySmall(channel, batch) : copy(channel, batch);
                if (stored.bytes() == before.bytes() && Stamp.of(file).equals(before)) {
                    return stored;
                }
            }
        }
        throw changing(file);
    }

    /** Empty if the file has changed meanwhile, or cannot be linked: it is on another disk, say. */
    private Optional<Stored> link(Path file, Stamp before, CacheObjects.Batch batch) throws IOException {
        String hash;
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            hash = Md5.of(channel);
        }
        return Stamp.of(file).equals(before) && batch.link(hash, file, before.bytes())
                ? Optional.of(new Stored(hash, before.bytes(), 1))
                : Optional.empty();
    }

    private static FileSystemException changing(Path file) {
        return new FileSystemException(
                file.toString(), null, "it was changed each time it was read; add it when it is finished");
    }

    private static Stored copySmall(FileChannel channel, CacheObjects.Batch batch) throws IOException {
        // a file that grows meanwhile is seen to have grown, and read again
        var content = Channels.newInputStream(channel).readNBytes(SMALL_BYTES + 1);
        var stored = file(content);
        batch.put(stored.hash(), content);
        return stored;
    }

    private static Stored copy(ReadableByteChannel source, CacheObjects.Batch batch) throws IOException {
        try (var temporary = batch.temporary();
                var pipe = new HashingPipe(temporary.channel())) {
            var copied = pipe.copy(source);
            batch.install(temporary, copied.hash(), copied.bytes());
            return new Stored(copied.hash(), copied.bytes(), 1);
        }
    }

    /** Where the object of a hash is, or would be. */
    public Path path(String hash) {
        return objects.path(hash);
    }

    /** Where the object of a hash is; what DVC 2 has written, with other hashes, lies in another place. */
    public Path path(DvcOutputs.Output data) {
        return data.isLegacy() ? objects.oldPath(data.hash()) : path(data.hash());
    }

    /**
     * The files of a folder, as its object lists them: their MD5s by their paths from there.
     *
     * @throws IOException if it is not there, or not the list that its hash names
     */
    public Map<String, String> files(DvcOutputs.Output folder) throws IOException {
        var content = Files.readAllBytes(path(folder));
        if (!folder.hash().equals(Md5.of(content) + DirObject.SUFFIX)) {
            throw new IOException("it is not the list that its hash names");
        }
        return DirObject.read(content);
    }

    /** What DVC says of a folder that holds these files; nothing is stored. */
    public static Stored folder(Map<String, Stored> files) {
        var sorted = new TreeMap<String, Stored>(DirObject.ORDER);
        sorted.putAll(files);
        return folder(DirObject.of(sorted), sorted);
    }

    private static Stored folder(DirObject list, Map<String, Stored> files) {
        long bytes = files.values().stream().mapToLong(Stored::bytes).sum();
        return new Stored(list.hash(), bytes, files.size());
    }

    /** What DVC says of a file of that content; nothing is stored. */
    public static Stored file(byte[] content) {
        return new Stored(Md5.of(content), content.length, 1);
    }

    /** The MD5 of a file, as it names an object. */
    public static String hash(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return Md5.of(channel);
        }
    }

    /**
     * Copies a file into a new one.
     *
     * @param copied is told of the bytes that were copied, a piece after the other
     * @return the MD5 of what was copied, as it names an object
     */
    public static String copy(Path from, Path to, LongConsumer copied) throws IOException {
        var digest = Md5.begin();
        try (var source = FileChannel.open(from, StandardOpenOption.READ);
                var target = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var chunk = ByteBuffer.allocate(CHUNK_BYTES);
            while (source.read(chunk.clear()) >= 0) {
                digest.update(chunk.flip().duplicate());
                while (chunk.hasRemaining()) {
                    target.write(chunk);
                }
                copied.accept(chunk.limit());
            }
        }
        return Md5.end(digest);
    }

    /** Whether a link leads to an object that gives the content of its hash. Nothing is read that is no object. */
    public boolean isTargetOf(Path link) throws IOException {
        if (!Files.isRegularFile(link)) {
            return false;
        }
        var file = link.toRealPath();
        int names = file.getNameCount();
        if (names < 2) {
            return false;
        }
        var hash = file.getName(names - 2).toString() + file.getName(names - 1);
        for (var object : objects(hash)) {
            if (Files.exists(object) && object.toRealPath().equals(file)) {
                return hash(file).equals(hash);
            }
        }
        return false;
    }

    /**
     * Whether an object is there, be it one of DVC 2, and gives the content of its hash: all of it is read, if its size is right.
     */
    public boolean gives(String hash, long bytes) throws IOException {
        for (var object : objects(hash)) {
            if (Files.isRegularFile(object)
                    && Files.size(object) == bytes
                    && hash(object.toRealPath()).equals(hash)) {
                return true;
            }
        }
        return false;
    }

    /** Where the object of a hash may be: as DVC keeps it, and as DVC 2 did. */
    private List<Path> objects(String hash) {
        return List.of(path(hash), objects.oldPath(hash));
    }
}
