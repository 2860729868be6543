package dev.daybook.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What must be on disk, and not only in the page cache. Nothing here minds an interrupt: a channel that an interrupted thread touches is
 * closed, and a training loop may well be interrupted; the flag is kept.
 */
final class Disk {

    /** Something that may be done again from the start. */
    interface Repeatable<T> {
        T run() throws IOException;
    }

    private Disk() {}

    /** What an error says, for a message; some of the JDK's say only the name of a file. */
    static String reason(Throwable error) {
        var message = error.getMessage();
        if (message == null) {
            return error.getClass().getSimpleName();
        }
        boolean isBare = error instanceof FileSystemException system && system.getReason() == null;
        return isBare ? error.getClass().getSimpleName() + ": " + message : message;
    }

    /** Does it, however often this thread is interrupted meanwhile. */
    static <T> T uninterrupted(Repeatable<T> action) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return action.run();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Forces the content of a file. */
    static void forceFile(Path file) throws IOException {
        // not a channel: an interrupt in the middle of its force would hide an error that the kernel reports only once
        try (var open = new RandomAccessFile(file.toFile(), "r")) {
            open.getFD().sync();
        }
    }

    /** Forces the entries of a directory: that its files exist, not what is in them. */
    static void forceDirectory(Path directory) throws IOException {
        uninterrupted(() -> {
            try (var open = FileChannel.open(directory, StandardOpenOption.READ)) {
                open.force(true);
            }
            return directory;
        });
    }

    /**
     * Makes a directory with all its parents, and each of them durable.
     *
     * @param directory absolute
     */
    static void createDirectories(Path directory) throws IOException {
        var missing = new ArrayList<Path>();
        for (var path = directory; path != null && !Files.exists(path); path = path.getParent()) {
            missing.add(path);
        }
        Files.createDirectories(directory);
        for (var made : missing) {
            var parent = made.getParent();
            if (parent != null) {
                forceDirectory(parent);
            }
        }
    }

    /** Deletes a directory that holds only files; what is gone already does not matter. */
    static void deleteFlat(Path directory) throws IOException {
        for (var file : list(directory)) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(directory);
    }

    /** The names of what is in a directory, sorted; none if it does not exist. Makes no more of them than that. */
    static List<String> names(Path directory) throws IOException {
        var names = directory.toFile().list();
        if (names == null) {
            // which gives no reason
            return list(directory).stream()
                    .map(each -> each.getFileName().toString())
                    .toList();
        }
        Arrays.sort(names);
        return List.of(names);
    }

    /** What is in a directory, sorted; nothing if it does not exist. */
    static List<Path> list(Path directory) throws IOException {
        try (var paths = Files.list(directory)) {
            return paths.sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
    }
}
