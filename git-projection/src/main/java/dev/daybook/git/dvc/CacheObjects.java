package dev.daybook.git.dvc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The files of DVC's cache: each is written under another name, forced, made read-only and renamed; folders are forced once for many. */
final class CacheObjects {

    private static final String READ_ONLY = "r--r--r--";
    private static final String READ_ONLY_EXECUTABLE = "r-xr-xr-x";
    private static final String TEMPORARY = ".tmp";

    /** What is made inside belongs to the folder's group. */
    private static final int SHARED = 02775;

    /** Whoever writes a file touches it much more often. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path root;
    private final Path project;
    private final boolean isShared;

    /**
     * @param project up to which folders that had to be made are forced, if the root is inside
     * @param isShared whether all of a group may write into its folders
     */
    CacheObjects(Path root, Path project, boolean isShared) {
        this.root = root;
        this.project = project;
        this.isShared = isShared;
    }

    Path path(String hash) {
        return root.resolve("files")
                .resolve("md5")
                .resolve(hash.substring(0, 2))
                .resolve(hash.substring(2));
    }

    /** As DVC 2 had it. */
    Path oldPath(String hash) {
        return root.resolve(hash.substring(0, 2)).resolve(hash.substring(2));
    }

    Batch begin() {
        return new Batch();
    }

    /** A file that nobody knows yet; deleted if it was not installed. */
    record Temporary(Path path, FileChannel channel) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(path);
        }
    }

    /** Objects that are stored together; they are on disk, and their names too, when {@link #settle} returns. Thread-safe. */
    final class Batch {

        private final Path workshop = root.resolve("daybook");
        private final Set<Path> unforced = ConcurrentHashMap.newKeySet();

        private boolean isOpen;

        Temporary temporary() throws IOException {
            var path = unnamed();
            return new Temporary(path, FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        }

        /** A new path in the workshop, which who writes nothing does not need. */
        private synchronized Path unnamed() throws IOException {
            if (!isOpen) {
                makeFolder(workshop);
                sweep(workshop);
                isOpen = true;
            }
            return workshop.resolve(UUID.randomUUID() + TEMPORARY);
        }

        /** Stores a content. */
        void put(String hash, byte[] content) throws IOException {
            if (isThere(hash, content.length)) {
                return;
            }
            try (var temporary = temporary()) {
                var rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    temporary.channel().write(rest);
                }
                temporary.channel().force(true);
                install(temporary, hash, content.length);
            }
        }

        /** Gives a file its name that is whole and forced. */
        void install(Temporary temporary, String hash, long bytes) throws IOException {
            if (!isThere(hash, bytes)) {
                protect(temporary.path(), false);
                name(temporary.path(), hash);
            }
        }

        /** Lets the object be the file itself, which is read-only from now on; false if that cannot be. */
        boolean link(String hash, Path file, long bytes) throws IOException {
            if (isThere(hash, bytes)) {
                return true;
            }
            var link = unnamed();
            try {
                Files.createLink(link, file.toRealPath());
            } catch (FileSystemException | UnsupportedOperationException e) {
                return false;
            }
            try {
                protect(link, Files.isExecutable(link));
                Durable.force(link);
                name(link, hash);
                return true;
            } finally {
                Files.deleteIfExists(link);
            }
        }

        private void name(Path temporary, String hash) throws IOException {
            var target = path(hash);
            var folder = target.resolveSibling("");
            makeFolder(folder);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            unforced.add(folder);
        }

        /** An object of another size is what a crash of the machine has left of one. One that is there is on disk then. */
        boolean isThere(String hash, long bytes) throws IOException {
            var target = path(hash);
            try {
                if (Files.size(target) != bytes) {
                    return false;
                }
                // DVC forces nothing
                Durable.force(target);
                unforced.add(target.resolveSibling(""));
                return true;
            } catch (NoSuchFileException e) {
                return false;
            }
        }

        private void makeFolder(Path folder) throws IOException {
            if (Files.isDirectory(folder)) {
                return;
            }
            var made = new ArrayList<Path>();
            for (var each = folder; each != null && !Files.isDirectory(each); each = each.getParent()) {
                made.add(each);
                var parent = each.getParent();
                if (parent != null) {
                    unforced.add(parent);
                }
            }
            Files.createDirectories(folder);
            if (isShared) {
                made.forEach(CacheObjects::share);
            }
        }

        /** When this returns, all names are on disk. */
        void settle() throws IOException {
            // who has made one of these without forcing it may have died since
            for (var each = root.resolve("files").resolve("md5");
                    each != null && (each.startsWith(root) || each.startsWith(project));
                    each = each.getParent()) {
                unforced.add(each);
            }
            try (var side = new SideBySide<Path, Path>()) {
                for (var folder : Set.copyOf(unforced)) {
                    side.submit(folder, () -> {
                        Durable.force(folder);
                        return folder;
                    });
                }
                unforced.removeAll(side.results().keySet());
            }
        }
    }

    /** @param isExecutable whether it is the user's own file, which stays what it is */
    private static void protect(Path file, boolean isExecutable) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(
                    file, PosixFilePermissions.fromString(isExecutable ? READ_ONLY_EXECUTABLE : READ_ONLY));
        }
    }

    /** As DVC does. */
    private static void share(Path folder) {
        try {
            if (folder.getFileSystem().supportedFileAttributeViews().contains("unix")) {
                Files.setAttribute(folder, "unix:mode", SHARED);
            }
        } catch (IOException e) {
            // it may be another user's, who has made it just now; DVC goes on too
        }
    }

    /** When it was written, or made a link of a file that may be old. */
    private static Instant touched(Path file) throws IOException {
        boolean isLink = file.getFileSystem().supportedFileAttributeViews().contains("unix")
                && (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) > 1;
        return (isLink
                        ? (FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS)
                        : Files.getLastModifiedTime(file))
                .toInstant();
    }

    /** Deletes what a process that died has left half-written. */
    private static void sweep(Path workshop) throws IOException {
        var since = Instant.now().minus(ABANDONED);
        try (var files = Files.newDirectoryStream(workshop, "*" + TEMPORARY)) {
            for (var file : files) {
                try {
                    if (touched(file).isBefore(since)) {
                        Files.deleteIfExists(file);
                    }
                } catch (NoSuchFileException | AccessDeniedException e) {
                    // finished, or swept by somebody else, or another user's
                }
            }
        }
    }
}
