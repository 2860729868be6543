package dev.daybook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Folders for tests that make and delete so many files that a disk would only be in the way. */
public final class Scratch {

    /** Where folders are made, if it is there. */
    public static final Path MEMORY = Path.of("/dev/shm");

    private Scratch() {}

    /** A new folder, in memory where there is a file system for that. */
    public static Path temporary() throws IOException {
        return Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "daybook-")
                : Files.createTempDirectory("daybook-");
    }

    /** Deletes a folder with all that is in it. */
    public static void delete(Path folder) throws IOException {
        List<Path> files;
        try (var all = Files.walk(folder)) {
            files = new ArrayList<>(all.toList());
        }
        for (int i = files.size() - 1; i >= 0; i--) {
            Files.delete(files.get(i));
        }
    }
}
