package dev.daybook.git;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/** One path of git's index, and what its file was like when git last compared it. */
final class IndexEntry {

    /** Whether Java takes the names of files for UTF-8, as Git's are. */
    static final boolean NAMES_ARE_UTF8 = "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding", "UTF-8"));

    /** With a path of one byte. */
    static final int LEAST_BYTES = 64;

    /** What git compares with an empty file. */
    private static final ObjectId EMPTY_BLOB = ObjectId.fromString("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");

    private static final int ASSUME_UNCHANGED = 0x8000;
    private static final int EXTENDED = 0x4000;
    private static final int STAGE = 0x3000;
    private static final int PATH_LENGTH = 0xfff;
    private static final int SKIP_WORKTREE = 0x4000;
    private static final int INTENT_TO_ADD = 0x2000;
    private static final int FILE = 0100644;
    private static final int EXECUTABLE = 0100755;
    private static final int LINK = 0120000;

    private final byte[] path;
    private final int mode;
    private final ObjectId id;
    private final boolean isConflict;
    private final FileStat stat;

    private IndexEntry(byte[] path, int mode, ObjectId id, boolean isConflict, FileStat stat) {
        this.path = path;
        this.mode = mode;
        this.id = id;
        this.isConflict = isConflict;
        this.stat = stat;
    }

    /**
     * Reads the next one.
     *
     * @param previous the path before it, of which version 4 leaves out what both have
     */
    static IndexEntry read(ByteBuffer in, int version, byte[] previous) throws NotPlainException {
        int start = in.position();
        int ctime = in.getInt();
        in.getInt();
        int mtime = in.getInt();
        in.getInt();
        in.getInt();
        int inode = in.getInt();
        int mode = in.getInt();
        int uid = in.getInt();
        int gid = in.getInt();
        int size = in.getInt();
        var raw = new byte[Constants.OBJECT_ID_LENGTH];
        in.get(raw);
        var id = ObjectId.fromRaw(raw);
        int flags = in.getShort();
        int extended = (flags & EXTENDED) == 0 ? 0 : in.getShort();
        var path = version == 4 ? abbreviatedPath(in, previous) : paddedPath(in, start, flags & PATH_LENGTH);
        boolean isConflict = (flags & STAGE) != 0;
        if (!isConflict) {
            refuseUnusual(path, mode, flags, extended);
        }
        return new IndexEntry(path, mode, id, isConflict, new FileStat(mode, mtime, ctime, inode, uid, gid, size));
    }

    /** @param said the length of the path; the greatest there is for that and all longer ones */
    private static byte[] paddedPath(ByteBuffer in, int start, int said) {
        byte[] path;
        if (said < PATH_LENGTH) {
            path = new byte[said];
            in.get(path);
            if (in.get() != '\0') {
                throw new IllegalArgumentException("a path is longer than is said of it");
            }
        } else {
            path = upToNul(in);
        }
        int length = in.position() - 1 - start;
        in.position(start + (length + 8 & ~7));
        return path;
    }

    private static byte[] abbreviatedPath(ByteBuffer in, byte[] previous) {
        int kept = previous.length - offset(in);
        var rest = upToNul(in);
        var path = Arrays.copyOf(previous, kept + rest.length);
        System.arraycopy(rest, 0, path, kept, rest.length);
        return path;
    }

    /** As packs have it for the offsets of deltas. */
    private static int offset(ByteBuffer in) {
        int part = in.get();
        int value = part & 0x7f;
        while ((part & 0x80) != 0) {
            part = in.get();
            value = (value + 1 << 7) + (part & 0x7f);
        }
        return value;
    }

    private static byte[] upToNul(ByteBuffer in) {
        return upTo(in, '\0');
    }

    /** The bytes before an end that is passed over. */
    static byte[] upTo(ByteBuffer in, char end) {
        int start = in.position();
        while (in.get() != end) {
            // up to the end
        }
        var bytes = new byte[in.position() - 1 - start];
        in.position(start).get(bytes).get();
        return bytes;
    }

    private static void refuseUnusual(byte[] path, int mode, int flags, int extended) throws NotPlainException {
        if (mode != FILE && mode != EXECUTABLE && mode != LINK) {
            throw new NotPlainException("'" + text(path) + "' is a submodule or a folder in the index");
        }
        if ((flags & ASSUME_UNCHANGED) != 0) {
            throw new NotPlainException("'" + text(path) + "' is assumed to be unchanged");
        }
        if ((extended & SKIP_WORKTREE) != 0) {
            throw new NotPlainException("'" + text(path) + "' is left out of the work tree");
        }
        if ((extended & INTENT_TO_ADD) != 0) {
            throw new NotPlainException("'" + text(path) + "' is only intended to be added");
        }
    }

    private static String text(byte[] path) {
        return new String(path, StandardCharsets.UTF_8);
    }

    /** The bytes, from the root, with {@code /}; not to be changed. */
    byte[] path() {
        return path;
    }

    int mode() {
        return mode;
    }

    ObjectId id() {
        return id;
    }

    /** Whether it is one side of a conflict. */
    boolean isConflict() {
        return isConflict;
    }

    /** The path as people read it. */
    String name() {
        return text(path);
    }

    /**
     * The path as Java can name the file.
     *
     * @throws NotPlainException if it is not UTF-8
     */
    String exactName() throws NotPlainException {
        if (isAscii()) {
            return new String(path, StandardCharsets.ISO_8859_1);
        }
        if (!NAMES_ARE_UTF8) {
            throw new NotPlainException(
                    "Java names files in another encoding than UTF-8 here, and '" + name() + "' is not ASCII");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(path))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new NotPlainException("the name '" + name() + "' is not UTF-8");
        }
    }

    private boolean isAscii() {
        for (byte each : path) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the file need not be read, because it is as it was when git last compared it.
     *
     * @param now what it is
     * @param indexMtime of the index: what was changed in that second or later counts as changed, as git has it
     */
    boolean isSurelyUnchanged(FileStat now, int indexMtime) {
        boolean isRacy = Integer.compareUnsigned(indexMtime, stat.mtime()) <= 0;
        // git writes a size of 0 where it wants to compare the content next time
        boolean isSmudged = stat.size() == 0 && !id.equals(EMPTY_BLOB);
        return !isRacy
                && !isSmudged
                && (now.isFile() || now.isLink())
                && now.gitMode() == mode
                && now.mtime() == stat.mtime()
                && now.ctime() == stat.ctime()
                && now.inode() == stat.inode()
                && now.uid() == stat.uid()
                && now.gid() == stat.gid()
                && now.size() == stat.size();
    }
}
