package dev.daybook.git;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Git's index as it lies on disk, versions 2 to 4, with all that git compares of a file: JGit's reader keeps neither the time of change nor
 * the inode. What changes the meaning of the entries (a split or sparse index) is refused, what only speeds git up is passed over.
 *
 * @param entries in the order of the index: by their paths' bytes
 * @param mtime of the index itself, in seconds: a file that is not older may have been changed since it was compared
 * @param trees what the index remembers of the trees that it was written as
 * @see <a href="https://git-scm.com/docs/index-format">The index format</a>
 */
record IndexFile(List<IndexEntry> entries, int mtime, Optional<CachedTree> trees) {

    private static final int MAGIC = 0x44495243;
    private static final int TREE = 0x54524545;
    private static final int HASH_BYTES = 20;
    private static final int TRIES = 100;

    /**
     * A folder of the index that was a tree when it was written.
     *
     * @param entryCount how many entries are in it, at any depth; negative if something changed since, and then the id means nothing
     */
    record CachedTree(int entryCount, ObjectId id, Map<String, CachedTree> folders) {

        boolean isValid() {
            return entryCount >= 0;
        }
    }

    /**
     * Reads it whole.
     *
     * @throws NotPlainException if it says something that this class does not know
     */
    static IndexFile read(Path file) throws IOException, NotPlainException {
        try {
            for (int i = 0; i < TRIES; i++) {
                var before = Files.readAttributes(file, BasicFileAttributes.class);
                var bytes = Files.readAllBytes(file);
                var after = Files.readAttributes(file, BasicFileAttributes.class);
                // git replaces the file: the time must be that of these bytes
                if (before.lastModifiedTime().equals(after.lastModifiedTime())
                        && Optional.ofNullable(before.fileKey()).equals(Optional.ofNullable(after.fileKey()))) {
                    return parse(bytes, (int) after.lastModifiedTime().to(TimeUnit.SECONDS));
                }
            }
        } catch (NoSuchFileException e) {
            return new IndexFile(List.of(), 0, Optional.empty());
        }
        throw new NotPlainException("its index changes without end");
    }

    private static IndexFile parse(byte[] bytes, int mtime) throws NotPlainException {
        try {
            var in = ByteBuffer.wrap(bytes);
            if (in.getInt() != MAGIC) {
                throw new NotPlainException("its index is no index");
            }
            int version = in.getInt();
            if (version < 2 || version > 4) {
                throw new NotPlainException("its index has version " + version);
            }
            int count = in.getInt();
            var entries = new ArrayList<IndexEntry>(Math.min(count, bytes.length / IndexEntry.LEAST_BYTES));
            var previous = new byte[0];
            for (int i = 0; i < count; i++) {
                var entry = IndexEntry.read(in, version, previous);
                entries.add(entry);
                previous = entry.path();
            }
            return new IndexFile(entries, mtime, extensions(in));
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new NotPlainException("its index is damaged");
        }
    }

    private static Optional<CachedTree> extensions(ByteBuffer in) throws NotPlainException {
        var trees = Optional.<CachedTree>empty();
        while (in.remaining() > HASH_BYTES) {
            int signature = in.getInt();
            int end = Math.addExact(in.getInt(), in.position());
            if (signature == TREE) {
                trees = Optional.of(cachedTree(in));
            } else if (signature >>> 24 < 'A' || signature >>> 24 > 'Z') {
                var name = ByteBuffer.allocate(Integer.BYTES).putInt(signature).array();
                throw new NotPlainException("its index is split, sparse or otherwise extended ('"
                        + new String(name, StandardCharsets.ISO_8859_1) + "')");
            }
            in.position(end);
        }
        return trees;
    }

    /** Behind the name of the folder: {@code <entries> <folders>\n}, the id of a valid one, and its folders. */
    private static CachedTree cachedTree(ByteBuffer in) {
        text(in, '\0');
        return behindName(in);
    }

    private static CachedTree behindName(ByteBuffer in) {
        int entries = Integer.parseInt(text(in, ' '));
        int count = Integer.parseInt(text(in, '\n'));
        var id = entries < 0 ? ObjectId.zeroId() : objectId(in);
        var folders = new HashMap<String, CachedTree>();
        for (int i = 0; i < count; i++) {
            var name = text(in, '\0');
            folders.put(name, behindName(in));
        }
        return new CachedTree(entries, id, folders);
    }

    /** A character for each byte. */
    private static String text(ByteBuffer in, char end) {
        return new String(IndexEntry.upTo(in, end), StandardCharsets.ISO_8859_1);
    }

    private static ObjectId objectId(ByteBuffer in) {
        var raw = new byte[HASH_BYTES];
        in.get(raw);
        return ObjectId.fromRaw(raw);
    }

    /** Whether a path is among the entries, in whatever stage. */
    boolean has(byte[] path) {
        int low = 0;
        int high = entries.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Arrays.compareUnsigned(entries.get(middle).path(), path);
            if (order == 0) {
                return true;
            }
            low = order < 0 ? middle + 1 : low;
            high = order > 0 ? middle - 1 : high;
        }
        return false;
    }
}
