package dev.daybook.git;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What {@code lstat} says of a path, as far as git compares it with its index: numbers cut to 32 bits, times in whole seconds, no device.
 *
 * <p>git itself compares more only if it was built with {@code USE_NSEC} or {@code USE_STDEV}, which its own build does not do.
 */
record FileStat(int mode, int mtime, int ctime, int inode, int uid, int gid, int size) {

    /** The bits of the mode that say what it is. */
    private static final int TYPE = 0170000;

    private static final int FILE = 0100000;
    private static final int LINK = 0120000;
    private static final int FOLDER = 0040000;
    private static final int OWNER_EXECUTES = 0100;
    private static final String ATTRIBUTES = "unix:mode,lastModifiedTime,ctime,ino,uid,gid,size";

    /** Whether the file system tells all that. */
    static boolean isKnown(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    /** Empty if there is nothing; follows no link. */
    static Optional<FileStat> of(Path path) throws IOException {
        try {
            return Optional.of(from(Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static FileStat from(Map<String, Object> attributes) {
        return new FileStat(
                number(attributes, "mode"),
                seconds(attributes, "lastModifiedTime"),
                seconds(attributes, "ctime"),
                number(attributes, "ino"),
                number(attributes, "uid"),
                number(attributes, "gid"),
                number(attributes, "size"));
    }

    private static int number(Map<String, Object> attributes, String name) {
        return ((Number) requireNonNull(attributes.get(name))).intValue();
    }

    private static int seconds(Map<String, Object> attributes, String name) {
        return (int) ((FileTime) requireNonNull(attributes.get(name))).to(TimeUnit.SECONDS);
    }

    /** As {@code equals}, which the JVM puts together for a record when it is first asked: that takes a short command some milliseconds. */
    boolean isSame(FileStat other) {
        return mode == other.mode
                && mtime == other.mtime
                && ctime == other.ctime
                && inode == other.inode
                && uid == other.uid
                && gid == other.gid
                && size == other.size;
    }

    boolean isFile() {
        return (mode & TYPE) == FILE;
    }

    boolean isLink() {
        return (mode & TYPE) == LINK;
    }

    boolean isFolder() {
        return (mode & TYPE) == FOLDER;
    }

    /** The mode that git keeps for a file or link: of the permissions only whether its owner may execute it. */
    int gitMode() {
        return isLink() ? LINK : (mode & OWNER_EXECUTES) == 0 ? 0100644 : 0100755;
    }
}
