package dev.daybook.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** How long ago files were touched. */
final class FileAge {

    private FileAge() {}

    /** Whether a file is there and has not been touched for so long. */
    static boolean isOlder(Path file, Duration age) throws IOException {
        try {
            return Files.getLastModifiedTime(file)
                    .toInstant()
                    .isBefore(Instant.now().minus(age));
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
